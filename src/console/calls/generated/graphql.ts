/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** What happened at one step of a call. */
export type CallLegAction =
  /** Two sides were connected. */
  | 'BRIDGE'
  /** The call came in on one of our numbers. */
  | 'ENTER_DID'
  /** The call went to a group or queue. */
  | 'ENTER_GROUP'
  /** The caller heard a menu. */
  | 'ENTER_MENU'
  /** The call was sent on to another number. */
  | 'FORWARD'
  /** A phone rang. */
  | 'RING'
  /** The call was handed over. */
  | 'TRANSFER'
  /** A step we do not know; see nativeAction. */
  | 'UNKNOWN'
  /** The caller could leave a message. */
  | 'VOICEMAIL';

/** How one step of a call ended. */
export type CallLegResult =
  /** It was taken here. */
  | 'ANSWERED'
  /** Another phone was faster. */
  | 'ANSWERED_ELSEWHERE'
  /** This phone was busy. */
  | 'BUSY'
  /** The caller gave up while it rang here. */
  | 'CANCELLED'
  /** The call went on to the next step. */
  | 'CONTINUED'
  /** It could not be delivered here. */
  | 'FAILED'
  /** Nobody took it here. */
  | 'NO_ANSWER'
  /** It was refused here. */
  | 'REJECTED'
  /** A word we do not know; see nativeResult. */
  | 'UNKNOWN';

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

/** What kind of problem it is. */
export type CallRecordsExportErrorCode =
  /** The key stood for another input before. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The input cannot be used, or there are too many exports; the message says what. */
  | 'INVALID'
  /** There is no such export. */
  | 'NOT_FOUND';

/** Which calls to write to a file, and how. */
export type CallRecordsExportInput = {
  /** Members of CallRecord; leave it out for all that cost no further request. */
  fields?: Array<string> | null | undefined;
  /** Which calls; `{}` for all. */
  filter: CallRecordFilter;
  /** How they are written. */
  format?: ExportFormat;
  /** Asks providers for what no archive has; otherwise that is a gap in `sources`. */
  fromProvider?: boolean | null | undefined;
  /** The same key and input give the same export, for as long as it is known. */
  idempotencyKey?: string | null | undefined;
  /** Adds each call's way. One more provider request per call where the provider keeps it apart. */
  includeLegs?: boolean | null | undefined;
  /** Gives a ZIP of the file and of `manifest.json`, which says what is in it and what is not. */
  includeManifest?: boolean | null | undefined;
  /** Writes times as this zone has them, with its offset; leave it out for UTC. */
  timeZone?: string | null | undefined;
};

/** How far a total can be trusted. */
export type CountPrecision =
  /** At least this many: a source was capped, failed, or cannot count. */
  | 'AT_LEAST'
  /** Every source gave an exact figure for this filter. */
  | 'EXACT';

/** A stretch of time; a missing end leaves it open. */
export type DateTimeRange = {
  /** Inclusive. */
  from?: string | null | undefined;
  /** Exclusive. */
  until?: string | null | undefined;
};

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

/** How calls are written to a file. */
export type ExportFormat =
  /** A line of a table for each call, RFC 4180; text that does not begin with a letter stands behind an apostrophe. */
  | 'CSV'
  /** A line of JSON for each call, by the schema's names. */
  | 'JSONL'
  /** A vCon for each call, one on a line, without recordings. */
  | 'VCON';

/** How far an export is. */
export type ExportStatus =
  /** Somebody cancelled it. */
  | 'CANCELLED'
  /** The file is there, and has everything that was asked. */
  | 'COMPLETED'
  /** The file is there; `sources` tells what is missing from it. */
  | 'COMPLETED_WITH_GAPS'
  /** The file was there, and is removed. */
  | 'EXPIRED'
  /** There is no file; `error` tells why. */
  | 'FAILED'
  /** Its file is being made, or waits for its turn. */
  | 'RUNNING';

/** Who ended a call. */
export type HangupParty =
  /** The one who was called. */
  | 'CALLEE'
  /** The one who called. */
  | 'CALLER'
  /** The switchboard. */
  | 'SYSTEM'
  /** The provider does not tell. */
  | 'UNKNOWN';

/** Whether a recording can be listened to. */
export type RecordingStatus =
  /** It can be listened to. */
  | 'AVAILABLE'
  /** It existed and was removed. */
  | 'DELETED'
  /** It is still being made. */
  | 'PENDING'
  /** A word we do not know. */
  | 'UNKNOWN';

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

