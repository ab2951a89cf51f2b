import { buildSchema, type GraphQLSchema } from 'graphql'

import { covers } from './scopes.js'

/** A root field: its signature, the scope that opens it, and the module it comes from. */
interface RootField {
  readonly signature: string
  readonly scope: string
}

const PAGING = 'first: Int, after: String, last: Int, before: String'
const READ = 'gql:core:read'

const QUERIES: readonly RootField[] = [
  { signature: `fetchAllExtensions(${PAGING}): ExtensionConnection`, scope: READ },
  { signature: `fetchAllValidExtensions(${PAGING}): ExtensionConnection`, scope: READ },
  { signature: 'fetchExtension(extensionId: ID): extension', scope: READ },
  { signature: `allCoreUsers(${PAGING}): CoreUserConnection`, scope: READ },
  { signature: 'coreUser(id: ID): coreuser', scope: READ },
  { signature: `fetchAllCoreDevices(${PAGING}): CoreDeviceConnection`, scope: READ },
  { signature: 'fetchCoreDevice(device_id: ID): coredevice', scope: READ },
  { signature: `allInboundRoutes(${PAGING}): InboundRouteConnection`, scope: `${READ}:did` },
  { signature: 'inboundRoute(id: ID): did', scope: `${READ}:did` },
  { signature: `fetchAllRingGroups(${PAGING}): RingGroupConnection`, scope: 'gql:ringgroups:read' },
  { signature: 'fetchRingGroup(groupNumber: ID): ringgroup', scope: 'gql:ringgroups:read' },
  {
    signature:
      'fetchAllCdrs(first: Int, after: Int, orderby: CdrOrder, startDate: String, endDate: String): CdrConnection',
    scope: 'gql:cdr:read',
  },
  { signature: 'fetchCdr(id: ID): cdr', scope: 'gql:cdr:read' },
  { signature: 'fetchVoiceMail(extensionId: ID): voicemail', scope: 'gql:voicemail:read' },
  { signature: 'fetchNeedReload: reloadState', scope: 'gql:framework' },
  { signature: 'fetchApiStatus(txnId: String): apiState', scope: 'gql:framework' },
  { signature: 'system: systemState', scope: 'gql:framework:read:system' },
]

const EXTENSION_INPUT =
  'tech: String, channelName: String, outboundCid: String, emergencyCid: String, umEnable: Boolean, umGroups: String, ' +
  'umPassword: String, vmEnable: Boolean, vmPassword: String, callerID: String, maxContacts: String, clientMutationId: String'

const mutation = (name: string, scope: string, more = ''): RootField => ({
  signature: `${name}(input: ${name}Input!): ${more || 'mutationReply'}`,
  scope,
})

const MUTATIONS: readonly RootField[] = [
  mutation('addExtension', 'gql:core:write'),
  mutation('updateExtension', 'gql:core:write'),
  mutation('deleteExtension', 'gql:core:write'),
  mutation('addInboundRoute', 'gql:core:write:did', 'routeReply'),
  mutation('updateInboundRoute', 'gql:core:write:did', 'routeReply'),
  mutation('removeInboundRoute', 'gql:core:write:did', 'routeReply'),
  mutation('addRingGroup', 'gql:ringgroups:write'),
  // With a capital, unlike the others.
  {
    signature: 'deleteRingGroup(input: DeleteRingGroupInput!): mutationReply',
    scope: 'gql:ringgroups:write',
  },
  mutation('doreload', 'gql:framework', 'reloadReply'),
]

