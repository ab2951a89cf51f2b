import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { GraphQLObjectType } from 'graphql'

import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { globalId, legId, parseGlobalId } from '../../src/model/id.js'
import { pairs } from '../support/proof.js'
import { everyField } from './every-field.js'
import { startHarness, told, type Harness } from './harness.js'
import { fitting, isCursor, isId, places, questions, type Reach } from './places.js'

const SWITCHBOARD = 'canary-key-of-the-switchboard'
const READER = { ipex: 'canary-key-of-a-person-at-ipex', bulutfon: 'canary-key-of-a-person-at-bulutfon' } as const
const LINE = { ipex: '0101', bulutfon: '1003' } as const
type Place = keyof typeof LINE
const PLACES = ['ipex', 'bulutfon'] as const

const own = (account: Place, more: object = {}) => ({
  name: `a person at ${account}`,
  key: READER[account],
  scopes: ['telephony:read:own', 'recordings:read', 'telephony:raw', 'telephony:write'],
  extension: `${account}/${LINE[account]}`,
  ...more,
})

/** One company with accounts at all providers: whoever sees all of it, and two people who see what is theirs. */
const harness: { at: Harness } = { at: null as never }
beforeAll(async () => {
  harness.at = await startHarness({
    accounts: {
      ipex: 'ipex/password',
      bulutfon: 'bulutfon/authorizationCode',
      mail: 'postacell/gateway',
      staff: 'rails-api-v1/password',
      'other-ipex': 'ipex/other',
    },
    config: {
      callers: {
        apiKeys: [
          { name: 'switchboard', key: SWITCHBOARD, scopes: ['telephony:read', 'recordings:read', 'telephony:raw'] },
          ...PLACES.map((account) => own(account)),
          { ...own('ipex', { name: 'bound', key: 'canary-key-of-a-bound-manager', scopes: ['telephony:read'] }) },
          { ...own('ipex', { name: 'nobody', key: 'canary-key-of-no-such-line', extension: 'ipex/9999' }) },
          { ...own('ipex', { name: 'nowhere', key: 'canary-key-of-no-such-account', extension: 'nowhere/0101' }) },
        ],
      },
    },
    // What is remembered of others' questions must not tell anything either.
    limits: {
      cacheBytes: 64 * 1024 * 1024,
      requestsPerSecond: 100_000,
      requestBurst: 100_000,
      providerRequestsPerOperation: 5_000,
    },
  })
})
afterAll(() => harness.at.close())

interface Answer {
  readonly status: number
  readonly data: unknown
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
  readonly extensions?: unknown
}

