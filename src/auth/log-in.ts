import { ProviderError } from '../errors.js'
import { GrantRefused, type Flow, type Grant } from './flow.js'
import type { Lease } from './lease.js'
import type { HeldToken, LoginParts } from './login-parts.js'

type Acquire = NonNullable<Flow['acquire']>

/** Logs in; once more with a new token of the actor when the provider refuses its current one. */
export async function logIn(login: LoginParts, acquire: Acquire, lease: Lease): Promise<Grant> {
  const { actor } = login
  const held = actor ? await actor.token() : null
  try {
    return await sendTwiceAtMost(login, acquire, lease, held)
  } catch (error) {
    if (!(error instanceof GrantRefused) || error.kind !== 'actor' || !actor || !held) throw error
    return sendTwiceAtMost(login, acquire, lease, await actor.replace(held, 'refused'))
  }
}

/** A second login does no harm: it is sent again where the connection broke before any answer. */
async function sendTwiceAtMost(
  { services, send }: LoginParts,
  acquire: Acquire,
  lease: Lease,
  actor: HeldToken | null,
): Promise<Grant> {
  const { clock, limits } = services
  const deadline = clock.monotonic() + limits.tokenTimeoutMs
  const attempt = async () => {
    await lease.assertHeld()
    const timeoutMs = Math.max(1, Math.ceil(deadline - clock.monotonic()))
    return acquire((request) => send(request, { timeoutMs }), actor?.accessToken ?? null)
  }
  return attempt().catch((error: unknown) => {
    if (!isCutShort(error) && !isReset(error)) throw error
    return attempt()
  })
}

/** The server had not got the whole request (408): it has not been acted upon. */
export const isCutShort = (error: unknown): boolean =>
  error instanceof ProviderError && error.reason === 'HTTP_408' && error.retryAfterMs === null

const isReset = (error: unknown): boolean => error instanceof ProviderError && error.reason === 'CONNECTION_RESET'
