import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import * as documents from '../generated/graphql.js'
import type { TypedDocumentString } from '../generated/graphql.js'
import { startHarness, type Harness } from './harness.js'
import { workedOperations } from '../support/worked-operations.js'

/** Every call there is, newest first, so many rows at once. */
const ipexCalls = (rows: number) =>
  `ipex GET /ipbxapi/calls?timezone=UTC&startTime=1970-01-01T00:00:00.000Z&endTime=2100-01-01T00:00:00.000Z&sortColumn=calldate&sortDirection=desc&page=1&pageSize=${rows}`

interface Cost {
  readonly document: TypedDocumentString<unknown, never>
  /** Requests to token endpoints of a server that has just been started. */
  readonly logins: Readonly<Record<string, number>>
  /** Everything else, sorted, to the letter. */
  readonly requests: readonly string[]
}

const cost = <Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  logins: Cost['logins'],
  requests: Cost['requests'],
): Cost => ({ document: document as unknown as Cost['document'], logins, requests })

const EVERYBODY = { bulutfon: 1, ipex: 1, postacell: 1, 'rails-api-v1': 1 }
const SWITCHBOARDS = { bulutfon: 1, freepbx: 1, ipex: 1 }

/**
 * What each worked operation costs. A list is read once however often and by whatever it is needed; only what a provider tells of one
 * object at a time costs a request for each; who cannot have what is asked for is not asked.
 */
