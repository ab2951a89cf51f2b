import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { generateOperations } from '../../support/generated-operations.js'
import { operationMaterial } from '../../support/operation-material.js'
import { startTwins, type Twins } from './two-executors.js'
import { workedReadings } from '../../support/worked-operations.js'

const schema = buildDialgraphSchema()

/** `npm run proof:executors` runs more of them, or others: GENERATED=5000 SEED=77. */
const COUNT = Number(process.env['GENERATED'] ?? 30)
const SEED = Number(process.env['SEED'] ?? 1)

const NAMES = ['compiled', 'planned', 'interpreted'] as const

let twins: Twins<(typeof NAMES)[number]>
beforeAll(async () => {
  twins = await startTwins({
    compiled: { executor: 'compiled' },
    planned: { executor: 'planned' },
    interpreted: { executor: 'interpreted', prefetch: false },
  })
  for (const name of NAMES) await twins.ask(name, '{ accounts { nodes { profile { name messageCredits } } } }')
  twins.requests()
})
afterAll(() => twins.close())

/** The same response, byte for byte, from the same provider requests. */
async function expectSame(query: string, variables: object = {}, more: object = {}) {
  const plain = { answer: await twins.ask('interpreted', query, variables, more), requests: twins.requests() }
  for (const name of ['compiled', 'planned'] as const) {
    const fast = { answer: await twins.ask(name, query, variables, more), requests: twins.requests() }
    expect({ name, query, variables, ...fast }).toEqual({ name, query, variables, ...plain })
  }
  return JSON.parse(plain.answer.text) as { readonly data: unknown; readonly errors?: unknown }
}

describe('compiled and planned operations that begin lists ahead, and operations that do neither, are the same to clients and to providers', () => {
  // Twice: the second time the server remembers which lists the accounts' items need.
  test.each(workedReadings)('%s', async (_file, query) => {
    for (const _time of [1, 2]) expect(await expectSame(query)).not.toHaveProperty('errors')
  })

  test(`${COUNT} generated operations`, async () => {
    const material = await operationMaterial(async (query) => (await expectSame(query)).data)
    for (const { query, variables } of generateOperations(schema, material, COUNT, { seed: SEED }))
      await expectSame(query, variables)
  }, 600_000)
})

/** Everything that can be dialled, by the interface alone. */
const DIALABLE = '... on Dialable { __typename label displayNumber }'
const BY_INTERFACE = {
  'destinations of numbers': `{ dids(first: 50) { nodes { ${DIALABLE} destination { ${DIALABLE} } } } }`,
  'members of groups': `{ groups(first: 50) { nodes { ...D members(first: 20) { nodes { ...D } } } } } fragment D on Dialable { label displayNumber }`,
  'where lines forward to': `{ extensions(first: 50) { nodes { ${DIALABLE} forwarding { destination { ${DIALABLE} } } } } }`,
  'both ends of calls, and their legs': `{ callRecords(first: 20) { nodes { caller { label endpoint { ${DIALABLE} } } callee { label }
    answeredBy { ${DIALABLE} } legs { __typename ... on Node { id } parentId target { ${DIALABLE} } } } } }`,
} as const

describe('interfaces and unions', () => {
  test.each(Object.entries(BY_INTERFACE))('give the same in all executors: %s', async (_, query) => {
    const answer = await expectSame(query)
    expect(answer).not.toHaveProperty('errors')
    const labels = [...JSON.stringify(answer.data).matchAll(/"label":"([^"]*)"/g)].map(([, label]) => label)
    expect(labels.length).toBeGreaterThan(10)
    expect(labels.filter((label) => label === '')).toEqual([])
  })

  test('give the same legs by their ids, among other nodes', async () => {
    const calls = await expectSame('{ callRecords(first: 10) { nodes { id legs { id } } } }')
    const ids = [...JSON.stringify(calls.data).matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id)
    const { data } = await expectSame(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on CallLeg { action parentId target { __typename } } } }',
      { ids: [...ids.slice(0, 50), 'nothing'] },
    )
    expect(JSON.stringify(data)).toContain('"__typename":"CallLeg"')
  })
})
