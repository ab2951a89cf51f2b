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

/** What happened to a call. */
export type CallEventType =
  /** Somebody took the call. */
  | 'ANSWERED'
  /** The call is over. */
  | 'ENDED'
  /** The call went to a group or queue. */
  | 'ENTERED_GROUP'
  /** The caller hears a menu. */
  | 'ENTERED_MENU'
  /** Somebody called us and nobody took it. */
  | 'MISSED'
  /** The call's record can be read now. */
  | 'RECORDED'
  /** A phone rings. */
  | 'RINGING'
  /** The call began. */
  | 'STARTED'
  /** The call was handed over. */
  | 'TRANSFERRED';

/** A call to be ended. */
export type CallHangUpInput = {
  /** The call. */
  id: string | number;
  /** 1 to 255 characters of your choice: repeated with the same input within 24 hours, the first answer is given again and nothing is sent. */
  idempotencyKey?: string | null | undefined;
};

/** A call to be placed, from exactly one of the three. */
export type CallOriginateInput = {
  /** The number of ours that is shown. */
  callerIdDidId?: string | number | null | undefined;
  /** From this menu. */
  fromAutoAttendantId?: string | number | null | undefined;
  /** Exactly one of the three: from this line. */
  fromExtensionId?: string | number | null | undefined;
  /** From whoever answers in this group. */
  fromGroupId?: string | number | null | undefined;
  /** 1 to 255 characters of your choice: repeated with the same input within 24 hours, the first answer is given again and nothing is sent. */
  idempotencyKey: string;
  /** Seconds for which it rings. */
  ringTimeoutSeconds?: number | null | undefined;
  /** The number to be called. */
  to: string;
};

/** A call to be moved to exactly one target. */
export type CallTransferInput = {
  /** The call. */
  id: string | number;
  /** 1 to 255 characters of your choice: repeated with the same input within 24 hours, the first answer is given again and nothing is sent. */
  idempotencyKey?: string | null | undefined;
  /** Exactly one: to this line. */
  toExtensionId?: string | number | null | undefined;
  /** To this group. */
  toGroupId?: string | number | null | undefined;
  /** To this number. */
  toNumber?: string | null | undefined;
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

/** What a call is doing now. */
export type LiveCallState =
  /** Two sides talk. */
  | 'ANSWERED'
  /** It is over. */
  | 'ENDED'
  /** The caller hears a menu. */
  | 'IN_MENU'
  /** The caller waits in a group or queue. */
  | 'QUEUED'
  /** A phone rings, or the call is on its way to one. */
  | 'RINGING'
  /** A word we do not know. */
  | 'UNKNOWN';

/** Why something was not changed at a provider. */
export type ProviderWriteErrorCode =
  /** This provider does not have it. */
  | 'CAPABILITY_UNSUPPORTED'
  /** What it is about has changed meanwhile, or is not clear. */
  | 'CONFLICT'
  /** The idempotency key stood for another input before. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A field is missing, or its value cannot be used; the message says why. */
  | 'INVALID'
  /** The same, or another change of the same object, is still under way; with an object: saved, and not yet in force. */
  | 'IN_PROGRESS'
  /** There is no such object. */
  | 'NOT_FOUND'
  /** Sent, and no answer came: it may have happened. */
  | 'OUTCOME_UNKNOWN'
  /** The provider refused it. */
  | 'PROVIDER_REJECTED'
  /** The provider cannot be reached, or takes nothing for now. */
  | 'PROVIDER_UNAVAILABLE'
  /** Another object has this already. */
  | 'TAKEN';

/** The kinds of object a provider may have. */
export type ResourceKind =
  /** The account itself and its profile. */
  | 'ACCOUNT'
  /** Calls that took place. */
  | 'CALL_RECORD'
  /** Numbers reachable from outside. */
  | 'DID'
  /** Internal lines. */
  | 'EXTENSION'
  /** Ring groups, queues, contact lists. */
  | 'GROUP'
  /** Calls going on now. */
  | 'LIVE_CALL'
  /** Recordings of calls. */
  | 'RECORDING';

/** What can be done with a kind of object. */
export type ResourceOperation =
  /** Make a new one. */
  | 'CREATE'
  /** Remove one. */
  | 'DELETE'
  /** Read them as a list. */
  | 'LIST'
  /** Start a call. */
  | 'ORIGINATE'
  /** Read one by its id. */
  | 'READ'
  /** Be told of changes as they happen. */
  | 'SUBSCRIBE'
  /** Change one. */
  | 'UPDATE';

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

/** How well a provider supports something. */
export type SupportLevel =
  /** This server builds it from other provider calls. */
  | 'EMULATED'
  /** The provider offers it. */
  | 'NATIVE'
  /** It cannot be had from this provider. */
  | 'UNSUPPORTED';

export type ConsoleHangUpMutationVariables = Exact<{
  input: CallHangUpInput;
}>;


export type ConsoleHangUpMutation = { callHangUp: { call: { id: string, state: LiveCallState } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: ProviderWriteErrorCode, providerMessage: string | null }> } | null };

