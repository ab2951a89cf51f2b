import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { GrantRefused } from './flow.js'
import { configuredWith, EMPTY_ROW, isMadeWith } from './granted-row.js'
import type { LoginEvent } from './login-event.js'
import type { LoginParts } from './login-parts.js'

const BACKOFF_BASE_MS = 5_000
const BACKOFF_MAXIMUM_MS = 5 * 60_000
/** A mistake in the configuration is neither tried again nor logged more than once a minute. */
const MISCONFIGURED_MS = 60_000

type Reason = LoginEvent['reason']

/**
 * Remembers failures of a login in its stored row: backoff keeps every process from trying again
 * too soon, and a login that has ended is not tried again at all.
 */
export class FailureMemory {
  /**
   * End of the backoff in monotonic ms, for the row of this generation: a change of the wall clock
   * does not move it.
   */
  #wait: { generation: number; until: number } | null = null
  /** A failure that could not be stored; valid while the stored row still has generation `over`. */
  #unstored: { over: number; row: StoredGrant } | null = null

  constructor(private readonly login: LoginParts) {}

  /** End of the backoff, monotonic ms; -Infinity without one. */
  get waitsUntil(): number {
    return this.#wait?.until ?? -Infinity
  }

  /** @throws ReauthorizationRequired when the login has ended */
  assertNotEnded(stored: StoredGrant | null): void {
    const row = this.#latest(stored)
    if (row?.status === 'REAUTHORIZATION_REQUIRED')
      this.reauthorizationRequired(row.lastError?.reason ?? 'INVALID_GRANT')
  }

  /** @throws ProviderError during backoff */
  assertMayTry(stored: StoredGrant | null): void {
    const row = this.#latest(stored)
    const error = row?.lastError
    if (!row || error?.nextAttemptAt == null) return
    const { clock, startedAt } = this.login.services
    // The operator may have corrected the configuration before this start.
    if (error.code === 'PROVIDER_MISCONFIGURED' && error.occurredAt < startedAt) return
    if (this.#wait?.generation !== row.generation) {
      const backoff = error.nextAttemptAt - error.occurredAt
      const left = Math.min(backoff, Math.max(0, error.nextAttemptAt - clock.now()))
      this.#wait = { generation: row.generation, until: clock.monotonic() + left }
    }
    const wait = this.#wait.until - clock.monotonic()
    if (wait > 0) throw backingOff(error, wait)
  }

