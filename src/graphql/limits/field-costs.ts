/** Lists of an account; each is read once within an operation, whoever needs it. */
export type ListName = 'dids' | 'extensions' | 'groups'

/** What a field may make the server ask providers for, besides what its parent did. */
export interface FieldCost {
  /** Lists in which its objects are looked up. */
  readonly lists?: readonly ListName[]
  /** A request for each object, where the provider says that it tells this of one object at a time. */
  readonly each?: true
  /** A page of calls of every account that may have some. */
  readonly calls?: true
  /** Details of so many objects of every account whose provider tells one of these coordinates of one object at a time. */
  readonly sweep?: { readonly of: readonly string[]; readonly objects: number }
  /** One request for every account. */
  readonly account?: true
  /** Objects by their ids: a request for each call or recording, the lists for all others. */
  readonly ids?: true
}

/** What anything may turn out to be that a provider refers to by number, name or id. */
const ANYTHING = { lists: ['dids', 'extensions', 'groups'] } as const

/**
 * By schema coordinate; a field that is not here costs nothing by itself.
 *
 * Lists and details are shared within an operation, so the figures are what is asked at most. How many groups or extensions an account
 * has, and how far a call log must be walked until enough calls match a filter that the provider cannot evaluate, nobody knows before it
 * is read: of those a usual number is taken, and the count of what is really sent stops the rest.
 */
export const FIELD_COSTS: Readonly<Record<string, FieldCost>> = {
  'Query.dids': { lists: ['dids'] },
  'Query.extensions': { lists: ['extensions'] },
  'Query.groups': { lists: ['groups'] },
  'Query.callRecords': { calls: true },
  'Query.node': { ids: true },
  'Query.nodes': { ids: true },

  'Account.profile': { account: true },
  'AccountProfile.messageCredits': { each: true },
  'Account.dids': { lists: ['dids'] },
  'Account.extensions': { lists: ['extensions'] },
  'Account.groups': { lists: ['groups'] },
  'Account.callRecords': { calls: true },

  'Did.destination': ANYTHING,
  'Did.businessHours': { each: true },
  'Did.callRecords': { calls: true, lists: ['dids'] },

  'Extension.callerIdDid': { each: true, lists: ['dids'] },
  'Extension.voicemailEnabled': { each: true },
  'Extension.forwarding': { each: true },
  'Extension.callPermissions': { each: true },
  'Extension.groups': { lists: ['groups', 'extensions'], sweep: { of: ['Group.members'], objects: 5 } },
  'Extension.dids': { lists: ['dids', 'extensions'] },
  'Extension.callRecords': { calls: true, lists: ['extensions'] },
  'ForwardingRule.destination': ANYTHING,
  'VoicemailBox.extension': { lists: ['extensions'] },

  'Group.number': { each: true },
  'Group.members': { each: true, ...ANYTHING },
  'Group.memberCount': { each: true },
  'Group.dids': { lists: ['dids', 'groups'] },
  'Group.callRecords': { calls: true, lists: ['groups'] },

  'CallRecord.did': { lists: ['dids'] },
  'CallRecord.answeredBy': { each: true, ...ANYTHING },
  'CallRecord.groups': { each: true, lists: ['groups'] },
  'CallRecord.legs': { each: true },
  'CallLeg.target': ANYTHING,
  'CallParty.endpoint': ANYTHING,
  'CallParty.extension': { lists: ['extensions'] },

  'PhoneNumberLookup.dids': { lists: ['dids'] },
  'PhoneNumberLookup.extensions': {
    lists: ['extensions'],
    sweep: { of: ['Extension.callerIdDid', 'Extension.forwarding'], objects: 25 },
  },
  'PhoneNumberLookup.callRecords': { calls: true },
}

/** Lists that a filter of calls is looked up in, by the field of `CallRecordFilter`. */
export const FILTER_LISTS: Readonly<Record<string, ListName>> = {
  extensionIds: 'extensions',
  groupIds: 'groups',
  didIds: 'dids',
}

/** Lists that objects are looked up in by their ids, by the types of those. */
export const ID_LISTS: Readonly<Record<ListName, readonly string[]>> = {
  dids: ['Did', 'AutoAttendant'],
  extensions: ['Extension'],
  groups: ['Group'],
}

/** Filters of calls that may make a provider's calls be completed one by one. */
export const NUMBER_FILTERS = ['numbers', 'callerNumbers', 'calleeNumbers'] as const

/** Values that are as large as several, by their type: a provider's own payload is a whole object. */
export const WEIGHTS: Readonly<Record<string, number>> = { JSON: 10 }

/** Items of a list that has no pages: legs of a call, groups it passed through. */
export const UNTOLD = 5
/** What the fields take where no page size is given; 25 where nothing is said here. */
export const DEFAULT_PAGES: Readonly<Record<string, number>> = { 'Group.members': 50 }
export const DEFAULT_PAGE = 25
