import { CredentialsUnavailable, ProviderError, ReauthorizationRequired } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { GrantRefused, type Grant } from './flow.js'
import { EMPTY_ROW, grantedRow } from './granted-row.js'
import { freshness } from './lifetime.js'
import type { HeldToken, Login } from './login.js'
import type { LoginEvent } from './token-manager.js'

/** Longer than the token call and the write it guards, so that a lease never runs out under a holder that is alive. */
const LEASE_MS = 20_000
const LEASE_LOOK_MS = 50
/** How long the loser of a race waits for the winner to store what it was granted. */
const WINNER_WRITES_MS = 5_000
const BACKOFF_BASE_MS = 5_000
const BACKOFF_MAXIMUM_MS = 5 * 60_000

type Reason = LoginEvent['reason']

/**
 * Replaces the token of one login: lease, read again, intent, call, write, and only then use.
 * Compare-and-set carries the promise; the lease only saves calls.
 */
export class Replacement {
  /** Granted but not yet stored: kept, written again, served to no one until it is stored. */
  #unstored: { basis: StoredGrant | null; grant: StoredGrant } | null = null

  constructor(
    private readonly login: Login,
    private readonly owner: string,
  ) {}

  /** The row with a usable token. Throws ReauthorizationRequired, ProviderError or CredentialsUnavailable. */
  async run(old: HeldToken | null, reason: Reason): Promise<StoredGrant> {
    const { store } = this.login.options
    const early = await this.#usable(old)
    if (early) return early
    const winner = await this.#waitForLease(old)
    if (winner) return winner
    try {
      // Another process may have been faster while we waited.
      return (await this.#usable(old)) ?? (await this.#replace(reason))
    } finally {
      await store.release(this.login.key, this.owner).catch(() => {})
    }
  }

  /** A stored token other than `old` and not expired, if there is one; throws what is remembered against trying. */
  async #usable(old: HeldToken | null): Promise<StoredGrant | null> {
    const row = await this.#read()
    if (row?.status === 'REAUTHORIZATION_REQUIRED') throw this.#reauthorizationRequired(row.lastError?.reason ?? 'INVALID_GRANT')
    const moved = row?.accessToken && (!old || !row.accessToken.equals(old.accessToken))
    if (row && moved && this.#age(row) !== 'expired') return row
    const wait = (row?.lastError?.nextAttemptAt ?? 0) - this.login.options.clock.now()
    if (row?.lastError && wait > 0) throw this.#remembered(row.lastError, wait)
    return null
  }

  /** Null once the lease is ours; a row when its holder was faster. */
  async #waitForLease(old: HeldToken | null): Promise<StoredGrant | null> {
    const { store, sleep = realSleep, limits } = this.login.options
    const patience = limits.tokenTimeoutMs + LEASE_MS
    for (let waited = 0; ; waited += LEASE_LOOK_MS) {
      const taken = await store.lease(this.login.key, this.owner, LEASE_MS).catch((cause: unknown) => {
        throw new CredentialsUnavailable('The stored login cannot be reserved for a refresh. Try again later.', { cause })
      })
      if (taken) return null
      if (waited > patience) throw new CredentialsUnavailable('Another process is refreshing this login and does not finish. Try again later.')
      await sleep(LEASE_LOOK_MS)
      const row = await this.#usable(old)
      if (row) return row
    }
  }

  async #replace(reason: Reason): Promise<StoredGrant> {
    if (this.#unstored) return this.#store(this.#unstored.basis, this.#unstored.grant, reason)
    const row = await this.#read()
    const { flow, options } = this.login
    const refreshToken = row ? row.refreshToken : (flow.initialRefreshToken ?? null)
    const refreshable = flow.refresh && refreshToken && (row?.refreshExpiresAt ?? Infinity) > options.clock.now()
    if (refreshable) return this.#refresh(row, refreshToken, reason)
    return this.#acquire(row, reason, row ? 'TOKEN_EXPIRED' : 'NOT_LINKED')
  }