  /**
   * Records a temporary failure and throws it. The current token remains; the intent remains, too,
   * where it is unknown whether the provider granted.
   */
  async note(row: StoredGrant | null, error: unknown, reason: Reason, outcomeUnknown: boolean): Promise<never> {
    const failure = error instanceof GrantRefused ? misconfigured(error) : error
    // Not a failure of the endpoint (but of the store, the actor's login, our code): not recorded
    // here.
    if (!(failure instanceof ProviderError)) throw failure
    const { clock, limits, random } = this.login.services
    const attempts = (this.#latest(row)?.lastError?.attempts ?? 0) + 1
    const backoff = Math.min(BACKOFF_MAXIMUM_MS, BACKOFF_BASE_MS * 2 ** (attempts - 1)) * (0.8 + 0.4 * random())
    const least = { PROVIDER_RATE_LIMITED: limits.retryAfterDefaultMs, PROVIDER_MISCONFIGURED: MISCONFIGURED_MS }
    const wait = failure.retryAfterMs ?? Math.max(backoff, least[failure.code as keyof typeof least] ?? 0)
    const now = clock.now()
    const lastError = {
      code: failure.code,
      reason: failure.reason,
      occurredAt: now,
      attempts,
      nextAttemptAt: now + wait,
    }
    const intent = outcomeUnknown ? (row?.intent ?? null) : null
    await this.#remember(row, { ...(row ?? EMPTY_ROW), status: 'BACKOFF', lastError, intent })
    this.login.note(reason, 'backing off', row, failure.code)
    throw failure
  }

  /**
   * Records that the login has ended: nothing is tried until a person logs in or the configuration
   * changes. The row keeps the fingerprint of its last refresh token.
   * Returns the row of another process that has logged in meanwhile, if there is one.
   * @throws ReauthorizationRequired
   */
  async end(row: StoredGrant | null, word: string, reason: Reason): Promise<StoredGrant> {
    const lastError = {
      code: 'REAUTHORIZATION_REQUIRED',
      reason: word,
      occurredAt: this.login.services.clock.now(),
      attempts: (row?.lastError?.attempts ?? 0) + 1,
      nextAttemptAt: null,
    }
    const ended = { accessToken: null, refreshToken: null, status: 'REAUTHORIZATION_REQUIRED', lastError } as const
    const moved = await this.#remember(row, { ...(row ?? EMPTY_ROW), ...ended })
    if (moved?.accessToken && !moved.accessToken.equals(row?.accessToken)) {
      this.login.note(reason, 'race recovered', moved)
      return moved
    }
    this.login.dropChildren()
    this.login.note(reason, 'reauthorization required', row, word)
    return this.reauthorizationRequired(word)
  }

  reauthorizationRequired(word: string): never {
    const advice = WHAT_TO_DO[word] ?? WHAT_TO_DO['INVALID_GRANT']!
    throw new ReauthorizationRequired(word, advice, this.login.authorizeUrl())
  }

  /**
   * Stores `next` over `basis`. Returns the row another process has written meanwhile, which is
   * left as it is; null when stored, or when the store fails.
   */
  async #remember(
    basis: StoredGrant | null,
    next: Omit<StoredGrant, 'generation' | 'configuredWith'>,
  ): Promise<StoredGrant | null> {
    const { key, flow, services } = this.login
    try {
      // A row made with other credentials is overwritten: only its generation matters.
      const over = basis ?? (await services.store.read(key))
      if (over && over !== basis && isMadeWith(over, flow)) return over
      const generation = over?.generation ?? 0
      const row = { ...next, generation: generation + 1, configuredWith: configuredWith(flow) }
      return (await services.store.write(key, generation, row)) ? null : await this.login.storedRow()
    } catch (cause) {
      services.storeTrouble(this.login, cause)
      const over = basis?.generation ?? 0
      this.#unstored = { over, row: { ...next, generation: over + 1, configuredWith: configuredWith(flow) } }
      return null
    }
  }

  /** The stored row, or the failure that could not be stored over it. */
  #latest(stored: StoredGrant | null): StoredGrant | null {
    return this.#unstored?.over === (stored?.generation ?? 0) ? this.#unstored.row : stored
  }
}

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  NOT_LINKED: 'This account has never been logged in. Open its authorization page, or configure a refresh token.',
  INVALID_GRANT: 'The provider no longer accepts the stored login. A person has to log in again.',
  ROTATION_LOST: 'The provider replaced the login but its answer was lost on the way. A person has to log in again.',
  TOKEN_EXPIRED: 'The login has run out and cannot be renewed without a person.',
  CREDENTIALS_REJECTED:
    'The provider refuses the configured credentials. Correct them; they are not tried again until they change.',
  IMPERSONATION_DENIED:
    'The provider does not let this login act for that person. Check the impersonation right and the e-mail address.',
}

const backingOff = ({ code, reason }: NonNullable<StoredGrant['lastError']>, wait: number): ProviderError =>
  new ProviderError(
    code as ProviderError['code'],
    `The login failed a moment ago (${reason ?? code}) and is not tried again yet`,
    {
      reason,
      retryAfterMs: wait,
    },
  )

const misconfigured = (cause: GrantRefused): ProviderError =>
  new ProviderError(
    'PROVIDER_MISCONFIGURED',
    'The token endpoint refuses the client id or secret of this account. Correct them.',
    {
      reason: 'INVALID_CLIENT',
      cause,
    },
  )
