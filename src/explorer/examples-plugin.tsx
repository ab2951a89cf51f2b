import { useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react'
import { Kind, parse } from 'graphql'

import { tabFor } from './example-tab.js'
import { dropAnswer } from './fetcher.js'
import { isNarrow } from './narrow.js'
import { operations, type Operation } from './operations.js'

/** The sidebar with the example operations. */
export const examplesPlugin: GraphiQLPlugin = { title: 'Examples', icon: ExamplesIcon, content: Examples }

function Examples() {
  const open = useOpen()
  const explain = useExplain()
  return (
    <section aria-label="Examples">
      <h2 className="graphiql-doc-explorer-title">Examples</h2>
      <ul className="examples-list">
        {operations.map((operation) => (
          <li key={operation.title}>
            <button type="button" onClick={() => open(operation)}>
              {operation.title}
            </button>
          </li>
        ))}
      </ul>
      <p className="examples-note">
        <button type="button" onClick={explain}>
          Explain what questions cost
        </button>
        Sends <code>X-Dialgraph-Explain: 1</code>; see <code>extensions.explain</code> in the answer.
      </p>
    </section>
  )
}

const texts: ReadonlySet<string> = new Set(operations.map(({ text }) => text.trim()))

/** Opens an example in a tab that nobody has edited, in a new one where all are edited. */
function useOpen(): (operation: Operation) => void {
  const { addTab, changeTab, setOperationFacts, setVisiblePlugin, stop, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, activeTabIndex, queryEditor, responseEditor, variableEditor } = useGraphiQL((state) => state)
  return ({ text }) => {
    // The editors update their tab only after a pause.
    const active = { query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' }
    const current = tabs.map((tab, index) => (index === activeTabIndex ? active : tab))
    const place = tabFor(text, current, activeTabIndex, texts)
    stop()
    dropAnswer()
    updateActiveTabValues(active)
    if (place === null) addTab()
    else if (place !== activeTabIndex) changeTab(place)
    if (isNarrow()) setVisiblePlugin(null)
    if (place !== null && current[place]?.query === text) return
    queryEditor?.setValue(text)
    variableEditor?.setValue('')
    responseEditor?.setValue('')
    // Which operation runs, too, would be known after that pause only.
    const documentAST = parse(text)
    const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    const operationName = operations[0]?.name?.value
    setOperationFacts({ documentAST, operations, operationName })
    updateActiveTabValues({ query: text, variables: '', response: null, operationName: operationName ?? null })
  }
}

/** Adds the header to those of the tab and keeps the others, a caller's key above all. */
function useExplain(): () => void {
  const { headerEditor } = useGraphiQL((state) => state)
  return () => {
    const headers = { ...headersIn(headerEditor?.getValue() ?? ''), 'X-Dialgraph-Explain': '1' }
    headerEditor?.setValue(JSON.stringify(headers, null, 2))
  }
}

function headersIn(text: string): object {
  try {
    const headers: unknown = JSON.parse(text)
    return typeof headers === 'object' && headers !== null ? headers : {}
  } catch {
    return {}
  }
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h16M4 10h16M4 15h10M4 20h7" />
    </svg>
  )
}
