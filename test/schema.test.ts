import { readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'
import {
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  print,
  getNamedType,
  validateSchema,
  type ASTNode,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  type NameNode,
} from 'graphql'

import { buildDialgraphSchema, printDialgraphSchema, printSubgraphSchema } from '../src/graphql/schema.js'

const PRINTED = new URL('../schema/schema.graphql', import.meta.url)
const SUBGRAPH = new URL('../schema/subgraph.graphql', import.meta.url)
const schema = buildDialgraphSchema()
const contract = buildSchema(readFileSync(new URL('schema/contract.graphql', import.meta.url), 'utf8'))

/** With types and fields in the order of their names: theirs here is that in which the modules were loaded. */
function inOrder(text: string): string {
  const nameOf = (node: object) => ('name' in node ? (node.name as NameNode).value : '')
  const byName = (left: object, right: object) => (nameOf(left) < nameOf(right) ? -1 : 1)
  const definitions = parse(text).definitions.map((definition) =>
    'fields' in definition ? { ...definition, fields: [...(definition.fields ?? [])].sort(byName) } : definition,
  )
  return definitions
    .sort(byName)
    .map((definition) => print(definition as ASTNode))
    .join('\n')
}

describe('the public schema', () => {
  test('is one by the rules of GraphQL', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  test('is the one in schema/schema.graphql (UPDATE_SCHEMA=1 writes it anew)', () => {
    if (process.env.UPDATE_SCHEMA) writeFileSync(PRINTED, printDialgraphSchema())
    expect(inOrder(readFileSync(PRINTED, 'utf8'))).toBe(inOrder(printDialgraphSchema()))
  })

  test('is the one in schema/subgraph.graphql, too, for gateways', () => {
    if (process.env.UPDATE_SCHEMA) writeFileSync(SUBGRAPH, printSubgraphSchema())
    expect(inOrder(readFileSync(SUBGRAPH, 'utf8'))).toBe(inOrder(printSubgraphSchema()))
  })

  test('lacks nothing of what was promised', () => {
    expect(differences(contract, schema)).toEqual([])
  })

  test('has nothing that was not promised', () => {
    expect(differences(schema, contract)).toEqual([])
  })

  test('names the same specifications of its scalars', () => {
    const specifications = (of: GraphQLSchema) =>
      types(of)
        .filter(isScalarType)
        .map((scalar) => [scalar.name, scalar.specifiedByURL ?? null])
        .sort()
    expect(specifications(schema)).toEqual(specifications(contract))
  })

  test('describes every type, field, argument and value', () => {
    expect(undescribed()).toEqual([])
  })

  test('reads plain values off the object, without a function between', () => {
    const wrapped = types(schema)
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field })))
      .filter(({ field }) => field.resolve && field.args.length === 0 && isLeafType(getNamedType(field.type)))
      .map(({ at }) => at)
    // Each of these may cost another request, is counted only when it is selected, or is chosen from
    // several values.
    expect(wrapped.sort()).toEqual([
      'AccountConnection.totalCount',
      'AccountProfile.messageCredits',
      'ArchiveStatus.calls',
      'ArchiveStatus.newest',
      'ArchiveStatus.oldest',
      'AutoAttendant.displayNumber',
      'AutoAttendant.label',
      'CallParty.label',
      'CallStatisticsRow.averageTalkSeconds',
      'CallStatisticsRow.averageWaitSeconds',
      'CallStatisticsRow.longestWaitSeconds',
      'Did.displayNumber',
      'Did.label',
      'DidConnection.countPrecision',
      'DidConnection.totalCount',
      'Extension.callPermissions',
      'Extension.displayNumber',
      'Extension.label',
      'Extension.voicemailEnabled',
      'ExtensionConnection.countPrecision',
      'ExtensionConnection.totalCount',
      'ExternalNumber.displayNumber',
      'ExternalNumber.label',
      'Group.displayNumber',
      'Group.label',
      'Group.memberCount',
      'Group.number',
      'GroupConnection.countPrecision',
      'GroupConnection.totalCount',
      'GroupMemberConnection.totalCount',
      'ProviderChangeConnection.totalCount',
      'UnresolvedDestination.displayNumber',
      'UnresolvedDestination.label',
      'VoicemailBox.displayNumber',
      'VoicemailBox.label',
    ])
  })

  test('has a Node wherever it has an id: clients take `id: ID!` for the identity of an object', () => {
    const identified = types(schema)
      .filter(isObjectType)
      .filter((type) => String(type.getFields()['id']?.type) === 'ID!')
    expect(identified.map(({ name }) => name)).toContain('CallLeg')
    const node = schema.getType('Node') as GraphQLInterfaceType
    expect(identified.filter((type) => !schema.isSubType(node, type)).map(({ name }) => name)).toEqual([])
    expect(schema.getPossibleTypes(node).length).toBe(identified.length)
  })

  test('says of every list of nodes that clients join the edges', () => {
    const pages = types(schema)
      .filter(isObjectType)
      .filter(({ name }) => name.endsWith('Connection'))
    expect(pages.length).toBeGreaterThan(5)
    for (const page of pages)
      expect(page.getFields()['nodes']!.description).toContain(
        'To join pages select `edges`: Relay and Apollo Client join those only.',
      )
  })

  test('finds the type of an object without a promise', () => {
    expect(types(schema).filter((type) => isAbstractType(type) && type.resolveType)).toEqual([])
  })
})

const types = (of: GraphQLSchema) =>
  Object.values(of.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))

function differences(from: GraphQLSchema, to: GraphQLSchema): string[] {
  return [...findBreakingChanges(from, to), ...findDangerousChanges(from, to)]
    .map(({ description }) => description)
    .sort()
}

function undescribed(): string[] {
  const missing: string[] = []
  const check = (at: string, described: { readonly description?: string | null }) => {
    if (!described.description?.trim()) missing.push(at)
  }
  for (const type of types(schema)) {
    check(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field)
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field)
        for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name}:)`, argument)
      }
    }
  }
  return missing
}
