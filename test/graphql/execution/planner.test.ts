import { describe, expect, test } from '@jest/globals'
import { buildSchema, getOperationAST, parse, validate } from 'graphql'

import { createPlanner } from '../../../src/graphql/execution/planner.js'

const schema = buildSchema('type Query { a: Int b: Int thing: Thing things: [Thing] } type Thing { name: String }')

/** An operation with its variables, as an executor asks about it. */
function planning(source: string) {
  const document = parse(source)
  expect(validate(schema, document)).toEqual([])
  const operation = getOperationAST(document)!
  const planner = createPlanner(schema)
  return (variables: Readonly<Record<string, unknown>> = {}) => planner.compiled(document, operation, variables)
}

describe('a plan', () => {
  test('is made once for the same conditions, and leaves out what they leave out', () => {
    const planned = planning('query ($a: Boolean!) { a @include(if: $a) b }')
    const [both, one] = [planned({ a: true })!, planned({ a: false })!]
    expect(planned({ a: true })).toBe(both)
    expect(planned({ a: false })).toBe(one)
    expect(both({}, {}, { a: 1, b: 2 })).toEqual({ data: { a: 1, b: 2 } })
    expect(one({}, {}, { a: 1, b: 2 })).toEqual({ data: { b: 2 } })
  })

  test('of an operation with many conditions is forgotten before all combinations are kept', () => {
    const names = ['p', 'q', 'r', 's']
    const declared = names.map((name) => `$${name}: Boolean!`).join(' ')
    const planned = planning(
      `query (${declared}) { a ${names.map((name) => `${name}: b @skip(if: $${name})`).join(' ')} }`,
    )
    const withValues = (bits: number) =>
      planned(Object.fromEntries(names.map((name, at) => [name, (bits >> at) % 2 === 1])))
    const first = withValues(0)
    expect(withValues(0)).toBe(first)
    for (let bits = 1; bits < 16; bits++) withValues(bits)
    expect(withValues(0)).not.toBe(first)
  })

  test('waits for nothing where no resolver does', () => {
    const planned = planning('{ things { name } thing { name } }')()!
    const things = [{ name: 'a' }, null]
    expect(planned({}, {}, { things, thing: things[0] })).toEqual({ data: { things, thing: things[0] } })
  })

  test('waits for a property that is a promise, and keeps the order of the document', async () => {
    const planned = planning('{ thing { name } a b }')()!
    const result = await planned({}, {}, { thing: Promise.resolve({ name: Promise.resolve('x') }), a: 1, b: 2 })
    expect(JSON.stringify(result)).toBe('{"data":{"thing":{"name":"x"},"a":1,"b":2}}')
  })

  test('is not made of introspection', () => {
    expect(planning('{ a __schema { queryType { name } } }')()).toBeNull()
  })
})
