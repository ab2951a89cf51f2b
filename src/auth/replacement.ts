import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { FailureMemory } from './failure-memory.js'
import { GrantRefused, UnclearRefusal } from './flow.js'
import { configuredWith, EMPTY_ROW, grantedRow } from './granted-row.js'
import { GrantWriter } from './grant-writer.js'
import { Lease, LEASE_MS, LEASE_POLL_MS, LeaseLost } from './lease.js'
import { tokenPhase } from './lifetime.js'
import { isCutShort, logIn } from './log-in.js'
import { isLoginsTurn, isOver, mayLogInInstead } from './login-instead.js'
import type { HeldToken, LoginParts, ReplacementReason } from './login-parts.js'

/** How long the loser of a race waits for the winner to store its grant. */
const WINNER_WRITES_MS = 5_000

/** So many refusals in a row, in the provider's own words, end a refresh token. */
const UNCLEAR_REFUSALS = 3
/** How long credentials that were refused are left alone while the refresh token may be good. */
const NO_LOGIN_MS = 2 * 60 * 60_000

/** A stored intent to redeem a refresh token. */
interface Announced {
  readonly row: StoredGrant
  /** The intent that was stored there before. */
  readonly before: StoredGrant['intent']
}

/**
 * Replaces the token of one login: take the lease, read again, store the intent, check the lease,
 * send, write, and only then use. Compare-and-set makes it correct; the lease only saves requests.
 */
export class Replacement {
  readonly failures: FailureMemory
  readonly #writer: GrantWriter
  readonly #lease: Lease

  constructor(private readonly login: LoginParts) {
    this.failures = new FailureMemory(login)
    this.#writer = new GrantWriter(login)
    this.#lease = new Lease(login)
  }

  /** Stores a grant that could not be stored so far, if the store allows. Never rejects. */
  async settle(): Promise<void> {
    await this.#writer.writeKept('due').catch(() => {})
  }

  /** The account was unlinked. */
  abandon(): void {
    this.#writer.abandon()
  }

  /** Monotonic ms until which no attempt is made. */
  get waitsUntil(): number {
    return this.failures.waitsUntil
  }

  /**
   * Returns the row with a usable token. `word`: the provider's for a user that is locked out.
   * @throws ReauthorizationRequired
   * @throws ProviderError
   * @throws CredentialsUnavailable
   */
  async run(old: HeldToken | null, reason: ReplacementReason, word: string | null = null): Promise<StoredGrant> {
    for (;;) {
      await this.#writer.writeKept(reason)
      const first = await this.#read(old, reason)
      if (first.usable) return first.usable
      const winner = await this.#lease.take(async () => (await this.#read(old, reason)).usable)
      if (winner) return winner
      try {
        // Read again: another process may have been faster while we waited.
        const { row, usable } = await this.#read(old, reason)
        return usable ?? (await this.#replace(row, reason, word))
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        this.login.note(reason, 'lease lost', null)
      } finally {
        await this.#lease.release()
      }
    }
  }

  /**
   * The stored row; it is `usable` when its token is not `old` and has not expired. A person's wish
   * to try now outranks every wait.
   * @throws ReauthorizationRequired when the login has ended
   * @throws ProviderError during backoff
   */
  async #read(
    old: HeldToken | null,
    reason: ReplacementReason,
  ): Promise<{ row: StoredGrant | null; usable: StoredGrant | null }> {
    const row = await this.login.storedRow()
    if (reason !== 'retry') this.failures.assertNotEnded(row)
    const isSettled = reason !== 'retry' || row?.lastError === null
    const isOther = isSettled && row?.accessToken && (!old || !row.accessToken.equals(old.accessToken))
    if (row && isOther && !this.#hasExpired(row)) return { row, usable: row }
    if (reason !== 'retry') this.failures.assertMayTry(row)
    return { row, usable: null }
  }

  async #replace(row: StoredGrant | null, reason: ReplacementReason, word: string | null): Promise<StoredGrant> {
    const { flow } = this.login
    const refreshToken = row?.refreshToken ?? (row && !hasEnded(row) ? null : (flow.initialRefreshToken ?? null))
    const lockedOut = word ?? this.failures.lockedOutBy(row)
    const needsLogin =
      (reason === 'retry' ? lockedOut : word) !== null || reason === 'not accepted' || isLoginsTurn(this.login, row)
    if (!flow.refresh || !refreshToken || (flow.acquire && (needsLogin || isOver(this.login, row)))) {
      return this.#acquire(row, reason, row ? 'TOKEN_EXPIRED' : 'NOT_LINKED', lockedOut)
    }
    const isResumed = row?.intent?.refreshTokenFingerprint === refreshToken.fingerprint()
    if (isResumed) this.login.note(reason, 'resumed', row)
    const announced = await this.#announce(row, refreshToken)
    return announced ? this.#refresh(announced, refreshToken, reason, isResumed) : this.#writer.adopt(reason)
  }

