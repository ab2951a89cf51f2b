import { describe, expect, test } from '@jest/globals'

import { CallDirection, CallDisposition, type CallRecord } from '../../src/model/call-record.js'
import type { Reference } from '../../src/model/reference.js'
import type { Source } from '../../src/providers/provider.js'
import { SimulatedLog, type Behaviour } from '../loaders/calls/simulated-log.js'
import { BEGINNING, call } from '../loaders/calls/simulated-world.js'
import { did, extension, group, InMemoryAccount, type AccountContent } from '../loaders/in-memory.js'
import { ask } from './ask.js'

class CallingAccount extends InMemoryAccount {
  constructor(
    key: string,
    content: AccountContent,
    readonly log: SimulatedLog,
  ) {
    super(key, content)
  }

  override source(operation: unknown, onRequest: () => void = () => {}): Source {
    return { ...super.source(operation, onRequest), callRecords: this.log.log(onRequest) }
  }
}

const OUTSIDE = '+905550000001'
const MENU: Reference = { kind: 'AutoAttendant', id: '10', number: '10', name: null }

/**
 * Three calls in turn: in by the first number and group 1 to extension 1; out from extension 2;
 * from extension 1 to 2.
 */
function office(key: string, behaviour: Partial<Behaviour> = {}): CallingAccount {
  const content = {
    dids: { items: [did(key, '1'), did(key, '2')] },
    extensions: { items: [extension(key, '1'), extension(key, '2'), extension(key, '3')] },
    groups: { items: [group(key, '1'), group(key, '2')] },
  }
  const own = did(key, '1').number as string
  const party = (number: string | null, endpointRef: Reference | null = null) => ({
    number,
    rawNumber: number,
    displayName: null,
    endpointRef,
    accountKey: key,
  })
  const line = (id: string): Reference => ({ kind: 'Extension', number: extension(key, id).number })
  const didRef: Reference = { kind: 'Did', number: own, rawNumber: own }
  const kinds: Partial<CallRecord>[] = [
    {
      direction: CallDirection.INBOUND,
      caller: party(OUTSIDE),
      callee: party(own, didRef),
      didRef,
      answeredByRef: line('1'),
      groupRefs: [{ kind: 'Group', number: group(key, '1').internalNumber }],
      steps: [],
    },
    {
      direction: CallDirection.OUTBOUND,
      caller: party(own, line('2')),
      callee: party(OUTSIDE, MENU),
      didRef,
      disposition: CallDisposition.BUSY,
    },
    { direction: CallDirection.INTERNAL, caller: party(null, line('1')), callee: party(null, line('2')) },
  ]
  const calls = Array.from({ length: 30 }, (_, index) =>
    call(key, `${index}`, BEGINNING + index * 1000, kinds[index % 3]),
  )
  return new CallingAccount(key, content, new SimulatedLog(calls, behaviour))
}

const shownCalls = (connection: { nodes: { providerResourceId: string; account: { key: string } }[] }) =>
  connection.nodes.map(({ providerResourceId, account }) => `${account.key} ${providerResourceId}`)

const CALLS = 'nodes { providerResourceId account { key } }'