const COSTS: Readonly<Record<string, Cost>> = {
  'switchboard-overview': cost(documents.SwitchboardOverviewDocument, { ...EVERYBODY, freepbx: 1 }, [
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
    'postacell GET /api/v1/email/list-filter/?ordering=create_date',
    'rails-api-v1 GET /api/v1/users/2',
  ]),
  // Neither provider can narrow by how a call ended, so full pages are read; the numbers called are looked up in the lists of numbers.
  'missed-calls': cost(documents.MissedCallsDocument, SWITCHBOARDS, [
    'bulutfon GET /cdrs?order=call_time,desc&limit=250&page=1',
    'bulutfon GET /dids',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    ipexCalls(1650),
    'ipex GET /ipbxapi/numbers',
  ]),
  'who-answers-this-number': cost(documents.WhoAnswersThisNumberDocument, SWITCHBOARDS, [
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/7',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'ipex GET /ipbxapi/numbers',
  ]),
  'group-members': cost(documents.GroupMembersDocument, SWITCHBOARDS, [
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/7',
    'bulutfon GET /groups/8',
    'bulutfon GET /groups/9',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx GET /admin/api/api/rest/queues/members',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/calls/transfer/destinations',
    'ipex GET /ipbxapi/members',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ]),
  // The three newest came in at İzmir; their menus are known by the numbers that lead to them.
  'way-of-a-call': cost(documents.WayOfACallDocument, SWITCHBOARDS, [
    'bulutfon GET /cdrs/bda397ce-c558-4e98-8e12-01729a8efca7',
    'bulutfon GET /cdrs/e01b58d0-061c-4cf2-808f-c52e0b47bf12',
    'bulutfon GET /cdrs/f1c73ab4-4ddc-4bbe-8455-9e77ab3711db',
    'bulutfon GET /cdrs?order=call_time,desc&limit=250&page=1',
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    ipexCalls(1650),
  ]),
  // Two of the active numbers have business hours.
  'dids-and-where-they-go': cost(documents.DidsAndWhereTheyGoDocument, SWITCHBOARDS, [
    'bulutfon GET /dids',
    'bulutfon GET /dids/42',
    'bulutfon GET /dids/44',
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
  ]),
  'balance-and-plan': cost(documents.BalanceAndPlanDocument, EVERYBODY, [
    'bulutfon GET /me',
    'ipex GET /restapi/v1/users/me',
    'postacell POST /gateway/v1/json/reply/GetBalance',
    'rails-api-v1 GET /api/v1/users/2',
  ]),
  'contact-lists': cost(documents.ContactListsDocument, { postacell: 1 }, [
    'postacell GET /api/v1/email/list-filter/?ordering=create_date',
  ]),
  // IPEX does not tell what is registered, so none of its lines can be known to be unregistered.
  'unregistered-extensions': cost(documents.UnregisteredExtensionsDocument, { bulutfon: 1 }, [
    'bulutfon GET /extensions',
    'bulutfon GET /extensions/306',
  ]),
  logins: cost(documents.LoginsDocument, {}, []),
  'what-a-provider-can-do': cost(documents.WhatAProviderCanDoDocument, {}, []),
  // A group's members are told with the group alone, so every group is asked once.
  'find-a-person': cost(documents.FindAPersonDocument, SWITCHBOARDS, [
    'bulutfon GET /dids',
    'bulutfon GET /extensions',
    'bulutfon GET /groups',
    'bulutfon GET /groups/7',
    'bulutfon GET /groups/8',
    'bulutfon GET /groups/9',
    'freepbx GET /admin/api/api/rest/queues/',
    'freepbx GET /admin/api/api/rest/queues/members',
    'freepbx POST /admin/api/api/gql allCoreUsers',
    'freepbx POST /admin/api/api/gql allInboundRoutes',
    'freepbx POST /admin/api/api/gql fetchAllRingGroups',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ]),
  // Whose phones a call rang is told with that call alone: those that came in are asked one by one until ten are found.
  'calls-of-an-extension': cost(documents.CallsOfAnExtensionDocument, { bulutfon: 1 }, [
    'bulutfon GET /cdrs/1ecd4ea0-0a9a-44b6-8b86-ce27bae3d44a',
    'bulutfon GET /cdrs/25484161-eb17-4c3a-8eea-7dd99fab39c2',
    'bulutfon GET /cdrs/53de4169-fa0e-4002-899f-391856e1ba0f',
    'bulutfon GET /cdrs/952fb647-2502-4e5a-8a5e-4b5044434918',
    'bulutfon GET /cdrs/a7b73603-0c30-4713-894d-35b01be000b7',
    'bulutfon GET /cdrs/bda397ce-c558-4e98-8e12-01729a8efca7',
    'bulutfon GET /cdrs/c417b9d5-c9c4-414b-82fe-04e6ad70c2ec',
    'bulutfon GET /cdrs/e01b58d0-061c-4cf2-808f-c52e0b47bf12',
    'bulutfon GET /cdrs/f1c73ab4-4ddc-4bbe-8455-9e77ab3711db',
    'bulutfon GET /cdrs?order=call_time,desc&limit=250&page=1',
    'bulutfon GET /extensions',
  ]),
  // A few rows more than the page: the last ones may share their second with the next page's, and one call is several rows at IPEX.
  'call-log': cost(documents.CallLogDocument, SWITCHBOARDS, [
    'bulutfon GET /cdrs?order=call_time,desc&limit=36&page=1',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    'freepbx POST /admin/api/api/gql fetchAllCdrs',
    ipexCalls(228),
  ]),
  // The account that waits for its login is not asked.
  'account-to-log-in': cost(documents.AccountToLogInDocument, {}, []),
  'begin-a-login': cost(documents.BeginALoginDocument, {}, []),
  // Who delivers events is not asked.
  'calls-under-way': cost(documents.CallsUnderWayDocument, { ipex: 1 }, ['ipex GET /ipbxapi/calls/current']),
  // The calls under way are listed before, so that a lost answer can be told from one that was never sent, and after.
  'place-a-call': cost(documents.PlaceACallDocument, { ipex: 1 }, [
    'ipex GET /ipbxapi/calls/current',
    'ipex GET /ipbxapi/calls/current',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
    'ipex POST /ipbxapi/calls',
  ]),
  // There is no such call, so nothing is sent.
  'transfer-a-call': cost(documents.TransferACallDocument, { ipex: 1 }, [
    'ipex GET /ipbxapi/calls/current',
    'ipex GET /ipbxapi/numbers',
    'ipex GET /ipbxapi/pbx/users',
  ]),
  'hang-up': cost(documents.HangUpDocument, { ipex: 1 }, ['ipex GET /ipbxapi/calls/current']),
  // Read before and after; and where it leads now is looked up by the rest of the answer.
  'change-an-extension': cost(documents.ChangeAnExtensionDocument, { bulutfon: 1 }, [
    'bulutfon GET /extensions',
    'bulutfon GET /extensions',
    'bulutfon GET /extensions',
    'bulutfon GET /extensions/301',
    'bulutfon PUT /extensions/301',
  ]),
  'who-changed-what': cost(documents.WhoChangedWhatDocument, {}, []),
  'call-changes': cost(documents.CallChangesDocument, {}, []),
  archives: cost(documents.ArchivesDocument, {}, []),
  'service-level-of-a-day': cost(documents.ServiceLevelOfADayDocument, {}, []),
  'missed-calls-by-hour': cost(documents.MissedCallsByHourDocument, {}, []),
  'who-talks-most': cost(documents.WhoTalksMostDocument, {}, []),
  'export-calls': cost(documents.ExportCallsDocument, {}, []),
  'an-export': cost(documents.AnExportDocument, {}, []),
}

