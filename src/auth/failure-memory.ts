import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { GrantRefused } from './flow.js'
import { configuredWith, EMPTY_ROW, isMadeWith } from './granted-row.js'
import type { Login } from './login.js'
import type { LoginEvent } from './token-manager.js'

const BACKOFF_BASE_MS = 5_000
const BACKOFF_MAXIMUM_MS = 5 * 60_000
/** What only the operator can mend is not asked, nor told, more than once a minute. */
const MISCONFIGURED_MS = 60_000

type Reason = LoginEvent['reason']

/** What went wrong with a login, kept in its row: so that nobody asks again too soon, and nobody asks again at all after its end. */
export class FailureMemory {
  /** A remembered wait on our own monotonic clock, by the generation it stands in: a wall clock that jumps changes nothing. */
  #wait: { generation: number; until: number } | null = null
  /** What could not be stored, and the generation it was to be written over: it counts here for as long as that row stays as it is. */
  #unstored: { over: number; row: StoredGrant } | null = null

  constructor(private readonly login: Login) {}

  /** Monotonic ms. */
  get waitsUntil(): number {
    return this.#wait?.until ?? -Infinity
  }

  assertNotEnded(stored: StoredGrant | null): void {
    const row = this.#known(stored)
    if (row?.status === 'REAUTHORIZATION_REQUIRED')
      this.reauthorizationRequired(row.lastError?.reason ?? 'INVALID_GRANT')
  }

  assertMayTry(stored: StoredGrant | null): void {
    const row = this.#known(stored)
    const error = row?.lastError
    if (!row || error?.nextAttemptAt == null) return
    const { clock, startedAt } = this.login.services
    // What the operator had wrong may have been corrected before this start.
    if (error.code === 'PROVIDER_MISCONFIGURED' && error.occurredAt < startedAt) return
    if (this.#wait?.generation !== row.generation) {
      const asked = error.nextAttemptAt - error.occurredAt
      const left = Math.min(asked, Math.max(0, error.nextAttemptAt - clock.now()))
      this.#wait = { generation: row.generation, until: clock.monotonic() + left }
    }
    const wait = this.#wait.until - clock.monotonic()
    if (wait > 0) throw remembered(error, wait)
  }

  /** Failing for a passing reason: the token in hand stays, and so does the intent where nobody knows what became of it. */
  async note(row: StoredGrant | null, error: unknown, reason: Reason, outcomeUnknown: boolean): Promise<never> {
    const failure = error instanceof GrantRefused ? misconfigured(error) : error
    // What is not the endpoint's own trouble (the store, the actor's login, a defect of ours) is remembered elsewhere or nowhere.
    if (!(failure instanceof ProviderError)) throw failure
    const { clock, limits, random } = this.login.services
    const attempts = (this.#known(row)?.lastError?.attempts ?? 0) + 1
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
   * The end: nothing more is tried until a person acts, or a new configuration. Which refresh token it ended with stays known.
   * Gives back the row of a sibling that has logged in meanwhile, if there is one; else throws ReauthorizationRequired.
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

  /** Gives back the row that has moved on meanwhile, and is left as it is. A failure that cannot be stored is thrown all the same. */
  async #remember(
    basis: StoredGrant | null,
    next: Omit<StoredGrant, 'generation' | 'configuredWith'>,
  ): Promise<StoredGrant | null> {
    const { key, flow, services } = this.login
    try {
      // A row of other credentials is written over, so its generation counts though its content does not.
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

  #known(stored: StoredGrant | null): StoredGrant | null {
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

const remembered = ({ code, reason }: NonNullable<StoredGrant['lastError']>, wait: number): ProviderError =>
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
