/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** An account that exists; or leave out `accountId` and give provider, key and label for a new one. */
export type AccountAuthorizationBeginInput = {
  /** An account that exists. */
  accountId?: string | number | null | undefined;
  /** Of a new account: id of the application at the provider. */
  clientId?: string | null | undefined;
  /** Of a new account: secret of that application. */
  clientSecret?: string | null | undefined;
  /** Of a new account: the id it gets here, for ever. */
  key?: string | null | undefined;
  /** Name people know the account by; renames a linked one. */
  label?: string | null | undefined;
  /** Of a new account: slug of the provider. */
  provider?: string | null | undefined;
  /** Of a new account: addresses of the provider, see AccountLinkInput. */
  urls?: unknown;
};

/** An account to be linked with a login that needs no browser. */
export type AccountLinkInput = {
  /** What to log in with. */
  credentials: CredentialsInput;
  /** How to log in. */
  flow: AuthFlow;
  /** E-mail or login of the user to act for. */
  impersonate?: string | null | undefined;
  /** The id it gets here, for ever: 1 to 64 small letters, digits or hyphens. */
  key: string;
  /** Name people know the account by. */
  label: string;
  /** Slug of the provider. */
  provider: string;
  /** Addresses of the provider, by the names of the configuration file; the public ones by default. */
  urls?: unknown;
};

/** What keeps an account from being linked or unlinked. */
export type AccountUserErrorCode =
  /** This provider does not log in that way, or not with this mutation. */
  | 'FLOW_NOT_SUPPORTED'
  /** The login works, but may not act for that person. */
  | 'IMPERSONATION_DENIED'
  /** The provider refuses the login. */
  | 'INVALID_CREDENTIALS'
  /** A field is missing or cannot be used; the message says why. */
  | 'INVALID_INPUT'
  /** Another account has this key. */
  | 'KEY_TAKEN'
  /** The account stands in the configuration file and is changed there. */
  | 'MANAGED_BY_CONFIGURATION'
  /** There is no such account. */
  | 'NOT_FOUND'
  /** The provider did not answer as it should; try again later. */
  | 'PROVIDER_UNAVAILABLE'
  /** There is no provider of this slug. */
  | 'PROVIDER_UNKNOWN';

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

/** How a login is made. */
export type AuthFlow =
  /** A user name and a password buy a short-lived signed token. */
  | 'JWT_LOGIN'
  /** A person agrees in the browser, once. */
  | 'OAUTH2_AUTHORIZATION_CODE'
  /** An id and a secret of an application buy a token; nobody logs in. */
  | 'OAUTH2_CLIENT_CREDENTIALS'
  /** A user name and a password buy a token. */
  | 'OAUTH2_PASSWORD'
  /** The user name and the password go with every call. */
  | 'PASSWORD_PER_CALL'
  /** A token that does not run out. */
  | 'STATIC_TOKEN'
  /** One login acts for another person. */
  | 'TOKEN_EXCHANGE';

/** Whether a login works. */
export type AuthorizationStatus =
  /** It works. */
  | 'ACTIVE'
  /** Failing for a passing reason; tried again. */
  | 'BACKOFF'
  /** Never logged in so far. */
  | 'NEW'
  /** Only a person can repair it. */
  | 'REAUTHORIZATION_REQUIRED';

/** Whether requests to a provider are being made. */
export type CircuitState =
  /** Requests are made as usual. */
  | 'CLOSED'
  /** One request is let through to see whether the provider has recovered. */
  | 'HALF_OPEN'
  /** Too many failed; requests are held back for a while. */
  | 'OPEN';

