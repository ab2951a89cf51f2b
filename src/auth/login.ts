import { CredentialsUnavailable, ReauthorizationRequired } from '../errors.js'
import type { AuthorizedRequest, Authorizer } from '../http/account/authorizer.js'
import type { HttpRequest, HttpResponse, Send } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import type { Flow } from './flow.js'
import { grantedRow, isMadeWith } from './granted-row.js'
import { freshness, marginSeconds, type Freshness } from './lifetime.js'
import { describeLogin, describeUnreadable, type LoginState } from './login-state.js'
import { RefusedRoutes } from './refused-routes.js'
import { Replacement } from './replacement.js'
import { observedSend } from './token-telemetry.js'
import type { LoginEvent, LoginOutcome, LoginServices } from './token-manager.js'
import { WaitingLine } from './waiting-line.js'

/** Another process may write the row between our look and our write; a person's login wins in the end. */
const REDEEM_ATTEMPTS = 5

/** After a token could not be replaced early, it serves on for so long before that is tried again. */
const EARLY_AGAIN_MS = 1_000

/** A token in hand, with its age on the monotonic clock. */
export interface HeldToken {
  readonly row: StoredGrant
  readonly accessToken: Secret
  /** Monotonic ms at receipt. */
  readonly receivedAt: number
  readonly margin: number
}

export type ReplacementReason = Exclude<LoginEvent['reason'], 'person' | 'unlink' | 'store'>

/**
 * One login for as long as the process lives: serves the token in hand while it is good, and has it replaced once, however many ask.
 */
export class Login implements Authorizer {
  #held: HeldToken | null = null
  /** Replacements under way, by the fingerprint of the token being replaced: a late refusal of an old token never discards a new one. */
  readonly #replacements = new Map<string, Promise<HeldToken>>()
  /** One after the other: the lease keeps other processes out, but not ourselves. */
  #last: Promise<unknown> = Promise.resolve()
  #reading: Promise<HeldToken | null> | null = null
  #notEarlyBefore = -Infinity
  #forgotten = false
  readonly #refusedRoutes: RefusedRoutes
  readonly #children = new Set<Login>()
  readonly #replacement: Replacement
  readonly #line: WaitingLine
  #session = 0
  /** Generation of the last row that this process made of the one before: the same login goes on in it. */
  #continuedAs: number | null = null
  /** To token endpoints, and heard of. */
  readonly send: Send

  constructor(
    readonly key: string,
    readonly flow: Flow,
    readonly actor: Login | null,
    readonly authorizeUrl: () => string | null,
    readonly services: LoginServices,
  ) {
    if (actor) actor.#children.add(this)
    this.#replacement = new Replacement(this)
    this.#refusedRoutes = new RefusedRoutes(services.clock.monotonic)
    this.#line = new WaitingLine(services.limits.providerQueue)
    const send = observedSend(services.send, { key, flow: flow.kind, clock: services.clock }, services.onExchange)
    this.send = (request, options) => {
      this.#tellFirstWaiting()
      return send(request, options)
    }
  }

  /**
   * Rises when somebody else may be logged in than before: a person did, another process stored a login that need not go on from ours,
   * or the login ended. What was read under an earlier session is nobody's business any more.
   */
  get session(): number {
    return this.#session
  }

  async authorize(request: HttpRequest, signal?: AbortSignal, onTokenRequest?: () => void): Promise<AuthorizedRequest> {
    return this.#ready(request, this.#inHand() ?? (await this.#wait(() => this.token(), signal, onTokenRequest)))
  }

  refuses(response: HttpResponse): boolean {
    return this.flow.isExpired(response)
  }

