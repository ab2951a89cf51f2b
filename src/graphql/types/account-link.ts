import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { Account } from '../../model/account.js'
import { AuthFlow } from '../../model/authorization.js'
import { HoldsCredential } from '../../model/holds-credential.js'
import { DateTime, JSON, URL } from '../../model/values/scalars.js'
import { UserError, USER_ERRORS } from './user-error.js'

export enum AccountUserErrorCode {
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  FLOW_NOT_SUPPORTED = 'FLOW_NOT_SUPPORTED',
  PROVIDER_UNKNOWN = 'PROVIDER_UNKNOWN',
  KEY_TAKEN = 'KEY_TAKEN',
  INVALID_INPUT = 'INVALID_INPUT',
  IMPERSONATION_DENIED = 'IMPERSONATION_DENIED',
  NOT_FOUND = 'NOT_FOUND',
  PROVIDER_UNAVAILABLE = 'PROVIDER_UNAVAILABLE',
  MANAGED_BY_CONFIGURATION = 'MANAGED_BY_CONFIGURATION',
}
registerEnumType(AccountUserErrorCode, {
  name: 'AccountUserErrorCode',
  description: 'What keeps an account from being linked or unlinked.',
  valuesConfig: {
    INVALID_CREDENTIALS: { description: 'The provider refuses the login.' },
    FLOW_NOT_SUPPORTED: { description: 'This provider does not log in that way, or not with this mutation.' },
    PROVIDER_UNKNOWN: { description: 'There is no provider of this slug.' },
    KEY_TAKEN: { description: 'Another account has this key.' },
    INVALID_INPUT: { description: 'A field is missing or cannot be used; the message says why.' },
    IMPERSONATION_DENIED: { description: 'The login works, but may not act for that person.' },
    NOT_FOUND: { description: 'There is no such account.' },
    PROVIDER_UNAVAILABLE: { description: 'The provider did not answer as it should; try again later.' },
    MANAGED_BY_CONFIGURATION: { description: 'The account stands in the configuration file and is changed there.' },
  },
})

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Why an account was not linked or unlinked.',
})
export class AccountUserError extends UserError {
  @Field(() => AccountUserErrorCode, { description: 'What is wrong, for a program to read.' })
  readonly code!: `${AccountUserErrorCode}`
}

@InputType({ description: 'What a login is made with; which fields are needed is the provider’s to say. Write-only.' })
export class CredentialsInput {
  @Field(() => String, { nullable: true, description: 'User name.' })
  readonly username?: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address, where that is the user name.' })
  readonly email?: string | null

  @Field(() => String, { nullable: true, description: 'Password.' })
  readonly password?: string | null

  @Field(() => String, { nullable: true, description: 'A token that does not run out.' })
  readonly token?: string | null

  @Field(() => String, { nullable: true, description: 'Id of the application at the provider.' })
  readonly clientId?: string | null

  @Field(() => String, { nullable: true, description: 'Secret of that application.' })
  readonly clientSecret?: string | null
}

@InputType({ description: 'An account to be linked with a login that needs no browser.' })
export class AccountLinkInput {
  @Field(() => String, { description: 'Slug of the provider.' })
  readonly provider!: string

  @Field(() => String, {
    description: 'The id it gets here, for ever: 1 to 64 small letters, digits or hyphens.',
  })
  readonly key!: string

  @Field(() => String, { description: 'Name people know the account by.' })
  readonly label!: string

  @Field(() => AuthFlow, { description: 'How to log in.' })
  readonly flow!: AuthFlow

  @Field(() => CredentialsInput, { description: 'What to log in with.' })
  readonly credentials!: CredentialsInput

  @Field(() => String, { nullable: true, description: 'E-mail or login of the user to act for.' })
  readonly impersonate?: string | null

  @Field(() => JSON, {
    nullable: true,
    description: 'Addresses of the provider, by the names of the configuration file; the public ones by default.',
  })
  readonly urls?: unknown
}

@ObjectType({ simpleResolvers: true, description: 'The account that was linked, or why it was not.' })
export class AccountLinkPayload {
  @Field(() => Account, { nullable: true, description: 'The linked account.' })
  readonly account!: Account | null

  @Field(() => [AccountUserError], { description: USER_ERRORS })
  readonly userErrors!: readonly AccountUserError[]
}

@InputType({
  description: 'An account that exists; or leave out `accountId` and give provider, key and label for a new one.',
})
export class AccountAuthorizationBeginInput {
  @Field(() => ID, { nullable: true, description: 'An account that exists.' })
  readonly accountId?: string | null

  @Field(() => String, { nullable: true, description: 'Of a new account: slug of the provider.' })
  readonly provider?: string | null

  @Field(() => String, { nullable: true, description: 'Of a new account: the id it gets here, for ever.' })
  readonly key?: string | null

  @Field(() => String, { nullable: true, description: 'Name people know the account by; renames a linked one.' })
  readonly label?: string | null

  @Field(() => String, { nullable: true, description: 'Of a new account: id of the application at the provider.' })
  readonly clientId?: string | null

  @Field(() => String, { nullable: true, description: 'Of a new account: secret of that application.' })
  readonly clientSecret?: string | null

  @Field(() => JSON, {
    nullable: true,
    description: 'Of a new account: addresses of the provider, see AccountLinkInput.',
  })
  readonly urls?: unknown
}

@ObjectType({ simpleResolvers: true, description: 'Where a person agrees to the login, or why nobody can.' })
export class AccountAuthorizationBeginPayload {
  @HoldsCredential
  @Field(() => URL, { nullable: true, description: 'To be opened in the browser of whoever agrees.' })
  readonly authorizeUrl!: string | null

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Until when the link is good, and a new account waits for that person; null for a link that stays good.',
  })
  readonly expiresAt!: string | null

  @Field(() => [AccountUserError], { description: USER_ERRORS })
  readonly userErrors!: readonly AccountUserError[]
}

@InputType({ description: 'An account to be forgotten.' })
export class AccountUnlinkInput {
  @Field(() => ID, { description: 'The account.' })
  readonly accountId!: string
}

@ObjectType({ simpleResolvers: true, description: 'The account that was forgotten, or why it was not.' })
export class AccountUnlinkPayload {
  @Field(() => ID, { nullable: true, description: 'Id the account had.' })
  readonly unlinkedAccountId!: string | null

  @Field(() => [AccountUserError], { description: USER_ERRORS })
  readonly userErrors!: readonly AccountUserError[]
}

@InputType({ description: 'An account whose login is to be tried now.' })
export class AccountRetryInput {
  @Field(() => ID, { description: 'The account.' })
  readonly accountId!: string
}

@ObjectType({ simpleResolvers: true, description: 'The account as it is after its login was tried.' })
export class AccountRetryPayload {
  @Field(() => Account, { nullable: true, description: 'The account, also where its login failed again.' })
  readonly account!: Account | null

  @Field(() => [AccountUserError], { description: USER_ERRORS })
  readonly userErrors!: readonly AccountUserError[]
}
