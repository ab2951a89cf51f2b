import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { ErrorCode as Code } from '../errors.js'
import { ErrorCode } from './error-code.js'
import { HoldsCredential } from './holds-credential.js'
import { DateTime, URL } from './values/scalars.js'

export enum AuthFlow {
  OAUTH2_AUTHORIZATION_CODE = 'OAUTH2_AUTHORIZATION_CODE',
  OAUTH2_PASSWORD = 'OAUTH2_PASSWORD',
  OAUTH2_CLIENT_CREDENTIALS = 'OAUTH2_CLIENT_CREDENTIALS',
  JWT_LOGIN = 'JWT_LOGIN',
  PASSWORD_PER_CALL = 'PASSWORD_PER_CALL',
  STATIC_TOKEN = 'STATIC_TOKEN',
  TOKEN_EXCHANGE = 'TOKEN_EXCHANGE',
}
registerEnumType(AuthFlow, {
  name: 'AuthFlow',
  description: 'How a login is made.',
  valuesConfig: {
    OAUTH2_AUTHORIZATION_CODE: { description: 'A person agrees in the browser, once.' },
    OAUTH2_PASSWORD: { description: 'A user name and a password buy a token.' },
    OAUTH2_CLIENT_CREDENTIALS: { description: 'An id and a secret of an application buy a token; nobody logs in.' },
    JWT_LOGIN: { description: 'A user name and a password buy a short-lived signed token.' },
    PASSWORD_PER_CALL: { description: 'The user name and the password go with every call.' },
    STATIC_TOKEN: { description: 'A token that does not run out.' },
    TOKEN_EXCHANGE: { description: 'One login acts for another person.' },
  },
})

export enum AuthorizationStatus {
  NEW = 'NEW',
  ACTIVE = 'ACTIVE',
  BACKOFF = 'BACKOFF',
  REAUTHORIZATION_REQUIRED = 'REAUTHORIZATION_REQUIRED',
}
registerEnumType(AuthorizationStatus, {
  name: 'AuthorizationStatus',
  description: 'Whether a login works.',
  valuesConfig: {
    NEW: { description: 'Never logged in so far.' },
    ACTIVE: { description: 'It works.' },
    BACKOFF: { description: 'Failing for a passing reason; tried again.' },
    REAUTHORIZATION_REQUIRED: { description: 'Only a person can repair it.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Why the last attempt to log in failed.' })
export class AuthorizationError {
  @Field(() => ErrorCode, { description: 'What kind of failure it was.' })
  readonly code!: Code

  @Field(() => String, { nullable: true, description: 'A stable word for the reason.' })
  readonly reason!: string | null

  @Field(() => DateTime, { description: 'When it happened.' })
  readonly occurredAt!: string

  @Field(() => Int, { description: 'Attempts that failed since the last that did not.' })
  readonly attempts!: number

  @Field(() => DateTime, { nullable: true, description: 'When the next attempt may be made.' })
  readonly nextAttemptAt!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'State of the login; holds no secret.' })
export class Authorization {
  @Field(() => AuthFlow, { description: 'How the login is made.' })
  readonly flow!: `${AuthFlow}`

  @Field(() => AuthorizationStatus, { description: 'Whether it works.' })
  readonly status!: `${AuthorizationStatus}`

  @Field(() => [String], { description: 'What the provider granted, in its own words.' })
  readonly scopes!: readonly string[]

  @Field(() => DateTime, { nullable: true, description: 'When the access token in use runs out.' })
  readonly expiresAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was last logged in or refreshed.' })
  readonly lastRefreshedAt!: string | null

  @Field(() => String, { nullable: true, description: 'Login acted for, when the flow is TOKEN_EXCHANGE.' })
  readonly impersonating!: string | null

  @HoldsCredential
  @Field(() => URL, { nullable: true, description: 'Where a person repairs the login, when only a person can.' })
  readonly authorizeUrl!: string | null

  @Field(() => AuthorizationError, { nullable: true, description: 'Why the last attempt failed, if it did.' })
  readonly lastError!: AuthorizationError | null
}

export enum CircuitState {
  CLOSED = 'CLOSED',
  HALF_OPEN = 'HALF_OPEN',
  OPEN = 'OPEN',
}
registerEnumType(CircuitState, {
  name: 'CircuitState',
  description: 'Whether requests to a provider are being made.',
  valuesConfig: {
    CLOSED: { description: 'Requests are made as usual.' },
    HALF_OPEN: { description: 'One request is let through to see whether the provider has recovered.' },
    OPEN: { description: 'Too many failed; requests are held back for a while.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'How the requests to the provider have been going.' })
export class AccountHealth {
  @Field(() => CircuitState, { description: 'Whether requests are being made.' })
  readonly circuit!: `${CircuitState}`

  @Field(() => DateTime, { nullable: true, description: 'Until when the provider asked us to wait.' })
  readonly rateLimitResetAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Last good answer since this server started.' })
  readonly lastSuccessAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Last failure since this server started.' })
  readonly lastFailureAt!: string | null
}
