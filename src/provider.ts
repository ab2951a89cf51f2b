/**
 * `dialgraph/provider`: all that a provider is written with, whether it is one of ours or stands in a
 * package of its own. What is named here is kept by semantic versioning; nothing else of this package
 * can be imported by one. Shapes, units and errors are said where each is declared.
 */

import 'reflect-metadata'

/** Settings of an account are checked by a schema of this very library, so that they join the others. */
export { z } from 'zod'

// The contract: what a provider is, and what one of its accounts can be asked for.
export { CONTRACT_VERSION, defineProvider } from './providers/provider.js'
export type {
  AccountFacts,
  CallCountQuery,
  CallFilter,
  CallLog,
  CallPage,
  CallPosition,
  CallQuery,
  Collection,
  Connection,
  LinkRequest,
  ListQuery,
  OnlyValues,
  Page,
  Pages,
  Provider,
  ProviderDefinition,
  Recordings,
  RequestCosts,
  Source,
} from './providers/provider.js'
export type {
  CallFact,
  CallFactType,
  CurrentCall,
  CurrentCalls,
  DeliveredAccount,
  WebhookFormat,
} from './providers/live.js'
/** A source of live calls: what lists the calls under way. */
export type { LiveSource } from './providers/provider.js'
export type {
  CallWrites,
  ExtensionInput,
  ExtensionWrites,
  ForwardingInput,
  NamedObject,
  NamedObjects,
  OriginateInput,
  ProviderWrite,
  ReadyInput,
  TransferInput,
  WriteProblem,
  WriteProblemCode,
  WriteResult,
  Writes,
} from './providers/writes.js'
export {
  BatchMode,
  has,
  lacks,
  ResourceKind,
  ResourceOperation,
  SupportLevel,
  type Capability,
} from './model/capability.js'

// The model: what mappers make of a provider's records.
export { AccountStatus, CustomerType, type AccountProfile } from './model/account.js'
export {
  CallDirection,
  CallDisposition,
  CallKind,
  CallLegAction,
  CallLegResult,
  HangupParty,
  RecordingStatus,
  type CallLeg,
  type CallParty,
  type CallRecord,
  type Recording,
} from './model/call-record.js'
export { DayOfWeek, DidStatus, type BusinessDay, type BusinessHours, type Did, type TimeInterval } from './model/did.js'
export { ForwardingCondition, RegistrationStatus, type Extension, type ForwardingRule } from './model/extension.js'
export { GroupKind, type Group, type GroupMembership } from './model/group.js'
export type { AutoAttendant } from './model/auto-attendant.js'
export { globalId } from './model/id.js'
export { referenceOf, type ItemReference, type Reference } from './model/reference.js'
export type { Money } from './model/values/money.js'

// Mapping: from texts and numbers of any kind to those of the model.
export { compareText } from './model/values/compare-text.js'
export { repeatedInstant, secondsBetween, toInstant } from './model/values/date-time.js'
export { dayOf, daysLater, endOf, lengthOf, startOf, type Days } from './model/values/days.js'
export { nationalDigits, toE164 } from './model/values/phone-number.js'
export { count, decimal, flag, integer, list, received, text, word, type Received } from './model/values/wire-value.js'
export { possibleTimes, type CallTimes } from './providers/call-times.js'
export { EVERY_CALL } from './providers/every-call.js'
export { leavingOut } from './providers/left-out.js'
export { LegIds } from './providers/leg-ids.js'
export { inOrderOfTime } from './providers/leg-order.js'
export { onePage, wholeList } from './providers/one-page.js'
export { readRecords, type Records } from './providers/read-records.js'
export { callCacheSeconds } from './providers/settled-call.js'
export { allOf, andThen, type Awaitable } from './awaitable.js'
export { oncePer } from './attached.js'
export { callerName } from './kit/caller-name.js'
export { resource, withoutFields } from './kit/resource.js'

// Drift: answers that are not as the provider's documentation says.
export {
  always,
  isDecimal,
  isFlag,
  isInteger,
  isList,
  isObject,
  isOneOf,
  isText,
  optional,
  reportDrift,
  reportRecordDrift,
  type Accepts,
  type DriftReporter,
  type FieldRule,
  type RecordRules,
  type ReportsDrift,
} from './providers/drift.js'