  async reauthorize(
    response: HttpResponse,
    used: AuthorizedRequest,
    signal?: AbortSignal,
    onTokenRequest?: () => void,
  ): Promise<AuthorizedRequest | null> {
    if (!this.flow.isExpired(response)) return null
    const { token, plain } = used.login as { token: HeldToken; plain: HttpRequest }
    const current = await this.#wait(() => this.#current(), signal)
    if (current && !current.accessToken.equals(token.accessToken)) return this.#ready(plain, current)
    if (this.#refusedRoutes.has(plain)) return null
    return this.#ready(plain, await this.#wait(() => this.replace(token, 'refused'), signal, onTokenRequest))
  }

  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void {
    if (!this.flow.isExpired(response)) return
    this.#refusedRoutes.note((used.login as { plain: HttpRequest }).plain)
  }

  async identity(signal?: AbortSignal, onTokenRequest?: () => void): Promise<Readonly<Record<string, string>>> {
    return (this.#inHand() ?? (await this.#wait(() => this.token(), signal, onTokenRequest))).row.identity
  }

  /** A token that may be used now. Inside the margin it is served while the next one is fetched. */
  async token(): Promise<HeldToken> {
    const ready = this.#inHand()
    if (ready) return ready
    const held = this.#held ?? (await this.#current())
    return this.#inHand() ?? this.replace(held, held ? 'expired' : 'first use')
  }

  /** Has `old` replaced by another token; everyone who asks about the same old token shares one replacement. */
  replace(old: HeldToken | null, reason: ReplacementReason): Promise<HeldToken> {
    const key = old?.accessToken.fingerprint() ?? ''
    const under = this.#replacements.get(key)
    if (under) return under
    const replacement = this.#last
      .then(() => this.#replacement.run(old, reason))
      .then((row) => this.#hold(row, old))
      .catch((error: unknown) => {
        // The token in hand has died with its login: sent again, it could only be refused again.
        if (error instanceof ReauthorizationRequired) this.#letGo()
        throw error
      })
      .finally(() => this.#replacements.delete(key))
    this.#replacements.set(key, replacement)
    this.#last = replacement.catch(() => {})
    // A token that had to be thrown away takes those exchanged from it along: the provider ended the session behind it.
    if (reason === 'refused') this.#last = this.#last.then(() => this.dropChildren())
    return replacement
  }

  /**
   * A person has logged in: the code their browser brought back buys the login, which is stored over whatever was there before.
   * Throws GrantRefused for a code that is not accepted, ProviderError for the endpoint's trouble, CredentialsUnavailable.
   */
  async redeem(answer: { code: string; redirectUri: string; codeVerifier: Secret }): Promise<void> {
    const { store, clock, limits, orphaned } = this.services
    const { authorization, kind } = this.flow
    if (!authorization) throw new TypeError(`a login of the kind ${kind} is not made in a browser`)
    const grant = await authorization.redeem(
      (request) => this.send(request, { timeoutMs: limits.tokenTimeoutMs }),
      answer,
    )
    const granted = grantedRow(this.flow, clock, grant, null)
    for (let attempt = 0; attempt < REDEEM_ATTEMPTS; attempt++) {
      const generation =
        (await store.read(this.key).catch((cause: unknown) => this.unavailable(cause)))?.generation ?? 0
      const row = { ...granted, generation: generation + 1 }
      const written = await store.write(this.key, generation, row).catch((cause: unknown) => this.unavailable(cause))
      if (!written) continue
      this.#refusedRoutes.clear()
      this.#session += 1
      this.#held = null
      this.#hold(row)
      return this.note('person', 'logged in', row)
    }
    orphaned?.(this.key, this.flow, { ...granted, generation: 0 })
    throw new CredentialsUnavailable(
      'The login was changed or removed again and again while it was being stored. Try again.',
    )
  }

  /** What was exchanged from this login is worth nothing any more. */
  dropChildren(): void {
    for (const child of this.#children) child.#drop()
  }

  /** Never rejects: what cannot be read is a state, too. */
  async state(): Promise<LoginState> {
    try {
      return describeLogin(this, await this.storedRow())
    } catch {
      return describeUnreadable(this, this.#held?.row ?? null)
    }
  }

  /** The stored row, unless it was made with other credentials than the configured ones. Throws CredentialsUnavailable. */
  async storedRow(): Promise<StoredGrant | null> {
    const row = await this.services.store.read(this.key).catch((cause: unknown) => this.unavailable(cause))
    return row && isMadeWith(row, this.flow) ? row : null
  }

  /** The account was unlinked: what is under way for it ends by itself, and nothing new is begun. */
  forget(): void {
    this.#forgotten = true
    this.#letGo()
    if (this.#replacements.size === 0) this.#replacement.abandon()
  }

  get isBeingReplaced(): boolean {
    return this.#replacements.size > 0
  }

  /** Resolves when no token is being replaced; what was granted by then is stored, if the store can be written at all. */
  async settle(): Promise<void> {
    while (this.#replacements.size > 0) await this.#last
    await this.#replacement.settle()
  }

  note(
    reason: LoginEvent['reason'],
    outcome: LoginOutcome,
    row: { readonly generation: number } | null,
    code?: string,
  ): void {
    if ((outcome === 'refreshed' || outcome === 'logged in') && reason !== 'person') this.#continuedAs = row!.generation
    this.services.log?.({
      // Without the mark of its link, which says nothing to a reader.
      key: this.key.replace(/~[^#]*/, ''),
      flow: this.flow.kind,
      reason,
      outcome,
      generation: row?.generation ?? 0,
      ...(code && { code }),
    })
  }

  /** Throws CredentialsUnavailable, and lets it be told that the store is in trouble. */
  unavailable(cause: unknown, message = 'The stored login cannot be read or written now. Try again later.'): never {
    this.services.storeTrouble(this, cause)
    throw new CredentialsUnavailable(message, { cause })
  }

  /** The token in hand, if it may still be used; has the next one fetched when it is time. */
  #inHand(): HeldToken | null {
    const held = this.#held
    if (!held) return null
    const state = this.#stateOf(held)
    if (state === 'expired') return null
    const now = this.services.clock.monotonic()
    if (
      state === 'due' &&
      this.#replacements.size === 0 &&
      now >= this.#notEarlyBefore &&
      this.services.mayReplaceEarly()
    ) {
      // That it failed is remembered in the store and shown there; the one in hand is still good.
      void this.replace(held, 'due').catch(() => {
        this.#notEarlyBefore = Math.max(this.services.clock.monotonic() + EARLY_AGAIN_MS, this.#replacement.waitsUntil)
      })
    }
    return held
  }

  #stateOf({ receivedAt, row, margin }: HeldToken): Freshness {
    return freshness((this.services.clock.monotonic() - receivedAt) / 1000, row.lifetimeSeconds, margin)
  }

  #letGo(): void {
    if (this.#held) this.#session += 1
    this.#held = null
  }

  /** An exchanged login is waited for where it is used, also while the one it is exchanged from is renewed. */
  #tellFirstWaiting(): boolean {
    return this.#line.tellFirst() || [...this.#children].some((child) => child.#tellFirstWaiting())
  }

  async #wait<T>(work: () => Promise<T>, signal?: AbortSignal, onTokenRequest?: () => void): Promise<T> {
    if (this.#forgotten) throw new CredentialsUnavailable('This account has been unlinked.')
    return this.#line.wait(work, signal, onTokenRequest)
  }

  /** What the store has; who asks while it is being read shares the answer. */
  #current(): Promise<HeldToken | null> {
    return (this.#reading ??= this.#read().finally(() => (this.#reading = null)))
  }

  async #read(): Promise<HeldToken | null> {
    const row = await this.storedRow()
    return row?.status !== 'REAUTHORIZATION_REQUIRED' && row?.accessToken ? this.#hold(row) : null
  }

  /** `replaced`: the token that this row came in place of. */
  #hold(row: StoredGrant, replaced: HeldToken | null = null): HeldToken {
    const known = this.#held
    const accessToken = row.accessToken as Secret
    const isSame = known !== null && known.accessToken.equals(accessToken)
    if (isSame && known.row.generation === row.generation) return known
    const { clock, random } = this.services
    const held: HeldToken = isSame
      ? // The same token under a new generation is as old as it was, whatever became of the wall clock.
        { ...known, row }
      : {
          row,
          accessToken,
          receivedAt: clock.monotonic() - Math.max(0, clock.now() - (row.receivedAt ?? clock.now())),
          margin: marginSeconds(row.lifetimeSeconds ?? 0, random()),
        }
    if (!this.#isLater(row, known, replaced) || this.#forgotten) return held
    const goesOn = !known || isSame || row.generation === this.#continuedAs
    if (!goesOn) this.#session += 1
    this.#held = held
    return held
  }

  /**
   * A row read late must not push out a later one. But a restored backup numbers its rows as others were numbered before: what is in
   * hand then counts until it was replaced or has run out, and no longer.
   */
  #isLater({ generation }: StoredGrant, known: HeldToken | null, replaced: HeldToken | null): boolean {
    if (!known || known.row.generation < generation) return true
    return known.accessToken.equals(replaced?.accessToken) || this.#stateOf(known) === 'expired'
  }

  /** Of what is being replaced this moment, the old is written over anyway. */
  #drop(): void {
    const { store } = this.services
    this.#letGo()
    if (this.#replacements.size > 0) return
    void store
      .read(this.key)
      .then((row) => row && store.remove(this.key, row.generation))
      .catch(() => {})
  }

  #ready(request: HttpRequest, token: HeldToken): AuthorizedRequest {
    return { request: this.flow.apply(request, token.accessToken), login: { token, plain: request } }
  }
}
