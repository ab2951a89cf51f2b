/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** Where a number stands in its life. */
export type DidStatus =
  /** Working. */
  | 'ACTIVE'
  /** The order was cancelled. */
  | 'CANCELLED'
  /** Ordered, not yet working. */
  | 'PENDING'
  /** Being brought over from another operator. */
  | 'PORTING'
  /** Given up or closed. */
  | 'TERMINATED'
  /** A word we do not know; see nativeStatus. */
  | 'UNKNOWN';

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

/** When calls are forwarded. */
export type ForwardingCondition =
  /** Every call. */
  | 'ALWAYS'
  /** When the line is busy. */
  | 'BUSY'
  /** When nobody answers. */
  | 'NO_ANSWER'
  /** A condition we do not know. */
  | 'UNKNOWN'
  /** When the call cannot be delivered: busy, unanswered or offline. */
  | 'UNREACHABLE';

/** What a group does with its members. */
export type GroupKind =
  /** A list of people to write to; no call ever rings here. */
  | 'CONTACT_LIST'
  /** Callers wait for a free agent. */
  | 'QUEUE'
  /** Its phones ring together or one after another. */
  | 'RING_GROUP'
  /** Agents who share a skill. */
  | 'SKILL_GROUP'
  /** A kind we do not know. */
  | 'UNKNOWN';

/** Whether a telephone is connected to the switchboard. */
export type RegistrationStatus =
  /** A device is connected now. */
  | 'REGISTERED'
  /** The provider does not tell. */
  | 'UNKNOWN'
  /** No device is connected now. */
  | 'UNREGISTERED';

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

export type ConsoleMembersQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleMembersQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', id: string }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', id: string }
    | { __typename: 'Extension', id: string }
    | { __typename: 'Group', ringTimeoutSeconds: number | null, id: string, members: { totalCount: number | null, edges: Array<{ cursor: string, priority: number | null, node:
            | { __typename: 'Extension', id: string, registration: RegistrationStatus, label: string, displayNumber: string | null }
            | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
            | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
           }> } | null }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string }
   | null };

export type ConsoleExtensionQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleExtensionQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', id: string }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', id: string }
    | { __typename: 'Extension', email: string | null, voicemailEnabled: boolean | null, callPermissions: Array<string> | null, id: string, callerIdDid: { id: string, label: string } | null, forwarding: Array<{ condition: ForwardingCondition, destination:
          | { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null }
          | { __typename: 'Extension', id: string, label: string, displayNumber: string | null }
          | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
          | { __typename: 'Group', id: string, label: string, displayNumber: string | null }
          | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
          | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
         | null }> | null }
    | { __typename: 'Group', id: string }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string }
   | null };

export type ConsoleDidQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleDidQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AutoAttendant', id: string }
    | { __typename: 'CallEvent', id: string }
    | { __typename: 'CallLeg', id: string }
    | { __typename: 'CallRecord', id: string }
    | { __typename: 'CallRecordChange', id: string }
    | { __typename: 'CallRecordExport', id: string }
    | { __typename: 'Did', nativeStatus: string | null, id: string, businessHours: { enabled: boolean, timeZone: string | null, days: Array<{ day: DayOfWeek, open: boolean, intervals: Array<{ start: string, end: string }> }> } | null }
    | { __typename: 'Extension', id: string }
    | { __typename: 'Group', id: string }
    | { __typename: 'LiveCall', id: string }
    | { __typename: 'Provider', id: string }
    | { __typename: 'ProviderChange', id: string }
    | { __typename: 'Recording', id: string }
   | null };

type ConsoleMember_AutoAttendant_Fragment = { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null };

type ConsoleMember_Did_Fragment = { __typename: 'Did', id: string, label: string, displayNumber: string | null };

type ConsoleMember_Extension_Fragment = { __typename: 'Extension', id: string, registration: RegistrationStatus, label: string, displayNumber: string | null };

type ConsoleMember_ExternalNumber_Fragment = { __typename: 'ExternalNumber', label: string, displayNumber: string | null };

type ConsoleMember_Group_Fragment = { __typename: 'Group', id: string, label: string, displayNumber: string | null };

type ConsoleMember_UnresolvedDestination_Fragment = { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null };

type ConsoleMember_VoicemailBox_Fragment = { __typename: 'VoicemailBox', label: string, displayNumber: string | null };

export type ConsoleMemberFragment =
  | ConsoleMember_AutoAttendant_Fragment
  | ConsoleMember_Did_Fragment
  | ConsoleMember_Extension_Fragment
  | ConsoleMember_ExternalNumber_Fragment
  | ConsoleMember_Group_Fragment
  | ConsoleMember_UnresolvedDestination_Fragment
  | ConsoleMember_VoicemailBox_Fragment
;

type ConsoleForwardedTo_AutoAttendant_Fragment = { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null };

type ConsoleForwardedTo_Did_Fragment = { __typename: 'Did', id: string, label: string, displayNumber: string | null };

type ConsoleForwardedTo_Extension_Fragment = { __typename: 'Extension', id: string, label: string, displayNumber: string | null };

type ConsoleForwardedTo_ExternalNumber_Fragment = { __typename: 'ExternalNumber', label: string, displayNumber: string | null };

type ConsoleForwardedTo_Group_Fragment = { __typename: 'Group', id: string, label: string, displayNumber: string | null };

