/** The lists of an account that other objects are looked up in. */
export type ListName = 'dids' | 'extensions' | 'groups'

/**
 * Schema coordinates of the fields that a provider may leave out of its lists and tell only in an
 * object's detail. Each provider says which of them it does (`Provider.costs`); the schema is not
 * built unless these are exactly the fields whose `@Cost` says `detail`.
 */
export const DETAIL_FIELDS = [
  'AccountProfile.messageCredits',
  'Did.businessHours',
  'Extension.callerIdDid',
  'Extension.voicemailEnabled',
  'Extension.forwarding',
  'Extension.callPermissions',
  'Group.number',
  'Group.members',
  'Group.memberCount',
  'CallRecord.answeredBy',
  'CallRecord.groups',
  'CallRecord.legs',
] as const
export type DetailField = (typeof DETAIL_FIELDS)[number]

/** Filters of calls by a number. */
export type NumberFilter = 'numbers' | 'callerNumbers' | 'calleeNumbers'

/** Filters of calls for which a provider may have to read the detail of every call they match. */
export type DetailFilter = `CallRecordFilter.${NumberFilter}`

/** Fields that are read once per account, however often an operation selects them. */
export type AccountField = 'Account.profile' | `Account.${ListName}`

/** Fields that lead from an object to others, which are looked up in a list of the same account. */
export type EdgeField =
  | 'Did.destination'
  | 'Extension.callerIdDid'
  | 'Extension.dids'
  | 'Extension.groups'
  | 'Group.dids'
  | 'Group.members'
