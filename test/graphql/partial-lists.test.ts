import { expect, test } from '@jest/globals'
import type { ResponsePath } from 'graphql'

import { partialSources } from '../../src/graphql/partial-lists.js'
import { Operation, type AnsweredList } from '../../src/operation.js'

const lacking = (accountKey: string) => ({
  accountId: `id of ${accountKey}`,
  accountKey,
  code: 'PROVIDER_TIMEOUT' as const,
})

function operationWith(...lists: readonly (readonly [path: readonly (string | number)[], ...accounts: string[]])[]) {
  const operation = new Operation({ requestId: 'request-1', signal: new AbortController().signal })
  for (const [path, ...accounts] of lists) {
    const at = path.reduce<ResponsePath | undefined>((prev, key) => ({ prev, key, typename: undefined }), undefined)!
    const list: AnsweredList = { path: at, lacking: () => Promise.resolve(accounts.map(lacking)) }
    operation.lists.push(list)
  }
  return operation
}

test('what lists lack is told by path, indexes as numbers, then account by account, however the lists ended', async () => {
  const data = { b: { nodes: Array.from({ length: 11 }, () => ({ calls: {} })) }, a: {} }
  const operation = operationWith(
    [['b', 'nodes', 10, 'calls'], 'praha'],
    [['b', 'nodes', 9, 'calls'], 'praha'],
    [['b'], 'praha', 'brno'],
    [['a']],
  )
  expect(await partialSources(operation, data)).toEqual([
    { ...lacking('praha'), path: ['b'] },
    { ...lacking('brno'), path: ['b'] },
    { ...lacking('praha'), path: ['b', 'nodes', 9, 'calls'] },
    { ...lacking('praha'), path: ['b', 'nodes', 10, 'calls'] },
  ])
})

test('a list that an error has nulled along with its parent lacks nothing: it is not in the response', async () => {
  const operation = operationWith([['viewer', 'calls'], 'praha'], [['dids'], 'praha'])
  expect(await partialSources(operation, { viewer: null, dids: {} })).toMatchObject([{ path: ['dids'] }])
  expect(await partialSources(operation, null)).toEqual([])
})
