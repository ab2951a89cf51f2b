import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'
import { getIntrospectionQuery, Kind, parse, type OperationDefinitionNode } from 'graphql'

import { variableValues } from '../../../src/graphql/limits/argument-values.js'
import { costFacts } from '../../../src/graphql/limits/cost-facts.js'
import { costPlan } from '../../../src/graphql/limits/cost-plan.js'
import { costRule } from '../../../src/graphql/limits/cost-rule.js'
import { operationCost, type OperationCost } from '../../../src/graphql/limits/operation-cost.js'
import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { globalId, legId } from '../../../src/model/id.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { providers } from '../../../src/providers/index.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import type { Provider } from '../../../src/providers/provider.js'
import { limitsSchema } from '../../../src/server/config/limits.js'

const limits = limitsSchema.parse({})
const schema = buildDialgraphSchema({ federation: true })

const heldAt = (...held: readonly Provider[]) => new Map(held.map((provider, at) => [String(at), { provider }]))
const operationOf = (text: string) => {
  const document = parse(text)
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  )!
  return { document, operation }
}

function costOf(text: string, variables: object = {}, accounts = heldAt(bulutfon, ipex)): OperationCost {
  const { document, operation } = operationOf(text)
  const given = variableValues(operation, variables as Record<string, unknown>)
  return operationCost(costPlan(schema, document, operation, given), given, costFacts(accounts.values()))
}
const requests = (...asked: Parameters<typeof costOf>) => costOf(...asked).requests

