import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'

import { startHarness, type AnsweredError, type Harness } from '../sandbox/harness.js'
import { compose, DESKS, GATEWAYS, SERVER, startDesks, SUBGRAPH, type Running } from './supergraph.js'

const KEYS = { ours: 'key-of-our-workspace-0001', theirs: 'key-of-their-workspace-0001' } as const
type Workspace = keyof typeof KEYS
const ACCOUNTS = { izmir: 'ours', prague: 'ours', brno: 'theirs' } as const

interface Lines {
  readonly account: {
    readonly extensions: { readonly nodes: readonly { readonly id: string; readonly number: string }[] }
  }
}

let harness: Harness
let desks: Running
let supergraph: string
/** The number of the line on each desk, and the id of each line. */
const numbers: Record<string, string> = {}
const ids: Record<string, string> = {}
beforeAll(async () => {
  const apiKeys = Object.entries(KEYS).map(([workspace, key]) => ({
    name: workspace,
    key,
    workspace,
    scopes: ['telephony:read'],
  }))
  harness = await startHarness({
    accounts: {
      izmir: { of: 'bulutfon/authorizationCode', workspace: 'ours' },
      prague: { of: 'ipex/password', workspace: 'ours' },
      brno: { of: 'ipex/other', workspace: 'theirs' },
    },
    // As in production: composition and gateways need no introspection.
    config: { server: { ...SERVER, explore: false }, callers: { apiKeys } },
    limits: { attempts: 1 },
  })
  for (const [key, workspace] of Object.entries(ACCOUNTS)) {
    const { data } = await harness.query<Lines>(
      `{ account(key: "${key}") { extensions(first: 1) { nodes { id number } } } }`,
      {},
      { authorization: `Bearer ${KEYS[workspace]}` },
    )
    const [line] = data.account.extensions.nodes
    numbers[key] = line!.number
    ids[key] = line!.id
  }
  desks = await startDesks({
    window: ids['izmir']!,
    door: ids['prague']!,
    hall: ids['brno']!,
    shared: ids['izmir']!,
    attic: null,
  })
  supergraph = compose([
    { name: 'dialgraph', url: `${harness.url}/graphql`, sdl: SUBGRAPH },
    { name: 'desks', url: desks.url, sdl: DESKS },
  ])
})
beforeEach(() => harness.clear())
afterAll(async () => {
  await desks.stop()
  await harness.close()
})

interface Answer {
  readonly data: Readonly<Record<string, unknown>>
  readonly errors?: readonly AnsweredError[]
  readonly extensions?: object
}

const DESK_LINES = '{ desks { name extension { number label account { key } } } }'
const line = (key: string) => ({ number: numbers[key], label: expect.any(String), account: { key } })
const operations = () => harness.logLines.filter((text) => text.includes('"msg":"operation"')).length

const codesOf = (errors: readonly AnsweredError[]) => [...new Set(errors.map(({ extensions }) => extensions.code))]

describe.each(Object.entries(GATEWAYS))('through %s', (name, start) => {
  /** Codes that the gateway adds where an object is null of which a field was asked that is never null. */
  const ofNull = name === 'Hive Gateway' ? ['INTERNAL_SERVER_ERROR'] : []
  let gateway: Running
  beforeAll(async () => {
    // Where Hive Gateway writes each of these errors.
    jest.spyOn(console, 'error').mockImplementation(() => {})
    gateway = await start(supergraph)
  })
  afterAll(async () => {
    await gateway.stop()
    jest.restoreAllMocks()
  })

  async function ask(caller: Workspace | null, query: string): Promise<Answer> {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(caller && { authorization: `Bearer ${KEYS[caller]}` }) },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as Answer
  }

  test('what others refer to is answered in one operation, for the requests that `nodes` takes', async () => {
    const before = operations()
    const { data, errors = [] } = await ask('ours', DESK_LINES)
    expect(codesOf(errors)).toEqual(ofNull)
    expect(data).toEqual({
      desks: [
        { name: 'window', extension: line('izmir') },
        { name: 'door', extension: line('prague') },
        // Of another workspace, so there is none.
        { name: 'hall', extension: null },
        { name: 'shared', extension: line('izmir') },
        { name: 'attic', extension: null },
      ],
    })
    expect(operations() - before).toBe(1)
    const requests = harness.requests()
    harness.clear()
    await harness.query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Extension { number label account { key } } } }',
      { ids: [ids['izmir'], ids['prague']] },
      { authorization: `Bearer ${KEYS.ours}` },
    )
    expect(requests).toEqual(harness.requests())
  })

  test('what others add is there wherever ours is', async () => {
    const { data, errors } = await ask(
      'ours',
      '{ account(key: "izmir") { extensions(first: 2) { nodes { id desk } pageInfo { hasNextPage } } } }',
    )
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({
      account: {
        extensions: { nodes: [{ id: ids['izmir'], desk: 'window' }, { desk: null }], pageInfo: { hasNextPage: true } },
      },
    })
  })

  test('each caller sees its own workspace', async () => {
    const { data } = await ask('theirs', DESK_LINES)
    expect((data['desks'] as { name: string; extension: unknown }[]).filter(({ extension }) => extension)).toEqual([
      { name: 'hall', extension: line('brno') },
    ])
    const nobody = await ask(null, DESK_LINES)
    expect(nobody.errors!.map(({ extensions }) => extensions.code)).toContain('UNAUTHENTICATED')
    expect((nobody.data['desks'] as { extension: unknown }[]).map(({ extension }) => extension)).toEqual(
      Array(5).fill(null),
    )
  })

  test('an account that is down takes no other with it, and says so', async () => {
    harness.emulators.ipex.faults.next({ status: 500, times: Infinity })
    const { data, errors = [] } = await ask('ours', DESK_LINES)
    expect(data).toMatchObject({
      desks: [
        { extension: line('izmir') },
        { extension: null },
        { extension: null },
        { extension: line('izmir') },
        { extension: null },
      ],
    })
    expect(codesOf(errors)).toEqual(['PROVIDER_UNAVAILABLE', ...ofNull])
  })

  test('an answer that lacks an account says so in `sources`, not in `extensions`', async () => {
    harness.emulators.ipex.faults.next({ status: 500, times: Infinity })
    const { data, extensions } = await ask('ours', '{ extensions(first: 5) { nodes { id } sources { state } } }')
    expect(data).toMatchObject({ extensions: { sources: [{ state: 'COMPLETE' }, { state: 'FAILED' }] } })
    expect(extensions).toBeUndefined()
  })

  test('of an object that is not there the key is left, where nothing is asked that is never null', async () => {
    const { data, errors } = await ask('ours', '{ desks { extension { id email } } }')
    expect({ errors, hall: (data['desks'] as unknown[])[2] }).toEqual({
      errors: undefined,
      hall: { extension: { id: ids['brno'], email: null } },
    })
  })

  test('`node` and `nodes` are not there', async () => {
    for (const field of [`node(id: "${ids['izmir']}")`, `nodes(ids: ["${ids['izmir']}"])`]) {
      const { errors = [] } = await ask('ours', `{ ${field} { id } }`)
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    }
    expect(harness.requests()).toEqual([])
  })
})
