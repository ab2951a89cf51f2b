import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'

import { providers } from '../../src/providers/index.js'
import { WITHOUT_LIMITS } from '../support/without-limits.js'
import { everyField } from './every-field.js'
import { startHarness, type Harness } from './harness.js'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ scale: 0.01, limits: WITHOUT_LIMITS })
  await harness.data('{ accounts { nodes { profile { name messageCredits } } } }')
})
beforeEach(() => harness.clear())
afterAll(() => harness.close())

/** What a question costs, ids of single objects as `:id`, repeated requests once with their number. */
async function costOf(question: string, variables: object = {}): Promise<string[]> {
  harness.clear()
  await harness.data(question, variables)
  const kinds = new Map<string, number>()
  for (const line of harness.requests()) {
    const kind = line
      .replace(/\?.*/, '')
      .replace(/\/(dids|extensions|groups|cdrs|calls|users)\/[\w.-]*\d[\w.-]*/, '/$1/:id')
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return [...kinds].map(([kind, times]) => (times === 1 ? kind : `${kind} × ${times}`)).sort()
}

const ofAccount = (key: string, list: string, selection: string, size = 100) =>
  `{ account(key: "${key}") { ${list}(first: ${size}) { nodes { ${selection} } } } }`

interface Case {
  readonly account: string
  readonly list: 'dids' | 'extensions' | 'groups' | 'callRecords'
  /** What the list tells, all of it. */
  readonly listed: string
  readonly costs: readonly string[]
  /** What more costs, by field. */
  readonly detailed: Readonly<Record<string, readonly string[]>>
}

const RESOURCE = 'id providerResourceId fetchedAt raw account { key label }'
const PARTY = '{ label number rawNumber displayName }'
const CALL = `${RESOURCE} kind direction caller ${PARTY} callee ${PARTY} startedAt answeredAt endedAt durationSeconds waitSeconds
  talkSeconds disposition nativeDisposition nativeHangupCause hangupParty recordings { id status mimeType link { url } } cost { amount }`

const CASES: readonly Case[] = [
  {
    account: 'izmir',
    list: 'dids',
    listed: `${RESOURCE} label displayNumber number rawNumber status nativeStatus`,
    costs: ['bulutfon GET /dids'],
    detailed: { 'businessHours { enabled }': ['bulutfon GET /dids/:id × 3'] },
  },
  {
    account: 'izmir',
    list: 'extensions',
    listed: `${RESOURCE} label displayNumber number displayName email registration`,
    costs: ['bulutfon GET /extensions'],
    detailed: {
      'callerIdDid { number }': ['bulutfon GET /dids', 'bulutfon GET /extensions/:id × 8'],
      voicemailEnabled: ['bulutfon GET /extensions/:id × 8'],
      'forwarding { condition }': ['bulutfon GET /extensions/:id × 8'],
      callPermissions: ['bulutfon GET /extensions/:id × 8'],
      'dids(first: 5) { nodes { number } }': ['bulutfon GET /dids'],
      'groups(first: 5) { nodes { name } }': ['bulutfon GET /groups', 'bulutfon GET /groups/:id × 3'],
    },
  },
  {
    account: 'izmir',
    list: 'groups',
    listed: `${RESOURCE} label displayNumber kind number name ringTimeoutSeconds`,
    costs: ['bulutfon GET /groups'],
    detailed: {
      memberCount: ['bulutfon GET /groups/:id × 3'],
      'members { totalCount }': ['bulutfon GET /extensions', 'bulutfon GET /groups/:id × 3'],
      'dids { nodes { number } }': ['bulutfon GET /dids'],
    },
  },
  {
    account: 'izmir',
    list: 'callRecords',
    listed: CALL,
    costs: ['bulutfon GET /cdrs'],
    detailed: {
      'did { number }': ['bulutfon GET /dids'],
      // Five of the ten came in; only those have a way.
      'legs { action }': ['bulutfon GET /cdrs/:id × 5'],
      'caller { extension { number } }': ['bulutfon GET /extensions'],
    },
  },
  {
    account: 'prague',
    list: 'dids',
    listed: `${RESOURCE} label displayNumber number rawNumber status nativeStatus businessHours { enabled }`,
    costs: ['ipex GET /ipbxapi/numbers'],
    detailed: { 'destination { __typename }': ['ipex GET /ipbxapi/members', 'ipex GET /ipbxapi/pbx/users'] },
  },
  {
    account: 'prague',
    list: 'extensions',
    listed: `${RESOURCE} label displayNumber number displayName email registration voicemailEnabled callPermissions callerIdDid { number }`,
    costs: ['ipex GET /ipbxapi/numbers', 'ipex GET /ipbxapi/pbx/users'],
    detailed: {
      'forwarding { condition }': ['ipex GET /ipbxapi/profiles × 8'],
      'groups(first: 5) { nodes { name } }': ['ipex GET /ipbxapi/members'],
      'dids(first: 5) { nodes { number } }': [],
    },
  },
  {
    account: 'prague',
    list: 'groups',
    listed: `${RESOURCE} label kind name ringTimeoutSeconds memberCount`,
    costs: ['ipex GET /ipbxapi/members'],
    detailed: {
      number: ['ipex GET /ipbxapi/calls/transfer/destinations'],
      displayNumber: ['ipex GET /ipbxapi/calls/transfer/destinations'],
      '... { number displayNumber }': ['ipex GET /ipbxapi/calls/transfer/destinations'],
      'members { totalCount }': ['ipex GET /ipbxapi/numbers', 'ipex GET /ipbxapi/pbx/users'],
    },
  },
  {
    account: 'prague',
    list: 'callRecords',
    listed: CALL,
    costs: ['ipex GET /ipbxapi/calls'],
    detailed: {
      'legs { action }': ['ipex GET /ipbxapi/calls/:id/detail × 10'],
      'did { number }': ['ipex GET /ipbxapi/numbers'],
      'answeredBy { ... on Extension { number } }': ['ipex GET /ipbxapi/numbers', 'ipex GET /ipbxapi/pbx/users'],
    },
  },
  {
    account: 'mailings',
    list: 'groups',
    listed: `${RESOURCE} label displayNumber kind number name ringTimeoutSeconds memberCount members { totalCount }`,
    costs: ['postacell GET /api/v1/email/list-filter/'],
    detailed: { 'dids { totalCount }': [] },
  },
]

describe.each(CASES)('$list of $account', ({ account, list, listed, costs, detailed }) => {
  const size = list === 'callRecords' ? 10 : 100

  test('cost their list and nothing else while nothing is asked that only details have', async () => {
    expect(await costOf(ofAccount(account, list, listed, size))).toEqual(costs)
  })

  test.each(Object.entries(detailed))('cost more for %s, and only when it is wanted', async (field, more) => {
    const ask = (selection: string) => ofAccount(account, list, selection, size)
    expect(await costOf(ask(`id ${field}`))).toEqual([...costs, ...more].sort())
    const [head, tail] = halves(field)
    for (const unasked of [
      `${head} @include(if: $wanted) ${tail}`,
      `${head} @skip(if: true) @include(if: $wanted) ${tail}`,
      `... @include(if: $wanted) { ${field} }`,
      `...Detail @include(if: $wanted)`,
    ]) {
      const fragment = unasked.startsWith('...Detail') ? `fragment Detail on ${NOUNS[list]} { ${field} }` : ''
      const question = `query ($wanted: Boolean!) ${ask(`${listed} ${unasked}`)} ${fragment}`
      expect(await costOf(question, { wanted: false })).toEqual(costs)
    }
  })
})

/** A field's name with its arguments, and what is asked below it. */
const halves = (field: string): readonly [string, string] => {
  const at = field.indexOf('{')
  return at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at)]
}

