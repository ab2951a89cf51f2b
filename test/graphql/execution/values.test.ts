import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  buildSchema,
  getArgumentValues,
  getVariableValues,
  parse,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql'

import { argumentsReader } from '../../../src/graphql/execution/arguments.js'
import { variablesReader } from '../../../src/graphql/execution/variables.js'

const schema = buildSchema(`
  enum Order { UP, DOWN }
  input Range { from: Int!, until: Int = 9 }
  input Filter { after: String, ids: [ID!], open: Boolean = true, range: Range }
  input Either @oneOf { one: String, other: String }
  type Query {
    field(id: ID!, size: Int = 20, share: Float, isOpen: Boolean = true, order: Order = UP, text: String, filter: Filter, ids: [ID!], range: Range = { from: 1 }, either: Either): String
  }
`)
const definition = schema.getQueryType()!.getFields()['field']!

/** What graphql makes of it, or what it says. */
function outcome<Value>(read: () => Value): Value | string {
  try {
    return read()
  } catch (error) {
    return String(error)
  }
}
/** The same without what tells a plain object from one without a prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}

const shown = (value: unknown): string => inspect(plain(value), { depth: null })

const TYPES = ['ID', 'ID!', 'Int', 'Int!', 'Float', 'Float!', 'Boolean', 'Boolean!', 'String', 'String!'] as const
const odd = fc.constantFrom(
  null,
  undefined,
  '',
  'text',
  '7',
  0,
  -0,
  7,
  1.5,
  2 ** 31,
  -(2 ** 31),
  NaN,
  Infinity,
  true,
  false,
  [],
  {},
  ['7'],
)

describe('variables', () => {
  const declared = fc.record({
    name: fc.constantFrom('a', 'b', 'toString', 'constructor', '__proto__'),
    type: fc.constantFrom(...TYPES, 'Order', '[ID!]', 'Filter'),
    byDefault: fc.constantFrom('', '', ' = null', ' = 1', ' = "1"', ' = true'),
  })

  test('are coerced as graphql coerces them, with the same errors', () => {
    const read = variablesReader(schema)
    fc.assert(
      fc.property(
        fc.uniqueArray(declared, { selector: ({ name }) => name, maxLength: 3 }),
        fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'toString', 'constructor', 'more'), odd), {
          minLength: 1,
          maxLength: 4,
        }),
        (variables, requests) => {
          const list = variables.map(({ name, type, byDefault }) => `$${name}: ${type}${byDefault}`).join(', ')
          const document = parse(list ? `query (${list}) { field }` : '{ field }')
          const operation = document.definitions[0] as OperationDefinitionNode
          for (const sent of requests) {
            const expected = getVariableValues(schema, operation.variableDefinitions ?? [], sent, { maxErrors: 50 })
            const actual = read(operation, sent)
            expect(actual.errors?.map(String)).toEqual(expected.errors?.map(String))
            expect(shown(actual.coerced)).toBe(shown(expected.coerced))
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('arguments', () => {
  /** What may be written for each argument; most of it is valid with most variables. */
  const WRITTEN = {
    id: ['"7"', '7', '$a', 'null'],
    size: ['$b', '5', 'null'],
    share: ['2', '$c'],
    isOpen: ['false', '$d'],
    order: ['DOWN'],
    text: ['"x"', '$a', '$toString'],
    filter: ['{ after: $a }', '{ open: $d }', '{ ids: ["7", $a] }', '{ range: { from: $b }, open: $d }', '{}', '$e'],
    ids: ['"7"', '[$a]', '$f'],
    range: ['{ from: $b, until: $b }', '{ from: 1, until: $b }', '{ until: 2 }', '$g'],
    either: ['{ one: $a }', '{ one: "x", other: "y" }'],
  } as const
  const one = (values: readonly string[]) => fc.constantFrom(...values)
  const { id, ...others } = WRITTEN
  const given = fc
    .tuple(
      fc.option(one(id), { freq: 8 }),
      fc.record(Object.fromEntries(Object.entries(others).map(([name, values]) => [name, one(values)])), {
        requiredKeys: [],
      }),
    )
    .map(([known, more]) => Object.entries({ ...(known && { id: known }), ...more }))

  test('are read as graphql reads them, request after request, with the same errors', () => {
    fc.assert(
      fc.property(
        given,
        fc.array(
          fc.record(
            {
              a: fc.constantFrom('x', null),
              b: fc.constantFrom(1, 0, null),
              c: fc.constantFrom(0.5, null),
              d: fc.constantFrom(true, false, null),
              e: fc.constantFrom({ after: 'x' }, null),
              f: fc.constantFrom(['7'], null),
              g: fc.constantFrom({ from: 2, until: 9 }, null),
            },
            { requiredKeys: [] },
          ),
          { minLength: 1, maxLength: 5 },
        ),
        (written, requests) => {
          const list = written.map(([name, value]) => `${name}: ${value}`).join(', ')
          const document = parse(list ? `{ field(${list}) }` : '{ field }')
          const node = (document.definitions[0] as OperationDefinitionNode).selectionSet.selections[0] as FieldNode
          const read = argumentsReader(definition, node)
          for (const variables of requests) {
            const expected = outcome(() => getArgumentValues(definition, node, variables))
            const actual = outcome(() => read(variables))
            expect(shown(actual)).toBe(shown(expected))
            expect(JSON.stringify(actual)).toBe(JSON.stringify(expected))
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('of one request are not those of another, though a field is the same', () => {
    const document = parse('{ field(id: $a, filter: { ids: ["7"] }) }')
    const node = (document.definitions[0] as OperationDefinitionNode).selectionSet.selections[0] as FieldNode
    const read = argumentsReader(definition, node)
    const first = read({ a: 'one' })
    const second = read({ a: 'two' })
    expect([first['id'], second['id']]).toEqual(['one', 'two'])
    expect(first['filter']).not.toBe(second['filter'])
  })
})
