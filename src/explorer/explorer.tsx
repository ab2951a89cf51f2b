import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './explorer.css'

import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { browserStorage } from './browser-storage.js'
import { EditorOptions } from './editor-options.js'
import { examplesPlugin } from './examples-plugin.js'
import { fetcher } from './fetcher.js'
import { isNarrow, NarrowPanel } from './narrow.js'
import { operations } from './operations.js'

/** Written by the build: where the documentation is, relative to this page. */
declare const DOCS_ADDRESS: string

/** A link may carry a query, as GraphiQL links do. */
const linked = new URLSearchParams(window.location.search).get('query')
const first = operations[0]?.text ?? ''

// Headers may hold a caller's key: they are never kept in the browser's storage.
createRoot(document.getElementById('explorer')!).render(
  <GraphiQL
    fetcher={fetcher}
    storage={browserStorage(window.localStorage)}
    plugins={[examplesPlugin, HISTORY_PLUGIN]}
    {...(!isNarrow() && { visiblePlugin: examplesPlugin })}
    defaultTabs={[{ query: linked ?? first }]}
    defaultQuery={first}
    {...(linked !== null && { initialQuery: linked })}
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  >
    <GraphiQL.Logo>
      Dialgraph{' '}
      <a href={DOCS_ADDRESS} target="_blank" rel="noreferrer">
        Docs
      </a>
    </GraphiQL.Logo>
    <EditorOptions />
    <NarrowPanel />
  </GraphiQL>,
)