/** Whose account the examples of a login name: one that nobody has logged in. */
const WITH_UNLINKED = { izmir: 'bulutfon/authorizationCode', browser: 'bulutfon/unlinked' } as const
const OF_A_LOGIN: ReadonlySet<string> = new Set(['account-to-log-in', 'begin-a-login'])

/** A look at the calls of now is one for all who ask while it lasts. */
const OF_ALL: ReadonlySet<string> = new Set(['calls-under-way'])
/** Its key stands for one call: whoever sends it again is given the same answer. */
const WITH_A_KEY: ReadonlySet<string> = new Set(['place-a-call'])
/** Its variable names an export that somebody has yet to make; `test/exports` sees it answered. */
const OF_NOTHING: ReadonlySet<string> = new Set(['an-export'])

describe('each worked operation', () => {
  let harness: Harness
  afterEach(() => harness.close())

  test.each(Object.entries(COSTS))(
    '%s is answered from a cold start with exactly the requests it needs, and again by two callers at once',
    async (name, { document, logins, requests }) => {
      harness = await startHarness(OF_A_LOGIN.has(name) ? { accounts: WITH_UNLINKED } : {})
      const answer = await harness.query(document)
      expect(answer.errors).toBeUndefined()
      expect(tellsSomething(answer.data)).toBe(!OF_NOTHING.has(name))
      expect({ logins: harness.tokenRequests(), requests: harness.requests() }).toEqual({ logins, requests })

      harness.clear()
      const callers = ['front-end', 'wallboard'].map((caller) =>
        // Nothing that was seen a moment ago answers.
        harness.query(document, {} as never, {
          'x-request-id': caller,
          'user-agent': caller,
          'cache-control': 'no-cache',
        }),
      )
      const [one, other] = await Promise.all(callers)
      expect([one!.errors, other!.errors]).toEqual([undefined, undefined])
      expect(lasting(one!.data)).toEqual(lasting(answer.data))
      expect(lasting(other!.data)).toEqual(lasting(answer.data))
      const twice = WITH_A_KEY.has(name) ? [] : [...requests, ...requests].sort()
      expect(harness.tokenRequests()).toEqual({})
      expect(OF_ALL.has(name) ? [requests, twice] : [twice]).toContainEqual(harness.requests())
    },
  )

  test('stands in this list', async () => {
    harness = await startHarness({ accounts: {} })
    const names = workedOperations.map(([file]) => file.replace(/^\d+-|\.graphql$/g, ''))
    expect(Object.keys(COSTS).sort()).toEqual(names.sort())
  })
})

