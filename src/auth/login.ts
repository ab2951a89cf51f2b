import type { EndSignal } from '../ending.js'
import type { Awaitable } from '../awaitable.js'
import { CredentialsUnavailable } from '../errors.js'
import type { AuthorizedRequest, Authorizer } from '../http/account/authorizer.js'
import type { HttpRequest, HttpResponse, Send } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { CurrentToken } from './current-token.js'
import type { Flow } from './flow.js'
import { grantedRow, isMadeWith } from './granted-row.js'
import type { LoginEvent, LoginOutcome } from './login-event.js'
import type { HeldToken, LoginParts, ReplacementReason } from './login-parts.js'
import type { LoginServices } from './login-services.js'
import { describeLogin, describeUnreadable, type LoginState } from './login-state.js'
import { Refusals, type Tried, type Wait } from './refusals.js'
import { RidingCredential } from './riding-credential.js'
import { isSentToSignIn } from './sign-in-redirect.js'
import { observedSend } from './token-telemetry.js'
import { WaitingLine } from './waiting-line.js'

/**
 * Another process may write the row between our read and our write; a person's login wins at last.
 */
const REDEEM_ATTEMPTS = 5

/** One request may be sent again so often at most; what decides is `Refusals`. */
const MOST_REPLAYS = 8

/** What `authorize` keeps of a request, for the case that its response refuses the token. */
interface UsedLogin {
  readonly token: HeldToken
  /** The request without the token. */
  readonly plain: HttpRequest
  /** Of the refusals when it was made ready. */
  readonly epoch: number
  /** Absent while nothing was refused. */
  readonly tried: Tried | undefined
}

/**
 * One login for as long as the process lives: puts its current token on requests, takes a login a
 * person has made, and shows its state.
 */
export class Login implements Authorizer, LoginParts {
  readonly replays = MOST_REPLAYS
  readonly #current: CurrentToken
  readonly #refusals: Refusals
  /** Of a flow whose credential rides on requests itself. */
  readonly #riding: RidingCredential | null
  readonly #line: WaitingLine
  /** Logins exchanged from this one. */
  readonly #children = new Set<Login>()
  readonly send: Send

  constructor(
    readonly key: string,
    readonly flow: Flow,
    readonly actor: Login | null,
    readonly authorizeUrl: () => string | null,
    readonly services: LoginServices,
  ) {
    if (actor) actor.#children.add(this)
    this.#current = new CurrentToken(this)
    this.#refusals = new Refusals(this, this.#current)
    this.#riding = flow.rides ? new RidingCredential(this, this.#current) : null
    this.#line = new WaitingLine(services.limits.providerQueue)
    const send = observedSend(
      services.send,
      { key, flow: flow.kind, clock: services.clock },
      services.onTokenRequestEnd,
    )
    this.send = (request, options) => {
      this.#notifyFirstWaiting()
      return send(request, options)
    }
  }

  get session(): number {
    return this.#current.session
  }

