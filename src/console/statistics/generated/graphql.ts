/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How far an archive is. */
export type ArchiveState =
  /** Older calls are still being fetched. */
  | 'BACKFILLING'
  /** Its last looks failed, or came too late; it catches up by itself. */
  | 'BEHIND'
  /** It has every call of its time, as of its last look. */
  | 'CURRENT'
  /** It cannot look: the login has ended, or the provider refuses. Somebody must repair that. */
  | 'STOPPED';

/** Which way a call went. */
export type CallDirection =
  /** From outside to us. */
  | 'INBOUND'
  /** Between our own lines. */
  | 'INTERNAL'
  /** From us to outside. */
  | 'OUTBOUND'
  /** A word we do not know. */
  | 'UNKNOWN';

/** How a call ended. */
export type CallDisposition =
  /** Somebody, or a menu, took the call. */
  | 'ANSWERED'
  /** The line was busy. */
  | 'BUSY'
  /** The caller gave up. */
  | 'CANCELLED'
  /** The call could not be made. */
  | 'FAILED'
  /** The call is still going on. */
  | 'IN_PROGRESS'
  /** Somebody called us and nobody took it. */
  | 'MISSED'
  /** We called and nobody took it. */
  | 'NO_ANSWER'
  /** The other side refused the call. */
  | 'REJECTED'
  /** A word we do not know; see nativeDisposition. */
  | 'UNKNOWN'
  /** A message could be left. */
  | 'VOICEMAIL';

/** What was sent over the line. */
export type CallKind =
  /** A fax was sent. */
  | 'FAX'
  /** A word we do not know. */
  | 'UNKNOWN'
  /** People talked. */
  | 'VOICE';

/** Which calls to list; every field narrows the list, the values of one field widen it. */
export type CallRecordFilter = {
  /** Only calls of these accounts. */
  accountIds?: Array<string | number> | null | undefined;
  /** The same by the keys the accounts have in the configuration, for whoever writes the query by hand. */
  accountKeys?: Array<string> | null | undefined;
  /** The one called has one of these numbers. */
  calleeNumbers?: Array<string> | null | undefined;
  /** The caller has one of these numbers. */
  callerNumbers?: Array<string> | null | undefined;
  /** One of these numbers of ours was dialled or shown. */
  didIds?: Array<string | number> | null | undefined;
  /** Only calls that went one of these ways. */
  directions?: Array<CallDirection> | null | undefined;
  /** Only calls that ended in one of these ways. */
  dispositions?: Array<CallDisposition> | null | undefined;
  /** Only calls that lasted this long from start to end; a call that still goes on has no length yet. */
  durationSeconds?: SecondsRange | null | undefined;
  /** One of these extensions called, was called, took the call, or rang on its way, even when another phone was faster. */
  extensionIds?: Array<string | number> | null | undefined;
  /** The call went to or passed through one of these groups. */
  groupIds?: Array<string | number> | null | undefined;
  /** Whether there is a recording to listen to; calls whose provider does not tell are in neither list. */
  hasRecording?: boolean | null | undefined;
  /** Only calls of these kinds. */
  kinds?: Array<CallKind> | null | undefined;
  /** Either side of the call has one of these numbers, however its provider writes it. */
  numbers?: Array<string> | null | undefined;
  /** Only calls that began in this time. */
  startedAt?: DateTimeRange | null | undefined;
};

/** What statistics of calls can be told apart by. */
export type CallStatisticsDimension =
  /** The account. */
  | 'ACCOUNT'
  /** Each day. */
  | 'DAY'
  /** The days of the week, over all weeks. */
  | 'DAY_OF_WEEK'
  /** The number of ours that was dialled or shown. */
  | 'DID'
  /** Which way the calls went. */
  | 'DIRECTION'
  /** How they ended. */
  | 'DISPOSITION'
  /** Whoever took part: a call counts in `calls` and `missed` of each, even by ringing only, and in everything else of those who answered or made it. */
  | 'EXTENSION'
  /** The groups passed: a call counts in the row of each, wherever it was answered. */
  | 'GROUP'
  /** Each hour; at most one of HOUR, DAY, WEEK and MONTH is possible. */
  | 'HOUR'
  /** The hours of the day, over all days. */
  | 'HOUR_OF_DAY'
  /** Each month. */
  | 'MONTH'
  /** Each week, from Monday. */
  | 'WEEK';

