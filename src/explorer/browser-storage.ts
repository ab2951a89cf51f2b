import type { Storage as GraphiQLStorage } from '@graphiql/toolkit'

const PREFIX = 'graphiql:'

interface HistoryItem {
  readonly query?: string
  readonly headers?: string
}

/**
 * The browser's storage, without what may be secret: GraphiQL's history would keep headers, and
 * mutations with the passwords in them.
 */
export function browserStorage(browser: Storage): GraphiQLStorage {
  const ours = () => Object.keys(browser).filter((key) => key.startsWith(PREFIX))
  return {
    getItem: (key) => browser.getItem(key),
    setItem: (key, value) => browser.setItem(key, withoutSecrets(key, value)),
    removeItem: (key) => browser.removeItem(key),
    clear: () => ours().forEach((key) => browser.removeItem(key)),
    get length() {
      return ours().length
    },
  }
}

function withoutSecrets(key: string, value: string): string {
  const name = key.slice(PREFIX.length)
  if (name !== 'queries' && name !== 'favorites') return value
  const { [name]: items = [] } = JSON.parse(value) as Readonly<Record<string, readonly HistoryItem[]>>
  const kept = items.filter(({ query = '' }) => !/\bmutation\b/.test(query))
  return JSON.stringify({ [name]: kept.map(({ headers: _, ...item }) => item) })
}