  async #refresh(row: StoredGrant | null, refreshToken: Secret, reason: Reason): Promise<StoredGrant> {
    const { flow, options } = this.login
    if (row && !(await this.#intend(row, refreshToken))) return this.#adopt(row, reason)
    const deadline = options.clock.monotonic() + options.limits.tokenTimeoutMs
    const attempt = () => flow.refresh!(this.#exchange(deadline - options.clock.monotonic()), refreshToken)
    let outcomeUnknown = row?.intent?.refreshTokenFingerprint === refreshToken.fingerprint()
    try {
      const grant = await attempt().catch(async (error: unknown) => {
        // Sent and no answer is not a refusal: the same refresh token once more, while there is time.
        const left = deadline - options.clock.monotonic()
        if (!answerWasLost(error) || left < options.limits.tokenTimeoutMs / 4) throw error
        outcomeUnknown = true
        if (await this.#moved(row)) return null
        return attempt()
      })
      return grant ? await this.#store(row, grantedRow(flow, options.clock, grant, row, row), reason, 'refreshed') : await this.#adopt(row, reason)
    } catch (error) {
      if (!(error instanceof GrantRefused) || error.kind !== 'invalid_grant') return this.#failed(row, error, reason)
      const winner = await this.#winner(row)
      if (!winner) return this.#acquire(row, reason, outcomeUnknown ? 'ROTATION_LOST' : 'INVALID_GRANT')
      this.#log(reason, 'race recovered', winner)
      return winner
    }
  }

  #intend(row: StoredGrant, refreshToken: Secret): Promise<boolean> {
    const { store, clock } = this.login.options
    const intent = { refreshTokenFingerprint: refreshToken.fingerprint(), startedAt: clock.now(), owner: this.owner }
    return store.intend(this.login.key, row.generation, intent).catch((cause: unknown) => {
      throw new CredentialsUnavailable('The refresh of this login could not be announced in the store. Try again later.', { cause })
    })
  }

  /** The row, when another process has written it since. */
  async #moved(basis: StoredGrant | null): Promise<StoredGrant | null> {
    const row = await this.#read()
    return row && row.generation !== (basis?.generation ?? 0) ? row : null
  }

  /**
   * Our refresh token was refused: has a sibling redeemed it first? Its answer may still be on the way to the store, so where another
   * process has announced the same refresh, it is given time to write.
   */
  async #winner(basis: StoredGrant | null): Promise<StoredGrant | null> {
    const { clock, sleep = realSleep } = this.login.options
    const isSibling = (intent: StoredGrant['intent'] | undefined) =>
      intent != null && intent.owner !== this.owner && clock.now() - intent.startedAt < LEASE_MS
    const announced = isSibling(basis?.intent) || isSibling((await this.#read())?.intent)
    for (let waited = 0; ; waited += LEASE_LOOK_MS) {
      const row = await this.#moved(basis)
      if (row) return row.accessToken ? row : null
      if (!announced || waited >= WINNER_WRITES_MS) return null
      await sleep(LEASE_LOOK_MS)
    }
  }

  /** A login from nothing, once; `without` says why only a person can help where the flow has none. */
  async #acquire(row: StoredGrant | null, reason: Reason, without: string): Promise<StoredGrant> {
    const { flow, options, actor } = this.login
    // A credential that is the token itself was refused: sending it again cannot help, and may lock the account.
    const sameAgain = reason === 'refused' && row?.lifetimeSeconds === null
    if (!flow.acquire || sameAgain) {
      if (row) return this.#latch(row, sameAgain ? 'CREDENTIALS_REJECTED' : without, reason)
      throw this.#reauthorizationRequired(without)
    }
    try {
      let token = actor ? await actor.token() : null
      let grant: Grant
      try {
        grant = await flow.acquire(this.#exchange(options.limits.tokenTimeoutMs), token?.accessToken ?? null)
      } catch (error) {
        if (!(error instanceof GrantRefused) || error.kind !== 'actor' || !actor || !token) throw error
        token = await actor.replace(token, 'refused')
        grant = await flow.acquire(this.#exchange(options.limits.tokenTimeoutMs), token.accessToken)
      }
      return await this.#store(row, grantedRow(flow, options.clock, grant, null, row), reason, 'logged in')
    } catch (error) {
      if (error instanceof GrantRefused && error.kind !== 'invalid_client') {
        return this.#latch(row, error.kind === 'denied' ? 'IMPERSONATION_DENIED' : 'CREDENTIALS_REJECTED', reason)
      }
      return this.#failed(row, error, reason)
    }
  }

  #exchange(timeoutMs: number): (request: HttpRequest) => Promise<HttpResponse> {
    return (request) => this.login.options.send(request, { timeoutMs: Math.max(1, Math.ceil(timeoutMs)) })
  }

  /** Written before anyone may use it: a provider may kill the old refresh token at the new access token's first use. */
  async #store(basis: StoredGrant | null, next: StoredGrant, reason: Reason, outcome: LoginEvent['outcome'] = 'refreshed'): Promise<StoredGrant> {
    const { store } = this.login.options
    const stale = await this.#staleGeneration(basis)
    const row = { ...next, generation: stale + 1 }
    const written = await store.write(this.login.key, stale, row).catch((cause: unknown) => {
      this.#unstored = { basis, grant: next }
      this.#log(reason, 'not stored', row, 'CREDENTIALS_UNAVAILABLE')
      throw new CredentialsUnavailable('The refreshed login could not be stored, and is not used before it is. Try again later.', { cause })
    })
    this.#unstored = null
    if (!written) return this.#adopt(basis, reason)
    this.#log(reason, outcome, row)
    return row
  }

  /** A row made with other credentials is written over, so its generation counts though its content does not. */
  async #staleGeneration(basis: StoredGrant | null): Promise<number> {
    if (basis) return basis.generation
    const row = await this.login.options.store.read(this.login.key).catch(() => null)
    return row && row.configuredWith !== this.login.flow.fingerprint ? row.generation : 0
  }

