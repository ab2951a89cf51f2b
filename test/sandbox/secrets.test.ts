import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { Fault, JournalEntry } from '../../src/emulator/emulator.js'
import { createStory } from '../../src/emulator/create-story.js'
import * as documents from '../generated/graphql.js'
import { formsOf } from '../support/leaks.js'
import { NOW, startHarness, type Harness, type Slug } from './harness.js'

/** Every way to log in that there is, in one server. */
const ACCOUNTS = {
  'bulutfon-code': 'bulutfon/authorizationCode',
  'bulutfon-master': 'bulutfon/masterToken',
  'bulutfon-password': 'bulutfon/password',
  'bulutfon-wrong': { of: 'bulutfon/password', auth: { password: 'not-the-password-of-bulutfon' } },
  'ipex-password': { of: 'ipex/password', auth: { scope: 'openid profile' } },
  'ipex-impersonating': 'ipex/impersonating',
  'ipex-denied': 'ipex/noImpersonation',
  'ipex-sso': 'ipex/sso',
  'ipex-b2b': 'ipex/b2b',
  'ipex-wrong': { of: 'ipex/password', auth: { password: 'not-the-password-of-ipex' } },
  'postacell-login': 'postacell/login',
  'postacell-email': 'postacell/email',
  'postacell-gateway': 'postacell/gateway',
  'postacell-wrong': { of: 'postacell/login', auth: { password: 'not-the-password-of-postacell' } },
  'rails-password': 'rails-api-v1/password',
  'rails-code': 'rails-api-v1/authorizationCode',
  'rails-wrong': { of: 'rails-api-v1/password', auth: { password: 'not-the-password-of-rails' } },
  'rails-client': { of: 'rails-api-v1/password', auth: { clientSecret: 'not-the-secret-of-the-client' } },
}
const SLUGS: readonly Slug[] = ['bulutfon', 'ipex', 'postacell', 'rails-api-v1']
const EVERY_DOCUMENT = Object.values(documents).filter((value) => value instanceof documents.TypedDocumentString)
const RAW = `{
  accounts { nodes { key authorization { status lastError { reason } } profile { name email } } }
  dids(first: 100) { nodes { raw } sources { state message } }
  extensions(first: 100) { nodes { raw } sources { state message } }
  groups(first: 100) { nodes { raw } sources { state message } }
  callRecords(first: 20) { nodes { raw legs { nativeAction } recordings { id link { url } } } sources { state message } }
}`

const FAULTS: readonly Fault[] = [
  { status: 403 },
  { status: 429 },
  { status: 500 },
  { html: true },
  { truncate: true },
  { reset: true },
  { hang: true },
]

const SCALE = 0.01
let harness: Harness
/** Everything that was ever secret in the run, by what it is. */
const secrets = new Map<string, string>()
/** What was answered to GET. */
const got: string[] = []

beforeAll(async () => {
  harness = await startHarness({
    accounts: ACCOUNTS,
    scale: SCALE,
    limits: { providerTimeoutMs: 2_500, tokenTimeoutMs: 2_500, breakerFailures: 1_000, operationTokens: 10_000 },
  })
  await askEverything()
  for (const fault of FAULTS) {
    // What an upstream says when it fails may hold anything, above all what it was sent.
    const body = [...collected().values()].join(' ')
    for (const slug of SLUGS)
      harness.emulators[slug].faults.next({ ...fault, ...(fault.status && { body }), times: Infinity })
    await harness.query(RAW)
    for (const slug of SLUGS) harness.emulators[slug].faults.clear()
    harness.advance(7_300)
  }
  await refusedTokens()
  await askEverything()
  collect()
}, 60_000)
afterAll(() => harness.close())

/** Every worked operation and all raw payloads, once with GET: its address may be written down by more than us. */
async function askEverything(): Promise<void> {
  for (const document of EVERY_DOCUMENT) await harness.query(document as never)
  await harness.query(RAW)
  const query = encodeURIComponent('query ($number: PhoneNumber!) { phoneNumber(number: $number) { dids { number } } }')
  const variables = encodeURIComponent(JSON.stringify({ number: '+905550000001' }))
  const address = `${harness.url}/graphql?query=${query}&variables=${variables}`
  got.push(await (await fetch(address, { headers: { 'apollo-require-preflight': '1' } })).text())
  await harness.query('{ phoneNumber(number: "not a number +905550000001") { country } }')
  await harness.query('{ this is not a question +905550000001')
}

/** Tokens die in every way there is, and token endpoints repeat what they were sent. */
async function refusedTokens(): Promise<void> {
  for (const slug of SLUGS) harness.emulators[slug].revokeAccessTokens()
  await harness.query(RAW)
  harness.emulators.ipex.endSessions()
  harness.emulators.postacell.revokeGrants()
  harness.emulators.bulutfon.revokeGrants()
  const body = [...collected().values()].join(' ')
  for (const slug of SLUGS) {
    harness.emulators[slug].faults.next({
      path: /token|login|refresh/,
      status: 400,
      body: JSON.stringify({ error: body, error_description: body }),
    })
    harness.emulators[slug].faults.next({ path: /token|login|refresh/, status: 502, body })
  }
  await harness.query(RAW)
  await harness.query(RAW)
}