describe('a list of ten and one of a hundred', () => {
  let harness: Harness
  beforeAll(async () => {
    // As many as two pages of calls, and three of contact lists, need.
    harness = await startHarness({ scale: 0.6, knobs: { postacell: { pageSize: 12 } } })
  })
  afterAll(() => harness.close())

  /** Requests without what says how many. */
  async function lists(question: string, first: number): Promise<string[]> {
    harness.clear()
    const data = await harness.data<object>(`query ($first: Int!) ${question}`, { first })
    expect(nodesIn(data)).toBeGreaterThan(first === 10 ? 9 : 11)
    return harness.requests().map((line) => line.replace(/(limit|pageSize)=\d+/, '$1=…'))
  }

  test.each([
    ['numbers', '{ dids(first: $first) { nodes { number } sources { state } } }'],
    ['extensions', '{ extensions(first: $first) { nodes { number displayName registration } sources { state } } }'],
    [
      'extensions in order',
      '{ extensions(first: $first, orderBy: { field: DISPLAY_NAME }) { nodes { displayName } } }',
    ],
    [
      'groups of the switchboards',
      '{ groups(first: $first, filter: { kinds: [RING_GROUP, QUEUE, SKILL_GROUP] }) { nodes { name } sources { state } } }',
    ],
    [
      'numbers and where they go',
      '{ account(key: "izmir") { dids(first: $first) { nodes { destination { ... on Extension { id } ... on Group { id } } } } } }',
    ],
    // FreePBX is asked by days, and a hundred calls took more of them.
    [
      'calls of two accounts',
      '{ callRecords(first: $first, filter: { accountKeys: ["izmir", "prague"] }) { nodes { startedAt did { number } } } }',
    ],
    [
      'calls at IPEX',
      '{ account(key: "prague") { callRecords(first: $first) { nodes { startedAt caller { extension { number } } } } } }',
    ],
  ])('cost the same requests: %s', async (_, question) => {
    const ten = await lists(question, 10)
    expect(ten.length).toBeGreaterThan(0)
    expect(await lists(question, 100)).toEqual(ten)
  })

  test('differ only where the provider fixes the size of its pages', async () => {
    const bulutfon = '{ account(key: "izmir") { callRecords(first: $first) { nodes { startedAt } } } }'
    expect([await lists(bulutfon, 10), await lists(bulutfon, 100)]).toEqual([
      ['bulutfon GET /cdrs?order=call_time,desc&limit=…&page=1'],
      // A hundred rows are the most it gives, and whether the last is the last of its second only the next page tells.
      [
        'bulutfon GET /cdrs?order=call_time,desc&limit=…&page=2',
        'bulutfon GET /cdrs?order=call_time,desc&limit=…&page=1',
      ],
    ])
    const postacell = '{ account(key: "mailings") { groups(first: $first) { nodes { name } } } }'
    const page = (number: number) => `&page=${number}`
    expect([await lists(postacell, 10), await lists(postacell, 100)]).toEqual([
      ['postacell GET /api/v1/email/list-filter/?ordering=create_date'],
      ['', page(2), page(3)].map((more) => `postacell GET /api/v1/email/list-filter/?ordering=create_date${more}`),
    ])
  })
})

/** Whether any leaf is more than a name of a type or of an account. */
function tellsSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(tellsSomething)
  if (typeof value !== 'object') return true
  return Object.entries(value ?? {}).some(([name, part]) => !NAMES.has(name) && part !== null && tellsSomething(part))
}
const NAMES = new Set(['__typename', 'label', 'key'])

/** What stays the same however often it is asked: not how the requests to a provider have been going meanwhile. */
function lasting(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (name, value: unknown) =>
    CHANGING.has(name) || EXPORT_STATES.has(value) ? undefined : value,
  )
}
const CHANGING = new Set(['lastSuccessAt', 'lastFailureAt', 'endCursor', 'cursor'])
/** An export goes on while it is asked for again. */
const EXPORT_STATES = new Set<unknown>(['RUNNING', 'COMPLETED_WITH_GAPS'])

function nodesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if ('nodes' in value) return (value.nodes as readonly unknown[]).length
  return Object.values(value).reduce<number>((sum, part) => sum + nodesIn(part), 0)
}
