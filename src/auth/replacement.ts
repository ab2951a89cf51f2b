import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { FailureMemory } from './failure-memory.js'
import { GrantRefused, type SendTokenRequest, type Grant } from './flow.js'
import { configuredWith, EMPTY_ROW, grantedRow } from './granted-row.js'
import { GrantWriter } from './grant-writer.js'
import { tokenPhase } from './lifetime.js'
import type { HeldToken, LoginParts, ReplacementReason } from './login-parts.js'

/**
 * Longer than the token request and the write it guards: a lease never expires under a live holder.
 */
const LEASE_MS = 20_000
const LEASE_POLL_MS = 50
/** How long the loser of a race waits for the winner to store its grant. */
const WINNER_WRITES_MS = 5_000

/** A stored intent to redeem a refresh token. */
interface Announced {
  readonly row: StoredGrant
  /** The intent that was stored there before. */
  readonly before: StoredGrant['intent']
}

/** Another process took the lease over while this one stalled; nothing was sent. */
class LeaseLost extends Error {}

/**
 * Replaces the token of one login: take the lease, read again, store the intent, check the lease,
 * send, write, and only then use. Compare-and-set makes it correct; the lease only saves requests.
 */
export class Replacement {
  readonly #failures: FailureMemory
  readonly #writer: GrantWriter

  constructor(private readonly login: LoginParts) {
    this.#failures = new FailureMemory(login)
    this.#writer = new GrantWriter(login)
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
    return this.#failures.waitsUntil
  }

  /**
   * Returns the row with a usable token.
   * @throws ReauthorizationRequired
   * @throws ProviderError
   * @throws CredentialsUnavailable
   */
  async run(old: HeldToken | null, reason: ReplacementReason): Promise<StoredGrant> {
    const { store, owner } = this.login.services
    for (;;) {
      await this.#writer.writeKept(reason)
      const first = await this.#read(old)
      if (first.usable) return first.usable
      const winner = await this.#waitForLease(old)
      if (winner) return winner
      try {
        // Read again: another process may have been faster while we waited.
        const { row, usable } = await this.#read(old)
        return usable ?? (await this.#replace(row, reason))
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        this.login.note(reason, 'lease lost', null)
      } finally {
        await store.release(this.login.key, owner).catch(() => {})
      }
    }
  }

  /**
   * The stored row; it is `usable` when its token is not `old` and has not expired.
   * @throws ReauthorizationRequired when the login has ended
   * @throws ProviderError during backoff
   */
  async #read(old: HeldToken | null): Promise<{ row: StoredGrant | null; usable: StoredGrant | null }> {
    const row = await this.login.storedRow()
    this.#failures.assertNotEnded(row)
    const isOther = row?.accessToken && (!old || !row.accessToken.equals(old.accessToken))
    if (row && isOther && !this.#hasExpired(row)) return { row, usable: row }
    this.#failures.assertMayTry(row)
    return { row, usable: null }
  }

  /** Null once the lease is ours; the usable row when its holder was faster. */
  async #waitForLease(old: HeldToken | null): Promise<StoredGrant | null> {
    const { sleep, limits, clock } = this.login.services
    const timeout = limits.tokenTimeoutMs + LEASE_MS
    const deadline = clock.monotonic() + timeout
    for (let waited = 0; ; waited += LEASE_POLL_MS) {
      if (await this.#takeLease()) return null
      if (waited > timeout || clock.monotonic() > deadline) {
        const held = new Error('another process holds the lease')
        this.login.unavailable(held, 'Another process is refreshing this login and does not finish. Try again later.')
      }
      await sleep(LEASE_POLL_MS)
      const { usable } = await this.#read(old)
      if (usable) return usable
    }
  }

  #takeLease(): Promise<boolean> {
    const { store, owner } = this.login.services
    return store.lease(this.login.key, owner, LEASE_MS).catch((cause: unknown) => this.login.unavailable(cause))
  }

