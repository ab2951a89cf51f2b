import { ReauthorizationRequired } from '../../errors.js'
import type { Operation } from '../../operation.js'
import type { JoinedAccount } from './connect-account.js'
import { loginRefusal, Refusal } from './refusals.js'

/**
 * Tries the login of an account now, whatever it waits for. A credential that rides on every request
 * is tried by a read: nothing else can tell.
 * @throws Refusal where it fails again
 */
export async function retryLogin({ login, source }: JoinedAccount, operation: Operation): Promise<void> {
  try {
    await login.retry()
    if (login.flow.rides) await source(operation).profile()
  } catch (error) {
    throw retryRefusal(error)
  }
}

function retryRefusal(error: unknown): unknown {
  if (error instanceof ReauthorizationRequired) {
    const code = error.reason === 'IMPERSONATION_DENIED' ? 'IMPERSONATION_DENIED' : 'INVALID_CREDENTIALS'
    const link = error.authorizeUrl ? ' Its authorizeUrl leads there.' : ''
    return new Refusal(code, error.message + link, ['accountId'])
  }
  const refusal = loginRefusal(error)
  if (!(refusal instanceof Refusal)) return refusal
  const { code, message } = refusal.userErrors[0]!
  return new Refusal(code, message, ['accountId'])
}
