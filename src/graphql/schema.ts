import { isAbstractType, printSchema, type GraphQLSchema } from 'graphql'
import { buildSchemaSync } from 'type-graphql'

import { AccountLinkResolver } from './resolvers/account-link.resolver.js'
import { AccountProfileResolver, AccountResolver } from './resolvers/account.resolver.js'
import {
  AccountCallRecordsResolver,
  CallRecordGapResolver,
  CallRecordListResolver,
  DidCallRecordsResolver,
  ExtensionCallRecordsResolver,
  GroupCallRecordsResolver,
  PhoneNumberCallRecordsResolver,
} from './resolvers/call-record-list.resolver.js'
import { CallLegResolver, CallPartyResolver, CallRecordResolver } from './resolvers/call-record.resolver.js'
import { DialableResolver } from './resolvers/dialable.resolver.js'
import { DidResolver } from './resolvers/did.resolver.js'
import { resolveDirectly } from './direct-resolvers.js'
import { ExtensionResolver, ForwardingRuleResolver, VoicemailBoxResolver } from './resolvers/extension.resolver.js'
import { GroupResolver } from './resolvers/group.resolver.js'
import { asSubgraph } from './federation/subgraph.js'
import { subgraphSdl } from './federation/subgraph-sdl.js'
import { requireCosts } from './limits/cost.js'
import { FED_ELSEWHERE } from './feed.js'
import { enforceScopes } from './needs.js'
import { NodeResolver } from './resolvers/node.resolver.js'
import { PhoneNumberResolver } from './resolvers/phone-number.resolver.js'
import { ProviderResourceResolver, SourceStatusResolver } from './resolvers/provider-resource.resolver.js'
import { ProviderResolver } from './resolvers/provider.resolver.js'
import { RecordingResolver } from './resolvers/recording.resolver.js'
import { AccountHealthResolver } from './resolvers/account-health.resolver.js'
import { CallWriteResolver } from './resolvers/call-write.resolver.js'
import { ExtensionWriteResolver } from './resolvers/extension-write.resolver.js'
import { ProviderChangeResolver } from './resolvers/provider-change.resolver.js'
import { AccountArchiveResolver, ArchiveStatusResolver } from './resolvers/archive/archive-status.resolver.js'
import { CallRecordChangeResolver } from './resolvers/archive/call-record-change.resolver.js'
import { CallRecordChangedResolver } from './resolvers/archive/call-record-changed.resolver.js'
import { CallStatisticsResolver } from './resolvers/archive/call-statistics.resolver.js'
import { CallRecordExportResolver } from './resolvers/archive/call-record-export.resolver.js'
import { CallEventsResolver } from './resolvers/call-events.resolver.js'
import { CallEventResolver, LiveCallResolver } from './resolvers/live-call.resolver.js'
import { ViewerResolver } from './resolvers/viewer.resolver.js'

export interface SchemaOptions {
  /** Whether a gateway may ask it as a subgraph. Default: false. */
  readonly federation?: boolean
}

const built = new Map<boolean, GraphQLSchema>()

/**
 * The whole graph, ready to be executed. Every caller gets the same object, read-only: building it
 * takes longer than the rest of a server's start.
 */
export function buildDialgraphSchema({ federation = false }: SchemaOptions = {}): GraphQLSchema {
  const schema = built.get(federation) ?? buildWholeSchema(federation)
  built.set(federation, schema)
  return schema
}

function buildWholeSchema(federation: boolean): GraphQLSchema {
  const plain = buildPlainSchema()
  const schema = federation ? asSubgraph(plain) : plain
  enforceScopes(schema)
  requireCosts(schema)
  return schema
}

function buildPlainSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      NodeResolver,
      ViewerResolver,
      ProviderResolver,
      AccountResolver,
      AccountProfileResolver,
      AccountLinkResolver,
      DidResolver,
      ExtensionResolver,
      GroupResolver,
      CallRecordListResolver,
      PhoneNumberResolver,
      CallRecordGapResolver,
      ForwardingRuleResolver,
      VoicemailBoxResolver,
      CallRecordResolver,
      CallPartyResolver,
      CallLegResolver,
      RecordingResolver,
      AccountCallRecordsResolver,
      DidCallRecordsResolver,
      ExtensionCallRecordsResolver,
      GroupCallRecordsResolver,
      PhoneNumberCallRecordsResolver,
      ProviderResourceResolver,
      DialableResolver,
      SourceStatusResolver,
      LiveCallResolver,
      CallEventResolver,
      CallEventsResolver,
      AccountHealthResolver,
      ExtensionWriteResolver,
      CallWriteResolver,
      ProviderChangeResolver,
      AccountArchiveResolver,
      ArchiveStatusResolver,
      CallRecordChangeResolver,
      CallRecordChangedResolver,
      CallStatisticsResolver,
      CallRecordExportResolver,
    ],
    validate: false,
    // It is asked for where there are subscriptions; theirs are fed by the event log.
    pubSub: { publish: FED_ELSEWHERE, subscribe: FED_ELSEWHERE },
    // The check runs the whole introspection query at every start, and graphql-js validates the
    // schema anyway.
    skipCheck: true,
  })
  resolveDirectly(schema)
  readTypeNames(schema)
  schema.getQueryType()!.description = 'Everything that can be asked.'
  schema.getSubscriptionType()!.description = 'Everything that can be followed as it happens.'
  schema.getMutationType()!.description = 'Everything that can be changed; one change of accounts in one operation.'
  return schema
}

/** The schema as it is published in `schema/schema.graphql`. */
export function printDialgraphSchema(): string {
  return `${printSchema(buildDialgraphSchema())}\n`
}

/** The same for composition by a gateway's tools, as it is published in `schema/subgraph.graphql`. */
export function printSubgraphSchema(): string {
  return `${subgraphSdl(buildDialgraphSchema())}\n`
}

/**
 * Every model object has a `__typename`, which graphql reads by itself; type-graphql would return a
 * promise for each.
 */
function readTypeNames(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = undefined
  }
}
