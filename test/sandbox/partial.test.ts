import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import type { Fault } from '../../src/emulator/emulator.js'
import { globalId } from '../../src/model/id.js'
import {
  BalanceAndPlanDocument,
  SwitchboardOverviewDocument,
  type SwitchboardOverviewQuery,
} from '../generated/graphql.js'
import { pairs } from '../support/proof.js'
import { startHarness, type Answer, type Harness, type HarnessOptions, type Slug } from './harness.js'

const DEADLINE = 3_000
/** Far more than it takes, far less than the operation's own deadline: a busy machine may not turn this red. `proof:deadlines` is strict. */
const LATE = Number(process.env.PROOF_LATE_MS ?? 3_000)
/** Three questions are asked at once, and none of their requests waits for its turn: what is measured is the deadline. */
const LIMITS = {
  ...{ providerTimeoutMs: DEADLINE, tokenTimeoutMs: DEADLINE, providerConcurrency: 32 },
  // One fault comes after the other: each is what the provider is asked in, and not a circuit that the one before it opened.
  breakerFailures: 1_000,
}

type Field = 'profile' | 'extensions' | 'groups' | 'dids'
type List = 'dids' | 'extensions' | 'groups' | 'callRecords'

interface Sick {
  readonly key: string
  /** Its place among the accounts. */
  readonly at: number
  /** What cannot be answered when the provider cannot. */
  readonly fields: readonly Field[]
  /** The lists over all accounts that it has a part in. */
  readonly lists: readonly List[]
}

const SICK: Readonly<Record<Slug, Sick>> = {
  bulutfon: {
    key: 'izmir',
    at: 0,
    fields: ['profile', 'extensions', 'groups', 'dids'],
    lists: ['dids', 'extensions', 'groups', 'callRecords'],
  },
  ipex: {
    key: 'prague',
    at: 1,
    fields: ['profile', 'extensions', 'groups', 'dids'],
    lists: ['dids', 'extensions', 'groups', 'callRecords'],
  },
  // What is known of the account is known from the login itself.
  postacell: { key: 'mailings', at: 2, fields: ['groups'], lists: ['groups'] },
  'rails-api-v1': { key: 'directory', at: 3, fields: ['profile'], lists: [] },
  freepbx: {
    key: 'ankara',
    at: 4,
    fields: ['profile', 'extensions', 'groups', 'dids'],
    lists: ['dids', 'extensions', 'groups', 'callRecords'],
  },
}
const SLUGS = Object.keys(SICK) as Slug[]

const CANARY = 'canary-of-the-upstream'

const FAULTS: Readonly<
  Record<string, { readonly fault: Fault | 'down'; readonly code: string; readonly retryable: boolean }>
> = {
  'answers 500': {
    fault: { status: 500, body: `{"error":"${CANARY}"}` },
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
  },
  'answers 429': {
    fault: { status: 429, headers: { 'retry-after': '17' }, body: CANARY },
    code: 'PROVIDER_RATE_LIMITED',
    retryable: true,
  },
  'never answers': { fault: { hang: true }, code: 'PROVIDER_TIMEOUT', retryable: true },
  'begins to answer and stops': { fault: { hang: 'afterHead' }, code: 'PROVIDER_TIMEOUT', retryable: true },
  'answers too late': { fault: { delayMs: 2 * DEADLINE }, code: 'PROVIDER_TIMEOUT', retryable: true },
  'answers with a page': { fault: { html: true }, code: 'PROVIDER_BAD_RESPONSE', retryable: false },
  'answers half of it': { fault: { truncate: true }, code: 'PROVIDER_BAD_RESPONSE', retryable: false },
  'answers 403': {
    fault: { status: 403, body: `{"detail":"${CANARY}"}` },
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
  },
  // The last: it does not come back.
  'is down': { fault: 'down', code: 'PROVIDER_UNAVAILABLE', retryable: true },
}

interface Lists {
  readonly [list: string]: {
    readonly nodes: readonly { readonly id: string; readonly account: { readonly key: string } }[]
    readonly sources: readonly {
      readonly account: { readonly key: string }
      readonly state: string
      readonly errorCode: string | null
    }[]
  }
}
const LISTS = (['dids', 'extensions', 'groups', 'callRecords'] as const).map(
  (list) => `${list}(first: 100) { nodes { id account { key } } sources { account { key } state errorCode } }`,
)
const ROOTS = `{ ${LISTS.join(' ')} }`

