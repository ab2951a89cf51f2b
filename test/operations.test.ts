import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { buildSchema, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'

import { questionIn } from './support/question-in.js'
import * as documents from './generated/graphql.js'
import type { TypedDocumentString } from './generated/graphql.js'
import { startSandboxedServer, type SandboxedServer } from './server/sandboxed-server.js'

const FOLDER = new URL('../schema/operations/', import.meta.url)
const files = readdirSync(FOLDER).sort()
const textOf = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8')

interface Answer<Result> {
  readonly data: Result
  readonly errors?: readonly unknown[]
}

/**
 * Every request each of them costs, by provider; logins are made before. Lists are read once, however much is asked of
 * them; an account that cannot have what a filter wants is not asked; a detail costs a request per object: the business
 * hours of nine numbers, the members of a group, a call's way.
 */
const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  'switchboard-overview': [
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /me',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'freepbx POST /admin/api/api/gql system',
    'ipex GET /ipbxapi/members',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
    'ipex GET /restapi/v1/users/me',
    'postacell GET /api/v1/email/list-filter/',
    'rails-api-v1 GET /api/v1/users/:id',
  ],
  'missed-calls': [
    'bulutfon GET /cdrs',
    'bulutfon GET /dids',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'ipex GET /ipbxapi/calls',
    'ipex GET /ipbxapi/numbers',
  ],
  'who-answers-this-number': [
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/:id',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'ipex GET /ipbxapi/numbers',
  ],
  'group-members': [
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/:id × 10',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/members',
  ],
  // The three newest are of Ankara and Prague.
  'way-of-a-call': [
    'bulutfon GET /cdrs',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/calls',
    'ipex GET /ipbxapi/calls/:id/detail',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ],
  'dids-and-where-they-go': [
    'bulutfon GET /dids',
    'bulutfon GET /dids/:id × 9',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/calls/transfer/destinations',
    'ipex GET /ipbxapi/members',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ],
  'balance-and-plan': [
    'bulutfon GET /me',
    'ipex GET /restapi/v1/users/me',
    'postacell POST /gateway/v1/json/reply/GetBalance',
    'rails-api-v1 GET /api/v1/users/:id',
  ],
  'contact-lists': ['postacell GET /api/v1/email/list-filter/ × 3'],
  'unregistered-extensions': ['bulutfon GET /extensions', 'bulutfon GET /extensions/:id × 18'],
  logins: [],
  'what-a-provider-can-do': [],
  'find-a-person': [
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/:id × 12',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx GET /admin/api/api/rest/queues/members',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ],
  'calls-of-an-extension': ['bulutfon GET /cdrs × 2', 'bulutfon GET /cdrs/:id × 51', 'bulutfon GET /extensions'],
  'call-log': ['bulutfon GET /cdrs', 'freepbx POST /admin/api/api/gql fetchAllCdrs', 'ipex GET /ipbxapi/calls'],
  'account-to-log-in': [],
  'begin-a-login': [],
  // The same key again: its first answer, and no request.
  'place-a-call': [],
  // Whether there is such a call is looked up before anything is sent.
  'transfer-a-call': ['ipex GET /ipbxapi/calls/current', 'ipex GET /ipbxapi/numbers', 'ipex GET /ipbxapi/pbx/users'],
  'hang-up': ['ipex GET /ipbxapi/calls/current'],
  // Read before, and again after it: once for the extension, once for what the answer shows besides.
  'change-an-extension': [
    'bulutfon GET /extensions × 3',
    'bulutfon GET /extensions/:id',
    'bulutfon PUT /extensions/:id',
  ],
  'who-changed-what': [],
  // This server answers these by itself.
  'call-changes': [],
  'follow-call-changes': [],
  archives: [],
  'service-level-of-a-day': [],
  'missed-calls-by-hour': [],
  'who-talks-most': [],
  'export-calls': [],
  'an-export': [],
  // Listing the calls of now is a request to each system that can.
  'calls-under-way': ['ipex GET /ipbxapi/calls/current'],
  'live-calls': [],
}

let server: SandboxedServer

/** Asks as a front-end would: the document, its variables, and an answer of the generated type. */
async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables = {},
): Promise<Result> {
  const { data, errors } = await post<Result>(String(document), variables)
  expect(errors).toBeUndefined()
  return data
}

async function post<Result>(query: string, variables = {}): Promise<Answer<Result>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    // The calls of now are not listed again for whoever asks right after another.
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer<Result>
}

/** A subscription that has begun is answered with a stream, whatever comes. */
async function subscribe(query: string): Promise<Answer<object>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  await response.body!.cancel()
  return { data: { status: response.status, type: response.headers.get('content-type') } }
}

const isSubscription = (text: string) => /^subscription /m.test(text)

/** The requests to the providers, a line per kind: ids are `:id`, repeated kinds are counted. */
function asked(): string[] {
  const lines = new Map<string, number>()
  for (const [slug, { journal }] of server.sandbox.emulators) {
    for (const { method, path, body } of journal.apiRequests) {
      const line = `${slug} ${method} ${path.replace(/\/(?!v1)(?=[^/]*\d)[^/]+/g, '/:id')}${questionIn({ body })}`
      lines.set(line, (lines.get(line) ?? 0) + 1)
    }
  }
  return [...lines].map(([line, times]) => (times === 1 ? line : `${line} × ${times}`)).sort()
}

beforeAll(async () => {
  server = await startSandboxedServer({ scale: 1, at: Date.parse('2026-02-11T09:00:00Z') })
  // Everyone logs in, so that what follows is about questions and not about logins.
  await ask(documents.BalanceAndPlanDocument)
}, 60_000)
beforeEach(() => {
  for (const { journal } of server.sandbox.emulators.values()) journal.clear()
})
afterAll(() => server.close())