/** The whole answer but for the id of its request. */
async function ask(key: string, query: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { status, text } = await harness.at.query(query, {}, { authorization: `Bearer ${key}`, ...headers })
  const answer = JSON.parse(text.replaceAll(/"requestId":"[^"]*"/g, '"requestId":"-"')) as Answer
  return { ...answer, status, errors: answer.errors ?? [] }
}

/** Every call of a list, page by page, with the parts of calls that have an id. */
interface Listed {
  readonly id: string
  readonly legs: readonly { readonly id: string }[] | null
  readonly recordings: readonly { readonly id: string }[] | null
}
async function calls(key: string, list: (page: string) => string, at: (data: never) => unknown): Promise<Listed[]> {
  const found: Listed[] = []
  for (let after = ''; ;) {
    const fields = '{ nodes { id legs { id } recordings { id } } pageInfo { hasNextPage endCursor } }'
    const { data, errors } = await ask(key, list(`callRecords(first: 50${after}) ${fields}`))
    expect(errors).toEqual([])
    const page = at(data as never) as {
      nodes: Listed[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
    found.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return found
    after = `, after: "${page.pageInfo.endCursor}"`
  }
}
const idsIn = (listed: readonly Listed[]): ReadonlySet<string> =>
  new Set(
    listed.flatMap(({ id, legs, recordings }) => [
      id,
      ...[...(legs ?? []), ...(recordings ?? [])].map((one) => one.id),
    ]),
  )

const extensionId = async (account: Place): Promise<string> => {
  const { data } = await ask(
    SWITCHBOARD,
    `{ account(key: "${account}") { extensions(first: 100, filter: { numbers: ["${LINE[account]}"] }) { nodes { id } } } }`,
  )
  return (data as { account: { extensions: { nodes: { id: string }[] } } }).account.extensions.nodes[0]!.id
}

/** As whoever sees everything finds them: all calls, those of one line, and the rest. */
async function readCallsOf(account: Place) {
  const line = await extensionId(account)
  const every = await calls(
    SWITCHBOARD,
    (page) => `{ account(key: "${account}") { ${page} } }`,
    ({ account: { callRecords } }: { account: { callRecords: unknown } }) => callRecords,
  )
  const mine = await calls(
    SWITCHBOARD,
    (page) => `{ node(id: "${line}") { ... on Extension { ${page} } } }`,
    ({ node }: { node: { callRecords: unknown } }) => node.callRecords,
  )
  const ids = new Set(mine.map(({ id }) => id))
  expect(mine.length).toBeGreaterThan(0)
  expect(every.length).toBeGreaterThan(mine.length)
  return { every, mine, others: every.filter(({ id }) => !ids.has(id)) }
}

/** Calls of the past stay what they are: they are read once. */
const callsRead = new Map<Place, ReturnType<typeof readCallsOf>>()
function callsOf(account: Place): ReturnType<typeof readCallsOf> {
  const known = callsRead.get(account) ?? readCallsOf(account)
  callsRead.set(account, known)
  return known
}

const schema = buildDialgraphSchema()
const idPlaces = places(schema, isId)
const cursorPlaces = places(schema, isCursor)

/** Objects of every kind that these calls and lists have, as the switchboard sees them. */
async function objectIds(account: string): Promise<readonly string[]> {
  const { data } = await ask(
    SWITCHBOARD,
    `{ account(key: "${account}") {
      id dids(first: 100) { nodes { id destination { ... on AutoAttendant { id } } } } extensions(first: 100) { nodes { id } } groups(first: 100) { nodes { id } }
      callRecords(first: 20) { nodes { id recordings { id } legs { id } } }
    } }`,
  )
  return [...new Set([...JSON.stringify(data).matchAll(/"id":"([\w-]+)"/g)].map(([, id]) => id!))]
}

describe.each(PLACES)('to a caller bound to an extension of %s', (account) => {
  const key = READER[account]
  const reach: Reach = { accountKey: account, retryCursor: '' }

  test('the line itself is whole, and viewer names it', async () => {
    const fields = everyField(schema, schema.getType('Extension') as GraphQLObjectType, {
      depth: 1,
      size: 3,
      selected: () => {},
    })
    const mine = (await ask(key, `{ viewer { extension ${fields} } }`)) as {
      data: { viewer: { extension: { id: string; number: string } } }
      errors: unknown
    }
    const { id, number } = mine.data.viewer.extension
    expect(number).toBe(LINE[account])
    const whole = (await ask(SWITCHBOARD, `{ node(id: "${id}") { ... on Extension ${fields} } }`)) as {
      data: { node: Record<string, unknown> }
    }
    const without = ({ fetchedAt: _read, ...rest }: Record<string, unknown>) => rest
    expect(without(mine.data.viewer.extension as never)).toEqual({
      ...without(whole.data.node),
      // Cursors are a caller's own.
      callRecords: expect.anything(),
      dids: expect.anything(),
      groups: expect.anything(),
    })
  })

  test('the call log is the calls of that line and no others, from every list that has calls', async () => {
    const { mine } = await callsOf(account)
    const ids = mine.map(({ id }) => id)
    const root = await calls(
      key,
      (page) => `{ ${page} }`,
      ({ callRecords }: { callRecords: unknown }) => callRecords,
    )
    expect(root.map(({ id }) => id)).toEqual(ids)
    const ofAccount = await calls(
      key,
      (page) => `{ account(key: "${account}") { ${page} } }`,
      ({ account: { callRecords } }: { account: { callRecords: unknown } }) => callRecords,
    )
    expect(ofAccount.map(({ id }) => id)).toEqual(ids)
    const { data, errors } = await ask(
      key,
      `{
        extensions(first: 100) { nodes { callRecords(first: 20) { nodes { id } totalCount } } }
        dids(first: 100) { nodes { callRecords(first: 20) { nodes { id } totalCount } } }
        groups(first: 100) { nodes { callRecords(first: 20) { nodes { id } totalCount } } }
      }`,
    )
    expect(errors).toEqual([])
    const found = [...JSON.stringify(data).matchAll(/"id":"([\w-]+)"/g)].map(([, id]) => id!)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('its own calls and their legs are found by their ids', async () => {
    const { mine } = await callsOf(account)
    const ids = [...idsIn(mine)].filter((id) => parseGlobalId(id)!.type !== 'Recording').slice(0, 60)
    const { data, errors } = await ask(key, `{ nodes(ids: ${JSON.stringify(ids)}) { id } }`)
    expect({ data, errors }).toEqual({ data: { nodes: ids.map((id) => ({ id })) }, errors: [] })
  })

  test('of every object but its own only what a directory prints is there', async () => {
    const PRINTED: Readonly<Record<string, readonly string[]>> = {
      Extension: ['number', 'displayName'],
      Group: ['number', 'name', 'kind'],
      Did: ['number', 'rawNumber', 'destination'],
    }
    const ALWAYS = ['__typename', 'id', 'providerResourceId', 'fetchedAt', 'account', 'label', 'displayNumber']
    const line = await extensionId(account)
    const { data: mine } = (await ask(key, '{ viewer { extension { dids(first: 100) { nodes { id } } } } }')) as {
      data: { viewer: { extension: { dids: { nodes: { id: string }[] } | null } } }
    }
    const whole = new Set([line, ...(mine.viewer.extension.dids?.nodes.map(({ id }) => id) ?? [])])
    let looked = 0
    for (const [list, name] of [
      ['extensions', 'Extension'],
      ['groups', 'Group'],
      ['dids', 'Did'],
    ] as const) {
      const fields = everyField(schema, schema.getType(name) as GraphQLObjectType, {
        depth: 1,
        size: 5,
        selected: () => {},
      })
      const { data, errors } = (await ask(key, `{ ${list}(first: 100) { nodes ${fields} } }`)) as Answer & {
        data: Record<string, { nodes: Record<string, unknown>[] }>
      }
      expect(errors).toEqual([])
      for (const object of data[list]!.nodes.filter(({ id }) => !whole.has(id as string))) {
        looked += 1
        const telling = Object.entries(object).filter(([field, value]) => {
          if (ALWAYS.includes(field) || PRINTED[name]!.includes(field) || field === 'callRecords') return false
          // Of the members of a group it may be one: the next test.
          if (field === 'members') return false
          if (value === null || value === 'UNKNOWN') return false
          return !(Array.isArray(value) && value.length === 0) && (value as { nodes?: unknown[] }).nodes?.length !== 0
        })
        expect({ of: object['label'], telling }).toEqual({ of: object['label'], telling: [] })
        if (name === 'Did')
          expect([null, 'AutoAttendant']).toContain(
            (object['destination'] as { __typename: string } | null)?.__typename ?? null,
          )
      }
    }
    expect(looked).toBeGreaterThan(10)
  })

  test('of the members of its groups it is the only one there', async () => {
    const { data, errors } = (await ask(
      key,
      '{ groups(first: 100) { nodes { memberCount members { nodes { ... on Extension { number } } totalCount } } } }',
    )) as Answer & {
      data: { groups: { nodes: { memberCount: null; members: { nodes: { number: string }[] } | null }[] } }
    }
    expect(errors).toEqual([])
    const { nodes } = data.groups
    expect(nodes.length).toBeGreaterThan(0)
    expect(nodes.map(({ memberCount }) => memberCount).filter((count) => count !== null && count > 1)).toEqual([])
    const members = nodes.flatMap((group) => group.members?.nodes ?? [])
    expect([...new Set(members.map(({ number }) => number))].filter((number) => number !== LINE[account])).toEqual([])
  })

  test('what is hidden cannot be searched, filtered or looked up by a number', async () => {
    const { data: all } = (await ask(
      SWITCHBOARD,
      `{ account(key: "${account}") { extensions(first: 100) { nodes { id number email registration callerIdDid { number } } } } }`,
    )) as Answer & {
      data: {
        account: {
          extensions: {
            nodes: {
              number: string
              email: string | null
              registration: string
              callerIdDid: { number: string } | null
            }[]
          }
        }
      }
    }
    const others = all.account.extensions.nodes.filter(({ number }) => number !== LINE[account])
    const numbersOf = async (filter: string) => {
      const { data, errors } = (await ask(
        key,
        `{ extensions(first: 100, filter: ${filter}) { nodes { number } } }`,
      )) as Answer & {
        data: { extensions: { nodes: { number: string }[] } }
      }
      expect(errors).toEqual([])
      return data.extensions.nodes.map(({ number }) => number)
    }
    for (const { email } of others.filter((one) => one.email !== null).slice(0, 5))
      expect(await numbersOf(`{ search: ${JSON.stringify(email)} }`)).toEqual([])
    for (const registration of ['REGISTERED', 'UNREGISTERED'])
      expect(
        (await numbersOf(`{ registrations: [${registration}] }`)).filter((number) => number !== LINE[account]),
      ).toEqual([])
    const shown = [...new Set(others.flatMap(({ callerIdDid }) => callerIdDid?.number ?? []))]
    for (const number of shown.slice(0, 3)) {
      const { data } = (await ask(key, `{ phoneNumber(number: "${number}") { extensions { number } } }`)) as Answer & {
        data: { phoneNumber: { extensions: { number: string }[] } }
      }
      expect(data.phoneNumber.extensions.filter((one) => one.number !== LINE[account])).toEqual([])
    }
  })

  test('at every place that takes an id, what is not its own is answered as what does not exist', async () => {
    const { every, mine } = await callsOf(account)
    const visible = idsIn(mine)
    const elsewhere = await objectIds(account === 'ipex' ? 'bulutfon' : 'ipex')
    const hidden = [...idsIn(every)].filter((id) => !visible.has(id))
    const kinds = (ids: readonly string[]) => [...new Map(ids.map((id) => [parseGlobalId(id)!.type, id])).values()]
    const given = [...kinds(hidden), ...kinds(elsewhere)]
    expect(
      kinds(hidden)
        .map((id) => parseGlobalId(id)!.type)
        .sort(),
    ).toEqual(['CallLeg', 'CallRecord', 'Recording'])
    const line = await extensionId(account)
    const colleagues = (await objectIds(account)).filter((id) => parseGlobalId(id)!.type === 'Extension' && id !== line)
    const writable = { account: globalId('Account', account), extension: line, line, call: 'x' }
    for (const place of pairs(PLACES, idPlaces).flatMap(([at, one]) => (at === account ? [one] : []))) {
      const answers = async (values: readonly string[]) => {
        const found: unknown[] = []
        for (const query of questions(place, { ...reach, writable }, fitting(place, values)))
          found.push(await ask(key, query))
        return { place: place.name, found }
      }
      // The lines of colleagues are in the directory, and cannot be written to.
      const isWrittenTo = place.type === 'Mutation' && ['id', 'fromExtensionId'].includes(place.way.at(-1)!.name)
      const tried = isWrittenTo ? [...given, ...colleagues.slice(0, 2)] : given
      expect(await answers(tried)).toEqual(await answers(tried.map(unknownLike)))
    }
  })

  test('at every place that takes a cursor, one of a caller who sees more is refused', async () => {
    let found = 0
    for (const place of cursorPlaces.filter(({ type, way }) => type !== 'Mutation' && way[0]!.name !== 'cursor')) {
      const refused = await ask(key, questions(place, reach, ['AAAA'])[0]!)
      const [first] = questions(place, reach, ['x'])
      const list = await ask(SWITCHBOARD, first!.replace(/, (after|before): "x"/, ''))
      const [cursor] = /(?<="cursor":")[\w-]+/.exec(JSON.stringify(list)) ?? []
      if (cursor === undefined) continue
      found += 1
      expect({ place: place.name, ...(await ask(key, questions(place, reach, [cursor])[0]!)) }).toEqual({
        place: place.name,
        ...refused,
      })
    }
    expect(found).toBeGreaterThan(5)
  })

  test('a call of others costs the provider as many requests as one that does not exist', async () => {
    const { others } = await callsOf(account)
    const asked = async (id: string): Promise<readonly string[]> => {
      harness.at.clear()
      const { data, errors } = await ask(key, `{ node(id: "${id}") { id } }`)
      expect({ data, errors }).toEqual({ data: { node: null }, errors: [] })
      return harness.at.emulators[account].journal.apiRequests.map(told).filter((line) => /call|cdr/.test(line))
    }
    // Read before, and so in the cache: a reply from there would come sooner.
    await ask(SWITCHBOARD, `{ nodes(ids: ${JSON.stringify(others.slice(0, 5).map(({ id }) => id))}) { id } }`)
    const counts = new Set<number>()
    for (const { id } of others.slice(0, 5)) {
      counts.add((await asked(id)).length)
      counts.add((await asked(unknownLike(id))).length)
    }
    expect([...counts]).toEqual([2])
  })

  test('neither accounts, logins nor anything of the others is there', async () => {
    const { data, errors } = await ask(key, '{ accounts { nodes { key profile { __typename } } totalCount } }')
    expect(data).toEqual({ accounts: { nodes: [{ key: account, profile: null }], totalCount: 1 } })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    for (const query of [
      '{ accounts { nodes { authorization { status } } } }',
      '{ accounts { nodes { health { circuit } } } }',
      '{ accounts(filter: { authorizationStatuses: [ACTIVE] }) { nodes { key } } }',
    ])
      expect((await ask(key, query)).errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    expect((await ask(key, '{ account(key: "staff") { id } }')).data).toEqual({ account: null })
  })

  test('an outage of its provider looks as it does to others, and names no other account', async () => {
    const path = account === 'ipex' ? /^\/ipbxapi\/calls/ : /cdrs/
    harness.at.advance(3_600)
    harness.at.emulators[account].faults.next({ path, status: 500, times: Infinity })
    const { data, errors, extensions } = await ask(
      key,
      '{ callRecords(first: 5) { nodes { id } sources { account { key } state errorCode } } }',
    )
    harness.at.clear()
    harness.at.advance(3_600)
    expect(JSON.stringify({ data, errors, extensions })).not.toMatch(/"(staff|mail|other-ipex)"/)
    expect(JSON.stringify({ data, errors })).toContain('PROVIDER_UNAVAILABLE')
  })

  test('explain is not there: what was read would tell what exists', async () => {
    const query = '{ extensions(first: 1) { nodes { id } } }'
    const explained = { 'x-dialgraph-explain': '1' }
    expect(await ask(SWITCHBOARD, query, explained)).toHaveProperty('extensions.explain')
    expect(await ask(key, query, explained)).not.toHaveProperty('extensions')
  })

  test('a call that rang here and was taken elsewhere keeps its recordings to those who spoke', async () => {
    const { mine } = await callsOf(account)
    const recorded = mine.filter(({ recordings }) => recordings && recordings.length > 0).map(({ id }) => id)
    const fields = `{ ... on CallRecord {
      id recordings { id } caller { extension { number } } callee { extension { number } }
      answeredBy { ... on Extension { number } } legs { answeredAt target { ... on Extension { number } } }
    } }`
    const { data, errors } = (await ask(
      key,
      `{ nodes(ids: ${JSON.stringify(recorded.slice(0, 60))}) ${fields} }`,
    )) as Answer & {
      data: {
        nodes: {
          recordings: unknown[]
          caller: { extension: { number: string } | null }
          callee: { extension: { number: string } | null }
          answeredBy: { number?: string } | null
          legs: { answeredAt: string | null; target: { number?: string } | null }[]
        }[]
      }
    }
    expect(errors).toEqual([])
    const isOwn = (extension: { number?: string } | null) => extension?.number === LINE[account]
    const spoke = data.nodes.map(
      ({ caller, callee, answeredBy, legs }) =>
        isOwn(caller.extension) ||
        isOwn(answeredBy) ||
        legs.some(({ answeredAt, target }) => answeredAt !== null && isOwn(target)) ||
        (answeredBy === null && isOwn(callee.extension)),
    )
    expect(data.nodes.map(({ recordings }) => recordings.length > 0)).toEqual(spoke)
    expect(new Set(spoke)).toEqual(new Set([true, false]))
  })

  test('links to recordings are there for its own calls', async () => {
    const { mine } = await callsOf(account)
    const ids = mine.filter(({ recordings }) => recordings && recordings.length > 0).map(({ id }) => id)
    const { data, errors } = (await ask(
      key,
      `{ nodes(ids: ${JSON.stringify(ids.slice(0, 60))}) { ... on CallRecord { recordings { link { url } } } } }`,
    )) as Answer & { data: { nodes: { recordings: { link: { url: string } | null }[] }[] } }
    expect(errors).toEqual([])
    const [link] = data.nodes.flatMap(({ recordings }) => recordings.flatMap((recording) => recording.link ?? []))
    expect((await fetch(link!.url)).status).toBe(200)
  })
})

test('ids that nobody made find nothing of others, whatever is asked with them', async () => {
  const { others } = await callsOf('ipex')
  const hidden = [...idsIn(others)]
  const visible = idsIn((await callsOf('ipex')).mine)
  const id = fc.constantFrom(...hidden)
  const changed = fc.tuple(id, fc.nat(), fc.nat({ max: 7 })).map(([text, at, bit]) => {
    const bytes = Buffer.from(text, 'base64url')
    bytes[at % bytes.length]! ^= 1 << bit
    return bytes.toString('base64url')
  })
  for (const ids of fc.sample(fc.array(fc.oneof(id, changed), { minLength: 20, maxLength: 20 }), 3)) {
    const { data, errors } = await ask(READER.ipex, `{ nodes(ids: ${JSON.stringify(ids)}) { __typename id } }`)
    for (const found of (data as { nodes: ({ __typename: string; id: string } | null)[] }).nodes)
      if (found && ['CallRecord', 'CallLeg', 'Recording'].includes(found.__typename))
        expect(visible).toContain(found.id)
    expect(errors.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR')).toEqual([])
  }
})

describe('a caller', () => {
  test('with the whole scope sees everything, and viewer still says which line is its own', async () => {
    const { data } = await ask(
      'canary-key-of-a-bound-manager',
      '{ viewer { extension { number } } accounts { totalCount } }',
    )
    expect(data).toEqual({ viewer: { extension: { number: LINE.ipex } }, accounts: { totalCount: 5 } })
  })

  test('bound to an extension that is not there sees names and no call', async () => {
    const { data, errors } = await ask(
      'canary-key-of-no-such-line',
      '{ viewer { extension { id } } callRecords(first: 5) { nodes { id } } extensions(first: 1) { nodes { email label } } }',
    )
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      viewer: { extension: null },
      callRecords: { nodes: [] },
      extensions: { nodes: [{ email: null }] },
    })
  })

  test('bound to an account that is not there sees nothing', async () => {
    const { data, errors } = await ask(
      'canary-key-of-no-such-account',
      '{ viewer { extension { id } } accounts { totalCount } callRecords(first: 5) { nodes { id } } extensions { nodes { id } } }',
    )
    expect(errors).toEqual([])
    expect(data).toEqual({
      viewer: { extension: null },
      accounts: { totalCount: 0 },
      callRecords: { nodes: [] },
      extensions: { nodes: [] },
    })
  })
})

/** An id of the same kind in the same account, of an object that is not there. */
function unknownLike(id: string): string {
  const { type, account, native } = parseGlobalId(id)!
  const nowhere = (text: string) => text.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 5) % 10)) + '7'
  if (type === 'Account') return globalId(type, `${account}-nowhere`)
  if (type === 'CallLeg') {
    const end = native.indexOf('/')
    return legId(account, nowhere(native.slice(end + 1)), native.slice(0, end))
  }
  if (type === 'Recording') {
    const [call = '', ...rest] = native.split('/')
    return globalId(type, account, [nowhere(call), ...rest].join('/'))
  }
  return globalId(type, account, nowhere(native))
}