const RESOURCE = 'id providerResourceId fetchedAt raw account { key label }'
const PARTY = '{ number rawNumber displayName endpoint { __typename } }'
/** All that an account shows without asking for each object. */
const EVERYTHING = `{ accounts { nodes { id key label provider { slug } authorization { status } health { circuit }
  profile { name host contactName email phone role status plan customerType balance { amount } createdAt updatedAt }
  dids(first: 50) { totalCount nodes { ${RESOURCE} number rawNumber status nativeStatus } }
  extensions(first: 50) { totalCount nodes { ${RESOURCE} number displayName email registration } }
  groups(first: 50) { totalCount nodes { ${RESOURCE} kind name number ringTimeoutSeconds } }
  callRecords(first: 5) { edges { cursor } nodes { ${RESOURCE} kind direction caller ${PARTY} callee ${PARTY} startedAt answeredAt
    endedAt durationSeconds waitSeconds talkSeconds disposition nativeDisposition recordings { id status } cost { amount } } } } } }`

/** What each account shows, byte for byte as it was sent, but for the moments it was fetched at and the signatures of cursors. */
async function everything(harness: Harness): Promise<ReadonlyMap<string, string>> {
  const { data } = await harness.query<{ accounts: { nodes: readonly { readonly key: string }[] } }>(EVERYTHING)
  const told = (node: object) =>
    JSON.stringify(node)
      .replace(/"fetchedAt":"[^"]*"/g, '"fetchedAt":""')
      .replace(/"cursor":"[^"]*"/g, '"cursor":""')
  return new Map(data.accounts.nodes.map((node) => [node.key, told(node)]))
}

/** Cursors are signed by each server's own key. */
const unsigned = <Data>(data: Data): Data =>
  JSON.parse(
    JSON.stringify(data, (name, value: unknown) => (name === 'endCursor' && value ? 'a cursor' : value)),
  ) as Data

/** Logged in everywhere, so that what follows is about reading. */
async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness({ limits: LIMITS, ...options })
  await harness.data(BalanceAndPlanDocument, { first: 5 })
  return harness
}

/** All is well again: nothing is kept of what failed, and every login, which had run out, is new. */
async function recover(harness: Harness): Promise<void> {
  harness.clear()
  harness.advance(LONGEST_LOGIN + 1)
  await harness.data(BalanceAndPlanDocument, { first: 5 })
}
/** Seconds that a token of Bulutfon lives; those of others live shorter. */
const LONGEST_LOGIN = 7_200

async function fall(harness: Harness, slug: Slug, fault: Fault | 'down'): Promise<void> {
  if (fault === 'down') await harness.emulators[slug].close()
  else harness.emulators[slug].faults.next({ ...fault, times: Infinity })
}

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const began = performance.now()
  const result = await work
  return { result, took: performance.now() - began }
}

let harness: Harness

/** IPEX tells a login that is forbidden in a way of its own. */
const TRIED = pairs(Object.keys(FAULTS), SLUGS, (name, slug) => name === 'answers 403' && slug === 'ipex')

/** In each, one provider has one fault after the other. */
const wards = new Map<Slug, Promise<Harness>>()

/** What is answered while one provider cannot. */
async function askWhile(slug: Slug, name: string) {
  if (!wards.has(slug)) wards.set(slug, start())
  const harness = await wards.get(slug)!
  await recover(harness)
  await fall(harness, slug, FAULTS[name]!.fault)
  return await Promise.all([
    timed(harness.query(SwitchboardOverviewDocument, { accounts: 5 }, { 'x-request-id': `sick-${slug}` })),
    timed(harness.query<Lists>(ROOTS)),
    timed(everything(harness)),
  ])
}

/** Mostly waiting for deadlines: each fault is asked about at all its providers at once, each in a harness of its own, but where moments count. */
const asked = new Map<string, ReturnType<typeof askWhile>>()
function whileSick(slug: Slug, name: string): ReturnType<typeof askWhile> {
  for (const [fault, one] of process.env.PROOF_LATE_MS ? [[name, slug] as const] : TRIED) {
    if (fault !== name || asked.has(`${one} ${name}`)) continue
    const answers = askWhile(one, name)
    answers.catch(() => {})
    asked.set(`${one} ${name}`, answers)
  }
  return asked.get(`${slug} ${name}`)!
}

