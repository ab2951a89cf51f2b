import { beforeEach, expect, test } from '@jest/globals'
import { HistoryStore, StorageAPI } from '@graphiql/toolkit'

import { browserStorage } from '../../src/explorer/browser-storage.js'

/** As much of a browser's storage as is used: its items are properties of its own. */
function emptyStorage(): Storage {
  const methods = {
    getItem: (key: string) => (storage as Record<string, string>)[key] ?? null,
    setItem: (key: string, value: string) => void ((storage as Record<string, string>)[key] = value),
    removeItem: (key: string) => void delete (storage as Record<string, string>)[key],
  }
  const storage = Object.create(methods) as object
  return storage as Storage
}

let browser: Storage
beforeEach(() => {
  browser = emptyStorage()
})
const history = () => new HistoryStore(new StorageAPI(browserStorage(browser)), 20)
const kept = () => history().queries.map(({ query }) => query)

test('GraphiQL finds again what ran, without its headers', () => {
  const headers = '{"authorization": "Bearer canary-3c1d"}'
  history().updateHistory({ query: '{ viewer { name } }', variables: '{"first": 1}', headers })
  expect(history().queries).toEqual([{ query: '{ viewer { name } }', variables: '{"first": 1}' }])
  const [item] = history().queries
  history().toggleFavorite({ ...item, headers })
  expect(history().queries).toContainEqual(expect.objectContaining({ favorite: true }))
  expect(JSON.stringify(browser)).not.toContain('canary')
})

test('a mutation, which may hold a password, is remembered no longer than the page', () => {
  const open = history()
  open.updateHistory({ query: '{ viewer { name } }' })
  open.updateHistory({
    query: 'mutation { accountLink(input: { credentials: { password: "canary-9f" } }) { userErrors { code } } }',
  })
  expect(open.queries).toHaveLength(2)
  expect(kept()).toEqual(['{ viewer { name } }'])
  expect(JSON.stringify(browser)).not.toContain('canary')
})

test('clearing it clears what is GraphiQL’s, and nothing else', () => {
  browser.setItem('of another page', '1')
  history().updateHistory({ query: '{ viewer { name } }' })
  expect(browserStorage(browser).length).toBe(1)
  browserStorage(browser).clear()
  expect(Object.keys(browser)).toEqual(['of another page'])
})
