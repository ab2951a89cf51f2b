import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { CallLogRequest, CallRecordPage } from '../../../src/loaders/calls/request.js'
import { cursorSigner } from '../../../src/loaders/cursor.js'
import { createLoaders, type Loaders } from '../../../src/loaders/loaders.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import type { ConnectedAccount } from '../../../src/providers/account.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import { createWorld, operation, type World } from '../../support/world.js'
import { ids } from './simulated-world.js'

let worlds: readonly World[]
let accounts: ReadonlyMap<string, ConnectedAccount>
/** Every call, newest first. */
let all: readonly CallRecord[]

beforeAll(async () => {
  worlds = [await createWorld(bulutfon), await createWorld(ipex)]
  const joined = worlds.map((world, index) => world.account('password', index === 0 ? 'istanbul' : 'praha'))
  accounts = new Map(joined.map((account) => [account.key, account]))
  all = await walk({}, 50)
})
afterAll(() => Promise.all(worlds.map((world) => world.close())))

/** What one operation reads; the next one shares nothing with it but the key of the cursors. */
const loaders = (): Loaders =>
  createLoaders(
    accounts,
    operation(),
    { pageSize: 100, detailConcurrency: 8, providerRequestsPerOperation: 200 },
    { workspace: 'default', cursors: cursorSigner(Buffer.alloc(32, 3)) },
  )

const page = (request: Partial<CallLogRequest>): Promise<CallRecordPage> =>
  loaders().callLog.connection({
    criteria: [],
    order: 'DESC',
    onSourceFailure: 'FAIL',
    wantsMore: true,
    ...request,
  })

/** Every call, page by page. */
async function walk(request: Partial<CallLogRequest>, size: number, backwards = false): Promise<readonly CallRecord[]> {
  let calls: readonly CallRecord[] = []
  for (let cursor: string | null = null; ;) {
    const { nodes, pageInfo } = await page({
      ...request,
      ...(backwards ? { last: size, before: cursor } : { first: size, after: cursor }),
    })
    calls = backwards ? [...nodes, ...calls] : [...calls, ...nodes]
    if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return calls
    cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor
  }
}

describe('the merged log over Bulutfon and IPEX', () => {
  test('is the same list in both orders and both directions, in pages of any size', async () => {
    expect(all.length).toBeGreaterThan(500)
    expect(new Set(ids(all)).size).toBe(all.length)
    expect(new Set(all.map(({ accountKey }) => accountKey))).toEqual(new Set(['istanbul', 'praha']))
    expect(ids(await walk({}, 33, true))).toEqual(ids(all))
    expect([...ids(await walk({ order: 'ASC' }, 100))].reverse()).toEqual(ids(all))
  })

  test('costs one list request to each for the first 50 calls', async () => {
    const { sources } = await page({ first: 50 })
    expect(sources.map(({ accountKey, upstreamRequests }) => [accountKey, upstreamRequests])).toEqual([
      ['istanbul', 1],
      ['praha', 1],
    ])
  })

  test('finds by a stretch of time, a number, an extension and a group just what is there', async () => {
    const [from, until] = [all[400]!.startedAt, all[250]!.startedAt]
    const within = all.filter(({ startedAt }) => startedAt >= from && startedAt < until)
    expect(ids(await walk({ criteria: [{ startedAt: { from, until } }] }, 40))).toEqual(ids(within))

    const number = all.find(({ caller }) => caller.number !== null)!.caller.number!
    const withNumber = all.filter(({ caller, callee }) => caller.number === number || callee.number === number)
    expect(ids(await walk({ criteria: [{ numbers: [number] }] }, 40))).toEqual(ids(withNumber))

    let found = 0
    for (const key of accounts.keys()) {
      const { account, callLog } = { account: loaders().account(key), callLog: loaders().callLog }
      const own = all.filter(({ accountKey }) => accountKey === key).slice(0, 60)
      const detailed = await Promise.all(own.map(async (call) => ({ ...call, ...(await callLog.detail(call)) })))
      const range = { startedAt: { from: own.at(-1)!.startedAt } }
      const inRange = detailed.filter(({ startedAt }) => startedAt >= range.startedAt.from)

      const { id, number: line } = (await account.extensions!.list().all())[0]!
      const references = ({ caller, callee, answeredByRef, steps }: CallRecord) => [
        caller.endpointRef,
        callee.endpointRef,
        answeredByRef,
        ...(steps ?? []).map(({ targetRef }) => targetRef),
      ]
      const ofLine = inRange.filter((call) =>
        references(call).some((one) => one?.kind === 'Extension' && one.number === line),
      )
      expect(ids(await walk({ criteria: [range, { extensionIds: [id] }] }, 100))).toEqual(ids(ofLine))

      const group = (await account.groups!.list().all())[0]!
      const isGroup = (one: { kind: string; number?: string | null; name?: string | null } | null) =>
        one?.kind === 'Group' && (one.number ? one.number === group.internalNumber : one.name === group.name)
      const ofGroup = inRange.filter((call) => [call.callee.endpointRef, ...(call.groupRefs ?? [])].some(isGroup))
      expect(ids(await walk({ criteria: [range, { groupIds: [group.id] }] }, 100))).toEqual(ids(ofGroup))
      found += ofLine.length && ofGroup.length
    }
    expect(found).toBeGreaterThan(0)
  })
})