  /** Stores the intent to redeem this refresh token; null when the row was written meanwhile. */
  async #announce(row: StoredGrant | null, refreshToken: Secret): Promise<Announced | null> {
    const { key, flow } = this.login
    const { store, clock, owner } = this.login.services
    const intent = { refreshTokenFingerprint: refreshToken.fingerprint(), startedAt: clock.now(), owner }
    try {
      for (let read = row; read;) {
        if (await store.intend(key, read, intent)) return { row: { ...read, intent }, before: read.intent }
        const { generation } = read
        read = await store.read(key)
        if (read?.generation !== generation) return null
      }
      // A row made with other credentials is overwritten: only its generation matters.
      const generation = ((await store.read(key))?.generation ?? 0) + 1
      const first = { ...EMPTY_ROW, refreshToken, intent, generation, configuredWith: configuredWith(flow) }
      return (await store.write(key, generation - 1, first)) ? { row: first, before: null } : null
    } catch (cause) {
      return this.login.unavailable(cause)
    }
  }

  async #refresh(
    { row, before }: Announced,
    refreshToken: Secret,
    reason: ReplacementReason,
    isResumed: boolean,
  ): Promise<StoredGrant> {
    const { flow } = this.login
    const { clock, limits } = this.login.services
    const deadline = clock.monotonic() + limits.tokenTimeoutMs
    const redeem = async () => {
      await this.#lease.assertHeld()
      return flow.refresh!(this.#send(deadline - clock.monotonic()), refreshToken)
    }
    let outcomeUnknown = isResumed
    try {
      const grant = await redeem().catch(async (error: unknown) => {
        if (isCutShort(error)) return redeem()
        // A lost response is no refusal: send the same refresh token once more while there is time.
        if (!isResponseLost(error)) throw error
        outcomeUnknown = true
        this.login.note(reason, 'outcome unknown', row)
        if (deadline - clock.monotonic() < limits.tokenTimeoutMs / 4) throw error
        return (await this.#changed(row)) ? null : redeem()
      })
      if (!grant) return await this.#writer.adopt(reason)
      const granted = { row: grantedRow(flow, clock, grant, row), basis: row, redeemed: refreshToken.fingerprint() }
      return await this.#writer.write(granted, reason, 'refreshed')
    } catch (error) {
      const refused = error instanceof GrantRefused && error.kind === 'invalid_grant'
      if (!refused && !(error instanceof UnclearRefusal)) return this.#afterFailure(row, error, reason, outcomeUnknown)
      const winner = await this.#winner(row, before)
      if (!winner && refused) return this.#acquire(row, reason, outcomeUnknown ? 'ROTATION_LOST' : 'INVALID_GRANT')
      if (!winner) return this.#afterFailure(row, error, reason, outcomeUnknown)
      this.login.note(reason, 'race recovered', winner)
      return winner
    }
  }

  /** A refresh failed, or was refused for reasons that end nothing: a login, a wait, or the third refusal. */
  async #afterFailure(
    row: StoredGrant,
    failure: unknown,
    reason: ReplacementReason,
    outcomeUnknown: boolean,
  ): Promise<StoredGrant> {
    const { flow, services } = this.login
    if (mayLogInInstead(this.login, row, failure)) {
      try {
        return await this.#logInOver(row, reason)
      } catch (error) {
        const isRefused = error instanceof GrantRefused && error.kind !== 'invalid_client'
        if (isRefused && failure instanceof UnclearRefusal) return this.failures.end(row, wordOf(error), reason, true)
        // The refresh token may yet be good, and the credentials are not: they are left alone.
        const noLoginBefore = isRefused ? services.clock.now() + NO_LOGIN_MS : undefined
        return this.failures.note(row, isRefused ? failure : error, reason, outcomeUnknown, noLoginBefore)
      }
    }
    const isThird = failure instanceof UnclearRefusal && (row.lastError?.refusals ?? 0) >= UNCLEAR_REFUSALS - 1
    if (isThird && !flow.acquire) return this.failures.end(row, 'REFRESH_REFUSED', reason, true)
    return this.failures.note(row, failure, reason, outcomeUnknown)
  }

  /** The stored row if it was written since `basis`, else null. */
  async #changed(basis: StoredGrant): Promise<StoredGrant | null> {
    const row = await this.login.storedRow()
    return row && row.generation !== basis.generation ? row : null
  }

  /**
   * Our refresh token was refused: the row of another process that redeemed it first, else null.
   * Where another process has announced the same refresh, it is given time to store its response.
   */
  async #winner(basis: StoredGrant, before: StoredGrant['intent']): Promise<StoredGrant | null> {
    const { clock, sleep, owner } = this.login.services
    const isSibling = (intent: StoredGrant['intent'] | undefined) =>
      intent != null && intent.owner !== owner && clock.now() - intent.startedAt < LEASE_MS
    const announced = isSibling(before) || isSibling((await this.login.storedRow())?.intent)
    for (let waited = 0; ; waited += LEASE_POLL_MS) {
      const row = await this.#changed(basis)
      if (row) return row.accessToken ? row : null
      if (!announced || waited >= WINNER_WRITES_MS) return null
      await sleep(LEASE_POLL_MS)
    }
  }

  /**
   * Logs in from scratch, once. `endReason`: why the login ends where the flow needs a person for
   * that; `word`: the provider's for a user that is locked out, whose tokens remain.
   */
  async #acquire(
    row: StoredGrant | null,
    reason: ReplacementReason,
    endReason: string,
    word: string | null = null,
  ): Promise<StoredGrant> {
    const { flow } = this.login
    if (!flow.acquire)
      return row ? this.failures.end(row, endReason, reason) : this.failures.reauthorizationRequired(endReason)
    if (flow.rides && row?.lastError) this.failures.stillFails(row.lastError)
    try {
      return await this.#logInOver(row, reason)
    } catch (error) {
      if (error instanceof GrantRefused && error.kind !== 'invalid_client') {
        if (row?.accessToken && word !== null) {
          await this.failures.lockedOut(row, word, reason)
          throw this.failures.refusedUser(word)
        }
        return this.failures.end(row, wordOf(error), reason)
      }
      // The actor's login has ended, and with it the logins exchanged from it.
      if (error instanceof ReauthorizationRequired) return this.failures.end(row, error.reason, reason)
      return this.failures.note(row, error, reason, false)
    }
  }

  /** @throws what `acquire` throws, and CredentialsUnavailable */
  async #logInOver(row: StoredGrant | null, reason: ReplacementReason): Promise<StoredGrant> {
    const { flow, services } = this.login
    const granted = grantedRow(flow, services.clock, await logIn(this.login, flow.acquire!, this.#lease), null)
    return this.#writer.write({ row: granted, basis: row, redeemed: null }, reason, 'logged in')
  }

  #send(timeoutMs: number): (request: HttpRequest) => Promise<HttpResponse> {
    return (request) => this.login.send(request, { timeoutMs: Math.max(1, Math.ceil(timeoutMs)) })
  }

  #hasExpired(row: StoredGrant): boolean {
    const seconds = Math.max(0, this.login.services.clock.now() - (row.receivedAt ?? 0)) / 1000
    return tokenPhase(seconds, row.lifetimeSeconds, 0) === 'expired'
  }
}

const hasEnded = ({ status }: StoredGrant): boolean => status === 'REAUTHORIZATION_REQUIRED'

const wordOf = ({ kind }: GrantRefused): string => (kind === 'denied' ? 'IMPERSONATION_DENIED' : 'CREDENTIALS_REJECTED')

/** Timed out or cut off: the provider may have granted all the same. */
const isResponseLost = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_TIMEOUT' || error.reason === 'CONNECTION_RESET' || error.reason === 'TRUNCATED')