const NOUNS = { dids: 'Did', extensions: 'Extension', groups: 'Group', callRecords: 'CallRecord' } as const

describe('what only the list tells', () => {
  interface Members {
    readonly account: {
      readonly extensions: { readonly nodes: readonly Line[] }
      readonly groups: {
        readonly nodes: readonly {
          readonly raw: Readonly<Record<string, unknown>>
          readonly ringTimeoutSeconds: number
          readonly members: { readonly edges: readonly { readonly delaySeconds: number; readonly node: Line }[] }
        }[]
      }
    }
  }
  interface Line {
    readonly number: string
    readonly registration: string
    readonly voicemailEnabled?: boolean
  }

  test('is still there when details are read too: registration of a line, delay and ring time of a group', async () => {
    const { account } = await harness.data<Members>(`{ account(key: "izmir") {
      extensions(first: 100) { nodes { number registration voicemailEnabled callPermissions callerIdDid { number } } }
      groups(first: 100) { nodes { raw ringTimeoutSeconds memberCount members { edges { delaySeconds node {
        ... on Extension { number registration voicemailEnabled }
      } } } } }
    } }`)
    const lines = new Map(account.extensions.nodes.map((line) => [line.number, line]))
    expect(new Set([...lines.values()].map(({ registration }) => registration))).toEqual(
      new Set(['REGISTERED', 'UNREGISTERED']),
    )
    expect([...lines.values()].every(({ voicemailEnabled }) => typeof voicemailEnabled === 'boolean')).toBe(true)
    for (const { raw, ringTimeoutSeconds, members } of account.groups.nodes) {
      expect(ringTimeoutSeconds).toBe(raw['timeout'])
      expect(raw['ring_duration']).toEqual(expect.any(Number))
      expect(members.edges.length).toBeGreaterThan(0)
      for (const { delaySeconds, node } of members.edges) {
        expect(delaySeconds).toBe(raw['delay_time'])
        expect(node.registration).toBe(lines.get(node.number)!.registration)
      }
    }
  })

  test('is the same whatever else is asked', async () => {
    const groups = 'groups(first: 100) { nodes { id name raw members { edges { delaySeconds } } } }'
    const more = 'extensions(first: 100) { nodes { forwarding { condition } groups { totalCount } } }'
    const alone = await harness.data<{ account: { groups: object } }>(`{ account(key: "izmir") { ${groups} } }`)
    const beside = await harness.data<{ account: { groups: object } }>(
      `{ account(key: "izmir") { ${more} ${groups} } }`,
    )
    expect(beside.account.groups).toEqual(alone.account.groups)
  })
})

