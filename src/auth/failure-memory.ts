import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { GrantRefused, UnclearRefusal } from './flow.js'
import { configuredWith, EMPTY_ROW, isMadeWith, LOCKED_OUT } from './granted-row.js'
import type { LoginEvent } from './login-event.js'
import type { LoginParts } from './login-parts.js'

const BACKOFF_BASE_MS = 5_000
const BACKOFF_MAXIMUM_MS = 5 * 60_000
/** A mistake in the configuration is neither tried again nor logged more than once a minute. */
const MISCONFIGURED_MS = 60_000
/**
 * What has ended is looked at again after two hours, then after twice as long each time, and once a
 * day in the end: no more than five attempts on the first day, so that no account gets locked.
 */
const FIRST_LOOK_MS = 2 * 60 * 60_000
const LONGEST_LOOK_MS = 24 * 60 * 60_000

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

  /** @throws ReauthorizationRequired when the login has ended, unless it is time to look again */
  assertNotEnded(stored: StoredGrant | null): void {
    const row = this.#latest(stored)
    if (row?.status !== 'REAUTHORIZATION_REQUIRED' || this.#isTimeToLook(row)) return
    this.reauthorizationRequired(row.lastError?.reason ?? 'INVALID_GRANT')
  }

  /** @throws ProviderError during backoff */
  assertMayTry(stored: StoredGrant | null): void {
    const row = this.#latest(stored)
    const error = row?.lastError
    if (!row || error?.nextAttemptAt == null || row.status !== 'BACKOFF') return
    // A user that is locked out: only the next login waits, and tokens are renewed as ever.
    if (error.code === LOCKED_OUT) return
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
   * where it is unknown whether the provider granted. `noLoginBefore`: see `StoredGrantError`.
   */
  async note(
    row: StoredGrant | null,
    error: unknown,
    reason: Reason,
    outcomeUnknown: boolean,
    noLoginBefore = row?.lastError?.noLoginBefore,
  ): Promise<never> {
    const failure = error instanceof GrantRefused ? misconfigured(error) : error
    // Not a failure of the endpoint (but of the store, the actor's login, our code): not recorded
    // here.
    if (!(failure instanceof ProviderError)) throw failure
    const { clock, limits, random } = this.login.services
    const before = this.#latest(row)
    const attempts = (before?.lastError?.attempts ?? 0) + 1
    const backoff = Math.min(BACKOFF_MAXIMUM_MS, BACKOFF_BASE_MS * 2 ** (attempts - 1)) * (0.8 + 0.4 * random())
    const least = { PROVIDER_RATE_LIMITED: limits.retryAfterDefaultMs, PROVIDER_MISCONFIGURED: MISCONFIGURED_MS }
    const wait = failure.retryAfterMs ?? Math.max(backoff, least[failure.code as keyof typeof least] ?? 0)
    const now = clock.now()
    const refusals = (before?.lastError?.refusals ?? 0) + (error instanceof UnclearRefusal ? 1 : 0)
    const hasEnded = before?.status === 'REAUTHORIZATION_REQUIRED'
    const lastError = hasEnded
      ? // A look at a login that has ended, which told nothing: it has still ended.
        { ...before.lastError!, occurredAt: now, nextAttemptAt: now + Math.max(wait, waitOf(before)) }
      : {
          code: failure.code,
          reason: failure.reason,
          occurredAt: now,
          attempts,
          nextAttemptAt: now + wait,
          ...(refusals > 0 && { refusals }),
          ...(noLoginBefore !== undefined && { noLoginBefore }),
        }
    const intent = outcomeUnknown ? (row?.intent ?? null) : null
    const status = hasEnded ? 'REAUTHORIZATION_REQUIRED' : 'BACKOFF'
    await this.#remember(row, { ...(row ?? EMPTY_ROW), status, lastError, intent })
    this.login.note(reason, 'backing off', row, failure.code)
    throw failure
  }

  /**
   * Records that the login has ended: nothing is tried until a person logs in or the configuration
   * changes, but for a look now and then. The row keeps the fingerprint of its last refresh token,
   * and the token itself where `inDoubt`: the provider never said that it is void.
   * Returns the row of another process that has logged in meanwhile, if there is one.
   * @throws ReauthorizationRequired
   */
  async end(row: StoredGrant | null, word: string, reason: Reason, inDoubt = false): Promise<StoredGrant> {
    const now = this.login.services.clock.now()
    const refreshToken = inDoubt ? (row?.refreshToken ?? null) : null
    const lastError = {
      code: 'REAUTHORIZATION_REQUIRED',
      reason: word,
      occurredAt: now,
      attempts: (row?.lastError?.attempts ?? 0) + 1,
      nextAttemptAt: this.#canLook(refreshToken) ? now + nextWait(row) : null,
    }
    const ended = { accessToken: null, refreshToken, status: 'REAUTHORIZATION_REQUIRED', lastError } as const
    const moved = await this.#remember(row, { ...(row ?? EMPTY_ROW), ...ended })
    if (moved?.accessToken && !moved.accessToken.equals(row?.accessToken)) {
      this.login.note(reason, 'race recovered', moved)
      return moved
    }
    this.login.dropChildren()
    this.login.note(reason, 'reauthorization required', row, word)
    return this.reauthorizationRequired(word)
  }

  /**
   * Records the provider's word that the user is gone or locked, and when a login is tried again.
   * The tokens remain: they work again as soon as the user is back.
   */
  async lockedOut(row: StoredGrant, word: string, reason: Reason): Promise<void> {
    const now = this.login.services.clock.now()
    const lastError = {
      code: LOCKED_OUT,
      reason: word,
      occurredAt: now,
      attempts: (row.lastError?.attempts ?? 0) + 1,
      nextAttemptAt: now + nextWait(row),
    }
    await this.#remember(row, { ...row, status: 'BACKOFF', lastError })
    this.login.note(reason, 'backing off', row, word)
  }

  /** The provider accepts the token again: nothing is wrong any more. */
  async recovered(row: StoredGrant, accessToken: StoredGrant['accessToken']): Promise<void> {
    const next = { ...row, generation: row.generation + 1, status: 'ACTIVE', accessToken, lastError: null } as const
    await this.login.services.store.write(this.login.key, row.generation, next)
  }

  /** A person wants it tried now: see `claimLook`. */
  async makeDue(row: StoredGrant): Promise<void> {
    if (!row.lastError) return
    const lastError = { ...row.lastError, nextAttemptAt: this.login.services.clock.now() }
    const next = { ...row, generation: row.generation + 1, lastError }
    await this.login.services.store.write(this.login.key, row.generation, next)
  }

  /**
   * Claims the next attempt of a credential that has no endpoint; null where it is not due, or
   * another request was faster.
   */
  async claimLook(row: StoredGrant): Promise<StoredGrant | null> {
    const { key, services } = this.login
    const now = services.clock.now()
    if (!row.lastError || (row.lastError.nextAttemptAt ?? 0) > now) return null
    const wait = row.status === 'BACKOFF' ? Math.min(BACKOFF_MAXIMUM_MS, 2 * waitOf(row)) : nextWait(row)
    const lastError = { ...row.lastError, occurredAt: now, nextAttemptAt: now + wait }
    const next = { ...row, generation: row.generation + 1, lastError }
    return (await services.store.write(key, row.generation, next)) ? next : null
  }

  /** @throws the failure that was recorded: nothing has been tried since */
  stillFails(error: NonNullable<StoredGrant['lastError']>): never {
    if (error.code === 'REAUTHORIZATION_REQUIRED') this.reauthorizationRequired(error.reason ?? 'CREDENTIALS_REJECTED')
    throw backingOff(error, Math.max(0, (error.nextAttemptAt ?? 0) - this.login.services.clock.now()))
  }

  /** The provider's word for a user that was locked out when last heard of; null for any other row. */
  lockedOutBy(row: StoredGrant | null): string | null {
    return row?.lastError?.code === LOCKED_OUT ? row.lastError.reason : null
  }

  /** What is thrown where a login does not bring a user back that is locked out. */
  refusedUser(word: string): ProviderError {
    return new ProviderError(LOCKED_OUT, 'The provider says that the user of this login is gone or locked', {
      reason: word,
    })
  }

  reauthorizationRequired(word: string): never {
    const advice = WHAT_TO_DO[word] ?? WHAT_TO_DO['INVALID_GRANT']!
    throw new ReauthorizationRequired(word, advice, this.login.authorizeUrl())
  }

  /** Whether a login that has ended can be tried again without a person. */
  #canLook(refreshToken: StoredGrant['refreshToken']): boolean {
    const { flow } = this.login
    return Boolean(flow.acquire ?? (flow.refresh && (refreshToken ?? flow.initialRefreshToken)))
  }

  #isTimeToLook({ lastError, refreshToken }: StoredGrant): boolean {
    if (!lastError || !this.#canLook(refreshToken)) return false
    // A row of a version that never looked again has no time for it.
    return (lastError.nextAttemptAt ?? lastError.occurredAt + FIRST_LOOK_MS) <= this.login.services.clock.now()
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

const waitOf = ({ lastError }: StoredGrant): number =>
  lastError?.nextAttemptAt == null ? 0 : lastError.nextAttemptAt - lastError.occurredAt

/** How long what has ended is left alone, after it was looked at as `row` says. */
function nextWait(row: StoredGrant | null): number {
  const isAgain = row?.status === 'REAUTHORIZATION_REQUIRED' || row?.lastError?.code === LOCKED_OUT
  return isAgain ? Math.min(LONGEST_LOOK_MS, Math.max(FIRST_LOOK_MS, 2 * waitOf(row!))) : FIRST_LOOK_MS
}

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  NOT_LINKED: 'This account has never been logged in. Open its authorization page, or configure a refresh token.',
  INVALID_GRANT: 'The provider no longer accepts the stored login. A person has to log in again.',
  ROTATION_LOST: 'The provider replaced the login but its answer was lost on the way. A person has to log in again.',
  REFRESH_REFUSED:
    'The provider refused the stored login several times, for reasons it does not explain. A person has to log in again.',
  TOKEN_EXPIRED: 'The login has run out and cannot be renewed without a person.',
  CREDENTIALS_REJECTED: 'The provider refuses the configured credentials. Correct them, or have them tried again.',
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
