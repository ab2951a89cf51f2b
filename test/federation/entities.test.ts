import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import type { Context } from '../../src/graphql/context.js'
import { entities, ENTITIES } from '../../src/graphql/federation/entities.js'
import { globalId } from '../../src/model/id.js'
import { startTwins, type Twins } from '../graphql/execution/two-executors.js'
import { startHarness, type Harness } from '../sandbox/harness.js'

interface Reference {
  readonly __typename: string
  readonly id: string
}

/** Of each type fields that lead into its provider's lists and details. */
const FIELDS = `__typename
  ... on Node { id }
  ... on Account { label profile { name } }
  ... on AutoAttendant { name account { key } }
  ... on CallRecord { startedAt legs { action } }
  ... on Did { e164: number destination { __typename } }
  ... on Extension { number voicemailEnabled }
  ... on Group { name members { nodes { __typename } } }
  ... on Provider { slug }
  ... on Recording { status }`
const OF_ENTITIES = `query Desks__dialgraph__1($representations: [_Any!]!) { _entities(representations: $representations) { ${FIELDS} } }`
const OF_NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${FIELDS} } }`

interface Entities {
  readonly _entities: readonly ({ readonly __typename: string; readonly id: string } | null)[]
}

const KEYS = {
  reader: 'key-of-one-who-may-read-0001',
  listener: 'key-of-one-who-may-not-0001',
  person: 'key-of-one-at-a-line-0001',
} as const
const as = (caller: keyof typeof KEYS) => ({ authorization: `Bearer ${KEYS[caller]}` })

let harness: Harness
/** Forty different objects, some of each type. */
let references: readonly Reference[]
beforeAll(async () => {
  harness = await startHarness({
    accounts: {
      izmir: 'bulutfon/authorizationCode',
      prague: 'ipex/password',
      theirs: { of: 'ipex/other', workspace: 'theirs' },
    },
    config: {
      server: { federation: true, explore: false },
      callers: {
        apiKeys: [
          { name: 'reader', key: KEYS.reader, workspace: 'default', scopes: ['telephony:read'] },
          { name: 'person', key: KEYS.person, scopes: ['telephony:read:own'], extension: 'prague/0101' },
          { name: 'listener', key: KEYS.listener, workspace: 'default', scopes: ['recordings:read'] },
        ],
      },
    },
    limits: { attempts: 1, providerRequestsPerOperation: 100 },
  })
  references = await someOfEach()
})
beforeEach(() => harness.clear())
afterAll(() => harness.close())

async function someOfEach(): Promise<readonly Reference[]> {
  const id = '{ nodes { __typename id } }'
  const { text } = await harness.query(
    `{ accounts ${id} providers { __typename id } dids(first: 8) { nodes { __typename id destination { __typename ... on Node { id } } } }
       extensions(first: 8) ${id} groups(first: 8) ${id} callRecords(first: 6) { nodes { __typename id recordings { __typename id } } } }`,
    {},
    as('reader'),
  )
  const found = [...text.matchAll(/"__typename":"(\w+)","id":"([\w-]+)"/g)]
  const all = new Map(found.map(([, type, one]) => [one!, { __typename: type!, id: one! }]))
  return [...all.values()].slice(0, 40)
}

const ask = (representations: readonly unknown[], query = OF_ENTITIES) =>
  harness.query<Entities>(query, { representations }, as('reader'))

/** One that certainly is there. */
const one = (type: (typeof ENTITIES)[number]): Reference => references.find(({ __typename }) => __typename === type)!

describe('a hundred references, with equal ones among them', () => {
  const hundred = () => Array.from({ length: 100 }, (_, at) => references[at % references.length]!)

  test('are the objects that `nodes` gives, each in its place, for the same requests', async () => {
    expect([...new Set(references.map(({ __typename }) => __typename))].sort()).toEqual([...ENTITIES])
    expect(references.length).toBeLessThan(50)
    const { data, errors } = await ask(hundred())
    expect(errors).toBeUndefined()
    expect(data._entities.map((entity) => entity?.id)).toEqual(hundred().map(({ id }) => id))
    const requests = harness.requests()
    expect(requests.length).toBeGreaterThan(10)

    harness.clear()
    const ids = references.map(({ id }) => id)
    const { data: of } = await harness.query<{ nodes: Entities['_entities'] }>(OF_NODES, { ids }, as('reader'))
    expect(harness.requests()).toEqual(requests)
    expect(data._entities.slice(0, ids.length)).toEqual(of.nodes)
  })

  test('are looked up once each', async () => {
    const lookedUp: string[] = []
    const found = (type: string) => ({
      existing: (native: string) => (lookedUp.push(`${type} ${native}`), { __typename: type }),
    })
    const accounts = new Map([['izmir', { extensions: found('Extension'), dids: found('Did') }]])
    const context = { viewer: { scopes: new Set(['telephony:read']) }, loaders: { accounts } } as unknown as Context
    const of = (type: 'Did' | 'Extension', native: number) => ({
      __typename: type,
      id: globalId(type, 'izmir', `${native}`),
    })
    const answered = await entities(
      Array.from({ length: 100 }, (_, at) => of(at % 2 === 0 ? 'Did' : 'Extension', at % 6)),
      context,
    )
    expect(answered).toHaveLength(100)
    expect(lookedUp).toEqual(['Did 0', 'Extension 1', 'Did 2', 'Extension 3', 'Did 4', 'Extension 5'])
  })
})

describe('a reference', () => {
  const id = globalId('Extension', 'izmir', '11')
  const CODE = 'BAD_USER_INPUT'

  test.each([
    ['of a type without a key', { __typename: 'CallLeg', id: globalId('CallLeg', 'izmir', '1/2') }, CODE],
    ['of a type that is not there', { __typename: 'Desk', id }, CODE],
    ['of no type', { id }, CODE],
    ['without an id', { __typename: 'Extension' }, CODE],
    ['with a number for an id', { __typename: 'Extension', id: 11 }, CODE],
    ['with the id of another type', { __typename: 'Group', id }, CODE],
    ['that is a text', id, CODE],
    ['that is a list', [{ __typename: 'Extension', id }], CODE],
    ['with an id that is none', { __typename: 'Extension', id: 'izmir:11' }, null],
    ['to what is not there', { __typename: 'Extension', id: globalId('Extension', 'izmir', '999999') }, null],
    ['to an account that is not there', { __typename: 'Account', id: globalId('Account', 'nowhere') }, null],
    ['to an account of another workspace', { __typename: 'Account', id: globalId('Account', 'theirs') }, null],
  ])('%s gives null, whatever stands beside it', async (_which, wrong, code) => {
    const beside = { __typename: 'Account', id: globalId('Account', 'izmir'), plan: 'what another subgraph requires' }
    const { status, data, errors = [] } = await ask([beside, wrong])
    expect({ status, entities: data._entities }).toMatchObject({
      status: 200,
      entities: [{ label: expect.any(String) }, null],
    })
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual(
      code ? [[['_entities', 1], code]] : [],
    )
  })

  test('that is wrong is told which one, and what to do, without names of the schema it has not used', async () => {
    const { errors = [] } = await ask([
      { __typename: 'Group', id },
      { __typename: 'Desk', id: '7' },
      { __typename: 'Extension' },
      {},
    ])
    expect(errors.map(({ message }) => message)).toEqual([
      '`representations[0]` is of the type `Group`, but its id is that of another, `Extension`.',
      '`representations[1]` is of the type `…`, which has no key here; compose the supergraph anew.',
      '`representations[2]` needs an id: it is the key of `Extension`.',
      '`representations[3]` needs a __typename: the type its id belongs to.',
    ])
  })

  test('may be written into the document', async () => {
    const { data } = await harness.query<Entities>(
      `query ($id: ID!) { _entities(representations: [{ __typename: "Extension", id: $id }]) { __typename ... on Extension { id } } }`,
      { id: one('Extension').id },
      as('reader'),
    )
    expect(data._entities).toEqual([one('Extension')])
  })
})

describe('the limits of one operation', () => {
  const calls = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      __typename: 'CallRecord',
      id: globalId('CallRecord', 'izmir', `call-${at}`),
    }))

  test('are at most 100 different references, and equal ones are not counted', async () => {
    const accounts = Array.from({ length: 101 }, (_, at) => ({
      __typename: 'Account',
      id: globalId('Account', `a${at}`),
    }))
    const { errors = [] } = await ask(accounts)
    expect(errors.map(({ message, path, extensions }) => [message, path, extensions.code])).toEqual([
      [
        '`representations` may refer to at most 100 different objects, but they refer to 101.',
        ['_entities'],
        'BAD_USER_INPUT',
      ],
    ])
    const { data } = await ask([...accounts.slice(1), ...accounts.slice(1)])
    expect(data._entities).toHaveLength(200)
  })

  test('are those of the requests it may cause, before any is sent', async () => {
    const { status, errors = [] } = await ask(
      calls(60),
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on CallRecord { legs { action } } } }`,
    )
    expect({ status, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
      status: 400,
      codes: ['OPERATION_TOO_COMPLEX'],
    })
    expect(harness.requests()).toEqual([])
  })

  test('are those of the values in its answer, where equal references count each time', async () => {
    const many = (count: number) => Array.from({ length: count }, () => one('Provider'))
    const fields =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Provider { id slug name } } }'
    expect((await ask(many(3_999), fields)).errors).toBeUndefined()
    expect((await ask(many(4_000), fields)).errors?.map(({ extensions }) => extensions.code)).toEqual([
      'OPERATION_TOO_COMPLEX',
    ])
  })
})