describe('equal reads in one operation', () => {
  test('are one request, by whatever road they are reached', async () => {
    expect(
      await costOf(`{
        one: dids(first: 3) { nodes { number destination { ... on Extension { id } ... on Group { id members { totalCount } } } } sources { state } }
        two: dids(first: 50, orderBy: { field: NUMBER }) { nodes { number businessHours { enabled } } totalCount }
        three: accounts { nodes { dids(first: 1) { totalCount nodes { number businessHours { enabled } } } extensions { totalCount } groups { totalCount } } }
        four: phoneNumber(number: "+902320000042") { dids { number businessHours { enabled } } }
        five: groups(first: 10, filter: { kinds: [RING_GROUP] }) { nodes { members { nodes { ... on Extension { groups { totalCount } dids { totalCount } } } } } }
        six: callRecords(first: 5) { nodes { caller { extension { number } } did { number } } }
      }`),
    ).toEqual([
      'bulutfon GET /cdrs',
      'bulutfon GET /dids',
      'bulutfon GET /dids/:id × 3',
      'bulutfon GET /extensions',
      'bulutfon GET /groups',
      'bulutfon GET /groups/:id × 3',
      'freepbx GET /admin/api/api/rest/queues/',
      'freepbx GET /admin/api/api/rest/queues/members',
      'freepbx POST /admin/api/api/gql allCoreUsers',
      'freepbx POST /admin/api/api/gql allInboundRoutes',
      'freepbx POST /admin/api/api/gql fetchAllCdrs',
      'freepbx POST /admin/api/api/gql fetchAllRingGroups',
      'ipex GET /ipbxapi/calls',
      'ipex GET /ipbxapi/members',
      'ipex GET /ipbxapi/numbers',
      'ipex GET /ipbxapi/pbx/users',
      'postacell GET /api/v1/email/list-filter/',
    ])
  })

  test('are made again by the next operation', async () => {
    const question = ofAccount('prague', 'dids', 'number')
    expect(await costOf(question)).toEqual(['ipex GET /ipbxapi/numbers'])
    expect(await costOf(question)).toEqual(['ipex GET /ipbxapi/numbers'])
  })
})

