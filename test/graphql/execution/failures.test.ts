import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { Fault } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { startTwins, type RawAnswer, type Twins } from './two-executors.js'

const KEYS = { everything: 'key-of-one-who-may-do-all-00001', little: 'key-of-one-who-may-do-little-0001' } as const
const CALLERS = {
  apiKeys: [
    {
      ...{ name: 'all', key: KEYS.everything, workspace: 'default' },
      scopes: ['telephony:read', 'recordings:read', 'accounts:manage'],
    },
    { name: 'little', key: KEYS.little, workspace: 'default', scopes: ['recordings:read'] },
  ],
}
/** One attempt and a breaker that never opens: only the form of the failure is compared. */
const LIMITS = { attempts: 1, providerTimeoutMs: 5_000, breakerFailures: 1_000 }

const ONE = '{ __typename id account { key } }'
const OF_ALL = ['dids', 'extensions', 'groups', 'callRecords'].map((list) => {
  const fields = `{ nodes ${ONE} totalCount sources { account { key } state errorCode message retryAfterSeconds } }`
  return `${list}(first: 20) ${fields} ${list}Whole: ${list}(first: 20, onSourceFailure: FAIL) ${fields}`
})
const OF_EACH = `{ accounts { nodes { key profile { name balance { amount } messageCredits }
  dids(first: 5) { nodes { id destination { __typename } businessHours { enabled } } }
  extensions(first: 5) { nodes { id forwarding { condition } groups(first: 5) { nodes { id } } } }
  groups(first: 5) { nodes { id name members(first: 5) { nodes { __typename } } } }
  callRecords(first: 5) { nodes { id legs { action } answeredBy { __typename } } } } } }`
/** Lists that say nothing of their sources themselves. */
const OF_FEW = `{ lines: extensions(first: 1) { nodes { id } }
  accounts { nodes { key mine: callRecords(first: 2, onSourceFailure: PARTIAL) { nodes { id } }
    extensions(first: 2) { nodes { calls: callRecords(first: 1, onSourceFailure: PARTIAL) { nodes { id } } } } } }
  phoneNumber(number: "+902320000042") { dids { id } extensions { id } callRecords(first: 2) { nodes { id } } } }`
const QUESTIONS = [`{ ${OF_ALL.join('\n')} }`, OF_EACH, OF_FEW]

const FAULTS: Readonly<Record<string, Fault>> = {
  'answers 500': { status: 500 },
  forbids: { status: 403 },
  'finds nothing': { status: 404 },
  'refuses the request': { status: 422 },
  'asks to wait': { status: 429, headers: { 'retry-after': '17' } },
  'never answers': { hang: true },
  'answers with a page': { html: true },
  'answers half of it': { truncate: true },
  'breaks off': { reset: true },
  'refuses the login': { status: 401 },
}

const PROVIDERS = providers.map(({ slug }) => slug)
type Cell = readonly [fault: string, provider: string]
/** After an error every provider is tried, after three others one: none changes how executors tell it. */
const SHORT: readonly Cell[] = [
  ...PROVIDERS.map((slug): Cell => ['answers 500', slug]),
  ['answers half of it', 'postacell'],
  ['asks to wait', 'bulutfon'],
  ['refuses the login', 'ipex'],
]
/** What is tried at the same servers. `npm run proof:executors` tries every fault at every provider. */
const TRIED: readonly (readonly Cell[])[] = process.env['GENERATED']
  ? Object.keys(FAULTS).map((name) => PROVIDERS.map((slug): Cell => [name, slug]))
  : [SHORT]

