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
import { RefusedRoutes } from './refused-routes.js'
import { observedSend } from './token-telemetry.js'
import { WaitingLine } from './waiting-line.js'

/**
 * Another process may write the row between our read and our write; a person's login wins at last.
 */
const REDEEM_ATTEMPTS = 5

/** What `authorize` keeps of a request, for the case that its response refuses the token. */
interface UsedLogin {
  readonly token: HeldToken
  /** The request without the token. */
  readonly plain: HttpRequest
}

/**
 * One login for as long as the process lives: puts its current token on requests, takes a login a
 * person has made, and shows its state.
 */
export class Login implements Authorizer, LoginParts {
  readonly #current: CurrentToken
  readonly #refusedRoutes: RefusedRoutes
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
    this.#refusedRoutes = new RefusedRoutes(services.clock.monotonic)
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

  async authorize(request: HttpRequest, signal?: AbortSignal, onTokenRequest?: () => void): Promise<AuthorizedRequest> {
    // No turn of the event loop while a token is held.
    return this.#apply(request, this.#current.usable() ?? (await this.#awaitToken(signal, onTokenRequest)))
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
    const { token, plain } = used.login as UsedLogin
    const stored = await this.#wait(() => this.#current.stored(), signal)
    if (stored && !stored.accessToken.equals(token.accessToken)) return this.#apply(plain, stored)
    if (this.#refusedRoutes.has(plain)) return null
    return this.#apply(plain, await this.#wait(() => this.replace(token, 'refused'), signal, onTokenRequest))
  }

  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void {
    if (!this.flow.isExpired(response)) return
    this.#refusedRoutes.note((used.login as UsedLogin).plain)
  }

  async identity(signal?: AbortSignal, onTokenRequest?: () => void): Promise<Readonly<Record<string, string>>> {
    return (this.#current.usable() ?? (await this.#awaitToken(signal, onTokenRequest))).row.identity
  }

  token(): Promise<HeldToken> {
    return this.#current.token()
  }

  replace(old: HeldToken | null, reason: ReplacementReason): Promise<HeldToken> {
    return this.#current.replace(old, reason)
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
      const row = { ...granted, generation: generation + 1 }
      const written = await store.write(this.key, generation, row).catch((cause: unknown) => this.unavailable(cause))
      if (!written) continue
      this.#refusedRoutes.clear()
      this.#current.startSession(row)
      return this.note('person', 'logged in', row)
    }
    orphaned?.(this.key, this.flow, { ...granted, generation: 0 })
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

  #awaitToken(signal?: AbortSignal, onTokenRequest?: () => void): Promise<HeldToken> {
    return this.#wait(() => this.token(), signal, onTokenRequest)
  }

  /** A token request of the actor counts for whoever waits for a login exchanged from it. */
  #notifyFirstWaiting(): boolean {
    return this.#line.notifyFirst() || [...this.#children].some((child) => child.#notifyFirstWaiting())
  }

  async #wait<T>(work: () => Promise<T>, signal?: AbortSignal, onTokenRequest?: () => void): Promise<T> {
    if (this.#current.isForgotten) throw new CredentialsUnavailable('This account has been unlinked.')
    return this.#line.wait(work, signal, onTokenRequest)
  }

  #apply(request: HttpRequest, token: HeldToken): AuthorizedRequest {
    const login: UsedLogin = { token, plain: request }
    return { request: this.flow.apply(request, token.accessToken), login }
  }
}