test('in an account that is down are null, each with its error, and the others are answered', async () => {
  const asked = references.filter(({ __typename }) => ['Extension', 'Provider', 'Did'].includes(__typename))
  const account = ({ id }: Reference) => Buffer.from(id, 'base64url').toString().split(':')[1]
  harness.emulators.ipex.faults.next({ status: 500, times: Infinity })
  const { data, errors = [] } = await ask(
    asked,
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Node { id } } }`,
  )
  const down = asked.flatMap((reference, at) => (account(reference) === 'prague' ? [at] : []))
  expect(down.length).toBeGreaterThan(1)
  expect(down.length).toBeLessThan(asked.length - 5)
  expect(data._entities.map((entity) => entity?.id ?? null)).toEqual(
    asked.map((reference) => (account(reference) === 'prague' ? null : reference.id)),
  )
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual(
    down.map((at) => [['_entities', at], 'PROVIDER_UNAVAILABLE']),
  )
})

test('need the scope telephony:read', async () => {
  const asked = [one('Account'), one('Provider')]
  const { data, errors = [] } = await harness.query<Entities>(OF_ENTITIES, { representations: asked }, as('listener'))
  expect(data._entities).toEqual([null, null])
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['_entities', 0], 'FORBIDDEN'],
    [['_entities', 1], 'FORBIDDEN'],
  ])
})

test('give a caller who is bound to an extension no more than `nodes` gives', async () => {
  const { data: bound } = await harness.query<{ viewer: { extension: Reference } }>(
    '{ viewer { extension { __typename id } } }',
    {},
    as('person'),
  )
  const representations = [bound.viewer.extension, ...references]
  const ids = representations.map(({ id }) => id)
  const found = await harness.query<Entities>(OF_ENTITIES, { representations }, as('person'))
  const { data, errors = [] } = await harness.query<{ nodes: Entities['_entities'] }>(OF_NODES, { ids }, as('person'))
  expect(found.data._entities).toEqual(data.nodes)
  const seen = data.nodes.flatMap((node) => node?.__typename ?? [])
  expect(seen[0]).toBe('Extension')
  expect(seen.length).toBeLessThan(references.length - 5)
  const described = (one: typeof errors) => one.map(({ path, extensions }) => [path?.slice(1), extensions.code])
  expect(described(found.errors ?? [])).toEqual(described(errors))
})

test('are traced for no gateway', async () => {
  const { extensions } = await harness.query(
    OF_ENTITIES,
    { representations: [one('Account')] },
    { ...as('reader'), 'apollo-federation-include-trace': 'ftv1' },
  )
  expect(extensions).toBeUndefined()
})

describe('both executors', () => {
  let twins: Twins<'compiled' | 'interpreted'>
  beforeAll(async () => {
    twins = await startTwins(
      { compiled: { executor: 'compiled' }, interpreted: { executor: 'interpreted' } },
      { server: { federation: true } },
    )
  })
  afterAll(() => twins.close())

  test('answer references alike, the wrong ones among them, too', async () => {
    const { text } = await twins.ask(
      'interpreted',
      '{ extensions(first: 30) { nodes { __typename id } } callRecords(first: 5) { nodes { __typename id } } }',
    )
    const found = [...text.matchAll(/"__typename":"(\w+)","id":"([\w-]+)"/g)]
    const known = found.map(([, __typename, id]) => ({ __typename, id }))
    expect(known).not.toHaveLength(0)
    const representations = [
      ...known,
      ...known.slice(0, 9),
      { __typename: 'Group', id: known[0]!.id },
      {},
      { __typename: 'Did', id: '' },
    ]
    const fields =
      '__typename ... on Extension { id number groups { nodes { name } } } ... on CallRecord { startedAt legs { action } }'
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`
    const compiled = await twins.ask('compiled', query, { representations })
    expect(compiled).toEqual(await twins.ask('interpreted', query, { representations }))
    expect(compiled.text).toContain('BAD_USER_INPUT')
    expect(compiled.text).toContain('"legs":[{')
    expect(await twins.ask('compiled', '{ _service { sdl } }')).toEqual(
      await twins.ask('interpreted', '{ _service { sdl } }'),
    )
  })
})
