import { describe, expect, test } from '@jest/globals'
import { getNamedType, GraphQLObjectType, GraphQLSchema, isObjectType, type GraphQLFieldConfig } from 'graphql'

import { costOf, requireCosts, type FieldCost } from '../../../src/graphql/limits/cost.js'
import { edgeOf } from '../../../src/graphql/prefetch/edges.js'
import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import type { EdgeField } from '../../../src/model/request-fields.js'
import type { RequestCosts } from '../../../src/providers/provider.js'

const schema = buildDialgraphSchema()
const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))

/** The schema with one field of Query changed. */
function withQueryField(name: string, change: Partial<GraphQLFieldConfig<unknown, unknown>>): GraphQLSchema {
  const query = schema.getQueryType()!.toConfig()
  const changed = { ...query, fields: { ...query.fields, [name]: { ...query.fields[name]!, ...change } } }
  return new GraphQLSchema({ ...schema.toConfig(), query: new GraphQLObjectType(changed), types: [] })
}

describe('the cost of a field', () => {
  test('is stated by every field with a resolver: a schema with one that forgets it is not built', () => {
    expect(() => requireCosts(schema)).not.toThrow()
    expect(() => requireCosts(withQueryField('dids', { extensions: {} }))).toThrow('Query.dids does not state its cost')
  })

  test('is a detail only of fields that providers can declare', () => {
    const changed = withQueryField('dids', { extensions: { cost: { detail: true } } })
    expect(() => requireCosts(changed)).toThrow('Query.dids is not among DETAIL_FIELDS')
  })

  test('is over all accounts for every list at the root, but for the gap of one account', () => {
    const lists = fields.filter(({ type, field }) => {
      const cost = costOf(field)
      return type === schema.getQueryType() && (cost?.lists || cost?.calls)
    })
    expect(lists.map(({ field }) => [field.name, costOf(field)?.accounts])).toEqual([
      ['callRecords', 'all'],
      ['callRecordGap', undefined],
      ['dids', 'all'],
      ['extensions', 'all'],
      ['groups', 'all'],
      ['callStatistics', 'all'],
    ])
  })

  test('is that of several values for every payload of a provider', () => {
    const payloads = fields.filter(({ field }) => getNamedType(field.type).name === 'JSON')
    expect(payloads.length).toBeGreaterThan(3)
    expect(payloads.filter(({ field }) => costOf(field)?.values !== 10)).toEqual([])
  })
})

test('a provider that declares the cost of a field that does not exist does not compile', () => {
  // @ts-expect-error: businesshours is misspelt
  const wrongDetail: RequestCosts = { eachObject: ['Did.businesshours'], onceMore: [] }
  // @ts-expect-error: accounts have no list of calls that is read once
  const wrongList: RequestCosts = { eachObject: [], onceMore: ['Account.callRecords'] }
  // @ts-expect-error: lists is misspelt
  const wrongCost: FieldCost = { list: ['dids'] }
  expect([wrongDetail, wrongList, wrongCost]).toHaveLength(3)
})

test('the edges that are read ahead are those that fields state', () => {
  const EDGES: Readonly<Record<EdgeField, true>> = {
    'Did.destination': true,
    'Extension.callerIdDid': true,
    'Extension.dids': true,
    'Extension.groups': true,
    'Group.dids': true,
    'Group.members': true,
  }
  const stated = fields.flatMap(({ type, field }) => edgeOf(type.name, field)?.field ?? [])
  expect(stated.sort()).toEqual(Object.keys(EDGES).sort())
})
