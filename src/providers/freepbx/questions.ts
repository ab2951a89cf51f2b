/**
 * What is asked of FreePBX, one root field each: the failure of one would lose the others. `status`
 * and `message` wherever there are any, never a secret, and nothing that is known to fail.
 */
export interface Question {
  readonly field: string
  readonly query: string
}

const question = (field: string, selection: string, parameters = '', passed = ''): Question => ({
  field,
  query: `query ${field}${parameters} { ${field}${passed} { ${selection} } }`,
})

/** The three columns that one SQL reads; `totalCount` is an error there. */
export const USERS = question('allCoreUsers', 'coreUser { extension name voicemail }')

/** Twenty look-ups for each extension: asked for only when needed. */
export const EXTENSIONS = question(
  'fetchAllExtensions',
  'status message extension { extensionId tech coreDevice { emergencyCid } user { extension outboundCid noanswerDestination busyDestination chanunavailDestination } }',
)

/** The lists that a write may not have changed. */
export const ROUTES = question(
  'allInboundRoutes',
  'inboundRoutes { id extension cidnum description destinationConnection }',
)

/** Without `strategy`: one of its words is an error, which 15 and 16 answer in place of the list. */
export const RING_GROUPS = question(
  'fetchAllRingGroups',
  'status message ringgroups { id groupNumber description groupList groupTime }',
)

/** Without `lastdata`, which has addresses. */
const CALL =
  'uniqueid linkedid sequence calldate timestamp duration billsec disposition clid src cnum outbound_cnum dst dcontext did ' +
  'channel dstchannel lastapp recordingfile'
const CALLS_SELECTION = `status message totalCount cdrs { ${CALL} }`
const DAYS = '$first: Int, $startDate: String, $endDate: String'
const PASSED_DAYS = 'first: $first, startDate: $startDate, endDate: $endDate'

/** Whole days; both ends are inclusive. */
export const CALLS = question('fetchAllCdrs', CALLS_SELECTION, `(${DAYS})`, `(${PASSED_DAYS})`)
/** The same from an offset on, where that works. */
export const CALLS_AFTER = question(
  'fetchAllCdrs',
  CALLS_SELECTION,
  `(${DAYS}, $after: Int)`,
  `(${PASSED_DAYS}, after: $after)`,
)
/** Any one row at all. */
export const ANY_CALL = question('fetchAllCdrs', CALLS_SELECTION, '($first: Int)', '(first: $first)')

/** For the profile. */
export const SYSTEM = question('system', 'version')

/** Whether a reload is done. */
export const RELOAD_STATE = question('fetchApiStatus', 'status message', '($txnId: String)', '(txnId: $txnId)')

const mutation = (field: string, selection: string): Question => ({
  field,
  query: `mutation ${field}($input: ${field}Input!) { ${field}(input: $input) { ${selection} } }`,
})

/** The writes; secrets that go with them are variables, as the server logs what fails. */
export const ADD_EXTENSION = mutation('addExtension', 'status message')
export const UPDATE_EXTENSION = mutation('updateExtension', 'status message')
export const DELETE_EXTENSION = mutation('deleteExtension', 'status message')
export const RELOAD = mutation('doreload', 'status message transaction_id')