function collect(): void {
  for (const [what, text] of collected()) secrets.set(what, text)
}

/** What the emulators know to be secret, what the configuration says, and what rode on any request. */
function collected(): Map<string, string> {
  const found = new Map<string, string>()
  const add = (what: string, text: string | undefined) => {
    if (text && text.length >= 8) found.set(`${what} ${found.size}`, text)
  }
  for (const slug of SLUGS) {
    const { journal } = harness.emulators[slug]
    for (const secret of harness.emulators[slug].secrets()) add(`${slug} secret`, secret)
    for (const request of journal.entries) for (const token of tokensOn(request)) add(`${slug} token`, token)
  }
  for (const choice of Object.values(ACCOUNTS)) {
    if (typeof choice === 'object')
      for (const [name, text] of Object.entries(choice.auth)) if (name !== 'scope') add(`configured ${name}`, text)
  }
  return found
}

function tokensOn({ headers, query, body }: JournalEntry): (string | undefined)[] {
  const fields = body.startsWith('{')
    ? (JSON.parse(body) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body))
  const named = ['refresh_token', 'refresh', 'password', 'client_secret', 'access_token', 'Credential'].map(
    (name) => fields[name],
  )
  return [
    headers['authorization']?.replace(/^Bearer /i, ''),
    query['access_token'],
    query['password'],
    ...named.map((value) =>
      typeof value === 'object' && value !== null
        ? (value as { Password: string }).Password
        : (value as string | undefined),
    ),
  ]
}

/** A text as it may stand in other texts; other than a mark it may have letters that URLs and JSON spell in their own way. */
const forms = (text: string): readonly string[] => [
  ...formsOf(text),
  encodeURIComponent(text),
  encodeURI(text),
  new URLSearchParams({ x: text }).toString().slice(2),
  JSON.stringify(text).slice(1, -1),
  JSON.stringify(JSON.stringify(text)).slice(3, -3),
  Buffer.from(text).toString('base64url'),
]

/** Which of these texts stand in a text, in whatever form; told by what they are. */
const foundIn = (text: string, wanted: ReadonlyMap<string, string>): readonly string[] =>
  [...wanted].filter(([, secret]) => forms(secret).some((form) => text.includes(form))).map(([what]) => what)

describe('a run in which everything goes wrong once', () => {
  test('knows many secrets of every provider, and was in trouble of every kind', () => {
    for (const slug of SLUGS)
      expect([...secrets.keys()].filter((what) => what.startsWith(slug)).length).toBeGreaterThan(5)
    const codes = new Set(
      harness.answers.flatMap((answer) => [...answer.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)),
    )
    expect([...codes]).toEqual(
      expect.arrayContaining([
        'GRAPHQL_PARSE_FAILED',
        'GRAPHQL_VALIDATION_FAILED',
        'PROVIDER_BAD_RESPONSE',
        'PROVIDER_FORBIDDEN',
        'PROVIDER_MISCONFIGURED',
        'PROVIDER_RATE_LIMITED',
        'PROVIDER_TIMEOUT',
        'PROVIDER_UNAVAILABLE',
        'REAUTHORIZATION_REQUIRED',
      ]),
    )
    expect(harness.logLines.some((line) => line.includes('backing off'))).toBe(true)
  })

  test('shows no secret in any answer', () => {
    expect(foundIn([...harness.answers, ...got].join('\n'), secrets)).toEqual([])
  })

  test('writes no secret to the log', () => {
    expect(harness.logLines.length).toBeGreaterThan(50)
    expect(foundIn(harness.logLines.join('\n'), secrets)).toEqual([])
  })

  test('writes nobody’s phone number to the log', () => {
    const { staff, offices } = createStory({ now: NOW, scale: SCALE, seed: 1 })
    const outside = Object.values(offices).flatMap(({ calls }) => calls.flatMap((call) => call.outside ?? []))
    const numbers = new Set([...staff.map(({ mobile }) => mobile), ...outside, '+905550000001'])
    expect(numbers.size).toBeGreaterThan(20)
    const digits = new Map([...numbers].map((number) => [number, number.slice(1)]))
    const log = harness.logLines.join('\n')
    expect(foundIn(log, digits)).toEqual([])
    expect([...digits.values()].filter((number) => log.includes(number.slice(-9)))).toEqual([])
  })

  test('would have been found out: the search finds a secret in each form it may take', () => {
    const secret = 'Yelken & Rüzgâr = 100% + "1987"'
    const wanted = new Map([['planted', secret]])
    const sentence = `before ${secret} after`
    for (const hidden of [
      sentence,
      JSON.stringify({ message: sentence }),
      JSON.stringify(JSON.stringify({ message: sentence })),
      `https://api.example/?${new URLSearchParams({ token: secret })}`,
      `https://api.example/${encodeURIComponent(secret)}`,
      ...['', 'a', 'ab'].map((start) => Buffer.from(`${start}${sentence}`).toString('base64')),
      Buffer.from(`user:${secret}`).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(foundIn(`x ${hidden} y`, wanted)).toEqual(['planted'])
    }
    expect(foundIn('before and after', wanted)).toEqual([])
  })
})