  /** Whoever lost the compare-and-set uses what the winner stored. */
  async #adopt(basis: StoredGrant | null, reason: Reason): Promise<StoredGrant> {
    const row = await this.#read()
    if (row?.accessToken && row.generation !== basis?.generation) {
      this.#log(reason, 'adopted', row)
      return row
    }
    throw new CredentialsUnavailable('The login was changed or removed while it was being refreshed. Try again.')
  }

  /** Failing for a passing reason: remembered, so that nobody asks again too soon. The token in hand stays. */
  async #failed(row: StoredGrant | null, error: unknown, reason: Reason): Promise<never> {
    const failure = error instanceof GrantRefused ? misconfigured(error) : error
    // What is not the endpoint's own trouble (the store, the actor's login, a defect of ours) is remembered elsewhere or nowhere.
    if (!(failure instanceof ProviderError)) throw failure
    const { clock, limits, random = Math.random } = this.login.options
    const attempts = (row?.lastError?.attempts ?? 0) + 1
    const backoff = Math.min(BACKOFF_MAXIMUM_MS, BACKOFF_BASE_MS * 2 ** (attempts - 1)) * (0.8 + 0.4 * random())
    const wait = failure.retryAfterMs ?? (failure.code === 'PROVIDER_RATE_LIMITED' ? limits.retryAfterDefaultMs : backoff)
    const now = clock.now()
    const lastError = { code: failure.code, reason: failure.reason, occurredAt: now, attempts, nextAttemptAt: now + wait }
    const intent = row && answerWasLost(error) ? ((await this.#read())?.intent ?? null) : null
    const untouched = row ?? { ...EMPTY_ROW, refreshToken: this.login.flow.initialRefreshToken ?? null }
    await this.#remember(row, { ...untouched, status: 'BACKOFF', lastError }, intent)
    this.#log(reason, 'backing off', row, failure.code)
    throw failure
  }

  async #latch(row: StoredGrant | null, word: string, reason: Reason): Promise<never> {
    const lastError = {
      code: 'REAUTHORIZATION_REQUIRED',
      reason: word,
      occurredAt: this.login.options.clock.now(),
      attempts: (row?.lastError?.attempts ?? 0) + 1,
      nextAttemptAt: null,
    }
    await this.#remember(row, { ...(row ?? EMPTY_ROW), status: 'REAUTHORIZATION_REQUIRED', accessToken: null, refreshToken: null, lastError }, null)
    this.login.dropChildren()
    this.#log(reason, 'reauthorization required', row, word)
    throw this.#reauthorizationRequired(word)
  }

  /** A failure that cannot be stored is still thrown; the next one will be. */
  async #remember(basis: StoredGrant | null, next: Omit<StoredGrant, 'generation' | 'configuredWith'>, intent: StoredGrant['intent']): Promise<void> {
    const stale = await this.#staleGeneration(basis)
    const row: StoredGrant = { ...next, generation: stale + 1, configuredWith: this.login.flow.fingerprint, intent }
    await this.login.options.store.write(this.login.key, stale, row).catch(() => false)
  }

  #read(): Promise<StoredGrant | null> {
    return this.login.storedRow().catch((cause: unknown) => {
      throw new CredentialsUnavailable('The stored login cannot be read now. Try again later.', { cause })
    })
  }

  #age(row: StoredGrant) {
    const seconds = Math.max(0, this.login.options.clock.now() - (row.receivedAt ?? 0)) / 1000
    return freshness(seconds, row.lifetimeSeconds, 0)
  }

  #remembered({ code, reason }: NonNullable<StoredGrant['lastError']>, wait: number): ProviderError {
    return new ProviderError(code as ProviderError['code'], `The login failed a moment ago (${reason ?? code}) and is not tried again yet`, {
      reason,
      retryAfterMs: wait,
    })
  }

  #reauthorizationRequired(word: string): ReauthorizationRequired {
    return new ReauthorizationRequired(word, WHAT_TO_DO[word] ?? WHAT_TO_DO['INVALID_GRANT']!, this.login.authorizeUrl)
  }

  #log(reason: Reason, outcome: LoginEvent['outcome'], row: StoredGrant | null, code?: string): void {
    this.login.options.log?.({ key: this.login.key, flow: this.login.flow.kind, reason, outcome, generation: row?.generation ?? 0, ...(code && { code }) })
  }
}

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  NOT_LINKED: 'This account has never been logged in. Open its authorization page, or configure a refresh token.',
  INVALID_GRANT: 'The provider no longer accepts the stored login. A person has to log in again.',
  ROTATION_LOST: 'The provider replaced the login but its answer was lost on the way. A person has to log in again.',
  TOKEN_EXPIRED: 'The login has run out and cannot be renewed without a person.',
  CREDENTIALS_REJECTED: 'The provider refuses the configured credentials. Correct them; they are not tried again until they change.',
  IMPERSONATION_DENIED: 'The provider does not let this login act for that person. Check the impersonation right and the e-mail address.',
}

/** Timed out or cut off: the provider may have done it all the same. */
const answerWasLost = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_TIMEOUT' || error.reason === 'CONNECTION_RESET' || error.reason === 'TRUNCATED')

const misconfigured = (cause: GrantRefused): ProviderError =>
  new ProviderError('PROVIDER_MISCONFIGURED', 'The token endpoint refuses the client id or secret of this account. Correct them.', {
    reason: 'INVALID_CLIENT',
    cause,
  })

const realSleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
