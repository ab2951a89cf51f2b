import { useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react'

import { operations, type Operation } from './operations.js'

/** The sidebar with the example operations; a click opens one in a tab, or switches to its tab. */
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

function useOpen(): (operation: Operation) => void {
  const { addTab, changeTab, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => state)
  return ({ text }) => {
    const known = tabs.findIndex(({ query }) => query === text)
    if (known >= 0) return changeTab(known)
    addTab()
    queryEditor?.setValue(text)
    // The editor updates its tab only after a pause, in which another tab may be opened.
    updateActiveTabValues({ query: text })
    variableEditor?.setValue('')
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