describe('one provider that cannot answer', () => {
  let healthy: {
    readonly overview: SwitchboardOverviewQuery
    readonly lists: Lists
    readonly everything: ReadonlyMap<string, string>
  }
  beforeAll(async () => {
    harness = await start()
    healthy = {
      overview: unsigned(await harness.data(SwitchboardOverviewDocument, { accounts: 5 })),
      lists: await harness.data<Lists>(ROOTS),
      everything: await everything(harness),
    }
  })
  afterAll(async () => {
    for (const ward of [...wards.values()]) await (await ward).close()
    await harness.close()
  })

  test.each(TRIED)('that %s, at %s: its own fields say so, and nobody else’s change', async (name, slug) => {
    const { key, at, lists } = SICK[slug]
    const { code, retryable } = FAULTS[name]!
    // Refused at the path that tells who it is, an IPEX login is still named by its own token.
    const fields = SICK[slug].fields.filter(
      (field) => !(slug === 'ipex' && field === 'profile' && code === 'PROVIDER_FORBIDDEN'),
    )
    const [{ result: answer, took }, roots, others] = await whileSick(slug, name)
    expect(answer.status).toBe(200)
    expect(Math.max(took, roots.took, others.took)).toBeLessThan(DEADLINE + LATE)
    expect([...others.result.keys()]).toEqual([...healthy.everything.keys()])
    for (const [other, told] of others.result) if (other !== key) expect(told).toBe(healthy.everything.get(other))
    const sick = { ...healthy.overview.accounts.nodes[at], ...Object.fromEntries(fields.map((field) => [field, null])) }
    expect(answer.data.accounts.nodes).toEqual(healthy.overview.accounts.nodes.with(at, sick as never))
    expect(byPath(answer)).toEqual(
      Object.fromEntries(
        fields.map((field) => [
          `accounts.nodes.${at}.${field}`,
          expect.objectContaining({
            code,
            retryable,
            provider: slug,
            accountId: globalId('Account', key),
            requestId: `sick-${slug}`,
          }),
        ]),
      ),
    )
    expect(answer.errors).toHaveLength(fields.length)
    if (code === 'PROVIDER_RATE_LIMITED') expect(answer.errors![0]!.extensions['retryAfterMs']).toBe(17_000)
    expect(answer.text).not.toContain(CANARY)

    expect(roots.result.errors).toBeUndefined()
    const partial = [...lists].sort().map((list) => {
      return { accountId: globalId('Account', key), accountKey: key, code, path: [list] }
    })
    expect(roots.result.extensions).toEqual(partial.length > 0 ? { partial } : undefined)
    for (const [list, { nodes, sources }] of Object.entries(roots.result.data)) {
      const isPart = lists.includes(list as List)
      const wasThere = healthy.lists[list]!
      if (list !== 'callRecords') expect(nodes).toEqual(wasThere.nodes.filter(({ account }) => account.key !== key))
      else if (isPart)
        expect(new Set(nodes.map(({ account }) => account.key))).toEqual(
          new Set(['izmir', 'prague', 'ankara'].filter((other) => other !== key)),
        )
      else expect(nodes).toEqual(wasThere.nodes)
      expect(sources).toEqual(
        wasThere.sources.map((source) =>
          isPart && source.account.key === key ? { ...source, state: 'FAILED', errorCode: code } : source,
        ),
      )
    }
  })

  test.each(SLUGS.filter((slug) => SICK[slug].lists.length > 0))(
    '%s fails the whole list where the caller wants all or nothing',
    async (slug) => {
      await recover(harness)
      await fall(harness, slug, { status: 500 })
      for (const list of SICK[slug].lists) {
        const { status, data, errors } = await harness.query<Lists>(
          `{ ${list}(first: 100, onSourceFailure: FAIL) { nodes { id } } }`,
        )
        expect({ status, data }).toEqual({ status: 200, data: { [list]: null } })
        expect(errors).toMatchObject([
          {
            path: [list],
            extensions: {
              code: 'PROVIDER_UNAVAILABLE',
              provider: slug,
              accountId: globalId('Account', SICK[slug].key),
            },
          },
        ])
      }
    },
  )

  test.each(SLUGS)('%s that is slow but in time is simply waited for', async (slug) => {
    await recover(harness)
    await fall(harness, slug, { delayMs: 50 })
    const { data, errors } = await harness.query(SwitchboardOverviewDocument, { accounts: 5 })
    expect(errors).toBeUndefined()
    expect(unsigned(data)).toEqual(healthy.overview)
  })

  test.each(SLUGS)('%s that comes back is read again by the next question', async (slug) => {
    await recover(harness)
    await fall(harness, slug, { status: 500 })
    expect((await harness.query(SwitchboardOverviewDocument, { accounts: 5 })).errors).toHaveLength(
      SICK[slug].fields.length,
    )
    harness.clear()
    expect(unsigned(await harness.data(SwitchboardOverviewDocument, { accounts: 5 }))).toEqual(healthy.overview)
  })
})

