import { isDeepStrictEqual } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { getNamedType } from 'graphql'

import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { globalId, parseGlobalId } from '../../src/model/id.js'
import { anyText } from '../support/any-text.js'
import { crowd } from '../support/proof.js'
import { sentFor } from '../support/provenance.js'
import { startHarness, type Harness } from './harness.js'
import { fitting, isCursor, isId, meantFor, places, questions, type Reach, type Writable } from './places.js'

const KEYS = { ours: 'canary-key-of-our-workspace', theirs: 'canary-key-of-their-workspace' } as const
type Workspace = keyof typeof KEYS
const SCOPES = ['telephony:read', 'recordings:read', 'telephony:raw', 'telephony:write', 'accounts:manage']

/** Two companies with accounts at the same providers: the ids of one's objects are those of the other's, and one login is used by both. */
const harness: { at: Harness } = { at: null as never }
/** What each may write to; its call has been placed. */
const writable = new Map<Workspace, Writable>()
/** Of what a page of each lacks. */
const retryCursors: Record<Workspace, string> = { ours: '', theirs: '' }
beforeAll(async () => {
  const workspaces = Object.entries(KEYS)
  harness.at = await startHarness({
    scale: 0.01,
    accounts: {
      'ours-bulutfon': { of: 'bulutfon/authorizationCode', workspace: 'ours' },
      'ours-ipex': { of: 'ipex/password', workspace: 'ours' },
      'ours-mail': { of: 'postacell/gateway', workspace: 'ours' },
      'ours-staff': { of: 'rails-api-v1/password', workspace: 'ours' },
      'theirs-bulutfon': { of: 'bulutfon/other', workspace: 'theirs' },
      'theirs-ipex': { of: 'ipex/other', workspace: 'theirs' },
      'theirs-twin': { of: 'ipex/password', workspace: 'theirs' },
      'theirs-mail': { of: 'postacell/other', workspace: 'theirs' },
      'theirs-staff': { of: 'rails-api-v1/authorizationCode', workspace: 'theirs' },
    },
    config: {
      callers: { apiKeys: workspaces.map(([workspace, key]) => ({ name: workspace, key, workspace, scopes: SCOPES })) },
    },
    // What is remembered between questions must keep to its workspace, too.
    limits: {
      cacheBytes: 64 * 1024 * 1024,
      requestsPerSecond: 100_000,
      requestBurst: 100_000,
      accountChangesPerMinute: 10_000,
    },
  })
  harness.at.emulators.ipex.faults.next({ path: /^\/ipbxapi\/calls/, status: 500, times: Infinity })
  for (const workspace of ['ours', 'theirs'] as const) {
    const { data } = await ask(workspace, '{ callRecords(first: 10) { sources { gap { retryCursor } } } }')
    const { sources } = (data as { callRecords: { sources: { gap: { retryCursor: string } | null }[] } }).callRecords
    retryCursors[workspace] = sources.flatMap(({ gap }) => gap?.retryCursor ?? [])[0]!
  }
  harness.at.clear()
  for (const workspace of ['ours', 'theirs'] as const) writable.set(workspace, await writableOf(workspace))
  harness.at.clear()
})
afterAll(() => harness.at.close())