// Requests: what a source is given to read and to write with.
export { pathSegment } from './http/path-segment.js'
export type { ByteStream, HttpRequest, HttpResponse } from './http/http.js'
export type { FileReply, Freshness, Judge, Query, ReadOptions, Reply, Rest, WriteMethod } from './http/rest.js'
export { baseUrl } from './providers/base-url.js'
export { requiredText, urlWithDefault } from './providers/settings-fields.js'

// A GraphQL API: one root field at a time, errors of any status, fields that scopes hide.
export { GraphqlApi, type GraphqlClient, type GraphqlOptions, type GraphqlSettings } from './kit/graphql-api.js'
export {
  graphqlAnswer,
  graphqlList,
  graphqlMessage,
  graphqlMutation,
  graphqlQuery,
  graphqlRecords,
  graphqlRows,
  type GraphqlArguments,
  type GraphqlList,
  type GraphqlQuestion,
  type GraphqlRecord,
} from './kit/graphql-question.js'

// A call log of rows, several for a call, that can be asked for by whole days alone.
export { callLogByDays, type DayLog, type DayLogOptions } from './kit/day-log.js'
export type { LogRow, RowRules } from './kit/row-join.js'

// Errors: a failure is thrown with its code, and never holds a secret or what a provider sent.
export {
  AppError,
  CapabilityUnsupported,
  OutcomeUnknown,
  ProviderError,
  ReauthorizationRequired,
  type ProviderErrorCode,
  type ProviderErrorOptions,
} from './errors.js'
export { badResponse } from './providers/bad-response.js'
export { errorField } from './providers/error-body.js'

// Writes: what is wrong with an input, and what it points at.
export {
  conflict,
  forwardingMistakes,
  invalid,
  notFound,
  nothingSaid,
  type ForwardingRules,
} from './providers/write-problems.js'
export {
  FORWARDING_TARGETS,
  namedObject,
  numberMistakes,
  ORIGINATE_SOURCES,
  targetField,
  targetIn,
  targetMistakes,
  TRANSFER_TARGETS,
  type Target,
  type TargetFields,
  type TargetKind,
} from './providers/write-targets.js'

// Logins: ready flows, and the parts of one of your own. The token manager decides when, never a flow.
export { Secret } from './secret.js'
export {
  GrantRefused,
  UnclearRefusal,
  type BrowserAuthorization,
  type Flow,
  type FlowKind,
  type Grant,
  type Revocation,
  type SendTokenRequest,
} from './auth/flow.js'
export { authorizationCode, type AuthorizationCodeSettings } from './auth/flows/authorization-code.js'
export { bearer, queryParameter, rawAuthorization, withParameters } from './auth/flows/carry.js'
export { clientCredentials, type ClientCredentialsSettings } from './auth/flows/client-credentials.js'
export { fingerprint } from './auth/flows/fingerprint.js'
export { postLogin, textAt, tokenAt, type LoginAnswer, type ReadRefusal } from './auth/flows/json-login.js'
export { claimsOf, endsInSeconds, lifetimeOf } from './auth/flows/jwt.js'
export { jwtLogin, type JwtLoginSettings } from './auth/flows/jwt-login.js'
export { passwordPerCall, type PasswordPerCallSettings } from './auth/flows/password-per-call.js'
export { password, type PasswordSettings } from './auth/flows/password.js'
export { refreshTokenGrant } from './auth/flows/refresh-token.js'
export { tokenRevocation, type TokenRevocationSettings } from './auth/flows/revocation.js'
export { staticToken, type StaticTokenSettings } from './auth/flows/static-token.js'
export {
  readGrant,
  requestToken,
  type Parameters,
  type TokenEndpoint,
  type TokenRefusal,
} from './auth/flows/token-endpoint.js'
export { tokenExchange, type TokenExchangeSettings } from './auth/flows/token-exchange.js'
export { NEVER } from './auth/lifetime.js'