  async #replace(row: StoredGrant | null, reason: ReplacementReason): Promise<StoredGrant> {
    const { flow, services } = this.login
    const refreshToken = row ? row.refreshToken : (flow.initialRefreshToken ?? null)
    const isAlive = (row?.refreshExpiresAt ?? Infinity) > services.clock.now()
    if (!flow.refresh || !refreshToken || !isAlive) {
      return this.#acquire(row, reason, row ? 'TOKEN_EXPIRED' : 'NOT_LINKED')
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
      await this.#assertLease()
      return flow.refresh!(this.#send(deadline - clock.monotonic()), refreshToken)
    }
    let outcomeUnknown = isResumed
    try {
      const grant = await redeem().catch(async (error: unknown) => {
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
      if (!(error instanceof GrantRefused) || error.kind !== 'invalid_grant') {
        return this.#failures.note(row, error, reason, outcomeUnknown)
      }
      const winner = await this.#winner(row, before)
      if (!winner) return this.#acquire(row, reason, outcomeUnknown ? 'ROTATION_LOST' : 'INVALID_GRANT')
      this.login.note(reason, 'race recovered', winner)
      return winner
    }
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
   * that.
   */
  async #acquire(row: StoredGrant | null, reason: ReplacementReason, endReason: string): Promise<StoredGrant> {
    const { flow } = this.login
    // The credential itself is the token and was refused: trying it again may lock the account.
    const isSameToken = reason === 'refused' && row?.lifetimeSeconds === null
    if (!flow.acquire || isSameToken) {
      const word = isSameToken ? 'CREDENTIALS_REJECTED' : endReason
      return row ? this.#failures.end(row, word, reason) : this.#failures.reauthorizationRequired(word)
    }
    try {
      const granted = {
        row: grantedRow(flow, this.login.services.clock, await this.#logIn(flow.acquire), null),
        basis: row,
      }
      return await this.#writer.write({ ...granted, redeemed: null }, reason, 'logged in')
    } catch (error) {
      if (error instanceof GrantRefused && error.kind !== 'invalid_client') {
        return this.#failures.end(
          row,
          error.kind === 'denied' ? 'IMPERSONATION_DENIED' : 'CREDENTIALS_REJECTED',
          reason,
        )
      }
      // The actor's login has ended, and with it the logins exchanged from it.
      if (error instanceof ReauthorizationRequired) return this.#failures.end(row, error.reason, reason)
      return this.#failures.note(row, error, reason, false)
    }
  }

  /** Retries once with a new token of the actor when the provider refuses its current one. */
  async #logIn(acquire: (send: SendTokenRequest, actor: Secret | null) => Promise<Grant>): Promise<Grant> {
    const { actor, services } = this.login
    const held = actor ? await actor.token() : null
    await this.#assertLease()
    try {
      return await acquire(this.#send(services.limits.tokenTimeoutMs), held?.accessToken ?? null)
    } catch (error) {
      if (!(error instanceof GrantRefused) || error.kind !== 'actor' || !actor || !held) throw error
      const { accessToken } = await actor.replace(held, 'refused')
      await this.#assertLease()
      return acquire(this.#send(services.limits.tokenTimeoutMs), accessToken)
    }
  }

  /**
   * Called right before sending: a process that stalled longer than its lease must not redeem a
   * refresh token that another process has redeemed.
   */
  async #assertLease(): Promise<void> {
    const { store, owner } = this.login.services
    const isOurs = await store
      .prolong(this.login.key, owner, LEASE_MS)
      .catch((cause: unknown) => this.login.unavailable(cause))
    if (!isOurs) throw new LeaseLost()
  }

  #send(timeoutMs: number): (request: HttpRequest) => Promise<HttpResponse> {
    return (request) => this.login.send(request, { timeoutMs: Math.max(1, Math.ceil(timeoutMs)) })
  }

  #hasExpired(row: StoredGrant): boolean {
    const seconds = Math.max(0, this.login.services.clock.now() - (row.receivedAt ?? 0)) / 1000
    return tokenPhase(seconds, row.lifetimeSeconds, 0) === 'expired'
  }
}

/** Timed out or cut off: the provider may have granted all the same. */
const isResponseLost = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_TIMEOUT' || error.reason === 'CONNECTION_RESET' || error.reason === 'TRUNCATED')