interface Answer {
  readonly status: number
  readonly data: unknown
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** The whole answer but for the id of its request. */
async function ask(workspace: Workspace, query: string): Promise<Answer> {
  const { status, text } = await harness.at.query(query, {}, { authorization: `Bearer ${KEYS[workspace]}` })
  const { data, errors = [] } = JSON.parse(text.replaceAll(/"requestId":"[^"]*"/g, '"requestId":"-"')) as Answer
  return { status, data, errors }
}

async function writableOf(workspace: Workspace): Promise<Writable> {
  const { data } = await ask(
    workspace,
    `{
      ipex: account(key: "${workspace}-ipex") { extensions(first: 1) { nodes { id } } }
      bulutfon: account(key: "${workspace}-bulutfon") { id extensions(first: 1) { nodes { id } } }
    }`,
  )
  const { ipex, bulutfon } = data as Record<
    'ipex' | 'bulutfon',
    { id: string; extensions: { nodes: { id: string }[] } }
  >
  const line = ipex.extensions.nodes[0]!.id
  const { data: written } = await ask(
    workspace,
    `mutation { callOriginate(input: { fromExtensionId: "${line}", to: "+420222333444", idempotencyKey: "first" }) { call { id } userErrors { code message } } }`,
  )
  const { callOriginate } = written as { callOriginate: { call: { id: string } | null; userErrors: unknown[] } }
  expect(callOriginate.userErrors).toEqual([])
  return { line, call: callOriginate.call!.id, account: bulutfon.id, extension: bulutfon.extensions.nodes[0]!.id }
}

const asked = (workspace: Workspace): string[] =>
  Object.values(harness.at.emulators)
    .flatMap(({ journal }) => journal.apiRequests)
    .flatMap((entry) => sentFor(entry) ?? [])
    .filter((account) => account.startsWith(workspace))

const schema = buildDialgraphSchema()

const reach = (workspace: Workspace): Reach => ({
  accountKey: `${workspace}-ipex`,
  retryCursor: retryCursors[workspace],
  writable: writable.get(workspace)!,
})
const idPlaces = places(schema, isId)
const cursorPlaces = places(schema, isCursor)

/** Objects of every kind that the workspace can see, by their ids. */
async function idsOf(workspace: Workspace): Promise<readonly string[]> {
  const { data, errors } = await ask(
    workspace,
    `{
      accounts { nodes { id } }
      account(key: "${workspace}-ipex") {
        dids { nodes { id } } extensions { nodes { id } } groups { nodes { id } }
        callRecords(first: 3) { nodes { id } }
      }
      callRecords(first: 20) { nodes { id recordings { id } } }
      ways: callRecords(first: 3) { nodes { legs { id } } }
      dids(first: 3) { nodes { id } }
      extensions(first: 3) { nodes { id } }
      groups(first: 3) { nodes { id } }
    }`,
  )
  expect(errors).toEqual([])
  const found = [...JSON.stringify(data).matchAll(/"id":"([\w-]+)"/g)].map(([, id]) => id!)
  const menu = globalId('AutoAttendant', `${workspace}-bulutfon`, '11')
  const ids = [...found, menu, writable.get(workspace)!.call]
  const kinds = new Set(ids.map((id) => parseGlobalId(id)!.type))
  expect([...kinds].sort()).toEqual([
    'Account',
    'AutoAttendant',
    'CallLeg',
    'CallRecord',
    'Did',
    'Extension',
    'Group',
    'LiveCall',
    'Recording',
  ])
  return [...new Set(ids)]
}

/** One of each kind. */
const samples = (ids: readonly string[]) => [...new Map(ids.map((id) => [parseGlobalId(id)!.type, id])).values()]

/** The same in every way, at an account that nobody has. */
const nowhere = (id: string): string => {
  const { type, native } = parseGlobalId(id)!
  return globalId(type, 'nowhere', native)
}

describe.each<[Workspace, Workspace]>([
  ['ours', 'theirs'],
  ['theirs', 'ours'],
])('to callers of %s, %s is not there', (own, other) => {
  test('at every place of the schema that takes an id', async () => {
    expect(idPlaces.length).toBeGreaterThan(20)
    const all = await idsOf(own)
    const ids = { own: all.slice(0, 90), other: samples(await idsOf(other)) }
    const silent: string[] = []
    harness.at.clear()
    for (const place of idPlaces) {
      const answers = async (values: readonly string[]) => {
        const given: unknown[] = []
        for (const query of questions(place, reach(own), fitting(place, values)))
          given.push({ place: place.name, ...(await ask(own, query)) })
        return given
      }
      const unknown = await answers(ids.other.map(nowhere))
      expect(await answers(ids.other)).toEqual(unknown)
      // An id of one's own is answered otherwise, so that these comparisons compare something; the smaller company has no call of every kind.
      const isTelling = (answer: unknown) => !unknown.some((one) => isDeepStrictEqual(one, answer))
      const isSilent = async () => {
        for (const id of meantFor(place, all) ?? ids.own) if ((await answers([id])).some(isTelling)) return false
        return true
      }
      if (own === 'ours' && (await isSilent())) silent.push(place.name)
    }
    expect(asked(other)).toEqual([])
    // Nobody calls here, nothing is archived or exported, and a stream is not asked for; test/server and test/exports try them all.
    const elsewhere =
      /^(Query\.(liveCalls|callRecordChanges|callStatistics|export)|Mutation\.callRecordsExport|Subscription)/
    expect(silent.filter((name) => !elsewhere.test(name))).toEqual([])
  })

  test('at every place of the schema that takes a cursor', async () => {
    expect(cursorPlaces.length).toBeGreaterThan(15)
    const codesOf = ({ errors }: Answer) => [...new Set(errors.map(({ extensions }) => extensions.code))]
    let found = 0
    for (const place of cursorPlaces) {
      // In an order of its own, a place in a list names no account: only the list itself says whose it is.
      const canBeOrdered = ['DidOrder', 'ExtensionOrder'].includes(
        place.field.args.map(({ type }) => getNamedType(type).name).find((name) => name.endsWith('Order')) ?? '',
      )
      const order = canBeOrdered ? ', orderBy: { field: NUMBER }' : ''
      const after = (workspace: Workspace, cursor: string) =>
        ask(workspace, questions(place, reach(workspace), [cursor], order)[0]!)
      const isRetry = place.way[0]!.name === 'cursor'
      const first = await ask(
        other,
        questions(place, reach(other), ['x'], order)[0]!.replace(/, (after|before): "x"/, ''),
      )
      const [cursor] = isRetry ? [retryCursors[other]] : (/(?<="cursor":")[\w-]+/.exec(JSON.stringify(first)) ?? [])
      const refused = await after(own, isRetry ? 'gap.AAAA' : 'AAAA')
      expect({ place: place.name, codes: codesOf(refused) }).toEqual({ place: place.name, codes: ['CURSOR_INVALID'] })
      if (cursor === undefined) continue
      found += 1
      expect({ place: place.name, codes: codesOf(await after(other, cursor)) }).toEqual({
        place: place.name,
        codes: [],
      })
      expect({ place: place.name, ...(await after(own, cursor)) }).toEqual({ place: place.name, ...refused })
    }
    expect(found).toBeGreaterThan(8)
  })

  test('by the key of an account, in a link that begins a login, and in anything it may be told to do', async () => {
    expect(await ask(own, `{ account(key: "${other}-bulutfon") { id } }`)).toEqual(
      await ask(own, '{ account(key: "nowhere") { id } }'),
    )
    const page = async (key: string) => {
      const response = await fetch(`${harness.at.url}/connect/${key}`, { redirect: 'manual' })
      return { status: response.status, cookies: response.headers.getSetCookie(), text: await response.text() }
    }
    const unknown = await page('nowhere')
    expect(unknown).toMatchObject({ status: 403, cookies: [] })
    for (const key of [`${other}-bulutfon`, globalId('Account', `${other}-bulutfon`)])
      expect(await page(key)).toEqual(unknown)
  })
})

test('whoever makes up ids finds nothing and breaks nothing', async () => {
  const [mine, foreign] = [await idsOf('ours'), await idsOf('theirs')]
  const known = fc.constantFrom(...mine, ...foreign)
  const flipped = fc.tuple(known, fc.nat(), fc.nat({ max: 7 })).map(([id, at, bit]) => {
    const bytes = Buffer.from(id, 'base64url')
    bytes[at % bytes.length]! ^= 1 << bit
    return bytes.toString('base64url')
  })
  const parts = fc.record({ code: fc.constantFrom('A', 'D', 'E', 'G', 'M', 'C', 'R', 'P', 'X'), native: fc.string() })
  const made = parts.map(({ code, native }) => Buffer.from(`${code}:theirs-ipex:${native}`).toString('base64url'))
  const text = fc.oneof(fc.string(), anyText(), fc.constant('A'.repeat(5_000)))
  harness.at.clear()
  for (const ids of fc.sample(fc.array(fc.oneof(flipped, made, text), { minLength: 50, maxLength: 50 }), 8)) {
    const response = await harness.at.query(
      'query Any($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids },
      {
        authorization: `Bearer ${KEYS.ours}`,
      },
    )
    expect(response.status).toBe(200)
    for (const [, id] of response.text.matchAll(/"id":"([\w-]+)"/g))
      expect(parseGlobalId(id!)?.account).toMatch(/^(ours-|$)/)
    for (const { extensions } of response.errors ?? []) expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR')
  }
  expect(asked('theirs')).toEqual([])
})

test('however many of both ask at once, each is given its own', async () => {
  const query = `{
    dids(first: 5) { nodes { id number } }
    extensions(first: 5) { nodes { id callerIdDid { id } groups { nodes { id } } } }
    groups(first: 5) { nodes { id members { nodes { ... on Extension { id } } } } }
    callRecords(first: 10) { nodes { id account { id } callee { extension { id } } } }
  }`
  const both = Array.from({ length: crowd(40) }, (_, at): Workspace => (at % 2 ? 'ours' : 'theirs'))
  const answers = await Promise.all(both.map((workspace) => ask(workspace, query)))
  answers.forEach((answer, at) => {
    const ids = [...JSON.stringify(answer).matchAll(/"id":"([\w-]+)"/g)].map(([, id]) => parseGlobalId(id!)!.account)
    expect(ids.length).toBeGreaterThan(10)
    expect(ids.filter((account) => !account.startsWith(both[at]!))).toEqual([])
    expect(answer).toEqual(answers[at % 2])
  })
})
