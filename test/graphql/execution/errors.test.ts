import { describe, expect, test } from '@jest/globals'
import {
  buildSchema,
  GraphQLError,
  isObjectType,
  parse,
  validate,
  type DocumentNode,
  type GraphQLEnumType,
  type GraphQLSchema,
} from 'graphql'

import { formatError } from '../../../src/graphql/format-error.js'
import { createExecutor } from '../../../src/graphql/execution/executor.js'

/** A schema in which every kind of failure can occur in every kind of position. */
const SDL = `
  interface Thing { name(loud: Boolean = false): String strict: String! }
  type Apple implements Thing { name(loud: Boolean = false): String strict: String! seeds: Int apples: [Apple!] pear: Pear! told: String }
  type Pear implements Thing { name(loud: Boolean = false): String strict: String! stalk: Float apple: Apple }
  union Fruit = Apple | Pear
  enum Colour { RED GREEN }
  input Wish { colour: Colour = GREEN, count: Int!, words: [String!] }
  type Query {
    apple(how: How = FINE): Apple
    strictApple(how: How = FINE): Apple!
    apples(how: [How!]!): [Apple]
    strictApples(how: [How!]!): [Apple!]
    strictestApples(how: [How!]!): [Apple!]!
    thing(how: How = FINE): Thing
    fruits(how: [How!]!): [Fruit]
    number(value: Value!): Int
    text(value: Value!): String
    wish(wish: Wish!): String
    needed(id: ID!): ID
    colour: Colour
    a: Apple
    a_apples: [Apple!]
    told: String
  }
  enum How { FINE THROWS REJECTS ERROR NULL LATER NOTHING NO_STRICT THROWING_STRICT LATE_STRICT UNKNOWN_TYPE NO_TYPE }
  enum Value { SMALL LARGE FRACTION TEXT OBJECT NAN NULL }
`

const VALUES: Readonly<Record<string, unknown>> = {
  SMALL: 5,
  LARGE: 2 ** 40,
  FRACTION: 0.5,
  TEXT: 'five',
  NAN: Number.NaN,
  NULL: null,
}

const fail = (how: string): never => {
  throw new GraphQLError(`it ${how}`, { extensions: { code: 'BAD_USER_INPUT' } })
}
const later = async <T>(value: () => T): Promise<T> => {
  await new Promise(setImmediate)
  return value()
}

/** An object of the type, or its failure. */
function made(__typename: string, how: string): unknown {
  const strict: Readonly<Record<string, unknown>> = {
    NO_STRICT: null,
    THROWING_STRICT: () => fail('throws within'),
    LATE_STRICT: () => later(() => fail('throws within, late')),
  }
  const thing = { __typename, strict: how in strict ? strict[how] : () => 'here', seeds: 3, stalk: 1.5 }
  switch (how) {
    case 'THROWS':
      return fail('throws')
    case 'REJECTS':
      return later(() => fail('rejects'))
    case 'ERROR':
      return new Error('a value that is an error')
    case 'NULL':
      return null
    case 'NOTHING':
      return undefined
    case 'LATER':
      return later(() => thing)
    case 'UNKNOWN_TYPE':
      return { ...thing, __typename: 'Query' }
    case 'NO_TYPE':
      return { ...thing, __typename: undefined }
    default:
      return thing
  }
}

interface Arguments {
  readonly how: string
  readonly value: string
  readonly loud: boolean
  readonly wish: object
  readonly id: string
}
type List = { readonly how: readonly string[] }

const list = async (type: string, { how }: List) =>
  Promise.all(
    how.map((one) =>
      Promise.resolve()
        .then(() => made(type, one))
        .catch((error: Error) => error),
    ),
  )

const RESOLVERS: Readonly<Record<string, (given: Arguments & List) => unknown>> = {
  'Query.apple': ({ how }) => made('Apple', how as unknown as string),
  'Query.strictApple': ({ how }) => made('Apple', how as unknown as string),
  'Query.apples': (given) => list('Apple', given),
  'Query.strictApples': (given) => list('Apple', given),
  'Query.strictestApples': (given) => list('Apple', given),
  'Query.thing': ({ how }) => made('Pear', how as unknown as string),
  'Query.fruits': (given) => list('Pear', given),
  'Query.number': ({ value }) => VALUES[value],
  'Query.text': ({ value }) => VALUES[value],
  'Query.wish': ({ wish }) => JSON.stringify(wish),
  'Query.needed': ({ id }) => id,
  'Query.colour': () => 'RED',
  'Query.a': () => made('Apple', 'FINE'),
  'Query.a_apples': () => [made('Apple', 'FINE')],
  'Apple.apples': () => [made('Apple', 'NO_STRICT'), made('Apple', 'FINE')],
  'Apple.pear': () => made('Pear', 'LATE_STRICT'),
  'Pear.apple': () => made('Apple', 'THROWING_STRICT'),
}