  authorize(request: HttpRequest, signal?: EndSignal, onTokenRequest?: () => void): Awaitable<AuthorizedRequest> {
    const usable = this.#current.usable()
    // No turn of the event loop while a token is held.
    if (usable && !this.#refusals.isDead(usable, request)) return this.#apply(request, usable)
    return this.#wait(() => this.#next(usable), signal, onTokenRequest).then((token) => this.#apply(request, token))
  }

  renew(used: AuthorizedRequest): AuthorizedRequest {
    const { token, plain, tried } = used.login as UsedLogin
    const { held } = this.#current
    if (!held || held === token || this.#refusals.hasRefused(held, tried)) return used
    return held.accessToken.equals(token.accessToken) ? used : this.#apply(plain, held, tried)
  }

  refuses(response: HttpResponse): boolean {
    return this.flow.isExpired(response) || isSentToSignIn(response)
  }

  refusedUndone(response: HttpResponse): boolean {
    return this.flow.refusedUndone?.(response) ?? false
  }

  reauthorize(
    response: HttpResponse,
    used: AuthorizedRequest,
    signal?: EndSignal,
    onTokenRequest?: () => void,
  ): Awaitable<AuthorizedRequest | null> {
    const { token, plain } = used.login as UsedLogin
    const isExpired = this.refuses(response)
    if (isExpired || response.status >= 300)
      return this.#afterRefusal(isExpired, response, used, signal, onTokenRequest)
    this.#refusals.accepted(token, plain)
    return this.#riding ? this.#riding.accepted(token).then(() => null) : null
  }

  async #afterRefusal(
    isExpired: boolean,
    response: HttpResponse,
    used: AuthorizedRequest,
    signal: EndSignal | undefined,
    onTokenRequest: (() => void) | undefined,
  ): Promise<AuthorizedRequest | null> {
    const { token, plain, epoch, tried = this.#refusals.begin(epoch) } = used.login as UsedLogin
    const wait: Wait = (work) => this.#wait(work, signal, onTokenRequest)
    if (isExpired && this.#riding) return wait(() => this.#riding!.refused(response, plain))
    const another = isExpired
      ? await this.#refusals.another(token, plain, tried, wait)
      : await this.#refusals.afterLockOut(response, token, tried, wait)
    return another && this.#apply(plain, another, tried)
  }

  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void {
    if (!this.refuses(response)) return
    const { token, plain } = used.login as UsedLogin
    this.#refusals.stands(token, plain)
  }

  /**
   * Tries a login that has ended, or waits, now; does nothing where it is well.
   * @throws ReauthorizationRequired, ProviderError or CredentialsUnavailable where it fails
   */
  async retry(): Promise<void> {
    if (this.actor) await this.actor.retry()
    if (!this.flow.rides) return void (await this.#wait(() => this.replace(null, 'retry')))
    // Only a request can tell: the next one does.
    const row = await this.storedRow()
    if (row) await this.#current.failures.makeDue(row)
  }

  async identity(signal?: EndSignal, onTokenRequest?: () => void): Promise<Readonly<Record<string, string>>> {
    return (this.#current.usable() ?? (await this.#awaitToken(signal, onTokenRequest))).row.identity
  }

  token(): Promise<HeldToken> {
    return this.#current.token()
  }

  replace(old: HeldToken | null, reason: ReplacementReason, word?: string): Promise<HeldToken> {
    return this.#current.replace(old, reason, word)
  }

  /**
   * Redeems the authorization code a person's browser brought back, and stores the login over
   * whatever was there before.
   * @throws GrantRefused for a code that is not accepted
   * @throws ProviderError for a failing endpoint
   * @throws CredentialsUnavailable when the login cannot be stored
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
      const row = { generation: generation + 1, ...granted }
      const written = await store.write(this.key, generation, row).catch((cause: unknown) => this.unavailable(cause))
      if (!written) continue
      this.#refusals.clear()
      this.#current.startSession(row)
      return this.note('person', 'logged in', row)
    }
    orphaned?.(this.key, this.flow, { generation: 0, ...granted })
    throw new CredentialsUnavailable(
      'The login was changed or removed again and again while it was being stored. Try again.',
    )
  }

  dropChildren(): void {
    for (const child of this.#children) child.#current.discard()
  }

  /** What may be shown of the login. Never rejects: a row that cannot be read is a state, too. */
  async state(): Promise<LoginState> {
    try {
      return describeLogin(this, await this.storedRow())
    } catch {
      return describeUnreadable(this, this.#current.held?.row ?? null)
    }
  }

  async storedRow(): Promise<StoredGrant | null> {
    const row = await this.services.store.read(this.key).catch((cause: unknown) => this.unavailable(cause))
    return row && isMadeWith(row, this.flow) ? row : null
  }

  /** The account was unlinked: no request is authorised any more. */
  forget(): void {
    this.#current.forget()
  }

  get isBeingReplaced(): boolean {
    return this.#current.isBeingReplaced
  }

  /** Resolves when no token is being replaced and, if the store allows, every grant is stored. */
  settle(): Promise<void> {
    return this.#current.settle()
  }

  note(
    reason: LoginEvent['reason'],
    outcome: LoginOutcome,
    row: { readonly generation: number } | null,
    code?: string,
  ): void {
    if ((outcome === 'refreshed' || outcome === 'logged in') && reason !== 'person')
      this.#current.continueAs(row!.generation)
    if (outcome === 'logged in') this.#refusals.loggedIn(row!.generation)
    this.services.log?.({
      // Without the id of its link, which means nothing to a reader.
      key: this.key.replace(/~[^#]*/, ''),
      flow: this.flow.kind,
      reason,
      outcome,
      generation: row?.generation ?? 0,
      ...(code && { code }),
    })
  }

  unavailable(cause: unknown, message = 'The stored login cannot be read or written now. Try again later.'): never {
    this.services.storeTrouble(this, cause)
    throw new CredentialsUnavailable(message, { cause })
  }

  /** A token in place of one that must not be used; null: there is none. */
  #next(dead: HeldToken | null): Promise<HeldToken> {
    if (dead) return this.replace(dead, 'refused')
    return this.#riding ? this.token().catch((error: unknown) => this.#riding!.look(error)) : this.token()
  }

  #awaitToken(signal?: EndSignal, onTokenRequest?: () => void): Promise<HeldToken> {
    return this.#wait(() => this.token(), signal, onTokenRequest)
  }

  /** A token request of the actor counts for whoever waits for a login exchanged from it. */
  #notifyFirstWaiting(): boolean {
    return this.#line.notifyFirst() || [...this.#children].some((child) => child.#notifyFirstWaiting())
  }

  async #wait<T>(work: () => Promise<T>, signal?: EndSignal, onTokenRequest?: () => void): Promise<T> {
    if (this.#current.isForgotten) throw new CredentialsUnavailable('This account has been unlinked.')
    return this.#line.wait(work, signal, onTokenRequest)
  }

  #apply(request: HttpRequest, token: HeldToken, tried?: Tried): AuthorizedRequest {
    const login: UsedLogin = { token, plain: request, epoch: this.#refusals.epoch, tried }
    return { request: this.flow.apply(request, token.accessToken), login }
  }
}
