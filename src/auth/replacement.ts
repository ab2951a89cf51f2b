import { ProviderError, ReauthorizationRequired } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { FailureMemory } from './failure-memory.js'
import { GrantRefused, type Exchange, type Grant } from './flow.js'
import { configuredWith, EMPTY_ROW, grantedRow } from './granted-row.js'
import { GrantWriter } from './grant-writer.js'
import { freshness } from './lifetime.js'
import type { HeldToken, Login, ReplacementReason } from './login.js'

/** Longer than the token call and the write it guards, so that a lease never runs out under a holder that is alive. */
const LEASE_MS = 20_000
const LEASE_LOOK_MS = 50
/** How long the loser of a race waits for the winner to store what it was granted. */
const WINNER_WRITES_MS = 5_000

interface Announced {
  readonly row: StoredGrant
  readonly before: StoredGrant['intent']
}

/** Another process took the lease over while this one was held up; nothing was sent. */
class LeaseLost extends Error {}

/**
 * Replaces the token of one login: lease, read again, intent, lease again, call, write, and only then use.
 * Compare-and-set carries the promise; the lease only saves calls.
 */
export class Replacement {
  readonly #failures: FailureMemory
  readonly #writer: GrantWriter

  constructor(private readonly login: Login) {
    this.#failures = new FailureMemory(login)
    this.#writer = new GrantWriter(login)
  }

  /** Stores what could not be stored so far, if it can be now. Never rejects. */
  async settle(): Promise<void> {
    await this.#writer.writeKept('due').catch(() => {})
  }

  /** The account was unlinked. */
  abandon(): void {
    this.#writer.abandon()
  }

  /** Monotonic ms before which another attempt is known to be in vain. */
  get waitsUntil(): number {
    return this.#failures.waitsUntil
  }

