import { ReauthorizationRequired } from '../errors.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import type { FailureMemory } from './failure-memory.js'
import { marginSeconds, tokenPhase, type TokenPhase } from './lifetime.js'
import type { HeldToken, LoginParts, ReplacementReason, TokenSource } from './login-parts.js'
import { Replacement } from './replacement.js'

/** Pause after an early replacement that failed, while the current token is still valid. */
const EARLY_RETRY_MS = 1_000

/**
 * The current access token of one login: served while it is valid, replaced once however many
 * callers need the next one, and held only for as long as the login is the same.
 */
export class CurrentToken implements TokenSource {
  #held: HeldToken | null = null
  #older: HeldToken | null = null
  /**
   * Replacements in progress, by the fingerprint of the token being replaced: a late 401 about an
   * old token never discards a newer one.
   */
  readonly #replacements = new Map<string, Promise<HeldToken>>()
  /** Replacements run one after another: a lease excludes other processes, but not our own. */
  #last: Promise<unknown> = Promise.resolve()
  #reading: Promise<HeldToken | null> | null = null
  /** Monotonic ms. */
  #notEarlyBefore = -Infinity
  #forgotten = false
  #session = 0
  /** Generation of the last row this process derived from the one before: the login is the same. */
  #continuedAs: number | null = null
  readonly #replacement: Replacement

  constructor(private readonly login: LoginParts) {
    this.#replacement = new Replacement(login)
  }

  /**
   * Increases when somebody else may be logged in than before: a person logged in, another process
   * stored a login that need not continue ours, or the login ended. Whatever was read under an
   * earlier session must not be served any more.
   */
  get session(): number {
    return this.#session
  }

  get held(): HeldToken | null {
    return this.#held
  }

  /** The token before the held one, while it has not expired. */
  get older(): HeldToken | null {
    return this.#older && !this.isExpired(this.#older) ? this.#older : null
  }

  isExpired(token: HeldToken): boolean {
    return this.#phaseOf(token) === 'expired'
  }

  ageSeconds({ receivedAt }: HeldToken): number {
    return (this.login.services.clock.monotonic() - receivedAt) / 1000
  }

  get failures(): FailureMemory {
    return this.#replacement.failures
  }

  get isForgotten(): boolean {
    return this.#forgotten
  }

  get isBeingReplaced(): boolean {
    return this.#replacements.size > 0
  }

  /** The held token unless it has expired; starts replacing it in the background when due. */
  usable(): HeldToken | null {
    const held = this.#held
    if (!held) return null
    const phase = this.#phaseOf(held)
    if (phase === 'expired') return null
    const now = this.login.services.clock.monotonic()
    if (
      phase === 'due' &&
      this.#replacements.size === 0 &&
      now >= this.#notEarlyBefore &&
      this.login.services.mayReplaceEarly()
    ) {
      // The failure is recorded by FailureMemory; keep serving the current token.
      void this.replace(held, 'due').catch(() => {
        const retryAt = this.login.services.clock.monotonic() + EARLY_RETRY_MS
        this.#notEarlyBefore = Math.max(retryAt, this.#replacement.waitsUntil)
      })
    }
    return held
  }

  /** Inside its margin the held token is served while the next one is fetched. */
  async token(): Promise<HeldToken> {
    const usable = this.usable()
    if (usable) return usable
    const held = this.#held ?? (await this.stored())
    return this.usable() ?? this.replace(held, held ? 'expired' : 'first use')
  }

  replace(old: HeldToken | null, reason: ReplacementReason, word?: string): Promise<HeldToken> {
    const key = reason === 'retry' ? reason : (old?.accessToken.fingerprint() ?? '')
    const inProgress = this.#replacements.get(key)
    if (inProgress) return inProgress
    const replacement = this.#last
      .then(() => this.#replacement.run(old, reason, word))
      .then((row) => this.#hold(row, old))
      .catch((error: unknown) => {
        // The login has ended, and its access token with it: sending it again would only get a 401.
        if (error instanceof ReauthorizationRequired) this.drop()
        throw error
      })
      .finally(() => this.#replacements.delete(key))
    this.#replacements.set(key, replacement)
    this.#last = replacement.catch(() => {})
    // The provider ended the session of a refused token, and with it those exchanged from it.
    if (reason === 'refused' || reason === 'not accepted') this.#last = this.#last.then(() => this.login.dropChildren())
    return replacement
  }

  /** The token in the store; concurrent calls share one read. */
  stored(): Promise<HeldToken | null> {
    return (this.#reading ??= this.#read().finally(() => (this.#reading = null)))
  }

  /** A person has logged in: `row` starts another session. */
  startSession(row: StoredGrant): void {
    this.#session += 1
    this.#held = this.#older = null
    this.#hold(row)
  }

  /** The row of this generation, written by this process, continues the login of the one before. */
  continueAs(generation: number): void {
    this.#continuedAs = generation
  }

  drop(): void {
    if (this.#held) this.#session += 1
    this.#held = this.#older = null
  }

  /** Drops the token and its row; a replacement in progress overwrites the row anyway. */
  discard(): void {
    const { key, services } = this.login
    this.drop()
    if (this.isBeingReplaced) return
    void services.store
      .read(key)
      .then((row) => row && services.store.remove(key, row.generation))
      .catch(() => {})
  }

  /** The account was unlinked: replacements in progress end by themselves, and none is started. */
  forget(): void {
    this.#forgotten = true
    this.drop()
    if (!this.isBeingReplaced) this.#replacement.abandon()
  }

  /**
   * Resolves when no replacement is in progress and, if the store allows, every grant is stored.
   */
  async settle(): Promise<void> {
    while (this.isBeingReplaced) await this.#last
    await this.#replacement.settle()
  }

  #phaseOf(token: HeldToken): TokenPhase {
    return tokenPhase(this.ageSeconds(token), token.row.lifetimeSeconds, token.margin)
  }

  async #read(): Promise<HeldToken | null> {
    const row = await this.login.storedRow()
    return row?.status !== 'REAUTHORIZATION_REQUIRED' && row?.accessToken ? this.#hold(row) : null
  }

  /** Holds the row's token unless a later one is held; `replaced` is the token it replaces. */
  #hold(row: StoredGrant, replaced: HeldToken | null = null): HeldToken {
    const before = this.#held
    const accessToken = row.accessToken as Secret
    const isSame = before !== null && before.accessToken.equals(accessToken)
    if (isSame && before.row.generation === row.generation) return before
    const { clock, random } = this.login.services
    const held: HeldToken = isSame
      ? // The same token under a new generation keeps its age, even when the wall clock was changed.
        { ...before, row }
      : {
          row,
          accessToken,
          receivedAt: clock.monotonic() - Math.max(0, clock.now() - (row.receivedAt ?? clock.now())),
          margin: marginSeconds(row.lifetimeSeconds ?? 0, random()),
          proof: { accepted: false },
        }
    if (!this.#isLater(row, before, replaced) || this.#forgotten) return held
    const continues = !before || isSame || row.generation === this.#continuedAs
    if (!continues) this.#session += 1
    if (!isSame) this.#older = before
    this.#held = held
    return held
  }

  /**
   * A row read late must not displace a later one. A restored backup, however, reuses generation
   * numbers: so the held token wins only until it has been replaced or has expired.
   */
  #isLater({ generation }: StoredGrant, before: HeldToken | null, replaced: HeldToken | null): boolean {
    if (!before || before.row.generation < generation) return true
    return before.accessToken.equals(replaced?.accessToken) || this.#phaseOf(before) === 'expired'
  }
}
