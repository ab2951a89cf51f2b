import { always, graphqlList, graphqlMutation, graphqlQuery, isInteger, isText, optional } from '../../provider.js'
import type { FieldRule, GraphqlRecord, RecordRules } from '../../provider.js'

/*
 * What is asked of FreePBX, one root field each: the failure of one would lose the others. `status`
 * and `message` wherever there are any, never a secret, and nothing that is known to fail. Almost all
 * that is selected may be null; texts are empty where there is nothing.
 */

const texts = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, optional(isText)])) as Record<Name, FieldRule>

/** The three columns that one SQL reads; `totalCount` is an error there. `voicemail`: `novm` for none. */
export const USERS = graphqlList({
  ...{ field: 'allCoreUsers', list: 'coreUser', noun: 'User' },
  fields: { extension: always(isText), ...texts('name', 'voicemail') },
})
export type WireUser = GraphqlRecord<typeof USERS>

/** Twenty look-ups for each extension: asked for only when needed. */
export const EXTENSIONS = graphqlQuery(
  'fetchAllExtensions',
  'status message extension { extensionId tech coreDevice { emergencyCid } user { extension outboundCid noanswerDestination busyDestination chanunavailDestination } }',
)
/** A row of them; `user` is a `WireUserDetail`, and null for a phone without one. */
export type WireExtension = Record<'extensionId' | 'tech' | 'coreDevice' | 'user', unknown>
/** What a user has besides its name; the destinations are strings of the dialplan. */
export type WireUserDetail = Record<
  'extension' | 'outboundCid' | 'noanswerDestination' | 'busyDestination' | 'chanunavailDestination',
  unknown
>

/**
 * `extension`: digits, a pattern, or empty for any number; `destinationConnection`:
 * `<category>:<label>`, null where the target is not there.
 */
export const ROUTES = graphqlList({
  ...{ field: 'allInboundRoutes', list: 'inboundRoutes', noun: 'Route' },
  fields: {
    ...{ id: always(isText), extension: always(isText) },
    ...texts('cidnum', 'description', 'destinationConnection'),
  },
})
export type WireRoute = GraphqlRecord<typeof ROUTES>

/**
 * `id`: base64 of `ringgroup:<number>`, which alone has the leading zeros of the number; `groupList`:
 * members joined by `-`. Without `strategy`: one of its words is an error, which 15 and 16 answer in
 * place of the list.
 */
export const RING_GROUPS = graphqlList({
  ...{ field: 'fetchAllRingGroups', beside: 'status message', list: 'ringgroups', noun: 'RingGroup' },
  fields: {
    id: always(isText),
    groupNumber: optional(isInteger),
    ...texts('description', 'groupList'),
    groupTime: optional(isInteger),
  },
})
export type WireRingGroup = GraphqlRecord<typeof RING_GROUPS>

/** `timestamp`: epoch seconds. Without `lastdata`, which has addresses. */
const CALL_LIST = {
  ...{ field: 'fetchAllCdrs', beside: 'status message totalCount', list: 'cdrs', noun: 'CallRow' },
  fields: {
    ...{ uniqueid: always(isText), ...texts('linkedid', 'sequence'), calldate: always(isText) },
    ...{ timestamp: always(isInteger), duration: always(isInteger), billsec: always(isInteger) },
    ...{ disposition: always(isText), ...texts('clid', 'src', 'cnum', 'outbound_cnum', 'dst', 'dcontext', 'did') },
    ...texts('channel', 'dstchannel', 'lastapp', 'recordingfile'),
  },
}
const DAYS = { first: 'Int', startDate: 'String', endDate: 'String' }
/** Whole days; both ends are inclusive. */
export const CALLS = graphqlList(CALL_LIST, DAYS)
/** The same from an offset on, where that works. */
export const CALLS_AFTER = graphqlList(CALL_LIST, { ...DAYS, after: 'Int' })
/** Any rows at all. */
export const ANY_CALLS = graphqlList(CALL_LIST, { first: 'Int' })
export type WireCall = GraphqlRecord<typeof CALLS>

/** The fields of the wire contract that are read of each type. */
export const RECORD_RULES: Readonly<Record<string, RecordRules>> = Object.fromEntries(
  [USERS, ROUTES, RING_GROUPS, CALLS].map(({ noun, fields }) => [noun, fields]),
)

/** For the profile. */
export const SYSTEM = graphqlQuery('system', 'version')
/** Whether a reload is done. */
export const RELOAD_STATE = graphqlQuery('fetchApiStatus', 'status message', { txnId: 'String' })

/** The writes; secrets that go with them are variables, as the server logs what fails. */
export const ADD_EXTENSION = graphqlMutation('addExtension', 'status message')
export const UPDATE_EXTENSION = graphqlMutation('updateExtension', 'status message')
export const DELETE_EXTENSION = graphqlMutation('deleteExtension', 'status message')
export const RELOAD = graphqlMutation('doreload', 'status message transaction_id')