/** What a login is made with; which fields are needed is the provider’s to say. Write-only. */
export type CredentialsInput = {
  /** Id of the application at the provider. */
  clientId?: string | null | undefined;
  /** Secret of that application. */
  clientSecret?: string | null | undefined;
  /** E-mail address, where that is the user name. */
  email?: string | null | undefined;
  /** Password. */
  password?: string | null | undefined;
  /** A token that does not run out. */
  token?: string | null | undefined;
  /** User name. */
  username?: string | null | undefined;
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

/** How well a provider supports something. */
export type SupportLevel =
  /** This server builds it from other provider calls. */
  | 'EMULATED'
  /** The provider offers it. */
  | 'NATIVE'
  /** It cannot be had from this provider. */
  | 'UNSUPPORTED';

export type ConsoleAccountsQueryVariables = Exact<{
  after?: string | null | undefined;
  whole: boolean;
  manages: boolean;
}>;


export type ConsoleAccountsQuery = { accounts: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, key: string, label: string, timeZone: string, linked: boolean, webhook?: { url: string, username: string | null, lastReceivedAt: string | null, accepted: number, duplicates: number, refused: number, unknown: number } | null, provider: { id: string, slug: string, name: string }, authorization?: { flow: AuthFlow, status: AuthorizationStatus, scopes: Array<string>, expiresAt: string | null, lastRefreshedAt: string | null, impersonating: string | null, authorizeUrl: string | null, lastError: { code: ErrorCode, reason: string | null, occurredAt: string, attempts: number, nextAttemptAt: string | null } | null }, health?: { circuit: CircuitState, rateLimitResetAt: string | null, lastSuccessAt: string | null, lastFailureAt: string | null }, archive?: { state: ArchiveState, oldest: string | null, newest: string | null, calls: number, lastSyncedAt: string | null, lagSeconds: number | null, lastError: ErrorCode | null, progress: number | null } | null } }> } };

export type ConsoleAccountFragment = { id: string, key: string, label: string, timeZone: string, linked: boolean, provider: { id: string, slug: string, name: string }, authorization?: { flow: AuthFlow, status: AuthorizationStatus, scopes: Array<string>, expiresAt: string | null, lastRefreshedAt: string | null, impersonating: string | null, authorizeUrl: string | null, lastError: { code: ErrorCode, reason: string | null, occurredAt: string, attempts: number, nextAttemptAt: string | null } | null }, health?: { circuit: CircuitState, rateLimitResetAt: string | null, lastSuccessAt: string | null, lastFailureAt: string | null }, archive?: { state: ArchiveState, oldest: string | null, newest: string | null, calls: number, lastSyncedAt: string | null, lagSeconds: number | null, lastError: ErrorCode | null, progress: number | null } | null };

export type ConsoleAccountChangesSubscriptionVariables = Exact<{
  whole?: boolean;
}>;


export type ConsoleAccountChangesSubscription = { accountHealthChanged: { id: string, key: string, label: string, timeZone: string, linked: boolean, provider: { id: string, slug: string, name: string }, authorization?: { flow: AuthFlow, status: AuthorizationStatus, scopes: Array<string>, expiresAt: string | null, lastRefreshedAt: string | null, impersonating: string | null, authorizeUrl: string | null, lastError: { code: ErrorCode, reason: string | null, occurredAt: string, attempts: number, nextAttemptAt: string | null } | null }, health?: { circuit: CircuitState, rateLimitResetAt: string | null, lastSuccessAt: string | null, lastFailureAt: string | null }, archive?: { state: ArchiveState, oldest: string | null, newest: string | null, calls: number, lastSyncedAt: string | null, lagSeconds: number | null, lastError: ErrorCode | null, progress: number | null } | null } | null };

export type ConsoleCapabilitiesQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCapabilitiesQuery = { node:
    | { __typename: 'Account', id: string, capabilities: Array<{ resource: ResourceKind, operation: ResourceOperation, support: SupportLevel, unavailableFields: Array<string>, reason: string | null }> }
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
    | { __typename: 'Recording', id: string }
   | null };

export type ConsoleBeginLoginMutationVariables = Exact<{
  input: AccountAuthorizationBeginInput;
}>;


export type ConsoleBeginLoginMutation = { accountAuthorizationBegin: { authorizeUrl: string | null, userErrors: Array<{ field: Array<string> | null, message: string, code: AccountUserErrorCode }> } };

export type ConsoleRetryLoginMutationVariables = Exact<{
  id: string | number;
  whole?: boolean;
}>;


export type ConsoleRetryLoginMutation = { accountRetry: { account: { id: string, key: string, label: string, timeZone: string, linked: boolean, provider: { id: string, slug: string, name: string }, authorization?: { flow: AuthFlow, status: AuthorizationStatus, scopes: Array<string>, expiresAt: string | null, lastRefreshedAt: string | null, impersonating: string | null, authorizeUrl: string | null, lastError: { code: ErrorCode, reason: string | null, occurredAt: string, attempts: number, nextAttemptAt: string | null } | null }, health?: { circuit: CircuitState, rateLimitResetAt: string | null, lastSuccessAt: string | null, lastFailureAt: string | null }, archive?: { state: ArchiveState, oldest: string | null, newest: string | null, calls: number, lastSyncedAt: string | null, lagSeconds: number | null, lastError: ErrorCode | null, progress: number | null } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: AccountUserErrorCode }> } };