  /** The row with a usable token. Throws ReauthorizationRequired, ProviderError or CredentialsUnavailable. */
  async run(old: HeldToken | null, reason: ReplacementReason): Promise<StoredGrant> {
    const { store, owner } = this.login.services
    for (;;) {
      await this.#writer.writeKept(reason)
      const early = await this.#look(old)
      if (early.usable) return early.usable
      const winner = await this.#waitForLease(old)
      if (winner) return winner
      try {
        // Another process may have been faster while we waited.
        const { row, usable } = await this.#look(old)
        return usable ?? (await this.#replace(row, reason))
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        this.login.note(reason, 'lease lost', null)
      } finally {
        await store.release(this.login.key, owner).catch(() => {})
      }
    }
  }

  /** The stored row, and whether its token serves: it does when it is not `old` and has not run out. Throws what is remembered against trying. */
  async #look(old: HeldToken | null): Promise<{ row: StoredGrant | null; usable: StoredGrant | null }> {
    const row = await this.login.storedRow()
    this.#failures.assertNotEnded(row)
    const moved = row?.accessToken && (!old || !row.accessToken.equals(old.accessToken))
    if (row && moved && !this.#hasRunOut(row)) return { row, usable: row }
    this.#failures.assertMayTry(row)
    return { row, usable: null }
  }

  /** Null once the lease is ours; a row when its holder was faster. */
  async #waitForLease(old: HeldToken | null): Promise<StoredGrant | null> {
    const { sleep, limits, clock } = this.login.services
    const patience = limits.tokenTimeoutMs + LEASE_MS
    const until = clock.monotonic() + patience
    for (let waited = 0; ; waited += LEASE_LOOK_MS) {
      if (await this.#takeLease()) return null
      if (waited > patience || clock.monotonic() > until) {
        const held = new Error('another process holds the lease')
        this.login.unavailable(held, 'Another process is refreshing this login and does not finish. Try again later.')
      }
      await sleep(LEASE_LOOK_MS)
      const { usable } = await this.#look(old)
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
    const wasLeft = row?.intent?.refreshTokenFingerprint === refreshToken.fingerprint()
    if (wasLeft) this.login.note(reason, 'resumed', row)
    const announced = await this.#announce(row, refreshToken)
    return announced ? this.#refresh(announced, refreshToken, reason, wasLeft) : this.#writer.adopt(reason)
  }

  /**
   * The row with the intent to redeem this refresh token, stored, and the intent that stood there before; null when another process
   * has written the row meanwhile.
   */
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
      // A row of other credentials is written over, so its generation counts though its content does not.
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
    wasLeft: boolean,
  ): Promise<StoredGrant> {
    const { flow } = this.login
    const { clock, limits } = this.login.services
    const deadline = clock.monotonic() + limits.tokenTimeoutMs
    const redeem = async () => {
      await this.#assertLease()
      return flow.refresh!(this.#exchange(deadline - clock.monotonic()), refreshToken)
    }
    let outcomeUnknown = wasLeft
    try {
      const grant = await redeem().catch(async (error: unknown) => {
        // Sent and no answer is not a refusal: the same refresh token once more, while there is time.
        if (!answerWasLost(error)) throw error
        outcomeUnknown = true
        this.login.note(reason, 'outcome unknown', row)
        if (deadline - clock.monotonic() < limits.tokenTimeoutMs / 4) throw error
        return (await this.#moved(row)) ? null : redeem()
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

  /** The row, when another process has written it since. */
  async #moved(basis: StoredGrant): Promise<StoredGrant | null> {
    const row = await this.login.storedRow()
    return row && row.generation !== basis.generation ? row : null
  }

  /**
   * Our refresh token was refused: has a sibling redeemed it first? Its answer may still be on the way to the store, so where another
   * process has announced the same refresh, it is given time to write.
   */
  async #winner(basis: StoredGrant, before: StoredGrant['intent']): Promise<StoredGrant | null> {
    const { clock, sleep, owner } = this.login.services
    const isSibling = (intent: StoredGrant['intent'] | undefined) =>
      intent != null && intent.owner !== owner && clock.now() - intent.startedAt < LEASE_MS
    const announced = isSibling(before) || isSibling((await this.login.storedRow())?.intent)
    for (let waited = 0; ; waited += LEASE_LOOK_MS) {
      const row = await this.#moved(basis)
      if (row) return row.accessToken ? row : null
      if (!announced || waited >= WINNER_WRITES_MS) return null
      await sleep(LEASE_LOOK_MS)
    }
  }

  /** A login from nothing, once; `without` says why only a person can help where the flow has none. */
  async #acquire(row: StoredGrant | null, reason: ReplacementReason, without: string): Promise<StoredGrant> {
    const { flow } = this.login
    // A credential that is the token itself was refused: sending it again cannot help, and may lock the account.
    const sameAgain = reason === 'refused' && row?.lifetimeSeconds === null
    if (!flow.acquire || sameAgain) {
      const word = sameAgain ? 'CREDENTIALS_REJECTED' : without
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
      // The actor's login has ended, and with it what is exchanged from it.
      if (error instanceof ReauthorizationRequired) return this.#failures.end(row, error.reason, reason)
      return this.#failures.note(row, error, reason, false)
    }
  }

  /** With a new token of the actor's, where the one at hand has run out at the provider. */
  async #logIn(acquire: (exchange: Exchange, actor: Secret | null) => Promise<Grant>): Promise<Grant> {
    const { actor, services } = this.login
    const held = actor ? await actor.token() : null
    await this.#assertLease()
    try {
      return await acquire(this.#exchange(services.limits.tokenTimeoutMs), held?.accessToken ?? null)
    } catch (error) {
      if (!(error instanceof GrantRefused) || error.kind !== 'actor' || !actor || !held) throw error
      const { accessToken } = await actor.replace(held, 'refused')
      await this.#assertLease()
      return acquire(this.#exchange(services.limits.tokenTimeoutMs), accessToken)
    }
  }

  /** Right before sending: a process that was held up longer than its lease must not redeem what another has redeemed. */
  async #assertLease(): Promise<void> {
    const { store, owner } = this.login.services
    const isOurs = await store
      .prolong(this.login.key, owner, LEASE_MS)
      .catch((cause: unknown) => this.login.unavailable(cause))
    if (!isOurs) throw new LeaseLost()
  }

  #exchange(timeoutMs: number): (request: HttpRequest) => Promise<HttpResponse> {
    return (request) => this.login.send(request, { timeoutMs: Math.max(1, Math.ceil(timeoutMs)) })
  }

  #hasRunOut(row: StoredGrant): boolean {
    const seconds = Math.max(0, this.login.services.clock.now() - (row.receivedAt ?? 0)) / 1000
    return freshness(seconds, row.lifetimeSeconds, 0) === 'expired'
  }
}

/** Timed out or cut off: the provider may have done it all the same. */
const answerWasLost = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_TIMEOUT' || error.reason === 'CONNECTION_RESET' || error.reason === 'TRUNCATED')
