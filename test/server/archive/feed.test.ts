import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { partiesOf } from '../../../src/archive/call-change.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import { Operation } from '../../../src/operation.js'
import { call } from '../../loaders/in-memory.js'
import { as, changeArchive, IZMIR, PRAHA, quietStore, serveArchives } from './archived-calls.js'

const CHANGES = `query ($first: Int! = 100, $after: String, $accountIds: [ID!]) {
  callRecordChanges(first: $first, after: $after, accountIds: $accountIds) {
    edges { cursor node { __typename id cursor kind observedAt callRecordId changedFields callRecord { id disposition } } }
    nodes { callRecordId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
const FOLLOW = `subscription ($resumeAfter: String, $accountIds: [ID!]) {
  callRecordChanged(resumeAfter: $resumeAfter, accountIds: $accountIds) { id cursor kind callRecordId callRecord { id } }
}`

interface Change {
  readonly id: string
  readonly cursor: string
  readonly kind: string
  readonly callRecordId: string
  readonly callRecord: { readonly id: string } | null
}
interface Changes {
  readonly data: {
    readonly callRecordChanges: {
      readonly edges: readonly { readonly cursor: string; readonly node: Change }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    } | null
  }
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly reason?: string } }[]
  readonly extensions?: { readonly partial?: unknown }
}
interface Told {
  readonly data: { readonly callRecordChanged: Change | null }
  readonly errors?: Changes['errors']
}

let calls: Awaited<ReturnType<typeof serveArchives>>
const store = quietStore()
beforeAll(async () => {
  calls = await serveArchives(store)
}, 60_000)
afterAll(() => calls.close())

const created = (account: string, ...ids: string[]) =>
  ids.map((id) => ({ kind: 'CREATED' as const, call: call(account, id, { steps: [], answeredByRef: null }) }))
const shown = (changes: readonly Change[]) => changes.map(({ kind, callRecordId }) => [kind, callRecordId])
const idOf = (id: string, account = 'izmir') => globalId('CallRecord', account, id)
const page = async (variables = {}, headers = as('board')) => {
  const { data } = await calls.ask<Changes>(CHANGES, variables, headers)
  return data.callRecordChanges!
}
const nodesOf = ({ edges }: Awaited<ReturnType<typeof page>>) => edges.map(({ node }) => node)
/** The cursor after everything that there is. */
async function end(headers = as('board')): Promise<string | null> {
  let after: string | null = null
  for (;;) {
    const { pageInfo } = await page({ after }, headers)
    after = pageInfo.endCursor ?? after
    if (!pageInfo.hasNextPage) return after
  }
}

describe('callRecordChanges', () => {
  test('tells what became of the calls, in the order in which it was seen, with the calls of now', async () => {
    await changeArchive(store, IZMIR, created('izmir', 'a', 'b', 'c'), {}, Date.parse('2026-03-11T12:00:00.000Z'))
    await changeArchive(store, IZMIR, [
      {
        kind: 'UPDATED',
        call: { ...call('izmir', 'a'), disposition: 'MISSED' } as CallRecord,
        changedFields: ['disposition'],
      },
      { kind: 'DELETED', id: idOf('b') },
    ])
    const { edges, pageInfo } = await page()
    expect(edges.map(({ node }) => node)).toMatchObject([
      {
        __typename: 'CallRecordChange',
        kind: 'CREATED',
        observedAt: '2026-03-11T12:00:00.000Z',
        callRecordId: idOf('a'),
        changedFields: [],
        // As it is archived now, and not as it was.
        callRecord: { id: idOf('a'), disposition: 'MISSED' },
      },
      { kind: 'CREATED', callRecordId: idOf('b'), callRecord: null },
      { kind: 'CREATED', callRecordId: idOf('c'), callRecord: { id: idOf('c') } },
      { kind: 'UPDATED', callRecordId: idOf('a'), changedFields: ['disposition'] },
      { kind: 'DELETED', callRecordId: idOf('b'), callRecord: null },
    ])
    expect(edges.map(({ cursor }) => cursor)).toEqual(edges.map(({ node }) => node.cursor))
    expect(pageInfo).toEqual({
      ...{ hasNextPage: false, hasPreviousPage: false },
      ...{ startCursor: edges[0]!.cursor, endCursor: edges.at(-1)!.cursor },
    })
  })

  test('goes on from page to page: every change once', async () => {
    const whole = nodesOf(await page())
    const read: Change[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { edges, pageInfo }: Awaited<ReturnType<typeof page>> = await page({ first: 2, after })
      read.push(...edges.map(({ node }) => node))
      more = pageInfo.hasNextPage
      after = pageInfo.endCursor
    }
    expect(read).toEqual(whole)
    expect(await page({ after })).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: after } })
  })

  test('says which accounts have no archive, and why', async () => {
    const { extensions } = await calls.ask<Changes>(CHANGES)
    expect(extensions?.partial).toEqual([
      {
        accountId: globalId('Account', 'mailings'),
        accountKey: 'mailings',
        code: 'CAPABILITY_UNSUPPORTED',
        state: 'UNSUPPORTED',
        message: 'Postacell has no call log that could be archived.',
        path: ['callRecordChanges'],
      },
    ])
    const ofOne = await calls.ask<Changes>(CHANGES, { accountIds: [globalId('Account', 'izmir')] })
    expect(ofOne.extensions).toBeUndefined()
  })

  test('tells of the chosen accounts alone', async () => {
    expect(nodesOf(await page({ accountIds: [globalId('Account', 'izmir')] })).length).toBeGreaterThan(0)
    expect(nodesOf(await page({ accountIds: [globalId('Account', 'mailings')] }))).toEqual([])
    expect(nodesOf(await page({ accountIds: [] }))).toEqual([])
    const { errors } = await calls.ask<Changes>(CHANGES, { accountIds: [idOf('a')] })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  })

  test('finds a change again by its id, and no change by an id that is like one', async () => {
    const [one] = nodesOf(await page())
    const found = (id: string, headers = as('board')) =>
      calls.ask<{ data: { node: unknown } }>('query ($id: ID!) { node(id: $id) { __typename id } }', { id }, headers)
    expect((await found(one!.id)).data.node).toEqual({ __typename: 'CallRecordChange', id: one!.id })
    expect((await found(one!.id, as('other'))).data.node).toBeNull()
    for (const [account, native] of [
      ['mailings', '1'],
      ['izmir', '0'],
      ['izmir', '999999'],
      ['izmir', 'x'],
    ])
      expect((await found(globalId('CallRecordChange', account!, native))).data.node).toBeNull()
  })

  test('refuses a cursor of elsewhere, and one of a log that is lost', async () => {
    const refused = async (after: string) => {
      const { data, errors } = await calls.ask<Changes>(CHANGES, { after })
      expect(data.callRecordChanges).toBeNull()
      return errors!.map(({ extensions: { code, reason } }) => [code, reason])
    }
    const { data } = await calls.ask<{ data: { liveCalls: { cursor: string } } }>('{ liveCalls { cursor } }')
    expect(await refused(data.liveCalls.cursor)).toEqual([['CURSOR_INVALID', undefined]])
    expect(await refused('x')).toEqual([['CURSOR_INVALID', undefined]])
    const { last } = await store.logBounds()
    // As if the log had been lost, and had begun anew.
    const lost = await serveArchives({
      ...store,
      logBounds: async () => ({ forgotten: 0, last: last - 1 }),
      close: async () => {},
    })
    try {
      // Another server signs with another key, so that it has to be one of its own.
      const { data } = await lost.ask<Changes>(CHANGES)
      const after = data.callRecordChanges!.pageInfo.endCursor!
      const { errors } = await lost.ask<Changes>(CHANGES, { after })
      expect(errors!.map(({ extensions: { code, reason } }) => [code, reason])).toEqual([['CURSOR_INVALID', 'EXPIRED']])
      const following = lost.subscribe('sse', FOLLOW, { resumeAfter: after })
      const [told] = await following.next<Told>(1)
      expect(told!.errors!.map(({ extensions: { reason } }) => reason)).toEqual(['EXPIRED'])
      await following.end()
    } finally {
      await lost.close()
    }
  })
})

describe.each(['sse', 'websocket'] as const)('callRecordChanged over %s', (transport) => {
  test('tells what was missed and then what comes, each once; its cursors are those of pages', async () => {
    const after = await end()
    await changeArchive(store, IZMIR, created('izmir', `${transport}-1`, `${transport}-2`))
    const following = calls.subscribe(transport, FOLLOW, { resumeAfter: after })
    const missed = await following.next<Told>(2)
    await changeArchive(store, IZMIR, created('izmir', `${transport}-3`))
    await changeArchive(store, IZMIR, [{ kind: 'DELETED', id: idOf(`${transport}-1`) }])
    const told = [...missed, ...(await following.next<Told>(2))].map(({ data }) => data.callRecordChanged!)
    await following.end()
    expect(shown(told)).toEqual([
      ['CREATED', idOf(`${transport}-1`)],
      ['CREATED', idOf(`${transport}-2`)],
      ['CREATED', idOf(`${transport}-3`)],
      ['DELETED', idOf(`${transport}-1`)],
    ])
    expect(told[2]!.callRecord).toEqual({ id: idOf(`${transport}-3`) })
    const paged = nodesOf(await page({ after }))
    expect(paged.map(({ id, cursor }) => [id, cursor])).toEqual(told.map(({ id, cursor }) => [id, cursor]))
    expect(nodesOf(await page({ after: told[1]!.cursor }))).toHaveLength(2)
    const again = calls.subscribe(transport, FOLLOW, { resumeAfter: told[2]!.cursor })
    expect((await again.next<Told>(1)).map(({ data }) => data.callRecordChanged!.id)).toEqual([told[3]!.id])
    await again.end()
  })

  test('reaches back beyond what live events are kept for', async () => {
    const after = await end()
    await changeArchive(store, IZMIR, created('izmir', `${transport}-old`), {}, 1_000)
    await store.appendEvents({
      ...{ topic: 'accounts', stream: `old ${transport}`, workspace: 'default', account: 'izmir', from: 0 },
      ...{ state: '{}', isOpen: false, events: ['{}'], at: 1_000 },
    })
    await store.forgetEvents(Date.now() - 1_000)
    expect((await store.logBounds()).forgotten).toBeGreaterThan(0)
    const following = calls.subscribe(transport, FOLLOW, { resumeAfter: after })
    const [told] = await following.next<Told>(1)
    await following.end()
    expect(told!.data.callRecordChanged!.callRecordId).toBe(idOf(`${transport}-old`))
  })
})

describe('workspaces are walls', () => {
  test('to pages, to followers, and to cursors', async () => {
    await changeArchive(store, PRAHA, created('praha', 'first'))
    const [here, there] = [await end(), await end(as('other'))]
    const [own, foreign] = [
      calls.subscribe('sse', FOLLOW, { resumeAfter: here }),
      calls.subscribe('sse', FOLLOW, { resumeAfter: there }, as('other')),
    ]
    await changeArchive(store, IZMIR, created('izmir', 'of-izmir'))
    await changeArchive(store, PRAHA, created('praha', 'of-praha'))
    const told = (await Promise.all([own.next<Told>(1), foreign.next<Told>(1)])).map(([one]) => one!)
    await Promise.all([own.end(), foreign.end()])
    expect(told.map(({ data }) => data.callRecordChanged!.callRecordId)).toEqual([
      idOf('of-izmir'),
      idOf('of-praha', 'praha'),
    ])
    expect(shown(nodesOf(await page({}, as('other'))))).toEqual([
      ['CREATED', idOf('first', 'praha')],
      ['CREATED', idOf('of-praha', 'praha')],
    ])
    const crossed = await calls.ask<Changes>(CHANGES, { after: here }, as('other'))
    expect(crossed.errors?.map(({ extensions }) => extensions.code)).toEqual(['CURSOR_INVALID'])
  })

  test('to what an account of this key has had when it belonged to another workspace', async () => {
    const before = quietStore()
    await changeArchive(before, { key: 'izmir', workspace: 'other' }, created('izmir', 'theirs'))
    const after = await serveArchives(before)
    try {
      const { edges, pageInfo } = (await after.ask<Changes>(CHANGES)).data.callRecordChanges!
      expect(edges).toEqual([])
      const { data } = await after.ask<{ data: { account: { archive: object } } }>(
        '{ account(key: "izmir") { archive { state calls oldest } } }',
      )
      expect(data.account.archive).toEqual({ state: 'BACKFILLING', calls: 0, oldest: null })
      await changeArchive(before, { key: 'izmir', workspace: 'other' }, created('izmir', 'theirs-too'))
      const following = after.subscribe('sse', FOLLOW, { resumeAfter: pageInfo.endCursor })
      await changeArchive(before, IZMIR, created('izmir', 'ours'))
      const [told] = await following.next<Told>(1)
      await following.end()
      expect(told!.data.callRecordChanged!.callRecordId).toBe(idOf('ours'))
    } finally {
      await after.close()
    }
  })
})

describe('a caller bound to an extension', () => {
  const mine = { kind: 'Extension' as const, number: '1001' }
  const theirs = { kind: 'Extension' as const, number: '1002' }
  const of = (id: string, answeredByRef: typeof mine) => call('izmir', id, { steps: [], answeredByRef })

  test('has the changes of its own calls alone, of those that are gone, too', async () => {
    const after = await end(as('person'))
    const following = calls.subscribe('websocket', FOLLOW, { resumeAfter: after }, as('person'))
    const next = async (count: number) =>
      shown((await following.next<Told>(count)).map(({ data }) => data.callRecordChanged!))
    await changeArchive(store, IZMIR, [
      { kind: 'CREATED', call: of('theirs', theirs) },
      { kind: 'CREATED', call: of('mine', mine) },
      { kind: 'CREATED', call: of('mine-too', mine) },
    ])
    expect(await next(2)).toEqual([
      ['CREATED', idOf('mine')],
      ['CREATED', idOf('mine-too')],
    ])
    await changeArchive(store, IZMIR, [
      { kind: 'DELETED', id: idOf('theirs'), parties: partiesOf(of('theirs', theirs)) },
      // Nobody can say any more whose it was.
      { kind: 'DELETED', id: idOf('mine-too') },
      { kind: 'DELETED', id: idOf('mine'), parties: partiesOf(of('mine', mine)) },
    ])
    expect(await next(1)).toEqual([['DELETED', idOf('mine')]])
    await changeArchive(store, IZMIR, [
      { kind: 'CREATED', call: of('theirs-last', theirs) },
      { kind: 'CREATED', call: of('mine-last', mine) },
    ])
    expect(await next(1)).toEqual([['CREATED', idOf('mine-last')]])
    await following.end()
    const read = nodesOf(await page({ after }, as('person')))
    expect(shown(read)).toEqual([
      ['DELETED', idOf('mine')],
      ['CREATED', idOf('mine-last')],
    ])
    const foreign = nodesOf(await page({ after: null })).find(({ callRecordId }) => callRecordId === idOf('theirs'))!
    const found = await calls.ask<{ data: { node: unknown } }>(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: foreign.id },
      as('person'),
    )
    expect(found.data.node).toBeNull()
  })

  test('cannot read from a cursor how much there is besides', async () => {
    const cursor = (await end(as('person')))!
    const { last } = await store.logBounds()
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain(String(last))
    expect(Buffer.from((await end())!, 'base64url').toString('latin1')).toMatch(/\d+$/)
  })

  test('goes on from a page in which nothing is its own', async () => {
    const after = await end(as('person'))
    await changeArchive(
      store,
      IZMIR,
      Array.from({ length: 30 }, (_, at) => ({ kind: 'CREATED', call: of(`theirs-${at}`, theirs) }) as const),
    )
    const { edges, pageInfo } = await page({ after, first: 1 }, as('person'))
    expect(edges).toEqual([])
    expect(pageInfo).toMatchObject({ hasNextPage: false, endCursor: expect.any(String) })
    expect(pageInfo.endCursor).not.toBe(after)
  })

  test('may not see how the archive of the account is doing', async () => {
    const { errors } = await calls.ask<Changes>('{ account(key: "izmir") { archive { calls } } }', {}, as('person'))
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
  })
})

describe('of calls whose list does not say who took part', () => {
  test('a bound caller has those that the call log has for it', async () => {
    const bound = await serveArchives(quietStore(), '1001')
    try {
      const izmir = bound.server.accounts.find(({ key }) => key === 'izmir')!
      const operation = new Operation({ requestId: 'test', signal: AbortSignal.timeout(20_000) })
      const filter = { from: null, until: null, directions: null, dispositions: null, kinds: null, numbers: null }
      const numbers = { callerNumbers: null, calleeNumbers: null, extensionNumbers: null }
      const log: CallRecord[] = []
      for await (const { calls: some } of izmir.source(operation).callRecords!.pages({
        ...{ order: 'DESC', after: null, hint: null, expected: 40, filter: { ...filter, ...numbers } },
      })) {
        log.push(...some)
        if (log.length >= 40) break
      }
      const archived = log.slice(0, 40)
      expect(archived.some(({ steps }) => steps === undefined)).toBe(true)
      await changeArchive(
        bound.store,
        IZMIR,
        archived.map((one) => ({ kind: 'CREATED', call: one }) as const),
      )
      const ids = new Set(archived.map(({ id }) => id))
      const own = await bound.ask<{ data: { callRecords: { nodes: { id: string }[] } } }>(
        '{ callRecords(first: 50) { nodes { id } } }',
        {},
        as('person'),
      )
      const expected = own.data.callRecords.nodes.map(({ id }) => id).filter((id) => ids.has(id))
      expect(expected.length).toBeGreaterThan(0)
      const { data } = await bound.ask<Changes>(CHANGES, {}, as('person'))
      const { edges } = data.callRecordChanges!
      expect(edges.map(({ node }) => node.callRecordId).sort()).toEqual(expected.sort())
      expect(edges.every(({ node }) => node.callRecord !== null)).toBe(true)
    } finally {
      await bound.close()
    }
  }, 60_000)
})

describe('the state of an archive', () => {
  const ARCHIVES =
    '{ accounts { nodes { key archive { state calls oldest newest lastSyncedAt lastError progress } } } }'

  test('is that of its last look, with what it holds', async () => {
    const fresh = await serveArchives(quietStore())
    try {
      const now = Date.now()
      const ago = (days: number) => new Date(now - days * 86_400_000).toISOString()
      const held = ['one', 'two'].map((id, at) => ({
        ...{ kind: 'CREATED' as const, call: call('izmir', id, { startedAt: ago(at + 1) }) },
      }))
      await changeArchive(fresh.store, IZMIR, held, { covered: [{ from: ago(10), until: ago(0) }], syncedAt: ago(0) })
      expect((await fresh.ask<{ data: unknown }>(ARCHIVES)).data).toEqual({
        accounts: {
          nodes: [
            {
              key: 'izmir',
              archive: {
                ...{ state: 'CURRENT', calls: 2, oldest: ago(2), newest: ago(1) },
                ...{ lastSyncedAt: ago(0), lastError: null, progress: 1 },
              },
            },
            { key: 'mailings', archive: null },
          ],
        },
      })
      await changeArchive(fresh.store, IZMIR, [], { covered: [], lastError: 'REAUTHORIZATION_REQUIRED' })
      expect((await fresh.ask<{ data: unknown }>(ARCHIVES)).data).toMatchObject({
        accounts: { nodes: [{ archive: { state: 'STOPPED', lastError: 'REAUTHORIZATION_REQUIRED', calls: 2 } }, {}] },
      })
    } finally {
      await fresh.close()
    }
  }, 60_000)
})