describe('the requests an operation may cause', () => {
  test.each<[string, string, number]>([
    ['nothing for what is known here', '{ viewer { name } providers { name } accounts { nodes { label } } }', 0],
    ['one list of each account', '{ dids { nodes { number } totalCount } }', 2],
    ['two where a provider keeps a list in two', '{ extensions { nodes { number } } }', 3],
    [
      'a list once, however often it is asked',
      '{ a: dids { totalCount } b: dids { totalCount } accounts { nodes { dids { totalCount } } } }',
      2,
    ],
    ['one profile of each account', '{ accounts { nodes { profile { name email } } } }', 2],
    ['a detail of every object of the page', '{ extensions(first: 40) { nodes { voicemailEnabled } } }', 43],
    [
      'one detail, however much of it is asked',
      '{ extensions(first: 40) { nodes { voicemailEnabled callPermissions } } }',
      43,
    ],
    ['the page that is taken where none is given', '{ extensions { nodes { voicemailEnabled } } }', 28],
    [
      'pages within pages',
      '{ groups(first: 3) { nodes { members(first: 4) { nodes { ... on Extension { voicemailEnabled } } } } } }',
      22,
    ],
    [
      'details only in the accounts that have them',
      '{ accounts { nodes { dids(first: 30) { nodes { businessHours { enabled } } } } } }',
      32,
    ],
    ['a page of calls of every account', '{ callRecords(first: 25) { nodes { startedAt } } }', 2],
    ['a second page where one does not hold as many', '{ callRecords(first: 100) { nodes { startedAt } } }', 4],
    [
      'a page of calls of one account for a gap, and the lists its filter may need',
      '{ callRecordGap(cursor: "any", first: 25) { nodes { startedAt } } }',
      5,
    ],
    ['the numbers of groups, one more list by either name', '{ groups { nodes { number } } }', 3],
    ['labels of groups, nothing more', '{ groups { nodes { label } } }', 2],
    ['their numbers as shown, with the others', '{ groups { nodes { number displayNumber } } }', 3],
    ['their numbers as shown, alone', '{ groups { nodes { ... on Dialable { displayNumber } } } }', 3],
    ['the way of every call', '{ callRecords(first: 25) { nodes { legs { action } } } }', 27],
    [
      'a page of calls of every object',
      '{ extensions(first: 10) { nodes { callRecords(first: 5) { nodes { startedAt } } } } }',
      13,
    ],
    [
      'what fragments ask, too',
      'query { extensions(first: 40) { ...E } } fragment E on ExtensionConnection { edges { node { forwarding { condition } } } }',
      43,
    ],
    [
      'only what the union can be',
      '{ phoneNumber(number: "+905550000000") { dids { destination { ... on Group { members { totalCount } } ... on Extension { forwarding { condition } } } } } }',
      12,
    ],
    [
      'nothing for what is left out',
      '{ extensions(first: 40) { nodes { voicemailEnabled @skip(if: true) ... @include(if: false) { callPermissions } } } }',
      3,
    ],
  ])('are %s', (_, text, expected) => {
    expect(requests(text)).toBe(expected)
  })

  test('and the values of its answer are those of references as of ids, but that equal ones are read once', () => {
    const ids = [1, 2, 2, 3].map((native) => globalId('CallRecord', '0', String(native)))
    const fields = '... on CallRecord { startedAt legs { action } }'
    const nodes = costOf(`query($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids })
    const representations = ids.map((id) => ({ __typename: 'CallRecord', id }))
    const entities = costOf(
      `query($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`,
      { representations },
    )
    expect(entities).toEqual(nodes)
    // Three calls and their details; four items, four objects of two fields, five legs in each.
    expect(nodes.requests).toBe(6)
    const one = costOf(`{ node(id: "${ids[0]}") { ${fields} } }`)
    expect(nodes.values - 1).toBe(4 * (one.values - 1))
  })

  test('follow the variables, and their defaults', () => {
    const text =
      'query($first: Int = 7, $details: Boolean = false) { extensions(first: $first) { nodes { number voicemailEnabled @include(if: $details) } } }'
    expect(requests(text)).toBe(3)
    expect(requests(text, { details: true })).toBe(10)
    expect(requests(text, { details: true, first: 100 })).toBe(103)
    expect(requests(text, { details: true, first: null })).toBe(28)
  })

  test('follow the ids: a call each, and the lists of all others', () => {
    const calls = Array.from({ length: 30 }, (_, at) => globalId('CallRecord', 'izmir', `c${at}`))
    const lines = Array.from({ length: 50 }, (_, at) => globalId('Extension', 'izmir', `e${at}`))
    const text = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Extension { forwarding { condition } } } }'
    expect(requests(text, { ids: calls })).toBe(30)
    expect(requests(text, { ids: [...calls, ...calls] })).toBe(30)
    expect(requests(text, { ids: lines })).toBe(2 + 50)
    // The call and its detail, for all its legs.
    const legs = Array.from({ length: 30 }, (_, at) => legId('izmir', `c${at % 3}`, `key${at}`))
    expect(requests(text, { ids: legs })).toBe(3 * 2)
    expect(requests('query($id: ID!) { node(id: $id) { id } }', { id: legs[0] })).toBe(2)
    expect(requests(text, { ids: ['made up', 7, null] })).toBe(0)
  })

  test('grow with the accounts that have such objects, and not with the others', () => {
    const [postacell, rails] = providers.filter(({ slug }) => slug === 'postacell' || slug === 'rails-api-v1')
    expect(requests('{ dids { totalCount } }', {}, heldAt(bulutfon, bulutfon, bulutfon))).toBe(3)
    expect(requests('{ dids { totalCount } }', {}, heldAt(bulutfon, postacell!, rails!))).toBe(1)
    expect(
      requests(
        '{ accounts(first: 2) { nodes { profile { name } } } }',
        {},
        heldAt(...Array<typeof ipex>(40).fill(ipex)),
      ),
    ).toBe(2)
  })

  test.each([Infinity, -5, NaN, '100', [3], {}, 1e400])('are a number for a page size of %p', (first) => {
    const { requests: found, values } = costOf(
      'query($f: Int) { extensions(first: $f) { nodes { voicemailEnabled } } }',
      {
        f: first,
      },
    )
    expect([Number.isNaN(found), found >= 0, Number.isNaN(values)]).toEqual([false, true, false])
  })
})

describe('the values an answer may hold', () => {
  const values = (text: string) => costOf(text).values

  test('are every object and every leaf, by the pages asked', () => {
    expect(values('{ viewer { name workspace } }')).toBe(1 + 3)
    expect(values('{ extensions(first: 100) { nodes { number } } }')).toBe(1 + 1 + 200)
    expect(values('{ groups(first: 10) { nodes { members(first: 20) { nodes { __typename } } } } }')).toBe(
      1 + 1 + 10 + 10 + 400,
    )
  })

  test('are ten for the payload of a provider, which is an object of its own', () => {
    expect(values('{ extensions(first: 100) { nodes { number raw } } }')).toBe(1 + 1 + 1_200)
  })

  test('multiply along lists that lead back to where they came from', () => {
    const text =
      '{ groups(first: 100) { nodes { members(first: 100) { nodes { ... on Extension { groups(first: 100) { nodes { id } } } } } } } }'
    expect(values(text)).toBeGreaterThan(1_000_000)
  })
})

describe('the rule', () => {
  const rule = costRule({ schema, limits, explore: false })
  const refusal = (text: string, accounts = heldAt(bulutfon, ipex), variables = {}, of = rule) =>
    of({ ...operationOf(text), variables, accounts })

  const worked = readdirSync(new URL('../../../schema/operations/', import.meta.url))
  test.each(worked)('lets the worked operation %s pass, with eight accounts as with one', (name) => {
    const text = readFileSync(new URL(`../../../schema/operations/${name}`, import.meta.url), 'utf8')
    expect(refusal(text, heldAt(bulutfon))).toBeNull()
    expect(refusal(text, heldAt(...providers, ...providers))).toBeNull()
  })

  test('lets the question pass that tools ask about a schema, and not one that goes round in it', () => {
    expect(refusal(getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true }))).toBeNull()
    const round = `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} }'.repeat(6)} } } }`
    expect(refusal(round)?.message).toContain('values')
  })

  const five = Array.from({ length: 100 }, () => [...providers, bulutfon]).flat()
  test.each([
    ['a page of a thousand million', '{ extensions(first: 1000000000) { nodes { number } } }', undefined],
    ['accounts without number', '{ accounts(first: 1000000000) { nodes { label } } }', undefined],
    ['five providers with a hundred accounts each', '{ dids { totalCount } }', heldAt(...five)],
    [
      'lists in lists in lists',
      '{ groups { nodes { members { nodes { ... on Extension { groups { nodes { members { nodes { ... on Extension { dids { nodes { number } } } } } } } } } } } } }',
      undefined,
    ],
    [
      'details of all pages',
      '{ accounts { nodes { extensions(first: 100) { nodes { forwarding { condition } } } } } }',
      undefined,
    ],
    [
      'the calls of everyone',
      '{ extensions(first: 100) { nodes { callRecords(first: 100) { nodes { legs { action } } } } } }',
      undefined,
    ],
  ])('refuses %s', (_, text, accounts) => {
    const error = refusal(text, accounts)
    expect(error).toMatchObject({
      extensions: { http: { status: 400 } },
      originalError: { code: 'OPERATION_TOO_COMPLEX' },
    })
    expect(error?.message).toMatch(
      /^This operation is too complex: it(s answer)? may (cause|hold) (\d+|endlessly many) \w+/,
    )
    expect(error?.message).not.toContain('limits.')
  })

  test('says the limit where the server may be explored', () => {
    const exploring = costRule({ schema, limits, explore: true })
    const text = '{ extensions(first: 100) { nodes { callRecords(first: 100) { nodes { legs { action } } } } } }'
    expect(refusal(text, undefined, {}, exploring)?.message).toContain(
      'At most 200 are allowed here (limits.providerRequestsPerOperation).',
    )
  })

  test('is not misled by what was asked before with other variables', () => {
    const text =
      'query($d: Boolean!, $f: Int = 2) { extensions(first: $f) { nodes { callRecords(first: 10) { nodes { legs @include(if: $d) { action } } } } } }'
    const { document, operation } = operationOf(text)
    const accounts = heldAt(bulutfon, ipex)
    const isRefused = (variables: object) =>
      rule({ document, operation, variables: variables as Record<string, unknown>, accounts }) !== null
    expect(
      [{ d: 'no' }, { d: false, f: 30 }, { d: true, f: 30 }, { d: false, f: 30 }, { d: true }].map(isRefused),
    ).toEqual([false, false, true, false, false])
  })
})