describe('the worked operations', () => {
  const schema = buildSchema(readFileSync(new URL('../schema/schema.graphql', import.meta.url), 'utf8'))

  test('are at least twelve', () => {
    expect(files.length).toBeGreaterThanOrEqual(12)
  })

  test.each(files)('%s begins with its title, is valid, and needs no variable', (file) => {
    const text = textOf(file)
    expect(text).toMatch(/^# \S.*\n(query|mutation|subscription) /)
    const document = parse(text)
    expect(validate(schema, document)).toEqual([])
    const [operation, ...others] = document.definitions as OperationDefinitionNode[]
    expect(others).toEqual([])
    const needed = operation!.variableDefinitions!.filter(
      ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue,
    )
    expect(needed).toEqual([])
    expect(file).toBe(
      `${basename(file).slice(0, 3)}${operation!.name!.value.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.graphql`,
    )
  })

  test.each(files.filter((file) => isSubscription(textOf(file))))('%s begins in the sandbox', async (file) => {
    expect(await subscribe(textOf(file))).toEqual({ data: { status: 200, type: 'text/event-stream; charset=utf-8' } })
  })

  test.each(files.filter((file) => !isSubscription(textOf(file))))(
    '%s is answered by the sandbox without an error',
    async (file) => {
      const { data, errors } = await post<object>(textOf(file))
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data)).not.toBe('{}')
    },
  )

  test.each(Object.entries(REQUESTS))('%s asks the providers for exactly what it needs', async (name, lines) => {
    const text = textOf(files.find((file) => file.endsWith(`-${name}.graphql`))!)
    await (isSubscription(text) ? subscribe(text) : post(text))
    expect(asked()).toEqual([...lines])
  })

  test('are all held to their requests', () => {
    expect(Object.keys(REQUESTS).sort()).toEqual(files.map((file) => file.replace(/^\d+-|\.graphql$/g, '')).sort())
  })
})

describe('what they are for', () => {
  test('an overview shows each account with what its provider has, and nothing of what it lacks', async () => {
    const { accounts } = await ask(documents.SwitchboardOverviewDocument)
    const shown = accounts.nodes.map(({ label, provider, extensions, groups, dids }) => ({
      label,
      provider: provider.name,
      counts: [extensions?.totalCount, groups?.totalCount, dids?.totalCount],
    }))
    expect(shown).toEqual([
      { label: 'Ege Yelken İzmir', provider: 'Bulutfon', counts: [120, 12, 24] },
      { label: 'Ege Yelken Praha', provider: 'IPEX', counts: [91, 7, 14] },
      { label: 'Ege Yelken, mailings and SMS', provider: 'Postacell', counts: [0, 47, 0] },
      { label: 'Staff directory', provider: 'Rails API v1', counts: [0, 0, 0] },
      { label: 'Ege Yelken Ankara', provider: 'FreePBX', counts: [30, 6, 14] },
    ])
  })

  test('missed calls of today are those of today, newest first, of both offices', async () => {
    const since = '2026-02-11T00:00:00.000Z'
    const { callRecords } = await ask(documents.MissedCallsDocument, { since, first: 100 })
    const times = callRecords!.nodes.map(({ startedAt }) => startedAt)
    expect(times.length).toBeGreaterThan(0)
    expect(times.every((time) => time >= since)).toBe(true)
    expect(times).toEqual(times.toSorted().reverse())
    expect(callRecords!.sources.map(({ state }) => state)).toEqual([
      'COMPLETE',
      'COMPLETE',
      'UNSUPPORTED',
      'UNSUPPORTED',
      'COMPLETE',
    ])
  })

  test('who answers a number is found by the number, with the people in the group', async () => {
    const { phoneNumber } = await ask(documents.WhoAnswersThisNumberDocument)
    expect(phoneNumber).toMatchObject({ number: '+902320000042', country: 'TR' })
    const [did] = phoneNumber.dids!
    expect(did!.destination).toMatchObject({ __typename: 'Group', label: 'Satış', displayNumber: '101' })
    const members = did!.destination!.__typename === 'Group' ? did!.destination!.members!.nodes : []
    expect(members.length).toBeGreaterThan(1)
  })

  test('the way of a call begins where it came in and hangs together', async () => {
    const { callRecords } = await ask(documents.WayOfACallDocument, { last: 10 })
    for (const { legs } of callRecords!.nodes) {
      const ids = new Set(legs!.map(({ id }) => id))
      expect(legs!.filter(({ parentId }) => parentId !== null && !ids.has(parentId!))).toEqual([])
      expect(legs!.map(({ sequence }) => sequence)).toEqual(legs!.map((_leg, index) => index))
    }
  })

  test('people are found without regard to case, at every office', async () => {
    for (const name of ['DOĞAN', 'doğan']) {
      const { extensions } = await ask(documents.FindAPersonDocument, { name })
      expect(extensions!.nodes.length).toBeGreaterThan(0)
      for (const { displayName, email } of extensions!.nodes)
        expect(`${displayName} ${email}`.toLocaleLowerCase('tr')).toMatch(/doğan|dogan/)
    }
  })

  test('a list of ten and a list of a hundred cost the same lists', async () => {
    const lists = async (first: number) => {
      await ask(documents.SwitchboardOverviewDocument, { first })
      const lines = asked()
      for (const { journal } of server.sandbox.emulators.values()) journal.clear()
      return lines.filter((line) => !line.startsWith('postacell'))
    }
    expect(await lists(100)).toEqual(await lists(10))
  })
})