export type ConsoleCallQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCallQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', providerResourceId: string, kind: CallKind, direction: CallDirection, startedAt: string, answeredAt: string | null, endedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, talkSeconds: number | null, disposition: CallDisposition, nativeDisposition: string | null, nativeHangupCause: string | null, hangupParty: HangupParty, id: string, cost: { amount: string, currencyCode: string | null } | null, caller: { label: string, number: string | null, rawNumber: string | null }, callee: { label: string, number: string | null, rawNumber: string | null }, account: { id: string, key: string, label: string, timeZone: string }, did: { id: string, label: string } | null, answeredBy:
        | { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null }
        | { __typename: 'Did', id: string, label: string, displayNumber: string | null }
        | { __typename: 'Extension', id: string, label: string, displayNumber: string | null }
        | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
        | { __typename: 'Group', id: string, label: string, displayNumber: string | null }
        | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
       | null, groups: Array<{ id: string, label: string }> | null, recordings: Array<{ id: string, status: RecordingStatus }> | null, legs: Array<{ id: string, parentId: string | null, action: CallLegAction, nativeAction: string | null, startedAt: string, answeredAt: string | null, endedAt: string | null, result: CallLegResult, target:
          | { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null }
          | { __typename: 'Extension', id: string, label: string, displayNumber: string | null }
          | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
          | { __typename: 'Group', id: string, label: string, displayNumber: string | null }
          | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
          | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
         | null }> | null }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', id: string }
    | { __typename: 'Extension', id: string }
    | { __typename: 'Group', id: string }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string }
   | null };

export type ConsoleRecordingQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleRecordingQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', id: string }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', id: string }
    | { __typename: 'Extension', id: string }
    | { __typename: 'Group', id: string }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string, link: { url: string, expiresAt: string } | null }
   | null };

export type ConsoleCallAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleCallAccountsQuery = { accounts: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, key: string, label: string, timeZone: string, country: string } }> } };

export type ConsoleCallsQueryVariables = Exact<{
  filter: CallRecordFilter;
  whole: boolean;
  after?: string | null | undefined;
}>;


export type ConsoleCallsQuery = { callRecords: { totalCount: number | null, countPrecision: CountPrecision | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, gap: { from: string | null, until: string | null, retryCursor: string } | null, account: { id: string, key: string, label: string, timeZone: string } }>, edges: Array<{ cursor: string, node: { id: string, kind: CallKind, direction: CallDirection, startedAt: string, durationSeconds: number | null, disposition: CallDisposition, caller: { label: string, number: string | null, rawNumber: string | null }, callee: { label: string, number: string | null, rawNumber: string | null }, recordings?: Array<{ id: string, status: RecordingStatus }> | null, account: { id: string, key: string, label: string, timeZone: string } } }> } | null };

export type ConsoleCallGapQueryVariables = Exact<{
  cursor: string;
  whole: boolean;
  after?: string | null | undefined;
}>;


export type ConsoleCallGapQuery = { callRecordGap: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, gap: { from: string | null, until: string | null, retryCursor: string } | null, account: { id: string, key: string, label: string, timeZone: string } }>, edges: Array<{ cursor: string, node: { id: string, kind: CallKind, direction: CallDirection, startedAt: string, durationSeconds: number | null, disposition: CallDisposition, caller: { label: string, number: string | null, rawNumber: string | null }, callee: { label: string, number: string | null, rawNumber: string | null }, recordings?: Array<{ id: string, status: RecordingStatus }> | null, account: { id: string, key: string, label: string, timeZone: string } } }> } | null };

export type ConsoleCallPageFragment = { pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, gap: { from: string | null, until: string | null, retryCursor: string } | null, account: { id: string, key: string, label: string, timeZone: string } }>, edges: Array<{ cursor: string, node: { id: string, kind: CallKind, direction: CallDirection, startedAt: string, durationSeconds: number | null, disposition: CallDisposition, caller: { label: string, number: string | null, rawNumber: string | null }, callee: { label: string, number: string | null, rawNumber: string | null }, recordings?: Array<{ id: string, status: RecordingStatus }> | null, account: { id: string, key: string, label: string, timeZone: string } } }> };

export type ConsoleCallSourceFragment = { state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, gap: { from: string | null, until: string | null, retryCursor: string } | null, account: { id: string, key: string, label: string, timeZone: string } };

export type ConsoleCallRowFragment = { id: string, kind: CallKind, direction: CallDirection, startedAt: string, durationSeconds: number | null, disposition: CallDisposition, caller: { label: string, number: string | null, rawNumber: string | null }, callee: { label: string, number: string | null, rawNumber: string | null }, recordings?: Array<{ id: string, status: RecordingStatus }> | null, account: { id: string, key: string, label: string, timeZone: string } };

export type ConsoleCallExtensionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleCallExtensionsQuery = { extensions: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, account: { id: string, label: string } }>, edges: Array<{ cursor: string, node: { id: string, label: string, number: string, account: { id: string, key: string, label: string } } }> } | null };

export type ConsoleCallGroupsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleCallGroupsQuery = { groups: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, account: { id: string, label: string } }>, edges: Array<{ cursor: string, node: { id: string, label: string, number: string | null, account: { id: string, key: string, label: string } } }> } | null };

export type ConsoleLineSourceFragment = { state: SourceState, account: { id: string, label: string } };

export type ConsoleCallLineQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCallLineQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', label: string, displayNumber: string | null, id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', id: string }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', label: string, displayNumber: string | null, id: string }
    | { __typename: 'Extension', label: string, displayNumber: string | null, id: string }
    | { __typename: 'Group', label: string, displayNumber: string | null, id: string }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string }
   | null };

export type ConsoleSpellingQueryVariables = Exact<{
  spelling: string;
  country?: string | null | undefined;
}>;


