import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { CapabilityUnsupported } from '../../errors.js'
import { Account } from '../../model/account.js'
import {
  AccountAuthorizationBeginInput,
  AccountAuthorizationBeginPayload,
  AccountLinkInput,
  AccountLinkPayload,
  AccountRetryInput,
  AccountRetryPayload,
  AccountUnlinkInput,
  AccountUnlinkPayload,
} from '../types/account-link.js'
import type { AccountLinks, Context } from '../context.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'

@Resolver(() => Account)
export class AccountLinkResolver {
  @Needs('accounts:manage')
  @Free
  @Mutation(() => AccountAuthorizationBeginPayload, {
    description:
      'First step of an authorization-code login, for an account that exists or for a new one. Needs the scope accounts:manage.',
  })
  async accountAuthorizationBegin(
    @Ctx() context: Context,
    @Arg('input', () => AccountAuthorizationBeginInput, { description: 'Which account.' })
    input: AccountAuthorizationBeginInput,
  ): Promise<AccountAuthorizationBeginPayload> {
    const outcome = await linksOf(context).begin(withoutNulls(input))
    if ('userErrors' in outcome) return { authorizeUrl: null, expiresAt: null, ...outcome }
    return { ...outcome, userErrors: [] }
  }

  @Needs('accounts:manage')
  @Free
  @Mutation(() => AccountLinkPayload, {
    description:
      'Links an account with a password, login or static token, after trying the login. Needs the scope accounts:manage.',
  })
  async accountLink(
    @Ctx() context: Context,
    @Arg('input', () => AccountLinkInput, { description: 'The account, and how to log in.' }) input: AccountLinkInput,
  ): Promise<AccountLinkPayload> {
    const { credentials, ...rest } = withoutNulls(input)
    const outcome = await linksOf(context).link({ ...rest, credentials: withoutNulls(credentials) })
    if ('userErrors' in outcome) return { account: null, ...outcome }
    return { account: context.loaders.join(outcome.account).object, userErrors: [] }
  }

  @Needs('accounts:manage')
  @Free
  @Mutation(() => AccountUnlinkPayload, {
    description:
      'Forgets the account and its tokens, revoking them at the provider where it can. Needs the scope accounts:manage.',
  })
  async accountUnlink(
    @Ctx() context: Context,
    @Arg('input', () => AccountUnlinkInput, { description: 'The account.' }) { accountId }: AccountUnlinkInput,
  ): Promise<AccountUnlinkPayload> {
    const outcome = await linksOf(context).unlink(accountId)
    if ('userErrors' in outcome) return { unlinkedAccountId: null, ...outcome }
    return { unlinkedAccountId: accountId, userErrors: [] }
  }

  @Needs('accounts:manage')
  @Free
  @Mutation(() => AccountRetryPayload, {
    description:
      'Tries a login now that has ended, or waits after a failure; does nothing where it works. Needs the scope accounts:manage.',
  })
  async accountRetry(
    @Ctx() context: Context,
    @Arg('input', () => AccountRetryInput, { description: 'The account.' }) { accountId }: AccountRetryInput,
  ): Promise<AccountRetryPayload> {
    const outcome = await linksOf(context).retry(accountId)
    if (!('account' in outcome)) return { account: null, ...outcome }
    return { account: context.loaders.join(outcome.account).object, userErrors: outcome.userErrors }
  }
}

function linksOf(context: Context): AccountLinks {
  if (!context.accountLinks) throw new CapabilityUnsupported('This server does not link accounts.')
  return context.accountLinks
}

/** Null and absent mean the same in these inputs. */
function withoutNulls<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as {
    [K in keyof T]: Exclude<T[K], null>
  }
}
