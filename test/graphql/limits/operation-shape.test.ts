import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql'

import { exceededLimit, type ShapeLimit } from '../../../src/graphql/limits/operation-shape.js'
import { shapeRule } from '../../../src/graphql/limits/shape-rule.js'
import { limitsSchema } from '../../../src/server/config/limits.js'
import * as hostile from '../../support/hostile-documents.js'

const limits = limitsSchema.parse({})
const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'))
const exceeded = (text: string) => exceededLimit(parse(text), limits)

describe('an operation may be', () => {
  const BOUNDS: readonly (readonly [ShapeLimit, number, (size: number) => string])[] = [
    ['operationDepth', 15, (size) => `${'{ a '.repeat(size)}${'}'.repeat(size)}`],
    ['operationAliases', 30, hostile.aliases],
    ['operationRootFields', 20, (size) => `{ ${Array.from({ length: size }, (_, at) => `f${at}`).join(' ')} }`],
    ['operationDirectives', 50, hostile.directives],
    [
      'operationSelections',
      1_000,
      (size) => `{ v { ${Array.from({ length: size - 1 }, (_, at) => `f${at}`).join(' ')} } }`,
    ],
  ]
  test.each(BOUNDS)('as large as %s says, %i, and no larger', (limit, size, document) => {
    expect(limits[limit]).toBe(size)
    expect(exceeded(document(size))).toBeNull()
    expect(exceeded(document(size + 1))).toBe(limit)
  })

  test('made of many fragments beside one another, as front-ends write them', () => {
    const part = (at: number) => `fragment Part${at} on Extension { __typename id number field${at} }`
    const parts = Array.from({ length: 40 }, (_, at) => at)
    const document = `{ extensions { nodes { id ${parts.map((at) => `...Part${at}`).join(' ')} } } } ${parts.map(part).join(' ')}`
    expect(exceeded(document)).toBeNull()
  })

  test('the question that tools ask about a schema', () => {
    expect(
      exceeded(
        getIntrospectionQuery({
          specifiedByUrl: true,
          directiveIsRepeatable: true,
          inputValueDeprecation: true,
          oneOf: true,
        }),
      ),
    ).toBeNull()
  })
})

describe('what is counted', () => {
  test('is what fragments write out, wherever they are spread', () => {
    const twice = `{ a { ...F } b { ...F } } fragment F on T { ${Array.from({ length: 16 }, (_, at) => `a${at}: x`).join(' ')} }`
    expect(exceeded(twice)).toBe('operationAliases')
    const once = `{ a { ...F ...F } } fragment F on T { ${Array.from({ length: 16 }, (_, at) => `a${at}: x`).join(' ')} }`
    expect(exceeded(once)).toBeNull()
  })

  test('is each operation for itself, and the largest decides', () => {
    const twenty = `{ ${Array.from({ length: 20 }, (_, at) => `f${at}`).join(' ')} }`
    expect(exceeded(`query A ${twenty} query B ${twenty}`)).toBeNull()
    expect(exceeded(`query A { f } query B { ${'f '.repeat(1_001)} }`)).toBe('operationSelections')
  })

  test('are directives on variables, fragments and the operation too', () => {
    const ten = '@a '.repeat(10)
    const document = (more: string) =>
      `query($v: Int ${ten}) ${ten} { ...F ${ten} ... on Query ${ten} { f } } fragment F on Query ${ten} { g ${more} }`
    expect(exceeded(document(''))).toBeNull()
    expect(exceeded(document('@a'))).toBe('operationDirectives')
  })

  test('are fragments that nobody spreads: they are compared all the same', () => {
    expect(exceeded(`{ f } fragment F on Viewer { ${'name '.repeat(900)} }`)).toBe('operationComparisons')
  })
})

describe('hostile documents', () => {
  const documents = Object.entries(hostile.HOSTILE_DOCUMENTS).filter(
    // Too long to be parsed, or invalid by graphql's own rules.
    ([name]) =>
      !/ten thousand|forty thousand|thousands of ids|a thousand directives|spreads itself|within a value|variables$/.test(
        name,
      ),
  )
  test.each(documents)('%s: one error of ours, and none of the rules that compare everything', (_, text) => {
    const document = parse(text, { maxTokens: limits.operationTokens })
    const compared = countingRule()
    const errors = validate(schema, document, [...specifiedRules, compared.rule, shapeRule({ limits, explore: true })])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ originalError: { code: 'OPERATION_TOO_COMPLEX' } })
    expect(compared.entered).toBe(0)
  })

  test('end the counting early: a billion fields take as long as a thousand', () => {
    // 2^200 fields if they were inlined; the test ends because they are not.
    const unlimited = { ...limits, operationDepth: 1_000 }
    expect(exceededLimit(parse(hostile.fragmentsThatDouble(200)), unlimited)).toBe('operationSelections')
  })

  test('that go round in circles are refused like any other, and never followed for ever', () => {
    expect(exceeded(hostile.fragmentCycle(40))).toBe('operationDepth')
    const text = hostile.fragmentThatSpreadsItself()
    expect(exceeded(text)).toBeNull()
    const [error] = validate(schema, parse(text), [...specifiedRules, shapeRule({ limits, explore: true })])
    expect(error?.message).toBe('Cannot spread fragment "A" within itself via "B".')
  })
})

describe('the refusal', () => {
  const message = (explore: boolean) =>
    validate(schema, parse(hostile.aliases(31)), [...specifiedRules, shapeRule({ limits, explore })])[0]!.message

  test('names the limit where the server may be explored', () => {
    expect(message(true)).toBe(
      'This operation is too complex: it gives too many aliases. At most 30 are allowed here (limits.operationAliases).',
    )
  })

  test('keeps it to itself elsewhere', () => {
    expect(message(false)).toBe('This operation is too complex: it gives too many aliases.')
  })
})

/** Counts the selections that another validation rule gets to see. */
function countingRule() {
  const counting = {
    entered: 0,
    rule: () => ({ SelectionSet: () => void (counting.entered += 1) }),
  }
  return counting
}
