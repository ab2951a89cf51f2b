import { expect, test } from '@jest/globals'
import { getNamedType, isLeafType, isObjectType, type GraphQLField } from 'graphql'

import { buildDialgraphSchema } from '../../src/graphql/schema.js'

const schema = buildDialgraphSchema()
const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
const fields = types.flatMap((type) =>
  isObjectType(type)
    ? Object.values(type.getFields()).map((field) => ({ coordinate: `${type.name}.${field.name}`, field, type }))
    : [],
)
const isValue = ({ type }: GraphQLField<unknown, unknown>) => isLeafType(getNamedType(type))

test('values are read as they stand: only what has to be found out or chosen, or is somebody’s to see, has a resolver', () => {
  const resolved = fields.filter(({ field }) => field.resolve && isValue(field)).map(({ coordinate }) => coordinate)
  expect(resolved.sort()).toEqual(
    [
      'AccountConnection.totalCount',
      'AccountProfile.messageCredits',
      'ArchiveStatus.calls',
      'ArchiveStatus.newest',
      'ArchiveStatus.oldest',
      'AutoAttendant.displayNumber',
      'AutoAttendant.label',
      'AutoAttendant.raw',
      'CallParty.label',
      'CallRecord.raw',
      'CallStatisticsRow.averageTalkSeconds',
      'CallStatisticsRow.averageWaitSeconds',
      'CallStatisticsRow.longestWaitSeconds',
      'CallStatisticsRow.serviceLevel',
      'CallStatisticsRow.waitSeconds',
      'Did.displayNumber',
      'Did.label',
      'Did.raw',
      'DidConnection.countPrecision',
      'DidConnection.totalCount',
      'Extension.callPermissions',
      'Extension.displayNumber',
      'Extension.label',
      'Extension.raw',
      'Extension.voicemailEnabled',
      'ExtensionConnection.countPrecision',
      'ExtensionConnection.totalCount',
      'ExternalNumber.displayNumber',
      'ExternalNumber.label',
      'Group.displayNumber',
      'Group.label',
      'Group.memberCount',
      'Group.number',
      'Group.raw',
      'GroupConnection.countPrecision',
      'GroupConnection.totalCount',
      'GroupMemberConnection.totalCount',
      'ProviderChangeConnection.totalCount',
      'UnresolvedDestination.displayNumber',
      'UnresolvedDestination.label',
      'VoicemailBox.displayNumber',
      'VoicemailBox.label',
    ].sort(),
  )
})

test('objects that stand in their parent have none either', () => {
  const plain = [
    'CallRecordConnection.nodes',
    'CallRecordEdge.node',
    'DidEdge.node',
    'CallRecord.caller',
    'AccountProfile.balance',
  ]
  expect(fields.filter(({ coordinate, field }) => plain.includes(coordinate) && field.resolve)).toEqual([])
})

test('resolvers are the methods of their classes, and not type-graphql’s way to them', () => {
  const indirect = fields.filter(
    ({ field, type }) =>
      type !== schema.getMutationType() && /convertToType|applyMiddlewares|getParams/.test(String(field.resolve)),
  )
  expect(indirect.map(({ coordinate }) => coordinate)).toEqual([])
})

test('no two fields are called by one name where the compiler joins the names of type and field', () => {
  const names = fields.map(({ field, type }) => `${type.name}${field.name}`)
  expect(new Set(names).size).toBe(names.length)
})