export type ConsoleSpellingQuery = { phoneNumber: { number: string } };

export type ConsoleExportCallsMutationVariables = Exact<{
  input: CallRecordsExportInput;
}>;


export type ConsoleExportCallsMutation = { callRecordsExport: { export: { id: string, status: ExportStatus, format: ExportFormat, recordCount: number, bytes: number, error: ErrorCode | null, link: { url: string } | null, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string } }> } | null, userErrors: Array<{ code: CallRecordsExportErrorCode, field: Array<string> | null, message: string }> } | null };

export type ConsoleCancelExportMutationVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCancelExportMutation = { callRecordsExportCancel: { export: { id: string, status: ExportStatus, format: ExportFormat, recordCount: number, bytes: number, error: ErrorCode | null, link: { url: string } | null, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string } }> } | null, userErrors: Array<{ code: CallRecordsExportErrorCode, message: string }> } | null };

export type ConsoleExportQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleExportQuery = { export: { id: string, status: ExportStatus, format: ExportFormat, recordCount: number, bytes: number, error: ErrorCode | null, link: { url: string } | null, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string } }> } | null };

export type ConsoleExportStateFragment = { id: string, status: ExportStatus, format: ExportFormat, recordCount: number, bytes: number, error: ErrorCode | null, link: { url: string } | null, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string } }> };

export const ConsoleCallSourceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"gap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"until"}},{"kind":"Field","name":{"kind":"Name","value":"retryCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}}]} as unknown as DocumentNode<ConsoleCallSourceFragment, unknown>;
export const ConsoleCallRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"disposition"}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"recordings"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}}]} as unknown as DocumentNode<ConsoleCallRowFragment, unknown>;
export const ConsoleCallPageFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"gap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"until"}},{"kind":"Field","name":{"kind":"Name","value":"retryCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"disposition"}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"recordings"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}}]} as unknown as DocumentNode<ConsoleCallPageFragment, unknown>;
export const ConsoleLineSourceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleLineSourceFragment, unknown>;
export const ConsoleExportStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleExportState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordExport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"recordCount"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"link"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleExportStateFragment, unknown>;
export const ConsoleCallDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCall"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providerResourceId"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"answeredAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"waitSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"talkSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"disposition"}},{"kind":"Field","name":{"kind":"Name","value":"nativeDisposition"}},{"kind":"Field","name":{"kind":"Name","value":"nativeHangupCause"}},{"kind":"Field","name":{"kind":"Name","value":"hangupParty"}},{"kind":"Field","name":{"kind":"Name","value":"cost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"did"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"answeredBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"recordings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"legs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"parentId"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"nativeAction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"answeredAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"result"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallQuery, ConsoleCallQueryVariables>;
export const ConsoleRecordingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleRecording"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Recording"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"link"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleRecordingQuery, ConsoleRecordingQueryVariables>;
export const ConsoleCallAccountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCallAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallAccountsQuery, ConsoleCallAccountsQueryVariables>;
export const ConsoleCallsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCalls"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callRecords"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"countPrecision"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallPage"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"gap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"until"}},{"kind":"Field","name":{"kind":"Name","value":"retryCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"disposition"}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"recordings"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallRow"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallsQuery, ConsoleCallsQueryVariables>;
export const ConsoleCallGapDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCallGap"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cursor"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callRecordGap"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cursor"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cursor"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallPage"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"gap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"until"}},{"kind":"Field","name":{"kind":"Name","value":"retryCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"disposition"}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"recordings"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleCallPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleCallRow"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallGapQuery, ConsoleCallGapQueryVariables>;
export const ConsoleCallExtensionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCallExtensions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extensions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLineSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleCallExtensionsQuery, ConsoleCallExtensionsQueryVariables>;
export const ConsoleCallGroupsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCallGroups"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"groups"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLineSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleCallGroupsQuery, ConsoleCallGroupsQueryVariables>;
export const ConsoleCallLineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCallLine"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallLineQuery, ConsoleCallLineQueryVariables>;
export const ConsoleSpellingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleSpelling"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"spelling"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"country"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phoneNumber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"spelling"},"value":{"kind":"Variable","name":{"kind":"Name","value":"spelling"}}},{"kind":"Argument","name":{"kind":"Name","value":"country"},"value":{"kind":"Variable","name":{"kind":"Name","value":"country"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}}]} as unknown as DocumentNode<ConsoleSpellingQuery, ConsoleSpellingQueryVariables>;
export const ConsoleExportCallsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleExportCalls"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordsExportInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callRecordsExport"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"export"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleExportState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleExportState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordExport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"recordCount"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"link"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleExportCallsMutation, ConsoleExportCallsMutationVariables>;
export const ConsoleCancelExportDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleCancelExport"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callRecordsExportCancel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"export"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleExportState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleExportState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordExport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"recordCount"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"link"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCancelExportMutation, ConsoleCancelExportMutationVariables>;
export const ConsoleExportDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleExport"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"export"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleExportState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleExportState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallRecordExport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"recordCount"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"link"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleExportQuery, ConsoleExportQueryVariables>;