const TYPES = `
  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type extension implements Node {
    id: ID! status: Boolean message: String extensionId: ID tech: String coreDevice: coredevice user: coreuser pjsip: String
  }
  type ExtensionEdge { node: extension cursor: String! }
  type ExtensionConnection {
    status: Boolean message: String totalCount: Int count: Int edges: [ExtensionEdge] pageInfo: PageInfo! extension: [extension]
  }
  type coreuser implements Node {
    id: ID! extension: String! name: String voicemail: String outboundCid: String ringtimer: Int
    noanswerDestination: String busyDestination: String chanunavailDestination: String
    noanswer: String recording: String sipname: String mohclass: String callwaiting: String
    noanswerCid: String busyCid: String chanunavailCid: String recording_priority: Int
    password: String extPassword: String
  }
  type CoreUserEdge { node: coreuser cursor: String! }
  type CoreUserConnection { totalCount: Int edges: [CoreUserEdge] pageInfo: PageInfo! coreUser: [coreuser] }
  type coredevice implements Node {
    id: ID! deviceId: ID! dial: String devicetype: String description: String emergencyCid: String tech: String
    user: coreuser status: Boolean message: String
  }
  type CoreDeviceConnection { totalCount: Int edges: [ExtensionEdge] pageInfo: PageInfo! coreDevice: [coredevice] }
  type did implements Node {
    id: ID! extension: String! cidnum: String description: String destinationConnection: String
    privacyman: Boolean ringing: Boolean pricid: Boolean reversal: Boolean fanswer: Boolean
    alertinfo: String mohclass: String grppre: String pmmaxretries: String pmminlength: String rvolume: String
    delay_answer: Int
  }
  type InboundRouteEdge { node: did cursor: String! }
  type InboundRouteConnection { totalCount: Int edges: [InboundRouteEdge] pageInfo: PageInfo! inboundRoutes: [did] }
  enum RingStrategy { ringall ringallprim hunt huntprim memoryhunt memoryhuntprim firstavailable firstnotonphone }
  type ringgroup implements Node {
    id: ID! status: Boolean message: String groupNumber: Int description: String groupList: String groupTime: Int
    strategy: RingStrategy postAnswer: String groupPrefix: String needConf: Boolean
  }
  type RingGroupEdge { node: ringgroup cursor: String! }
  type RingGroupConnection {
    status: Boolean message: String totalCount: Int edges: [RingGroupEdge] pageInfo: PageInfo! ringgroups: [ringgroup]
  }
  enum CdrOrder { date duration }
  type cdr implements Node {
    id: ID! status: Boolean message: String uniqueid: String sequence: String linkedid: String calldate: String timestamp: Int
    duration: Int billsec: Int disposition: String clid: String src: String cnum: String outbound_cnum: String
    outbound_cnam: String dst: String dst_cnam: String dcontext: String did: String channel: String dstchannel: String
    lastapp: String lastdata: String accountcode: String peeraccount: String userfield: String recordingfile: String
    amaflags: String
  }
  type CdrEdge { node: cdr cursor: String! }
  type CdrConnection {
    status: Boolean message: String totalCount: Int edges: [CdrEdge] pageInfo: PageInfo! cdrs: [cdr]
  }
  type voicemail { status: Boolean message: String name: String email: String password: String context: String }
  type reloadState { status: Boolean message: String }
  type apiState { status: Boolean message: String }
  type systemState { version: String engine: String needReload: Boolean status: Boolean message: String }
  type mutationReply { status: Boolean message: String clientMutationId: String }
  type routeReply { status: Boolean message: String inboundRoute: did deletedId: ID clientMutationId: String }
  type reloadReply { status: Boolean message: String transaction_id: String clientMutationId: String }
  input addExtensionInput { extensionId: ID! name: String! email: String! ${EXTENSION_INPUT} }
  input updateExtensionInput { extensionId: ID! name: String email: String extPassword: String ${EXTENSION_INPUT} }
  input deleteExtensionInput { extensionId: ID! clientMutationId: String }
  input addInboundRouteInput {
    destination: String! extension: String cidnum: String description: String clientMutationId: String
  }
  input updateInboundRouteInput {
    destination: String! extension: String cidnum: String description: String oldExtension: String oldCidnum: String
    clientMutationId: String
  }
  input removeInboundRouteInput { id: ID! clientMutationId: String }
  input addRingGroupInput {
    groupNumber: ID! strategy: String! extensionList: String! ringTime: String description: String postAnswer: String
    groupPrefix: String clientMutationId: String
  }
  input DeleteRingGroupInput { groupNumber: Int! clientMutationId: String }
  input doreloadInput { clientMutationId: String }
`

const built = new Map<string, GraphQLSchema>()

/**
 * What a token sees: only what its scopes open, and what is installed. There is a query in any case,
 * so that a schema is one.
 */
export function schemaFor(scopes: readonly string[], missing: readonly string[]): GraphQLSchema {
  const open = (fields: readonly RootField[]) =>
    fields
      .filter(({ scope }) => covers(scopes, scope) && !missing.includes(scope.split(':')[1]!))
      .map(({ signature }) => signature)
  const queries = ['node(id: ID!): Node', ...open(QUERIES)]
  const mutations = open(MUTATIONS)
  const roots = `type Query { ${queries.join('\n')} }\n${mutations.length > 0 ? `type Mutation { ${mutations.join('\n')} }` : ''}`
  const known = built.get(roots)
  if (known) return known
  const schema = buildSchema(TYPES + roots)
  built.set(roots, schema)
  return schema
}