export type ConsoleTransferMutationVariables = Exact<{
  input: CallTransferInput;
}>;


export type ConsoleTransferMutation = { callTransfer: { call: { id: string, state: LiveCallState } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: ProviderWriteErrorCode, providerMessage: string | null }> } | null };

export type ConsolePlaceCallMutationVariables = Exact<{
  input: CallOriginateInput;
}>;


export type ConsolePlaceCallMutation = { callOriginate: { accepted: boolean, call: { id: string, state: LiveCallState } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: ProviderWriteErrorCode, providerMessage: string | null }> } | null };

export type ConsoleWriteErrorFragment = { field: Array<string> | null, message: string, code: ProviderWriteErrorCode, providerMessage: string | null };

export type ConsoleLinesQueryVariables = Exact<{
  accounts: Array<string | number> | string | number;
  after?: string | null | undefined;
}>;


export type ConsoleLinesQuery = { extensions: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, label: string, number: string, account: { id: string, label: string, country: string } } }> } | null };

export type ConsoleOwnLineQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleOwnLineQuery = { viewer: { extension: { id: string, label: string, number: string, account: { id: string, label: string, country: string } } | null } };

export type ConsoleLineToChooseFragment = { id: string, label: string, number: string, account: { id: string, label: string, country: string } };

export type ConsoleShownNumbersQueryVariables = Exact<{
  account: string | number;
  after?: string | null | undefined;
}>;


export type ConsoleShownNumbersQuery = { dids: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, label: string, number: string | null, rawNumber: string } }> } | null };

export type ConsoleDialledQueryVariables = Exact<{
  spelling: string;
  country?: string | null | undefined;
}>;


export type ConsoleDialledQuery = { phoneNumber: { number: string } };

export type ConsoleLiveCallsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleLiveCallsQuery = { liveCalls: { cursor: string, nodes: Array<{ id: string, state: LiveCallState, direction: CallDirection, startedAt: string, answeredAt: string | null, endedAt: string | null, account: { id: string, key: string, label: string }, caller: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, callee: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, group: { id: string, label: string, number: string | null } | null, currentTarget:
        | { __typename: 'AutoAttendant', label: string, displayNumber: string | null, id: string }
        | { __typename: 'Extension', label: string, displayNumber: string | null, id: string }
        | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
        | { __typename: 'Group', label: string, displayNumber: string | null, id: string }
        | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
        | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
       | null }>, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, account: { id: string, label: string } }> } | null };

export type ConsoleCallEventsSubscriptionVariables = Exact<{
  resumeAfter?: string | null | undefined;
}>;


export type ConsoleCallEventsSubscription = { callEvents: { id: string, cursor: string, type: CallEventType, call: { id: string, state: LiveCallState, direction: CallDirection, startedAt: string, answeredAt: string | null, endedAt: string | null, account: { id: string, key: string, label: string }, caller: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, callee: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, group: { id: string, label: string, number: string | null } | null, currentTarget:
        | { __typename: 'AutoAttendant', label: string, displayNumber: string | null, id: string }
        | { __typename: 'Extension', label: string, displayNumber: string | null, id: string }
        | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
        | { __typename: 'Group', label: string, displayNumber: string | null, id: string }
        | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
        | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
       | null } } | null };

export type ConsoleLiveCallFragment = { state: LiveCallState, direction: CallDirection, startedAt: string, answeredAt: string | null, endedAt: string | null, account: { id: string, key: string, label: string }, caller: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, callee: { label: string, number: string | null, rawNumber: string | null, extension: { id: string, label: string, number: string } | null }, group: { id: string, label: string, number: string | null } | null, currentTarget:
    | { __typename: 'AutoAttendant', label: string, displayNumber: string | null, id: string }
    | { __typename: 'Extension', label: string, displayNumber: string | null, id: string }
    | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
    | { __typename: 'Group', label: string, displayNumber: string | null, id: string }
    | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
    | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
   | null };