/** A stretch of time; a missing end leaves it open. */
export type DateTimeRange = {
  /** Inclusive. */
  from?: string | null | undefined;
  /** Exclusive. */
  until?: string | null | undefined;
};

/** A day of the week. */
export type DayOfWeek =
  /** Friday. */
  | 'FRIDAY'
  /** Monday. */
  | 'MONDAY'
  /** Saturday. */
  | 'SATURDAY'
  /** Sunday. */
  | 'SUNDAY'
  /** Thursday. */
  | 'THURSDAY'
  /** Tuesday. */
  | 'TUESDAY'
  /** Wednesday. */
  | 'WEDNESDAY';

/** Why something failed; the same words as in `errors[].extensions.code`. */
export type ErrorCode =
  /** An argument cannot be used. */
  | 'BAD_USER_INPUT'
  /** This provider, or this account, does not have it. */
  | 'CAPABILITY_UNSUPPORTED'
  /** The stored login cannot be read or written now. */
  | 'CREDENTIALS_UNAVAILABLE'
  /** A page of another site could have sent this request: add a header that it cannot send, or list its origin. */
  | 'CSRF_PREVENTED'
  /** The cursor was changed or belongs to another list. */
  | 'CURSOR_INVALID'
  /** The caller lacks a scope. */
  | 'FORBIDDEN'
  /** The document is not GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** A defect of this server. */
  | 'INTERNAL_SERVER_ERROR'
  /** The object to be changed does not exist. */
  | 'NOT_FOUND'
  /** The operation asks for more than one operation may. */
  | 'OPERATION_TOO_COMPLEX'
  /** No document is stored under this hash; send it once in full. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** The provider answered something that cannot be read. */
  | 'PROVIDER_BAD_RESPONSE'
  /** The login is good but not allowed to do this. */
  | 'PROVIDER_FORBIDDEN'
  /** The client id, secret or address of the account is wrong; for the operator. */
  | 'PROVIDER_MISCONFIGURED'
  /** The provider asks us to wait. */
  | 'PROVIDER_RATE_LIMITED'
  /** The provider refused the request. */
  | 'PROVIDER_REJECTED'
  /** The provider did not answer in time. */
  | 'PROVIDER_TIMEOUT'
  /** The provider cannot be reached or fails. */
  | 'PROVIDER_UNAVAILABLE'
  /** Too many operations from this caller. */
  | 'RATE_LIMITED'
  /** Only a person can repair the login. */
  | 'REAUTHORIZATION_REQUIRED'
  /** This server cannot serve now. */
  | 'SERVICE_UNAVAILABLE'
  /** The caller's own credential is missing or bad. */
  | 'UNAUTHENTICATED';

/** A range of whole seconds, both ends included; a missing end leaves it open. */
export type SecondsRange = {
  /** The most. */
  max?: number | null | undefined;
  /** The least. */
  min?: number | null | undefined;
};

/** How much of its part one account gave. */
export type SourceState =
  /** Everything that was asked. */
  | 'COMPLETE'
  /** Nothing; the error code tells why. */
  | 'FAILED'
  /** A part; the gap tells what is missing. */
  | 'PARTIAL'
  /** From a cache, because the provider cannot answer now. */
  | 'STALE'
  /** Nothing, because the provider does not have such objects. */
  | 'UNSUPPORTED';

export type ConsoleZonesQueryVariables = Exact<{
  whole: boolean;
}>;


export type ConsoleZonesQuery = { accounts: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, timeZone: string, archive?: { state: ArchiveState, progress: number | null } | null } }> } };

export type ConsoleStatisticsQueryVariables = Exact<{
  filter: CallRecordFilter;
  filterBefore: CallRecordFilter;
  groupBy: Array<CallStatisticsDimension> | CallStatisticsDimension;
  timeZone: string;
  whole: boolean;
}>;