describe('what a provider does not have', () => {
  const CONNECTION = '{ totalCount nodes { id } sources { state errorCode message upstreamRequests } }'

  test.each([
    ['mailings', ['dids', 'extensions', 'callRecords']],
    ['directory', ['dids', 'extensions', 'groups', 'callRecords']],
  ])('is empty at %s and says so, without a request and without a login', async (key, lists) => {
    const fresh = await startHarness()
    const { account } = await fresh.data<{ account: Record<string, { sources: { message: string }[] }> }>(
      `{ account(key: "${key}") { ${lists.map((list) => `${list}(first: 10) ${CONNECTION}`).join(' ')} } }`,
    )
    for (const list of lists) {
      expect(account[list]).toMatchObject({
        totalCount: list === 'callRecords' ? 0 : 0,
        nodes: [],
        sources: [{ state: 'UNSUPPORTED', errorCode: 'CAPABILITY_UNSUPPORTED', upstreamRequests: 0 }],
      })
      expect(account[list]!.sources[0]!.message).toMatch(/^(Postacell|Rails API v1) /)
    }
    expect({ requests: fresh.requests(), logins: fresh.tokenRequests() }).toEqual({ requests: [], logins: {} })
    await fresh.close()
  })
})

/** Where objects of a type are met, and what of them is asked when nothing is. */
const MET: Readonly<Record<string, (selection: string) => string>> = {
  AccountProfile: (selection) => `profile { ${selection} }`,
  Did: (selection) => `dids(first: 100) { nodes { ${selection} } }`,
  Extension: (selection) => `extensions(first: 100) { nodes { ${selection} } }`,
  Group: (selection) => `groups(first: 100) { nodes { ${selection} } }`,
  GroupMemberEdge: (selection) => `groups(first: 100) { nodes { members { edges { ${selection} } } } }`,
  CallRecord: (selection) => `callRecords(first: 50) { nodes { ${selection} } }`,
  CallParty: (selection) => `callRecords(first: 50) { nodes { caller { ${selection} } callee { ${selection} } } }`,
  Recording: (selection) => `callRecords(first: 50) { nodes { recordings { ${selection} } } }`,
}
const KEYS = {
  bulutfon: 'izmir',
  ipex: 'prague',
  postacell: 'mailings',
  'rails-api-v1': 'directory',
  freepbx: 'ankara',
} as const

describe.each(providers)('what $name declares as always null', ({ slug, capabilities }) => {
  const declared = [...new Set(capabilities.flatMap(({ unavailableFields }) => unavailableFields))]
  // What an input does not take, and what a write does not answer, is seen where something is written.
  const ofWrites = (coordinate: string) => /^\w+(?:Input|Payload)\./.test(coordinate)
  const coordinates = declared.filter((coordinate) => !ofWrites(coordinate))

  test.each(coordinates)('%s is null, and costs nothing', async (coordinate) => {
    const [type = '', field = ''] = coordinate.split('.')
    const { type: of } = (schema.getType(type) as GraphQLObjectType).getFields()[field]!
    const below = isCompositeType(getNamedType(of)) ? '{ __typename }' : ''
    const ask = (selection: string) =>
      `{ account(key: "${KEYS[slug as keyof typeof KEYS]}") { ${MET[type]!(selection)} } }`
    const without = await costOf(ask('__typename'))
    expect(await costOf(ask(`__typename ${field} ${below}`))).toEqual(without)
    const values = valuesOf(field, await harness.data(ask(`__typename ${field} ${below}`)))
    expect(values.length).toBeGreaterThan(0)
    expect(new Set(values)).toEqual(new Set([null]))
  })
})

const CALL_LOG_OF_IPEX = /^\/ipbxapi\/calls/