describe('callRecords', () => {
  test('gives the calls of all accounts in one order, with every field of a page', async () => {
    const accounts = [office('istanbul'), office('praha'), new InMemoryAccount('messages')]
    const { data, errors } = await ask(
      accounts,
      `{ callRecords(first: 5) {
           edges { cursor node { id startedAt } } ${CALLS} totalCount countPrecision
           pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
           sources { account { key } state errorCode message retryAfterSeconds stalenessSeconds upstreamRequests pushedDown residual gap { from until retryCursor } }
         } }`,
    )
    expect(errors).toEqual([])
    expect(shownCalls(data.callRecords)).toEqual(['praha 29', 'istanbul 29', 'praha 28', 'istanbul 28', 'praha 27'])
    expect(data.callRecords.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: data.callRecords.edges[0].cursor,
      endCursor: data.callRecords.edges[4].cursor,
    })
    expect(data.callRecords).toMatchObject({ totalCount: null, countPrecision: null })
    expect(data.callRecords.sources).toMatchObject([
      { account: { key: 'istanbul' }, state: 'COMPLETE', upstreamRequests: 1, pushedDown: [], residual: [], gap: null },
      { account: { key: 'praha' }, state: 'COMPLETE', upstreamRequests: 1 },
      { account: { key: 'messages' }, state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', upstreamRequests: 0 },
    ])
  })

  test('is walked on with its cursors, the oldest first too', async () => {
    const accounts = [office('istanbul'), office('praha')]
    const query = `query ($after: String) {
      callRecords(first: 7, after: $after, orderBy: { direction: ASC }) { ${CALLS} pageInfo { hasNextPage endCursor } }
    }`
    const walked: string[] = []
    for (let after: string | null = null; ;) {
      const { data } = await ask(accounts, query, { variables: { after } })
      walked.push(...shownCalls(data.callRecords))
      if (!data.callRecords.pageInfo.hasNextPage) break
      after = data.callRecords.pageInfo.endCursor
    }
    expect(walked).toEqual(
      Array.from({ length: 60 }, (_, index) => `${index % 2 === 0 ? 'istanbul' : 'praha'} ${Math.floor(index / 2)}`),
    )
  })

  test('reads an input filter as it is meant', async () => {
    const accounts = [office('istanbul'), office('praha')]
    const { data, errors } = await ask(
      accounts,
      `query ($filter: CallRecordFilter) { callRecords(last: 100, filter: $filter) { ${CALLS} totalCount countPrecision } }`,
      {
        variables: {
          filter: {
            accountIds: [accounts[1]!.id],
            startedAt: { from: '2026-01-05T11:00:10+03:00', until: '2026-01-05T08:00:20Z' },
            directions: ['INBOUND', 'OUTBOUND'],
            numbers: ['+90 555 000 00 01'],
            durationSeconds: { min: 60, max: 60 },
            hasRecording: false,
          },
        },
      },
    )
    expect(errors).toEqual([])
    expect(shownCalls(data.callRecords)).toEqual([
      'praha 19',
      'praha 18',
      'praha 16',
      'praha 15',
      'praha 13',
      'praha 12',
      'praha 10',
    ])
    expect(data.callRecords).toMatchObject({ totalCount: 7, countPrecision: 'EXACT' })
  })

  test('asks for one page more only when somebody wants to know whether there is more', async () => {
    const requests = async (pageInfo: string, want = true) => {
      const account = office('istanbul', { pageSize: 5 })
      const query = `query ($want: Boolean!) { callRecords(first: 5) { nodes @include(if: $want) { id } pageInfo { ${pageInfo} } } }`
      const fragment = pageInfo.includes('...More') ? 'fragment More on PageInfo { hasNextPage }' : ''
      const { errors } = await ask([account], `${query} ${fragment}`, { variables: { want } })
      expect(errors).toEqual([])
      return account.log.requests.length
    }
    expect(await requests('endCursor ...More')).toBe(2)
    expect(await requests('endCursor ... { ... on PageInfo { ...More @include(if: $want) } }')).toBe(2)
    expect(await requests('endCursor ...More @include(if: $want)', false)).toBe(1)
    expect(await requests('endCursor hasNextPage @skip(if: $want) ...More @skip(if: $want)')).toBe(1)
    expect(await requests('hasNextPage: hasPreviousPage')).toBe(1)
  })

  test.each([
    ['{ callRecords { totalCount } }', 'BAD_USER_INPUT'],
    ['{ callRecords(first: 1, last: 1) { totalCount } }', 'BAD_USER_INPUT'],
    ['{ callRecords(first: 101) { totalCount } }', 'BAD_USER_INPUT'],
    ['{ callRecords(first: 1, after: "made up") { totalCount } }', 'CURSOR_INVALID'],
  ])('%s is null with %s', async (query, code) => {
    const { data, errors } = await ask([office('istanbul')], query)
    expect(data).toEqual({ callRecords: null })
    expect(errors).toMatchObject([{ path: ['callRecords'], extensions: { code } }])
  })

  test('fails as a whole where the caller wants all or nothing', async () => {
    const accounts = [office('istanbul'), office('praha', { fails: () => true })]
    const { data, errors } = await ask(accounts, '{ callRecords(first: 5, onSourceFailure: FAIL) { totalCount } }')
    expect(data).toEqual({ callRecords: null })
    expect(errors).toMatchObject([{ path: ['callRecords'], extensions: { code: 'PROVIDER_UNAVAILABLE' } }])
  })

  test('leaves a missing slice to callRecordGap, which fetches it alone', async () => {
    const accounts = [office('istanbul'), office('praha', { fails: () => true })]
    const page = `${CALLS} pageInfo { hasNextPage hasPreviousPage endCursor } sources { account { key } state gap { retryCursor } }`
    const { callRecords: broken } = (await ask(accounts, `{ callRecords(first: 5) { ${page} } }`)).data
    expect(shownCalls(broken)).toEqual([29, 28, 27, 26, 25].map((index) => `istanbul ${index}`))
    accounts[1]!.log.behaviour.fails = () => false
    const cursor = broken.sources[1].gap.retryCursor
    const query = `query ($cursor: String!, $after: String) { callRecordGap(cursor: $cursor, first: 3, after: $after) { ${page} } }`
    const requests = accounts[0]!.log.requests.length
    const first = (await ask(accounts, query, { variables: { cursor } })).data.callRecordGap
    // Of calls at one moment, newest first, the account with the greater key comes first.
    expect(shownCalls(first)).toEqual([29, 28, 27].map((index) => `praha ${index}`))
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const { endCursor: after } = first.pageInfo
    const second = (await ask(accounts, query, { variables: { cursor, after } })).data.callRecordGap
    expect(shownCalls(second)).toEqual([26, 25].map((index) => `praha ${index}`))
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(second.sources).toMatchObject([{ account: { key: 'praha' }, state: 'COMPLETE', gap: null }])
    expect(accounts[0]!.log.requests).toHaveLength(requests)

    accounts[1]!.log.behaviour.fails = () => true
    const again = await ask(accounts, query, { variables: { cursor } })
    expect(again.data).toEqual({ callRecordGap: null })
    expect(again.errors).toMatchObject([{ path: ['callRecordGap'], extensions: { code: 'PROVIDER_UNAVAILABLE' } }])
  })

  test.each([
    ['callRecords(first: 5, after: $cursor)'],
    ['callRecords(last: 5, before: $cursor)'],
    ['dids(after: $cursor)'],
    ['extensions(after: $cursor)'],
    ['groups(after: $cursor)'],
    ['accounts(after: $cursor)'],
  ])('%s takes no retry cursor, and says where it belongs', async (field) => {
    const accounts = [office('istanbul'), office('praha', { fails: () => true })]
    const lacking = '{ callRecords(first: 5) { sources { gap { retryCursor } } } }'
    const cursor = (await ask(accounts, lacking)).data.callRecords.sources[1].gap.retryCursor
    const { errors } = await ask(accounts, `query ($cursor: String!) { ${field} { nodes { id } } }`, {
      variables: { cursor },
    })
    expect(errors).toMatchObject([
      { message: expect.stringContaining('`callRecordGap`'), extensions: { code: 'CURSOR_INVALID' } },
    ])
  })

  test('callRecordGap is refused a page size out of range, and gives 100 unless asked', async () => {
    const accounts = [office('istanbul', { fails: () => true })]
    const lacking = '{ callRecords(first: 50) { sources { gap { retryCursor } } } }'
    const cursor = (await ask(accounts, lacking)).data.callRecords.sources[0].gap.retryCursor
    accounts[0]!.log.behaviour.fails = () => false
    const gap = (args: string, limits = {}) =>
      ask(accounts, `query ($cursor: String!) { callRecordGap(cursor: $cursor${args}) { nodes { id } } }`, {
        variables: { cursor },
        limits,
      })
    expect((await gap('')).data.callRecordGap.nodes).toHaveLength(30)
    expect((await gap('', { pageSize: 20 })).data.callRecordGap.nodes).toHaveLength(20)
    for (const size of [0, 101]) {
      expect((await gap(`, first: ${size}`)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })
})

describe('callRecords of one object', () => {
  test.each([
    ['dids', 'an own number', '1', [28, 27, 25]],
    ['dids', 'a number without calls', '2', []],
    ['extensions', 'an extension that takes calls and makes internal ones', '1', [29, 27, 26]],
    ['extensions', 'an extension that makes calls', '2', [29, 28, 26]],
    ['groups', 'a group', '1', [27, 24, 21]],
  ])('%s: those of %s, and of no other account', async (field, _, id, expected) => {
    const accounts = [office('istanbul'), office('praha')]
    const { data, errors } = await ask(
      accounts,
      `{ accounts(first: 1) { nodes { ${field}(first: 3) { nodes { providerResourceId callRecords(first: 3) { ${CALLS} sources { account { key } } } } } } } }`,
    )
    expect(errors).toEqual([])
    const found = data.accounts.nodes[0][field].nodes.find(
      (one: { providerResourceId: string }) => one.providerResourceId === id,
    )
    expect(shownCalls(found.callRecords)).toEqual(expected.map((index) => `istanbul ${index}`))
    expect(found.callRecords.sources).toEqual([{ account: { key: 'istanbul' } }])
    expect(accounts[1]!.log.requests).toEqual([])
  })

  test('an account: its own, 25 unless asked otherwise, both with what the caller asks besides', async () => {
    const query = (args: string) => `{ account(key: "praha") { callRecords${args} { ${CALLS} } } }`
    const accounts = [office('istanbul'), office('praha')]
    expect(shownCalls((await ask(accounts, query(''))).data.account.callRecords)).toHaveLength(25)
    const filtered = await ask(
      accounts,
      query('(last: 2, filter: { dispositions: [BUSY] }, orderBy: { direction: ASC })'),
    )
    expect(shownCalls(filtered.data.account.callRecords)).toEqual(['praha 25', 'praha 28'])
    const elsewhere = await ask(accounts, query(`(filter: { accountIds: ["${accounts[0]!.id}"] })`))
    expect(shownCalls(elsewhere.data.account.callRecords)).toEqual([])
  })

  test('a number: its calls in all accounts, and those with another number too when that is asked', async () => {
    const accounts = [office('istanbul'), office('praha')]
    const own = did('praha', '1').number
    const query = (filter: string) =>
      `{ phoneNumber(number: "${OUTSIDE}") { callRecords(first: 3${filter}) { ${CALLS} } } }`
    expect(shownCalls((await ask(accounts, query(''))).data.phoneNumber.callRecords)).toEqual([
      'praha 28',
      'istanbul 28',
      'praha 27',
    ])
    expect(
      shownCalls((await ask(accounts, query(`, filter: { calleeNumbers: ["${own}"] }`))).data.phoneNumber.callRecords),
    ).toEqual(['praha 27', 'istanbul 27', 'praha 24'])
    const short = await ask(accounts, '{ phoneNumber(number: "+905550000009") { callRecords { nodes { id } } } }')
    expect(short.data.phoneNumber.callRecords.nodes).toEqual([])
  })
})
