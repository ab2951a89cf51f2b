import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { parse, type OperationDefinitionNode } from 'graphql'

import { variableValues } from '../../src/graphql/limits/argument-values.js'
import { costFacts } from '../../src/graphql/limits/cost-facts.js'
import { costPlan } from '../../src/graphql/limits/cost-plan.js'
import { operationCost, type OperationCost } from '../../src/graphql/limits/operation-cost.js'
import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { providers } from '../../src/providers/index.js'
import { generateOperations } from '../support/generated-operations.js'
import { operationMaterial, type OperationMaterial } from '../support/operation-material.js'
import { cases } from '../support/proof.js'
import { startHarness, type Harness } from './harness.js'

const schema = buildDialgraphSchema()

/** As installed, but for the details one operation may read: here everything is asked of every object there is. */
let harness: Harness
let material: OperationMaterial
beforeAll(async () => {
  harness = await startHarness({ limits: { operationTimeoutMs: 60_000 } })
  material = await operationMaterial((query) => harness.data(query))
})
beforeEach(() => harness.clear())
afterAll(() => harness.close())

/** The accounts of a sandbox: one at each provider. */
const facts = costFacts(providers.map((provider) => ({ provider })))

function bound(text: string, variables: Readonly<Record<string, unknown>>): OperationCost {
  const document = parse(text)
  const operation = document.definitions[0] as OperationDefinitionNode
  const given = variableValues(operation, variables)
  return operationCost(costPlan(schema, document, operation, given), given, facts)
}

/** A field that some provider may tell of one object at a time, asked of the objects of one list. */
const ASKED_OF_EACH = {
  'Did.businessHours': ['dids', 'businessHours { enabled }'],
  'Extension.callerIdDid': ['extensions', 'callerIdDid { number }'],
  'Extension.voicemailEnabled': ['extensions', 'voicemailEnabled'],
  'Extension.forwarding': ['extensions', 'forwarding { condition }'],
  'Extension.callPermissions': ['extensions', 'callPermissions'],
  'Group.number': ['groups', 'number'],
  'Group.members': ['groups', 'members { totalCount }'],
  'Group.memberCount': ['groups', 'memberCount'],
  'CallRecord.answeredBy': ['callRecords', 'answeredBy { __typename }'],
  'CallRecord.groups': ['callRecords', 'groups { name }'],
  'CallRecord.legs': ['callRecords', 'legs { action }'],
} as const

const ACCOUNTS = { bulutfon: 'izmir', ipex: 'prague', postacell: 'mailings', 'rails-api-v1': 'registry' } as const

describe.each(providers)('$name says truly what takes a request for each object', ({ slug, costs }) => {
  test.each(Object.entries(ASKED_OF_EACH))('%s', async (coordinate, [list, field]) => {
    const requestsFor = async (size: number) => {
      harness.clear()
      const key = ACCOUNTS[slug as keyof typeof ACCOUNTS]
      // The lists that anything is looked up in are read in any case.
      const lists = 'a: dids { totalCount } b: extensions { totalCount } c: groups { totalCount }'
      await harness.query(`{ account(key: "${key}") { ${lists} ${list}(first: ${size}) { nodes { ${field} } } } }`)
      return harness.requests().length
    }
    const growth = (await requestsFor(30)) - (await requestsFor(1))
    expect({ coordinate, grows: growth > 0 }).toEqual({
      coordinate,
      grows: costs?.eachObject.some((declared) => declared === coordinate) ?? false,
    })
  })
})

/** Whose cost nobody knows beforehand: how far a walk goes, and how many lines all accounts have. */
const UNKNOWN = [
  'Extension.callRecords',
  'Group.callRecords',
  'Did.callRecords',
  'PhoneNumberLookup.callRecords',
  'PhoneNumberLookup.extensions',
]
const FILTERED = /callRecords\([^)]*filter/

/** As much as passes, and a little more. */
const HEAVY = [
  '{ extensions(first: 95) { nodes { forwarding { condition } callerIdDid { number } } } }',
  '{ callRecords(first: 100) { nodes { legs { target { __typename } } answeredBy { __typename } } } }',
  '{ callRecords(first: 95, filter: { durationSeconds: { min: 100000 } }) { nodes { legs { action } } } }',
  '{ extensions(first: 90) { nodes { callRecords(first: 20, filter: { durationSeconds: { min: 100000 } }) { nodes { id } } } } }',
  '{ groups(first: 60) { nodes { callRecords(first: 50) { nodes { id } } members { totalCount } } } }',
  '{ phoneNumber(number: "+905550000000") { extensions { callRecords(first: 100) { nodes { legs { action } } } } } }',
  '{ extensions(first: 100) { nodes { callRecords(first: 100) { nodes { legs { action } } } } } }',
  '{ accounts { nodes { extensions(first: 100) { nodes { forwarding { condition } } } } } }',
  '{ accounts(first: 100) { nodes { callRecords(first: 100) { nodes { legs { action } } } } } }',
  '{ dids(first: 1000000000) { nodes { number } } }',
]

describe('of operations made at random', () => {
  test('none sends more requests than was foreseen, where that can be foreseen', async () => {
    const operations = generateOperations(schema, material, cases(120), { without: UNKNOWN, requests: 400, seed: 1 })
    let compared = 0
    const wrong: object[] = []
    for (const { seed, query, variables } of operations) {
      const { requests: foreseen } = bound(query, variables)
      if (FILTERED.test(query) || foreseen > 200) continue
      harness.clear()
      await harness.query(query, variables)
      const sent = harness.requests().length
      compared += 1
      if (sent > foreseen) wrong.push({ seed, foreseen, sent, query, variables, requests: harness.requests() })
    }
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(operations.length / 2)
  })

  test('those that are refused send none, and those that pass send at most 200', async () => {
    const operations = generateOperations(schema, material, cases(80), { requests: 100_000, seed: 5_000 })
    const heavy = HEAVY.map((query, seed) => ({ seed, query, variables: {} }))
    const found = { passed: 0, refused: 0, most: 0 }
    for (const { seed, query, variables } of [...heavy, ...operations]) {
      harness.clear()
      const { status, errors } = await harness.query(query, variables)
      const sent = harness.requests().length
      const isRefused = status === 400
      const { requests, values } = bound(query, variables)
      expect({ seed, isRefused }).toEqual({ seed, isRefused: requests > 200 || values > 20_000 })
      if (isRefused) {
        expect({ seed, sent, codes: errors!.map(({ extensions }) => extensions.code) }).toEqual({
          seed,
          sent: 0,
          codes: ['OPERATION_TOO_COMPLEX'],
        })
      }
      expect(sent).toBeLessThanOrEqual(200)
      found[isRefused ? 'refused' : 'passed'] += 1
      found.most = Math.max(found.most, sent)
    }
    expect([found.passed > 10, found.refused > 3, found.most > 50]).toEqual([true, true, true])
  })
})