function failingSchema(): GraphQLSchema {
  const schema = buildSchema(SDL)
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const resolve = RESOLVERS[`${type.name}.${field.name}`]
      if (resolve) field.resolve = (_source, given: Arguments & List) => resolve(given)
      // What a resolver sees in `info`.
      if (field.name === 'told') field.resolve = (...[, , , { fieldNodes }]) => fieldNodes[0]!.alias?.value ?? 'told'
      if (field.name === 'name') field.resolve = (_source, { loud }) => (loud ? 'NAME' : 'name')
      if (field.name === 'strict') field.resolve = ({ strict }) => (typeof strict === 'function' ? strict() : strict)
    }
  }
  return schema
}

const schema = failingSchema()
const executors = {
  interpreted: createExecutor(schema, { executor: 'interpreted' }),
  compiled: createExecutor(schema, { executor: 'compiled' }),
  planned: createExecutor(schema, { executor: 'planned' }),
}

/** Parsed once, as by the server: the compiler caches by document. */
const documents = new Map<string, DocumentNode>()

/** The response as the server would send it. */
const responseOf = async (
  executor: keyof typeof executors,
  query: string,
  variables?: object,
  operationName?: string,
) => {
  const document = documents.get(query) ?? parse(query)
  documents.set(query, document)
  expect(validate(schema, document)).toEqual([])
  const request = { document, operationName, variables: variables as Record<string, unknown>, context: {} }
  const { data, errors } = await executors[executor](request)
  const settings = { requestId: null, onDefect: () => {} }
  return JSON.stringify({ errors: errors?.map((error) => formatError(error, settings)), data })
}

async function expectSame(query: string, variables?: object, operationName?: string): Promise<string> {
  const interpreted = await responseOf('interpreted', query, variables, operationName)
  expect(await responseOf('compiled', query, variables, operationName)).toBe(interpreted)
  expect(await responseOf('planned', query, variables, operationName)).toBe(interpreted)
  return interpreted
}

const wordsOf = (name: string) => (schema.getType(name) as GraphQLEnumType).getValues().map((value) => value.name)
const HOW = wordsOf('How')
const FIELDS = '{ __typename ... on Thing { name strict ... on Apple { seeds } ... on Pear { stalk } } }'

describe('what fails fails alike in all executors', () => {
  test.each(HOW)('one object: %s', async (how) => {
    for (const field of ['apple', 'strictApple', 'thing']) {
      await expectSame(`{ one: ${field}(how: ${how}) ${FIELDS} colour }`)
      await expectSame(`{ colour ${field}(how: ${how}) ${FIELDS} other: apple { strict } }`)
    }
  })

  test.each(HOW)('one of a list: %s', async (how) => {
    for (const field of ['apples', 'strictApples', 'strictestApples', 'fruits']) {
      await expectSame(`query ($how: [How!]!) { ${field}(how: $how) ${FIELDS} colour }`, { how: ['FINE', how, 'FINE'] })
    }
  })

  test.each(wordsOf('Value'))('a number that is %s', (value) => expectSame(`{ number(value: ${value}) colour }`))

  test('many things at once, below one another', async () => {
    const text = await expectSame(`{
      first: apple { apples { strict name } }
      second: apple { pear { strict } seeds }
      third: thing { ... on Pear { apple { strict } stalk } }
      strictApples(how: [FINE, LATER]) { pear { name apple { name strict } } }
      apples(how: [THROWS, REJECTS, ERROR, NO_STRICT]) { name strict }
    }`)
    expect(JSON.parse(text).errors.length).toBeGreaterThan(5)
  })

  test('of two that each take the whole answer with them, the first of the document is told', async () => {
    const query =
      '{ colour last: strictApple(how: REJECTS) { name } strictApple(how: REJECTS) { name } apple(how: REJECTS) { name } }'
    const { data, errors } = JSON.parse(await expectSame(query))
    expect(data).toBeNull()
    expect(errors.map(({ path }: { path: string[] }) => path)).toEqual([['last']])
  })
})

