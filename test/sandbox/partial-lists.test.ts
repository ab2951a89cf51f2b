import { createHash } from 'node:crypto'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { startHarness, type Answer, type Harness } from './harness.js'

interface Partial {
  readonly accountId: string
  readonly accountKey: string
  readonly code: string
  readonly path: readonly (string | number)[]
}

const partialOf = ({ extensions = {} }: Pick<Answer<unknown>, 'extensions'>) =>
  (extensions as { partial?: readonly Partial[] }).partial

const lacking = (accountKey: string, code: string, ...path: (string | number)[]): Partial => ({
  accountId: globalId('Account', accountKey),
  accountKey,
  code,
  path,
})

const LIMITS = { attempts: 1, breakerFailures: 1_000, providerTimeoutMs: 2_000 }
const CALL_LOGS = { bulutfon: /^\/cdrs/, ipex: /^\/ipbxapi\/calls/ }
type Logged = keyof typeof CALL_LOGS

/** For all that need no other. */
let shared: Harness
let harness: Harness
beforeAll(async () => {
  shared = await startHarness({ limits: LIMITS })
})
beforeEach(() => {
  harness = shared
})
afterEach(async () => {
  if (harness === shared) shared.clear()
  else await harness.close()
})
afterAll(() => shared.close())

/** The call log of a provider cannot be read; all else can. */
const failCallLog = (slug: Logged) =>
  harness.emulators[slug].faults.next({ path: CALL_LOGS[slug], status: 500, times: Infinity })

const fail = (slug: Logged) => harness.emulators[slug].faults.next({ status: 500, times: Infinity })

const OF_OBJECTS = ['dids', 'extensions', 'groups'] as const

describe('the calls of one account or object', () => {
  test('are null with an error while the call log cannot be read, and never an empty list', async () => {
    failCallLog('bulutfon')
    const { data, errors, extensions } = await harness.query<{ account: Record<string, unknown> }>(
      `{ account(key: "izmir") { callRecords { nodes { id } }
         ${OF_OBJECTS.map((list) => `${list}(first: 1) { nodes { id callRecords { nodes { id } } } }`).join(' ')} } }`,
    )
    expect(data.account['callRecords']).toBeNull()
    for (const list of OF_OBJECTS) expect(data.account[list]).toMatchObject({ nodes: [{ callRecords: null }] })
    expect(errors!.map(({ path }) => path!.join('.')).sort()).toEqual([
      'account.callRecords',
      ...OF_OBJECTS.map((list) => `account.${list}.nodes.0.callRecords`),
    ])
    for (const { extensions } of errors!) {
      expect(extensions).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', accountId: globalId('Account', 'izmir') })
    }
    expect(partialOf({ extensions: extensions ?? {} })).toBeUndefined()
  })

  test('stand with what there is where PARTIAL is asked for, and say what is missing', async () => {
    failCallLog('bulutfon')
    const calls =
      'callRecords(onSourceFailure: PARTIAL) { nodes { id } sources { account { key } state errorCode gap { retryCursor } } }'
    const answer = await harness.query<Record<string, never>>(
      `{ account(key: "izmir") { ${calls} dids(first: 1) { nodes { id ${calls} } } } }`,
    )
    expect(answer.errors).toBeUndefined()
    const source = {
      account: { key: 'izmir' },
      state: 'FAILED',
      errorCode: 'PROVIDER_UNAVAILABLE',
      gap: { retryCursor: expect.any(String) },
    }
    const callRecords = { nodes: [], sources: [source] }
    expect(answer.data).toEqual({
      account: { callRecords, dids: { nodes: [{ id: expect.any(String), callRecords }] } },
    })
    expect(partialOf(answer)).toEqual([
      lacking('izmir', 'PROVIDER_UNAVAILABLE', 'account', 'callRecords'),
      lacking('izmir', 'PROVIDER_UNAVAILABLE', 'account', 'dids', 'nodes', 0, 'callRecords'),
    ])
  })

  test('of a phone number are those of the healthy accounts, or none and an error where FAIL is asked for', async () => {
    failCallLog('bulutfon')
    const ask = (policy: string) =>
      harness.query<Record<string, never>>(
        `{ phoneNumber(number: "+902320000042") { callRecords${policy} { nodes { id } } } }`,
      )
    const partial = await ask('')
    expect(partial.errors).toBeUndefined()
    expect(partial.data).toEqual({ phoneNumber: { callRecords: { nodes: expect.any(Array) } } })
    expect(partialOf(partial)).toEqual([lacking('izmir', 'PROVIDER_UNAVAILABLE', 'phoneNumber', 'callRecords')])
    const strict = await ask('(onSourceFailure: FAIL)')
    expect(strict.data).toEqual({ phoneNumber: { callRecords: null } })
    expect(strict.errors).toMatchObject([{ path: ['phoneNumber', 'callRecords'] }])
  })
})