describe('every field of every noun', () => {
  const selected = new Set<string>()
  const fieldsOf = (type: string, depth: number) =>
    everyField(schema, schema.getType(type) as GraphQLObjectType, {
      depth,
      size: 2,
      selected: (coordinate) => selected.add(coordinate),
    })

  describe.each(Object.values(KEYS))('of %s', (key) => {
    test('can be asked for at once: the account itself, two objects deep', async () => {
      // One text for all accounts, which is parsed, checked and compiled once.
      const { errors } = await harness.query(`query ($key: String!) { account(key: $key) ${fieldsOf('Account', 2)} }`, {
        key,
      })
      expect(errors).toBeUndefined()
    })

    test.each(Object.entries(NOUNS))('can be asked for at once: its %s, three objects deep', async (list, noun) => {
      const { errors } = await harness.query(
        `query ($key: String!) { account(key: $key) { ${list}(first: 3) { nodes ${fieldsOf(noun, 3)} } } }`,
        { key },
      )
      expect(errors).toBeUndefined()
    })
  })

  test('can be asked for at once: the roots', async () => {
    const { account } = await harness.data<{ account: { id: string; extensions: { nodes: { id: string }[] } } }>(
      '{ account(key: "izmir") { id extensions(first: 1) { nodes { id } } } }',
    )
    // A write, so that the record of changes is not empty.
    await harness.data(
      `mutation { extensionUpdate(input: { id: "${account.extensions.nodes[0]!.id}", displayName: "Defne" }) { userErrors { code } } }`,
    )
    harness.emulators.ipex.faults.next({ path: CALL_LOG_OF_IPEX, status: 500, times: Infinity })
    const lacking = await harness.data<{
      callRecords: { sources: readonly { gap: { retryCursor: string } | null }[] }
    }>('{ callRecords(first: 2) { sources { gap { retryCursor } } } }')
    harness.clear()
    const [cursor] = lacking.callRecords.sources.flatMap(({ gap }) => gap?.retryCursor ?? [])
    const begun = await harness.data<{ callRecordsExport: { export: { id: string } } }>(
      'mutation { callRecordsExport(input: { filter: {} }) { export { id } userErrors { field message code } } }',
    )
    const exportId = begun.callRecordsExport.export.id
    const roots: Record<string, string> = {
      // What is live has no list that would be there at any moment.
      node: `(id: "${account.id}") { __typename id ... on CallEvent ${fieldsOf('CallEvent', 2)} ... on LiveCall ${fieldsOf('LiveCall', 2)} }`,
      nodes: `(ids: ["${account.id}", "nothing"]) { __typename id }`,
      viewer: fieldsOf('Viewer', 1),
      providers: fieldsOf('Provider', 2),
      provider: `(slug: "ipex") ${fieldsOf('Provider', 2)}`,
      accounts: fieldsOf('AccountConnection', 2),
      account: '(key: "prague") { id }',
      dids: `(first: 2) { nodes { businessHours ${fieldsOf('BusinessHours', 3)} } }`,
      extensions: `(first: 2) ${fieldsOf('ExtensionConnection', 2)}`,
      groups: `(first: 2) ${fieldsOf('GroupConnection', 2)}`,
      callRecords: `(first: 2) ${fieldsOf('CallRecordConnection', 2)}`,
      callRecordGap: `(cursor: "${cursor}", first: 2) ${fieldsOf('CallRecordConnection', 2)}`,
      liveCalls: fieldsOf('LiveCallList', 2),
      phoneNumber: `(number: "+902320000042") ${fieldsOf('PhoneNumberLookup', 2)}`,
      callRecordChanges: fieldsOf('CallRecordChangeConnection', 2),
      callStatistics: `(filter: {}) ${fieldsOf('CallStatistics', 2)}`,
      export: `(id: "${exportId}") ${fieldsOf('CallRecordExport', 2)}`,
      changes: `(first: 2) ${fieldsOf('ProviderChangeConnection', 2)}`,
    }
    expect(Object.keys(roots).sort()).toEqual(Object.keys(schema.getQueryType()!.getFields()).sort())
    for (const [root, asked] of Object.entries(roots)) {
      expect({ root, errors: (await harness.query(`{ ${root}${asked} }`)).errors }).toEqual({ root, errors: undefined })
    }
  })

  test('was among them, but for what only trouble has to tell', () => {
    const all = [...asked(schema.getQueryType()!)]
      .filter(({ name }) => name !== 'Query')
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
    const trouble = ['code', 'reason', 'occurredAt', 'attempts', 'nextAttemptAt'].map(
      (field) => `AuthorizationError.${field}`,
    )
    expect(all.filter((coordinate) => !selected.has(coordinate))).toEqual(trouble)
  })
})

/** Every type an answer to a question can hold. */
function asked(type: GraphQLNamedType, known = new Set<GraphQLObjectType>()): ReadonlySet<GraphQLObjectType> {
  if (isAbstractType(type)) schema.getPossibleTypes(type).forEach((one) => asked(one, known))
  if (!isObjectType(type) || known.has(type)) return known
  known.add(type)
  for (const field of Object.values(type.getFields())) asked(getNamedType(field.type), known)
  return known
}

/** Every value of this name in an answer. */
function valuesOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(name, item))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => (key === name ? [part] : valuesOf(name, part)))
}