export type ConsoleLinkAccountMutationVariables = Exact<{
  input: AccountLinkInput;
}>;


export type ConsoleLinkAccountMutation = { accountLink: { account: { id: string, key: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: AccountUserErrorCode }> } };

export type ConsoleUnlinkAccountMutationVariables = Exact<{
  id: string | number;
}>;


export type ConsoleUnlinkAccountMutation = { accountUnlink: { unlinkedAccountId: string | null, userErrors: Array<{ field: Array<string> | null, message: string, code: AccountUserErrorCode }> } };

export type ConsoleProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleProvidersQuery = { providers: Array<{ id: string, slug: string, name: string, authFlows: Array<AuthFlow> }> };

export const ConsoleAccountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"linked"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"authorization"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flow"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastRefreshedAt"}},{"kind":"Field","name":{"kind":"Name","value":"impersonating"}},{"kind":"Field","name":{"kind":"Name","value":"authorizeUrl"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"circuit"}},{"kind":"Field","name":{"kind":"Name","value":"rateLimitResetAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"oldest"}},{"kind":"Field","name":{"kind":"Name","value":"newest"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]} as unknown as DocumentNode<ConsoleAccountFragment, unknown>;
export const ConsoleAccountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleAccounts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"manages"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleAccount"}},{"kind":"Field","name":{"kind":"Name","value":"webhook"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"manages"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"username"}},{"kind":"Field","name":{"kind":"Name","value":"lastReceivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"accepted"}},{"kind":"Field","name":{"kind":"Name","value":"duplicates"}},{"kind":"Field","name":{"kind":"Name","value":"refused"}},{"kind":"Field","name":{"kind":"Name","value":"unknown"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"linked"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"authorization"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flow"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastRefreshedAt"}},{"kind":"Field","name":{"kind":"Name","value":"impersonating"}},{"kind":"Field","name":{"kind":"Name","value":"authorizeUrl"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"circuit"}},{"kind":"Field","name":{"kind":"Name","value":"rateLimitResetAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"oldest"}},{"kind":"Field","name":{"kind":"Name","value":"newest"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]} as unknown as DocumentNode<ConsoleAccountsQuery, ConsoleAccountsQueryVariables>;
export const ConsoleAccountChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ConsoleAccountChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountHealthChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleAccount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"linked"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"authorization"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flow"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastRefreshedAt"}},{"kind":"Field","name":{"kind":"Name","value":"impersonating"}},{"kind":"Field","name":{"kind":"Name","value":"authorizeUrl"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"circuit"}},{"kind":"Field","name":{"kind":"Name","value":"rateLimitResetAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"oldest"}},{"kind":"Field","name":{"kind":"Name","value":"newest"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]} as unknown as DocumentNode<ConsoleAccountChangesSubscription, ConsoleAccountChangesSubscriptionVariables>;
export const ConsoleCapabilitiesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleCapabilities"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"support"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableFields"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleCapabilitiesQuery, ConsoleCapabilitiesQueryVariables>;
export const ConsoleBeginLoginDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleBeginLogin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AccountAuthorizationBeginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountAuthorizationBegin"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authorizeUrl"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleBeginLoginMutation, ConsoleBeginLoginMutationVariables>;
export const ConsoleRetryLoginDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleRetryLogin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"whole"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountRetry"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accountId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConsoleAccount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConsoleAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"linked"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"authorization"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flow"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastRefreshedAt"}},{"kind":"Field","name":{"kind":"Name","value":"impersonating"}},{"kind":"Field","name":{"kind":"Name","value":"authorizeUrl"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"circuit"}},{"kind":"Field","name":{"kind":"Name","value":"rateLimitResetAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"archive"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"whole"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"oldest"}},{"kind":"Field","name":{"kind":"Name","value":"newest"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"lastSyncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]} as unknown as DocumentNode<ConsoleRetryLoginMutation, ConsoleRetryLoginMutationVariables>;
export const ConsoleLinkAccountDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleLinkAccount"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AccountLinkInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountLink"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleLinkAccountMutation, ConsoleLinkAccountMutationVariables>;
export const ConsoleUnlinkAccountDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleUnlinkAccount"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountUnlink"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"accountId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unlinkedAccountId"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleUnlinkAccountMutation, ConsoleUnlinkAccountMutationVariables>;
export const ConsoleProvidersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleProviders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"authFlows"}}]}}]}}]} as unknown as DocumentNode<ConsoleProvidersQuery, ConsoleProvidersQueryVariables>;