describe('all providers at once', () => {
  afterEach(() => harness.close())

  test('down, after everybody has logged in: the answer is there with nulls, and one error for each', async () => {
    harness = await start()
    await Promise.all(SLUGS.map((slug) => fall(harness, slug, 'down')))
    const answer = await harness.query(SwitchboardOverviewDocument, { accounts: 5 })
    expect(answer.status).toBe(200)
    expect(Object.keys(byPath(answer)).sort()).toEqual(
      SLUGS.flatMap((slug) => SICK[slug].fields.map((field) => `accounts.nodes.${SICK[slug].at}.${field}`)).sort(),
    )
    expect(answer.errors).toHaveLength(14)
    expect(answer.data.accounts.nodes.map(({ label }) => label)).toEqual([
      'Ege Yelken İzmir',
      'Ege Yelken Praha',
      'Ege Yelken, mailings and SMS',
      'Staff directory',
      'Ege Yelken Ankara',
    ])
    const { data, errors } = await harness.query<Lists>(ROOTS)
    expect(errors).toBeUndefined()
    for (const list of Object.values(data)) {
      expect(list.nodes).toEqual([])
      expect(new Set(list.sources.map(({ state }) => state))).toEqual(new Set(['FAILED', 'UNSUPPORTED']))
    }
  })

  test('down before anybody could log in: the same, and the state of each login says that it will be tried again', async () => {
    harness = await startHarness({ limits: LIMITS })
    await Promise.all(SLUGS.map((slug) => fall(harness, slug, 'down')))
    const answer = await harness.query(SwitchboardOverviewDocument, { accounts: 5 })
    expect(answer.status).toBe(200)
    expect(answer.data.accounts.nodes.map(({ profile }) => profile)).toEqual([null, null, null, null, null])
    expect(answer.errors).toHaveLength(15)
    expect(new Set(answer.errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['PROVIDER_UNAVAILABLE']))
    const { accounts } = await harness.data<{ accounts: { nodes: readonly { authorization: object }[] } }>(
      '{ accounts { nodes { authorization { status lastError { code attempts nextAttemptAt } } } } }',
    )
    for (const { authorization } of accounts.nodes) {
      expect(authorization).toMatchObject({
        status: 'BACKOFF',
        lastError: { code: 'PROVIDER_UNAVAILABLE', attempts: 1, nextAttemptAt: expect.any(String) },
      })
    }
  })
})

describe('a login that only a person can repair', () => {
  const accounts = {
    izmir: 'bulutfon/authorizationCode',
    prague: 'ipex/password',
    mailings: 'postacell/gateway',
    directory: 'rails-api-v1/authorizationCode',
  }
  afterAll(() => harness.close())

  test.each(['bulutfon', 'rails-api-v1'] as const)('at %s is that account’s alone', async (slug) => {
    harness = await start({ accounts })
    const healthy = await harness.data(SwitchboardOverviewDocument, { accounts: 5 })
    harness.emulators[slug].revokeGrants()
    const answer = await harness.query(SwitchboardOverviewDocument, { accounts: 5 })
    const { at, fields, key } = SICK[slug]
    const sick = { ...healthy.accounts.nodes[at], ...Object.fromEntries(fields.map((field) => [field, null])) }
    expect(answer.data.accounts.nodes).toEqual(healthy.accounts.nodes.with(at, sick as never))
    expect(byPath(answer)).toEqual(
      Object.fromEntries(
        fields.map((field) => [
          `accounts.nodes.${at}.${field}`,
          expect.objectContaining({
            code: 'REAUTHORIZATION_REQUIRED',
            reason: 'INVALID_GRANT',
            retryable: false,
            provider: slug,
            accountId: globalId('Account', key),
          }),
        ]),
      ),
    )
    const states = await harness.data<{
      accounts: { nodes: readonly { key: string; authorization: { status: string } }[] }
    }>('{ accounts { nodes { key authorization { status } } } }')
    expect(Object.fromEntries(states.accounts.nodes.map((one) => [one.key, one.authorization.status]))).toEqual({
      ...{ izmir: 'ACTIVE', prague: 'ACTIVE', mailings: 'ACTIVE', directory: 'ACTIVE' },
      [key]: 'REAUTHORIZATION_REQUIRED',
    })
    await harness.close()
  })
})

/** What each error says, by where it stands. */
const byPath = ({ errors = [] }: Answer<unknown>) =>
  Object.fromEntries(errors.map(({ path = [], extensions }) => [path.join('.'), extensions]))