interface Answered {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

let twins: Twins<'compiled' | 'interpreted'>

async function start(): Promise<void> {
  twins = await startTwins(
    { compiled: { executor: 'compiled', prefetch: false }, interpreted: { executor: 'interpreted', prefetch: false } },
    { limits: LIMITS, callers: CALLERS },
  )
}

/** Logged in, and run more than once, so that operations are compiled. */
async function startCompiled(): Promise<void> {
  await start()
  for (const query of [...QUESTIONS, ...QUESTIONS]) expect(await expectSame(query)).not.toHaveProperty('errors')
}

async function askBoth(query: string, key: string = KEYS.everything) {
  const headers = { authorization: `Bearer ${key}` }
  const ask = (twin: 'compiled' | 'interpreted') => twins.ask(twin, query, {}, {}, headers)
  const [compiled, interpreted] = await Promise.all([ask('compiled'), ask('interpreted')])
  return { compiled, interpreted }
}

async function expectSame(query: string, key?: string): Promise<Answered> {
  const { compiled, interpreted } = await askBoth(query, key)
  expect(steady(compiled)).toEqual(steady(interpreted))
  return JSON.parse(compiled.text) as Answered
}

/** The cool-down of a failed login is random, and differs between processes. */
const steady = ({ text, ...answer }: RawAnswer) => ({
  ...answer,
  text: text.replace(/("retryAfter\w+":)[\d.]+/g, '$1"soon"'),
})

describe.each(TRIED.map((cells) => ({ cells })))(
  'a provider is told of alike, to the byte, by both executors',
  ({ cells }) => {
    beforeAll(startCompiled)
    afterAll(() => twins.close())

    test.each(cells)('that %s: %s', async (name, slug) => {
      const fault = FAULTS[name]!
      const { faults } = twins.emulators.get(slug)!
      const responses: string[] = []
      for (const query of QUESTIONS) {
        faults.next({ ...fault, times: Infinity })
        // The first server to be refused tries to log in; after that both know that it has just
        // failed.
        if (fault.status === 401) await askBoth(query)
        responses.push(JSON.stringify(await expectSame(query)))
        faults.clear()
      }
      // What was asked of us is over before the next is tried.
      if (fault.status === 429) twins.advance(18)
      expect(responses.join()).toMatch(/"(code|errorCode)":"(PROVIDER|REAUTH)/)
      if (slug !== 'rails-api-v1') expect(responses[0]).toMatch(/"partial":\[\{"accountId":"[^"]+","accountKey":"/)
    })
  },
)

describe('what a caller may not, or cannot, ask is told alike, to the byte, by both executors', () => {
  beforeAll(start)
  afterAll(() => twins.close())

  test.each<[string, string]>([
    ['UNAUTHENTICATED', '{ accounts { nodes { key } } }'],
    ['FORBIDDEN', '{ accounts { nodes { key } } }'],
    ['FORBIDDEN', '{ viewer { name } account(key: "izmir") { key } }'],
    ['BAD_USER_INPUT', '{ dids(first: 0) { nodes { id } } accounts { nodes { key } } }'],
    ['BAD_USER_INPUT', '{ callRecords { nodes { id } } accounts { nodes { key } } }'],
    ['BAD_USER_INPUT', '{ accounts { nodes { callRecords(first: 1, last: 1) { nodes { id } } } } }'],
    ['CURSOR_INVALID', '{ callRecords(first: 1, after: "else") { nodes { id } } accounts { nodes { key } } }'],
    ['CURSOR_INVALID', '{ accounts { nodes { dids(first: 1, after: "else") { nodes { id } } } } }'],
    [
      'OPERATION_TOO_COMPLEX',
      `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: accounts { totalCount }`).join(' ')} }`,
    ],
    ['GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
    ['GRAPHQL_PARSE_FAILED', '{ accounts {'],
    ['NOT_FOUND', 'mutation { accountUnlink(input: { accountId: "QTpub2JvZHk6" }) { userErrors { code } } }'],
  ])('%s: %s', async (code, query) => {
    const key = code === 'UNAUTHENTICATED' ? 'nobodys-key' : code === 'FORBIDDEN' ? KEYS.little : KEYS.everything
    // Compiled from the second run on.
    for (const _time of [1, 2, 3]) expect(JSON.stringify(await expectSame(query, key))).toContain(`"${code}"`)
  })
})
