import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { generateOperations } from '../../support/generated-operations.js'
import { HOSTILE_DOCUMENTS } from '../../support/hostile-documents.js'
import { operationMaterial } from '../../support/operation-material.js'
import { workedReadings } from '../../support/worked-operations.js'
import { startTwins, type Twins } from './two-executors.js'

/** `npm run proof:executors` runs more of them, or others: GENERATED=5000 SEED=77. */
const COUNT = Number(process.env['GENERATED'] ?? 30)
const SEED = Number(process.env['SEED'] ?? 2)

/** A server that leaves Apollo Server out where it can, and one that never does. */
let twins: Twins<'short' | 'long'>
beforeAll(async () => {
  twins = await startTwins({ short: { executor: 'compiled' }, long: { executor: 'compiled', shortRoad: false } })
  for (const name of ['short', 'long'] as const)
    await twins.ask(name, '{ accounts { nodes { profile { name messageCredits } } } }')
  twins.requests()
})
beforeEach(() => void twins.requests())
afterAll(() => twins.close())

/** The same bytes under the same headers, from the same provider requests; `times`: from the second on the roads differ. */
async function expectSame(query: string, variables: object = {}, more: object = {}, times = 2) {
  let text = ''
  for (let time = 1; time <= times; time += 1) {
    const long = { answer: await twins.ask('long', query, variables, more), requests: twins.requests() }
    const short = { answer: await twins.ask('short', query, variables, more), requests: twins.requests() }
    expect({ query, variables, time, ...short }).toEqual({ query, variables, time, ...long })
    text = short.answer.text
  }
  return JSON.parse(text) as { readonly data: unknown; readonly errors?: unknown }
}

describe('an operation that was asked before has the same answer, headers included, with and without Apollo Server', () => {
  test.each(workedReadings)('%s', async (_file, query) => {
    expect(await expectSame(query)).not.toHaveProperty('errors')
  })

  test(`${COUNT} generated operations`, async () => {
    const material = await operationMaterial(async (query) => (await expectSame(query, {}, {}, 1)).data)
    for (const { query, variables } of generateOperations(buildDialgraphSchema(), material, COUNT, { seed: SEED }))
      await expectSame(query, variables)
  }, 600_000)

  test.each(Object.entries(HOSTILE_DOCUMENTS))('a hostile document of %s', async (_, query) => {
    expect(await expectSame(query)).toHaveProperty('errors')
  })

  const NUMBERS = 'query Numbers($first: Int = 2) { dids(first: $first) { nodes { id number } } }'
  test.each<[string, object, object?]>([
    ['without variables', {}],
    ['with variables', { first: 3 }],
    ['with variables it does not declare', { last: 3 }],
    ['with a value of the wrong kind', { first: 'three' }],
    ['with a page that is too large for the limits', { first: 1e9 }],
    ['with a page that its field refuses', { first: -1 }],
    ['with variables of many levels', { first: JSON.parse('['.repeat(300) + ']'.repeat(300)) as object }],
    ['by its name', {}, { operationName: 'Numbers' }],
    ['by a name it does not have', {}, { operationName: 'Letters' }],
    ['by an empty name', {}, { operationName: '' }],
    ['by a name that is none', {}, { operationName: 7 }],
    ['with variables that are a list', {}, { variables: [] }],
    ['with variables that are null', {}, { variables: null }],
    ['with extensions', {}, { extensions: {} }],
    ['with a member that nobody knows', {}, { hello: 'there' }],
  ])('a query %s', async (_, variables, more = {}) => {
    await expectSame(NUMBERS)
    await expectSame(NUMBERS, variables, more)
  })

  test('a query that its variables make too costly, after one that they did not', async () => {
    const query = `query ($page: Int!) { extensions(first: $page) { nodes { callRecords(first: $page) { nodes { id } } } } }`
    expect(await expectSame(query, { page: 1 })).not.toHaveProperty('errors')
    expect(JSON.stringify(await expectSame(query, { page: 100 }))).toContain('OPERATION_TOO_COMPLEX')
  })

  test('one of several operations of a document', async () => {
    const document = 'query One { viewer { name } } query Two { viewer { workspace } } mutation Three { __typename }'
    for (const operationName of ['One', 'Two', 'Three', 'Four', null]) await expectSame(document, {}, { operationName })
  })

  test.each([
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.9',
    'text/event-stream, application/json',
    'text/event-stream',
    'multipart/mixed;subscriptionSpec="1.0", application/json',
    'text/html',
    '',
  ])('asked with Accept: %s', async (accept) => {
    const ask = (name: 'short' | 'long') => twins.ask(name, '{ viewer { name } }', {}, {}, { accept })
    for (let time = 1; time <= 3; time += 1) expect(await ask('short')).toEqual(await ask('long'))
  })

  test('asked for an explanation, it has one', async () => {
    const explained = (name: 'short' | 'long') =>
      twins.ask(name, '{ dids(first: 1) { nodes { id } } }', {}, {}, { 'x-dialgraph-explain': '1' })
    for (const name of ['short', 'long'] as const)
      for (let time = 1; time <= 2; time += 1) expect((await explained(name)).text).toContain('"explain":')
  })

  test('where an account fails: its errors, and what is partial', async () => {
    const query =
      '{ dids(first: 50) { nodes { id number } sources { state errorCode } } accounts { nodes { profile { name } } } }'
    await expectSame(query)
    for (const { faults } of twins.emulators.values()) faults.next({ status: 403, body: '{}', times: Infinity })
    const { errors } = await expectSame(query)
    expect(errors).toBeDefined()
    const { errors: none, ...partial } = await expectSame('{ dids(first: 50) { nodes { id } } }')
    expect({ none, ...partial }).toMatchObject({
      none: undefined,
      extensions: { partial: expect.any(Array) as object },
    })
  })
})
