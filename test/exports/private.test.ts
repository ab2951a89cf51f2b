import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { call, extension } from '../loaders/in-memory.js'
import { as, changeArchive, IZMIR, PRAHA, quietStore, serveArchives } from '../server/archive/archived-calls.js'
import { begin, ended, exported, linesIn, shown } from './exporting.js'

const store = quietStore()
let served: Awaited<ReturnType<typeof serveArchives>>
const ask = ((query: string, variables: object, headers: object) =>
  served.ask(query, variables, headers)) as Parameters<typeof exported>[0]
const COVERED = [{ from: '2000-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' }]

beforeAll(async () => {
  served = await serveArchives(store)
  const state = { covered: COVERED, syncedAt: new Date().toISOString() }
  const own = { kind: 'Extension', number: '1001' } as const
  await changeArchive(
    store,
    IZMIR,
    [
      call('izmir', 'mine', { steps: [], answeredByRef: own, recordings: [] }),
      call('izmir', 'others', { steps: [], answeredByRef: null, recordings: [] }),
    ].map((one) => ({ kind: 'CREATED' as const, call: one })),
    state,
  )
  await changeArchive(
    store,
    PRAHA,
    [{ kind: 'CREATED', call: call('praha', 'theirs', { steps: [], answeredByRef: null }) }],
    state,
  )
  void extension
}, 60_000)
afterAll(() => served.close())

const idsIn = (file: Buffer) => linesIn(file).map(({ id }) => id)
const idOf = (id: string, account = 'izmir') => globalId('CallRecord', account, id)

describe('an export', () => {
  test('has the calls of its workspace alone, and names the accounts that have none', async () => {
    const one = await exported(ask, { filter: {} }, as('board'))
    expect(idsIn(one.file).sort()).toEqual([idOf('mine'), idOf('others')].sort())
    expect(one.sources.map(({ account, state }) => [account.key, state])).toEqual([
      ['izmir', 'PARTIAL'],
      ['mailings', 'UNSUPPORTED'],
    ])
    const other = await exported(ask, { filter: {} }, as('other'))
    expect(idsIn(other.file)).toEqual([idOf('theirs', 'praha')])
  })

  test('of another workspace is as unknown as one that was never made', async () => {
    const { id } = (await begin(ask, { filter: {} }, as('board'))).export!
    await ended(ask, id, as('board'))
    expect(await shown(ask, id, as('other'))).toBeNull()
    expect(
      await shown(ask, globalId('CallRecordExport', '', '6f1e2d3c-4b5a-4978-8a6b-1c2d3e4f5a6b'), as('other')),
    ).toBeNull()
    const cancel = 'mutation ($id: ID!) { callRecordsExportCancel(input: { id: $id }) { userErrors { code } } }'
    const { data } = await ask(cancel, { id }, as('other'))
    expect(data).toEqual({ callRecordsExportCancel: { userErrors: [{ code: 'NOT_FOUND' }] } })
    const node = await ask('query ($id: ID!) { node(id: $id) { id } }', { id }, as('board'))
    expect(node.data).toEqual({ node: { id } })
  })

  test('of a caller bound to an extension has its own calls alone, and it sees no other', async () => {
    const one = await exported(ask, { filter: {} }, as('person'))
    expect(idsIn(one.file)).toEqual([idOf('mine')])
    expect(one.sources.map(({ account, upstreamRequests }) => [account.key, upstreamRequests])).toEqual([['izmir', 0]])
    const whole = (await begin(ask, { filter: {} }, as('board'))).export!
    expect(await shown(ask, whole.id, as('person'))).toBeNull()
    expect((await shown(ask, one.id, as('board')))?.id).toBe(one.id)
    await ended(ask, whole.id, as('board'))
  })

  test('of a key that is used by another caller is not the first one’s', async () => {
    const input = { filter: {}, idempotencyKey: 'shared' }
    const [board, person] = [await begin(ask, input, as('board')), await begin(ask, input, as('person'))]
    expect(person.export!.id).not.toBe(board.export!.id)
    await Promise.all([ended(ask, board.export!.id, as('board')), ended(ask, person.export!.id, as('person'))])
  })

  test('has no link for who is no caller, and none after its account is unlinked', async () => {
    const one = await exported(ask, { filter: {} }, as('board'))
    expect((await fetch(one.link!.url)).status).toBe(200)
    await store.forgetAccountExports('izmir')
    expect((await fetch(one.link!.url)).status).toBe(404)
    expect(await shown(ask, one.id, as('board'))).toBeNull()
  })
})