export type ConsoleStatisticsQuery = { during: { truncated: boolean, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string, archive?: { state: ArchiveState, progress: number | null, lastSyncedAt: string | null } | null } }>, rows: Array<{ period: string | null, hourOfDay: number | null, dayOfWeek: DayOfWeek | null, calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null, group: { id: string, label: string } | null, extension: { id: string, label: string } | null }>, total: { calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null } } | null, before: { sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string, archive?: { state: ArchiveState, progress: number | null, lastSyncedAt: string | null } | null } }>, rows: Array<{ period: string | null, hourOfDay: number | null, dayOfWeek: DayOfWeek | null, calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null, group: { id: string, label: string } | null, extension: { id: string, label: string } | null }>, total: { calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null } } | null };

export type ConsoleCountedFragment = { state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string, archive?: { state: ArchiveState, progress: number | null, lastSyncedAt: string | null } | null } };

export type ConsoleSumsFragment = { rows: Array<{ period: string | null, hourOfDay: number | null, dayOfWeek: DayOfWeek | null, calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null, group: { id: string, label: string } | null, extension: { id: string, label: string } | null }>, total: { calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null } };

export type ConsoleFiguresFragment = { calls: number, answered: number, missed: number, serviceLevel: number | null, median: number | null, ninetieth: number | null };

export const ConsoleCountedFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCounted"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCountedFragment, unknown>;
export const ConsoleFiguresFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleFigures"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatisticsRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"answered"}},{"kind":"Field","name":{"kind":"Name","value":"missed"}},{"kind":"Field","name":{"kind":"Name","value":"serviceLevel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withinSeconds"},"value":{"kind":"IntValue","value":"20"}}]},{"kind":"Field","alias":{"kind":"Name","value":"median"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"50"}}]},{"kind":"Field","alias":{"kind":"Name","value":"ninetieth"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"90"}}]}]}}]} as unknown as DocumentNode<ConsoleFiguresFragment, unknown>;
export const ConsoleSumsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSums"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatistics"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"period"}},{"kind":"Field","name":{"kind":"Name","value":"hourOfDay"}},{"kind":"Field","name":{"kind":"Name","value":"dayOfWeek"}},{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleFigures"}}]}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleFigures"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleFigures"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatisticsRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"answered"}},{"kind":"Field","name":{"kind":"Name","value":"missed"}},{"kind":"Field","name":{"kind":"Name","value":"serviceLevel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withinSeconds"},"value":{"kind":"IntValue","value":"20"}}]},{"kind":"Field","alias":{"kind":"Name","value":"median"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"50"}}]},{"kind":"Field","alias":{"kind":"Name","value":"ninetieth"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"90"}}]}]}}]} as unknown as DocumentNode<ConsoleSumsFragment, unknown>;
export const ConsoleZonesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleZones"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleZonesQuery, ConsoleZonesQueryVariables>;
export const ConsoleStatisticsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleStatistics"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filterBefore"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatisticsDimension"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TimeZone"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"during"},"name":{"kind":"Name","value":"callStatistics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"timeZone"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleSums"}},{"kind":"Field","name":{"kind":"Name","value":"truncated"}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCounted"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"before"},"name":{"kind":"Name","value":"callStatistics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filterBefore"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"timeZone"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleSums"}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCounted"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleFigures"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatisticsRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"answered"}},{"kind":"Field","name":{"kind":"Name","value":"missed"}},{"kind":"Field","name":{"kind":"Name","value":"serviceLevel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withinSeconds"},"value":{"kind":"IntValue","value":"20"}}]},{"kind":"Field","alias":{"kind":"Name","value":"median"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"50"}}]},{"kind":"Field","alias":{"kind":"Name","value":"ninetieth"},"name":{"kind":"Name","value":"waitSeconds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"percentile"},"value":{"kind":"IntValue","value":"90"}}]}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSums"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallStatistics"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"period"}},{"kind":"Field","name":{"kind":"Name","value":"hourOfDay"}},{"kind":"Field","name":{"kind":"Name","value":"dayOfWeek"}},{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleFigures"}}]}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleFigures"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCounted"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleStatisticsQuery, ConsoleStatisticsQueryVariables>;