describe('a list that lacks an account names it in `extensions.partial`', () => {
  test('whether or not `sources` is selected, once for each list, at its alias and its place in other lists', async () => {
    fail('ipex')
    const answer = await harness.query<Record<string, never>>(`{
      lines: extensions(first: 1) { nodes { id } }
      callRecords(first: 2) { nodes { id } totalCount sources { state } }
      accounts { nodes { mine: callRecords(first: 1, onSourceFailure: PARTIAL) { nodes { id } } } }
      phoneNumber(number: "+902320000042") { dids { id } }
    }`)
    expect(answer.errors).toBeUndefined()
    const code = 'PROVIDER_UNAVAILABLE'
    expect(partialOf(answer)).toEqual([
      lacking('prague', code, 'accounts', 'nodes', 1, 'mine'),
      lacking('prague', code, 'callRecords'),
      lacking('prague', code, 'lines'),
      lacking('prague', code, 'phoneNumber', 'dids'),
    ])
  })

  test('that broke off on a later page, too', async () => {
    let pages = 0
    const path = { test: (path: string) => CALL_LOGS.bulutfon.test(path) && ++pages > 1 } as RegExp
    harness.emulators.bulutfon.faults.next({ path, status: 500, times: Infinity })
    const answer = await harness.query<{ callRecords: { nodes: readonly { account: { key: string } }[] } }>(
      '{ callRecords(first: 100, filter: { durationSeconds: { min: 90 } }) { nodes { account { key } } sources { state } } }',
    )
    expect(answer.data.callRecords).toMatchObject({ sources: [{ state: 'PARTIAL' }, {}, {}, {}, {}] })
    expect(answer.data.callRecords.nodes.some(({ account }) => account.key === 'izmir')).toBe(true)
    expect(partialOf(answer)).toEqual([lacking('izmir', 'PROVIDER_UNAVAILABLE', 'callRecords')])
  })

  test('and nothing else: it is absent where nothing failed, and where the field failed instead', async () => {
    expect(
      (await harness.query('{ dids { nodes { id } } callRecords(first: 1) { nodes { id } } }')).extensions,
    ).toBeUndefined()
    fail('ipex')
    const strict = await harness.query('{ dids(onSourceFailure: FAIL) { nodes { id } } }')
    expect(strict.errors).toHaveLength(1)
    expect(strict.extensions).toBeUndefined()
  })

  test('also in a persisted query, by GET, and beside what explain tells', async () => {
    fail('ipex')
    const query = '{ groups { nodes { id } } }'
    const expected = [lacking('prague', 'PROVIDER_UNAVAILABLE', 'groups')]
    const explained = await harness.query(query, {}, { 'x-dialgraph-explain': '1' })
    expect(partialOf(explained)).toEqual(expected)
    expect(explained.extensions).toHaveProperty('explain.totals')

    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') }
    const search = (more: object) =>
      new URLSearchParams({ extensions: JSON.stringify({ persistedQuery }), ...more }).toString()
    const get = async (more = {}) => {
      const headers = { 'content-type': 'application/json' }
      return (await (await fetch(`${harness.url}/graphql?${search(more)}`, { headers })).json()) as Answer<unknown>
    }
    expect(partialOf(await get({ query }))).toEqual(expected)
    expect(partialOf(await get())).toEqual(expected)
  })

  test('beside what is stale', async () => {
    harness = await startHarness({ limits: { ...LIMITS, cacheBytes: 1024 * 1024 } })
    await harness.data('{ dids(first: 100) { nodes { id } } }')
    harness.advance(3_000)
    fail('ipex')
    const answer = await harness.query('{ dids(first: 100) { nodes { id } } callRecords(first: 1) { nodes { id } } }')
    expect(answer.extensions).toEqual({
      partial: [lacking('prague', 'PROVIDER_UNAVAILABLE', 'callRecords')],
      stale: [{ accountId: globalId('Account', 'prague'), ageSeconds: 3_000 }],
    })
  })

  test('of its own workspace, and of no other', async () => {
    const keys = { ours: 'key-of-our-own-workspace-0001', theirs: 'key-of-their-workspace-000001' }
    harness = await startHarness({
      limits: LIMITS,
      accounts: {
        'ours-ipex': { of: 'ipex/password', workspace: 'ours' },
        'theirs-ipex': { of: 'ipex/other', workspace: 'theirs' },
        'theirs-bulutfon': { of: 'bulutfon/authorizationCode', workspace: 'theirs' },
      },
      config: {
        callers: {
          apiKeys: Object.entries(keys).map(([workspace, key]) => ({
            ...{ name: workspace, key, workspace, scopes: ['telephony:read'] },
          })),
        },
      },
    })
    fail('ipex')
    fail('bulutfon')
    const query = '{ callRecords(first: 1) { nodes { id } sources { gap { retryCursor } } } }'
    const ask = (workspace: keyof typeof keys, query: string, variables = {}) =>
      harness.query<{ callRecords: { sources: readonly { gap: { retryCursor: string } }[] } }>(query, variables, {
        authorization: `Bearer ${keys[workspace]}`,
      })
    const code = 'PROVIDER_UNAVAILABLE'
    expect(partialOf(await ask('ours', query))).toEqual([lacking('ours-ipex', code, 'callRecords')])
    const theirs = await ask('theirs', query)
    expect(partialOf(theirs)?.map(({ accountKey }) => accountKey)).toEqual(['theirs-ipex', 'theirs-bulutfon'])

    // A retry cursor of theirs is answered as one that was never made.
    const gap = 'query ($cursor: String!) { callRecordGap(cursor: $cursor) { nodes { id } } }'
    const refused = async (workspace: keyof typeof keys, cursor: string) =>
      (await ask(workspace, gap, { cursor })).errors!.map(({ message, extensions: { code } }) => ({ message, code }))
    const { retryCursor } = theirs.data.callRecords.sources[0]!.gap
    expect(await refused('ours', retryCursor)).toEqual(await refused('ours', 'gap.never-made'))
    expect(await refused('ours', retryCursor)).toMatchObject([{ code: 'CURSOR_INVALID' }])
    expect(await refused('theirs', retryCursor)).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }])
  })
})
