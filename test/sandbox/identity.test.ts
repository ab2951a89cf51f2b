import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'

import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { parseGlobalId } from '../../src/model/id.js'
import { WITHOUT_LIMITS } from '../support/without-limits.js'
import { startHarness, type Harness } from './harness.js'

/*
 * Caches of clients keep one object for each id, and everything that was ever answered under an id is that object. Every object the
 * sandbox has is read here, by every way to it, and put under its id as such a cache does.
 */

const schema = buildDialgraphSchema()
const NODE = schema.getType('Node')!
const nodeTypes = isInterfaceType(NODE) ? schema.getPossibleTypes(NODE) : []

/** How many objects below one are read with all their values; of the next it is only the id. */
const DEPTH = 1
/** Calls are read from the list of all calls, not again from every object; and sources tell of a request, not of an object. */
const LEFT_OUT: ReadonlySet<string> = new Set(['CallRecordConnection', 'SourceStatus'])

function selection(type: GraphQLCompositeType, depth: number): string {
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((one) => `... on ${one.name} { __typename ${fields(one, depth, `${one.name}_`)} }`)
    return `{ ${parts.join(' ')} }`
  }
  return `{ __typename ${fields(type as GraphQLObjectType, depth, '')} }`
}

/** Called `Type_field` below unions, where two types may mean different things by a name. */
function fields(type: GraphQLObjectType, depth: number, prefix: string): string {
  return Object.values(type.getFields())
    .map((field) => {
      const named = getNamedType(field.type)
      const isIdentity = field.name === 'id'
      if (LEFT_OUT.has(named.name) || (depth < 0 && !isIdentity)) return ''
      const called = isIdentity || prefix === '' ? field.name : `${prefix}${field.name}: ${field.name}`
      const below = isLeafType(named) ? '' : selection(named as GraphQLCompositeType, depth - (isPart(named) ? 0 : 1))
      return `${called}${field.args.some(({ name }) => name === 'first') ? '(first: 20)' : ''} ${below}`
    })
    .join(' ')
}

/** What has no id is a part of the object it is met in: a page, an edge, one side of a call. So are legs and recordings. */
const isPart = (type: GraphQLNamedType): boolean =>
  !isAbstractType(type) &&
  (type.name === 'CallLeg' || type.name === 'Recording' || !nodeTypes.some((one) => one === type))

type Value = string | number | boolean | null
type Answered = { readonly [field: string]: Answered | Value | readonly (Answered | Value)[] }

interface Known {
  readonly typename: string
  /** By the way to the value, such as `caller.number`; an object with an id is the id. */
  readonly values: Map<string, Value>
}

/** What clients would keep, and where an answer says something else under the same id. */
class Cache {
  readonly objects = new Map<string, Known>()
  #conflicts: string[] = []

  /** What was found since this was read the last time. */
  conflicts(): readonly string[] {
    const found = this.#conflicts
    this.#conflicts = []
    return found
  }

  read(value: Answered | Value | readonly (Answered | Value)[]): void {
    if (Array.isArray(value)) {
      const ids = value.flatMap((one: Answered) => (typeof one?.['id'] === 'string' ? [one['id']] : []))
      if (new Set(ids).size < ids.length) this.#conflicts.push(`one id twice in a list: ${ids.join()}`)
      for (const one of value as readonly Answered[]) this.read(one)
    } else if (typeof value === 'object' && value !== null) {
      const object = value as Answered
      if (typeof object['id'] === 'string') this.#keep(object['id'], object)
      for (const [name, one] of Object.entries(object)) if (!isPayload(name)) this.read(one)
    }
  }

  #keep(id: string, object: Answered): void {
    const typename = String(object['__typename'])
    const known = this.objects.get(id) ?? { typename, values: new Map<string, Value>() }
    this.objects.set(id, known)
    if (known.typename !== typename) this.#conflicts.push(`${id} is ${known.typename} and ${typename}`)
    for (const [way, value] of flat(object, '')) {
      const before = known.values.get(way)
      if (before !== undefined && before !== value)
        this.#conflicts.push(`${typename} ${id} ${way}: ${before}, ${value}`)
      known.values.set(way, value)
    }
  }
}

/** The provider's own object, with ids of its own. */
const isPayload = (name: string) => /(^|_)raw$/.test(name)