describe('what is asked is understood alike by all executors', () => {
  test.each<[string, string, object?]>([
    ['a literal', '{ wish(wish: { count: 2, words: ["a", "b"] }) }'],
    ['a word for a list', '{ wish(wish: { count: 2, words: "a" }) }'],
    ['a variable', 'query ($wish: Wish!) { wish(wish: $wish) }', { wish: { count: 1, colour: 'RED' } }],
    ['a variable within a literal', 'query ($n: Int!) { wish(wish: { count: $n, words: ["x"] }) }', { n: 7 }],
    ['a variable that is left out', 'query ($words: [String!]) { wish(wish: { count: 1, words: $words }) }'],
    ['a variable that is null', 'query ($how: How) { apple(how: $how) { name } }', { how: null }],
    ['a default of a variable', 'query ($how: How = ERROR) { apple(how: $how) { name } }'],
    ['null for what may not be null', 'query ($id: ID = "1") { needed(id: $id) colour }', { id: null }],
    ['a number for an id', 'query ($id: ID!) { needed(id: $id) }', { id: 7 }],
    ['no variable', 'query ($id: ID!) { needed(id: $id) }'],
    [
      'a wrong variable',
      'query ($id: ID!, $wish: Wish!) { needed(id: $id) wish(wish: $wish) }',
      { id: {}, wish: { cont: 1 } },
    ],
    [
      'a condition',
      'query ($yes: Boolean!) { colour @skip(if: $yes) apple @include(if: $yes) { name } }',
      { yes: true },
    ],
    [
      'a condition that is not met',
      'query ($yes: Boolean!) { colour @skip(if: $yes) apple @include(if: $yes) { name } }',
      { yes: false },
    ],
    ['a condition that is null', 'query ($yes: Boolean = true) { colour @skip(if: $yes) a { name } }', { yes: null }],
    ['nothing but what is left out', '{ apple { name @skip(if: true) } colour @include(if: false) }'],
    [
      'conditions on parts that are merged',
      `query ($yes: Boolean!) {
      apple { name strict } apple @skip(if: $yes) { seeds } ...Part @include(if: $yes) ...Part ... @skip(if: $yes) { colour }
    } fragment Part on Query { colour apple { pear @include(if: $yes) { name } } }`,
      { yes: true },
    ],
    ['a name like two names', '{ a { apples { name(loud: true) } told } a_apples { name } told_a: told }'],
    ['a name no object may have', '{ __proto__: colour apple { __proto__: name constructor: strict } }'],
    ['names of the schema', '{ __typename __schema { queryType { name } } __type(name: "Apple") { kind } }'],
  ])('%s', (...[_what, query, variables]) => expectSame(query, variables))

  test('one of several operations', async () => {
    const query = 'query A { colour } query B { apple { name } } mutation'.replace(' mutation', '')
    for (const name of ['A', 'B', 'C', undefined]) await expectSame(query, {}, name)
  })

  test('an argument is read for each condition anew', async () => {
    const query = 'query ($loud: Boolean, $yes: Boolean!) { apple { name(loud: $loud) strict @skip(if: $yes) } }'
    const asked = [true, false, null, undefined].flatMap((loud) => [true, false].map((yes) => ({ loud, yes })))
    for (const variables of [...asked, ...asked]) await expectSame(query, variables)
  })
})

describe('what a caller writes is never taken for code', () => {
  test('not even where the compiler has words of its own', async () => {
    const marks = ['DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d', 'NAN__57f286b9_4c20_487f_b409_79804ddcb4f8']
    for (const mark of marks) {
      const id = `__MAGIC_${mark}globalThis.wasRun = true`
      const text = await expectSame(`{ needed(id: ${JSON.stringify(id)}) }`)
      expect(JSON.parse(text)).toEqual({ data: { needed: id } })
    }
    expect(globalThis).not.toHaveProperty('wasRun')
  })

  test.each(['"', "'", '`${1}`', '\\', '\u2028', '*/', '});'])('%s', async (text) => {
    const { data } = JSON.parse(
      await expectSame(
        `query ($id: ID!) { needed(id: $id) wish(wish: { count: 1, words: [${JSON.stringify(text)}] }) }`,
        { id: text },
      ),
    )
    expect(data.needed).toBe(text)
  })
})