type ConsoleForwardedTo_UnresolvedDestination_Fragment = { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null };

type ConsoleForwardedTo_VoicemailBox_Fragment = { __typename: 'VoicemailBox', label: string, displayNumber: string | null };

export type ConsoleForwardedToFragment =
  | ConsoleForwardedTo_AutoAttendant_Fragment
  | ConsoleForwardedTo_Did_Fragment
  | ConsoleForwardedTo_Extension_Fragment
  | ConsoleForwardedTo_ExternalNumber_Fragment
  | ConsoleForwardedTo_Group_Fragment
  | ConsoleForwardedTo_UnresolvedDestination_Fragment
  | ConsoleForwardedTo_VoicemailBox_Fragment
;

export type ConsoleDidsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleDidsQuery = { dids: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, account: { id: string, key: string, label: string } }>, edges: Array<{ cursor: string, node: { id: string, label: string, number: string | null, rawNumber: string, status: DidStatus, account: { id: string, key: string, label: string }, destination:
          | { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null }
          | { __typename: 'Extension', id: string, label: string, displayNumber: string | null }
          | { __typename: 'ExternalNumber', label: string, displayNumber: string | null }
          | { __typename: 'Group', id: string, label: string, displayNumber: string | null }
          | { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null }
          | { __typename: 'VoicemailBox', label: string, displayNumber: string | null }
         | null } }> } | null };

export type ConsoleGroupsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleGroupsQuery = { groups: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, account: { id: string, key: string, label: string } }>, edges: Array<{ cursor: string, node: { id: string, label: string, name: string | null, number: string | null, kind: GroupKind, memberCount: number | null, account: { id: string, key: string, label: string } } }> } | null };

export type ConsoleExtensionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleExtensionsQuery = { extensions: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, account: { id: string, key: string, label: string } }>, edges: Array<{ cursor: string, node: { id: string, label: string, number: string, displayName: string | null, registration: RegistrationStatus, account: { id: string, key: string, label: string } } }> } | null };

export type ConsoleSourceFragment = { state: SourceState, errorCode: ErrorCode | null, stalenessSeconds: number | null, account: { id: string, key: string, label: string } };

type ConsoleDestination_AutoAttendant_Fragment = { __typename: 'AutoAttendant', id: string, label: string, displayNumber: string | null };

type ConsoleDestination_Did_Fragment = { __typename: 'Did', id: string, label: string, displayNumber: string | null };

type ConsoleDestination_Extension_Fragment = { __typename: 'Extension', id: string, label: string, displayNumber: string | null };

type ConsoleDestination_ExternalNumber_Fragment = { __typename: 'ExternalNumber', label: string, displayNumber: string | null };

type ConsoleDestination_Group_Fragment = { __typename: 'Group', id: string, label: string, displayNumber: string | null };

type ConsoleDestination_UnresolvedDestination_Fragment = { __typename: 'UnresolvedDestination', label: string, displayNumber: string | null };

type ConsoleDestination_VoicemailBox_Fragment = { __typename: 'VoicemailBox', label: string, displayNumber: string | null };

export type ConsoleDestinationFragment =
  | ConsoleDestination_AutoAttendant_Fragment
  | ConsoleDestination_Did_Fragment
  | ConsoleDestination_Extension_Fragment
  | ConsoleDestination_ExternalNumber_Fragment
  | ConsoleDestination_Group_Fragment
  | ConsoleDestination_UnresolvedDestination_Fragment
  | ConsoleDestination_VoicemailBox_Fragment
;

export const ConsoleMemberFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleMember"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registration"}}]}}]}}]} as unknown as DocumentNode<ConsoleMemberFragment, unknown>;
export const ConsoleForwardedToFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleForwardedTo"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<ConsoleForwardedToFragment, unknown>;
export const ConsoleSourceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleSourceFragment, unknown>;
export const ConsoleDestinationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleDestination"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<ConsoleDestinationFragment, unknown>;
export const ConsoleMembersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleMembers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Group"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ringTimeoutSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"priority"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleMember"}}]}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleMember"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registration"}}]}}]}}]} as unknown as DocumentNode<ConsoleMembersQuery, ConsoleMembersQueryVariables>;
export const ConsoleExtensionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleExtension"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Extension"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"voicemailEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"callPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"callerIdDid"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"forwarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"condition"}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleForwardedTo"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleForwardedTo"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<ConsoleExtensionQuery, ConsoleExtensionQueryVariables>;
export const ConsoleDidDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleDid"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Did"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nativeStatus"}},{"kind":"Field","name":{"kind":"Name","value":"businessHours"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"days"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"day"}},{"kind":"Field","name":{"kind":"Name","value":"open"}},{"kind":"Field","name":{"kind":"Name","value":"intervals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleDidQuery, ConsoleDidQueryVariables>;
export const ConsoleDidsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleDids"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dids"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"rawNumber"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleDestination"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleDestination"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dialable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"displayNumber"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Node"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<ConsoleDidsQuery, ConsoleDidsQueryVariables>;
export const ConsoleGroupsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleGroups"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"groups"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleGroupsQuery, ConsoleGroupsQueryVariables>;
export const ConsoleExtensionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleExtensions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extensions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"registration"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"stalenessSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]} as unknown as DocumentNode<ConsoleExtensionsQuery, ConsoleExtensionsQueryVariables>;