function* flat(value: Answered[string], way: string): Generator<readonly [string, Value]> {
  if (Array.isArray(value)) {
    yield [`${way}.length`, value.length]
    for (const [at, one] of value.entries()) yield* flat(one as Answered, `${way}.${at}`)
  } else if (typeof value === 'object' && value !== null) {
    const object = value as Answered
    if (way !== '' && typeof object['id'] === 'string') return yield [way, object['id']]
    const prefix = `${String(object['__typename'])}_`
    for (const [name, one] of Object.entries(object)) {
      const below = `${way === '' ? '' : `${way}.`}${name.startsWith(prefix) ? name.slice(prefix.length) : name}`
      yield* flat(isPayload(name) ? JSON.stringify(one) : one, below)
    }
  } else yield [way, value as Value]
}

let harness: Harness
const cache = new Cache()
const typesFound = () => new Set([...cache.objects.values()].map(({ typename }) => typename))

beforeAll(async () => {
  harness = await startHarness({ scale: 0.01, limits: { ...WITHOUT_LIMITS, operationTimeoutMs: 120_000 } })
  // Logging in changes what an account says of itself.
  await harness.data('{ accounts { nodes { profile { name messageCredits } } } }')
  // A write, so that the record of changes has one.
  const { extensions } = await harness.data<{ extensions: { nodes: { id: string }[] } }>(
    '{ extensions(first: 1) { nodes { id } } }',
  )
  await harness.data(
    `mutation { extensionUpdate(input: { id: "${extensions.nodes[0]!.id}", displayName: "Defne" }) { userErrors { code } } }`,
  )
}, 60_000)
afterAll(() => harness.close())

const read = async (query: string, variables: object = {}): Promise<Answered> => {
  const { data, errors } = await harness.query<Answered>(query, variables)
  expect(errors).toBeUndefined()
  cache.read(data)
  return data
}

/** Every object of a list, page by page. */
async function readList(root: string, item: string): Promise<void> {
  const nodes = selection(schema.getType(item) as GraphQLObjectType, DEPTH)
  const query = `query ($after: String) { ${root}(first: 25, after: $after) { nodes ${nodes} pageInfo { hasNextPage endCursor } } }`
  let after: string | null = null
  do {
    const data = await read(query, { after })
    const { pageInfo } = data[root] as unknown as { pageInfo: { hasNextPage: boolean; endCursor: string | null } }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
}

const NOT_HERE: ReadonlySet<string> = new Set(['LiveCall', 'CallEvent', 'CallRecordChange', 'CallRecordExport'])

describe('no id stands for two objects', () => {
  test.each([
    ['accounts', 'Account'],
    ['dids', 'Did'],
    ['extensions', 'Extension'],
    ['groups', 'Group'],
    ['callRecords', 'CallRecord'],
    ['changes', 'ProviderChange'],
  ])(
    'in %s and all that they lead to',
    async (root, item) => {
      await readList(root, item)
      expect(cache.conflicts()).toEqual([])
    },
    120_000,
  )

  test('in all of that was an object of every type that has an id, and legs by the hundred', () => {
    // Nobody calls in this sandbox, and nothing is archived or exported: what is live, has changed, or is written to
    // a file is found again in test/server/live, test/server/archive and test/exports.
    const lasting = nodeTypes.map(({ name }) => name).filter((name) => !NOT_HERE.has(name))
    expect([...typesFound()].sort()).toEqual(lasting.sort())
    const legs = [...cache.objects.values()].filter(({ typename }) => typename === 'CallLeg')
    expect(legs.length).toBeGreaterThan(100)
  })

  test('nor by itself: every id gives the same object', async () => {
    await read(`{ providers ${selection(schema.getType('Provider') as GraphQLObjectType, 0)} }`)
    const ids = [...cache.objects.keys()]
    const lost: string[] = []
    for (let at = 0; at < ids.length; at += 100) {
      const asked = ids.slice(at, at + 100)
      const { nodes } = await read(
        `query ($ids: [ID!]!) { nodes(ids: $ids) ${selection(NODE as GraphQLCompositeType, 0)} }`,
        {
          ids: asked,
        },
      )
      asked.forEach((id, index) => {
        if ((nodes as readonly (Answered | null)[])[index]?.['id'] !== id) lost.push(id)
      })
    }
    // No provider lists menus: one that no DID leads to is known only from the calls that were in it.
    expect([...new Set(lost.map((id) => parseGlobalId(id)!.type))]).toEqual(['AutoAttendant'])
    expect(cache.conflicts()).toEqual([])
  }, 120_000)
})