export type ConsoleLineFragment = { id: string, label: string, number: string };

export type ConsoleLiveAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleLiveAccountsQuery = { accounts: { edges: Array<{ cursor: string, node: { id: string, key: string, label: string, capabilities: Array<{ resource: ResourceKind, operation: ResourceOperation, support: SupportLevel, unavailableFields: Array<string>, reason: string | null }> } }> } };

export type ConsoleRecordOfCallQueryVariables = Exact<{
  event: string | number;
}>;


export type ConsoleRecordOfCallQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string, callRecord: { id: string } | null }
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
    | { __typename: 'Recording', id: string }
   | null };

export const ConsoleWriteErrorFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleWriteError"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderWriteError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"providerMessage"}}]}}]} as unknown as DocumentNode<ConsoleWriteErrorFragment, unknown>;
export const ConsoleLineToChooseFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineToChoose"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}}]} as unknown as DocumentNode<ConsoleLineToChooseFragment, unknown>;
export const ConsoleLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]} as unknown as DocumentNode<ConsoleLineFragment, unknown>;
export const ConsoleLiveCallFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLiveCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LiveCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"answeredAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"Field","name":{"kind":"Name","value":"currentTarget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]} as unknown as DocumentNode<ConsoleLiveCallFragment, unknown>;
export const ConsoleHangUpDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleHangUp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallHangUpInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callHangUp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleWriteError"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleWriteError"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderWriteError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"providerMessage"}}]}}]} as unknown as DocumentNode<ConsoleHangUpMutation, ConsoleHangUpMutationVariables>;
export const ConsoleTransferDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleTransfer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallTransferInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callTransfer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleWriteError"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleWriteError"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderWriteError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"providerMessage"}}]}}]} as unknown as DocumentNode<ConsoleTransferMutation, ConsoleTransferMutationVariables>;
export const ConsolePlaceCallDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsolePlaceCall"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CallOriginateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callOriginate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleWriteError"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleWriteError"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderWriteError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"providerMessage"}}]}}]} as unknown as DocumentNode<ConsolePlaceCallMutation, ConsolePlaceCallMutationVariables>;
export const ConsoleLinesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleLines"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"accounts"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extensions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accountIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"accounts"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLineToChoose"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineToChoose"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}}]} as unknown as DocumentNode<ConsoleLinesQuery, ConsoleLinesQueryVariables>;
export const ConsoleOwnLineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleOwnLine"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLineToChoose"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLineToChoose"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}}]} as unknown as DocumentNode<ConsoleOwnLineQuery, ConsoleOwnLineQueryVariables>;
export const ConsoleShownNumbersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleShownNumbers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dids"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accountIds"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"account"}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleShownNumbersQuery, ConsoleShownNumbersQueryVariables>;
export const ConsoleDialledDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleDialled"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"spelling"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"country"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phoneNumber"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"spelling"},"value":{"kind":"Variable","name":{"kind":"Name","value":"spelling"}}},{"kind":"Argument","name":{"kind":"Name","value":"country"},"value":{"kind":"Variable","name":{"kind":"Name","value":"country"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}}]} as unknown as DocumentNode<ConsoleDialledQuery, ConsoleDialledQueryVariables>;
export const ConsoleLiveCallsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleLiveCalls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"liveCalls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLiveCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLiveCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LiveCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"answeredAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"Field","name":{"kind":"Name","value":"currentTarget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleLiveCallsQuery, ConsoleLiveCallsQueryVariables>;
export const ConsoleCallEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ConsoleCallEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"resumeAfter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"resumeAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"resumeAfter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLiveCall"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleLiveCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LiveCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"answeredAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"callee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleLine"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"Field","name":{"kind":"Name","value":"currentTarget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCallEventsSubscription, ConsoleCallEventsSubscriptionVariables>;
export const ConsoleLiveAccountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleLiveAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"resource"},"value":{"kind":"EnumValue","value":"LIVE_CALL"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"support"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableFields"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleLiveAccountsQuery, ConsoleLiveAccountsQueryVariables>;
export const ConsoleRecordOfCallDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleRecordOfCall"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"event"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"event"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CallEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callRecord"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleRecordOfCallQuery, ConsoleRecordOfCallQueryVariables>;