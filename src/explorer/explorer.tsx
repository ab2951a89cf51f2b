import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './explorer.css'

import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { examplesPlugin } from './examples-plugin.js'
import { operations } from './operations.js'
import { PlainLetters } from './plain-letters.js'

/** The page is served by the endpoint it queries, whatever path a proxy adds. */
const fetcher = createGraphiQLFetcher({ url: window.location.pathname, enableIncrementalDelivery: false })

/** A link may carry a query, as GraphiQL links do. */
const linked = new URLSearchParams(window.location.search).get('query')
const first = operations[0]?.text ?? ''

// Headers may hold a caller's key: they are never kept in the browser's storage.
createRoot(document.getElementById('explorer')!).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[examplesPlugin]}
    visiblePlugin={examplesPlugin}
    defaultTabs={[{ query: first }]}
    defaultQuery={first}
    {...(linked !== null && { initialQuery: linked })}
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  >
    <PlainLetters />
  </GraphiQL>,
)
