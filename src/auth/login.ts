import { CredentialsUnavailable } from '../errors.js'
import type { AuthorizedRequest, Authorizer } from '../http/authorizer.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { Secret } from '../secret.js'
import type { StoredGrant } from '../store/token-store.js'
import { describeLogin, type LoginState } from './login-state.js'
import type { Flow } from './flow.js'
import { grantedRow } from './granted-row.js'
import { freshness, marginSeconds } from './lifetime.js'
import { Replacement } from './replacement.js'
import type { TokenManagerOptions } from './token-manager.js'

/** Another process may write the row between our look and our write; a person's login wins in the end. */
const REDEEM_ATTEMPTS = 5

/** How long a route that refuses even a new token is left without further refreshes. */
const REFUSED_ROUTE_MS = 60_000

/** A token in hand, with its age on the monotonic clock. */
export interface HeldToken {
  readonly row: StoredGrant
  readonly accessToken: Secret
  /** Monotonic ms at receipt. */
  readonly receivedAt: number
  readonly margin: number
}

/**
 * One login for as long as the process lives: serves the token in hand while it is good, and has it replaced once, however many ask.
 */
export class Login implements Authorizer {
  #held: HeldToken | null = null
  /** Replacements under way, by the fingerprint of the token being replaced: a late refusal of an old token never discards a new one. */
  readonly #replacements = new Map<string, Promise<HeldToken>>()
  readonly #refusedRoutes = new Map<string, number>()
  readonly #children = new Set<Login>()
  readonly #replacement: Replacement

  constructor(
    readonly key: string,
    readonly flow: Flow,
    readonly actor: Login | null,
    readonly authorizeUrl: string | null,
    owner: string,
    readonly options: TokenManagerOptions,
  ) {
    if (actor) actor.#children.add(this)
    this.#replacement = new Replacement(this, owner)
  }

  async authorize(request: HttpRequest, signal?: AbortSignal): Promise<AuthorizedRequest> {
    const token = await abortable(this.token(), signal)
    return { request: this.flow.apply(request, token.accessToken), login: { token, plain: request } }
  }

  async reauthorize(response: HttpResponse, used: AuthorizedRequest, signal?: AbortSignal): Promise<AuthorizedRequest | null> {
    if (!this.flow.isExpired(response)) return null
    const { token, plain } = used.login as { token: HeldToken; plain: HttpRequest }
    const current = await abortable(this.#current(), signal)
    if (current && !current.accessToken.equals(token.accessToken)) return this.#ready(plain, current)
    if ((this.#refusedRoutes.get(routeOf(plain)) ?? 0) > this.options.clock.monotonic()) return null
    return this.#ready(plain, await abortable(this.replace(token, 'refused'), signal))
  }

  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void {
    if (!this.flow.isExpired(response)) return
    const now = this.options.clock.monotonic()
    for (const [route, until] of this.#refusedRoutes) if (until <= now) this.#refusedRoutes.delete(route)
    this.#refusedRoutes.set(routeOf((used.login as { plain: HttpRequest }).plain), now + REFUSED_ROUTE_MS)
  }

  async identity(signal?: AbortSignal): Promise<Readonly<Record<string, string>>> {
    return (await abortable(this.token(), signal)).row.identity
  }

  /** A token that may be used now. Inside the margin it is served while the next one is fetched. */
  async token(): Promise<HeldToken> {
    const held = this.#held ?? (await this.#current())
    if (!held) return this.replace(null, 'first use')
    const state = freshness((this.options.clock.monotonic() - held.receivedAt) / 1000, held.row.lifetimeSeconds, held.margin)
    if (state === 'expired') return this.replace(held, 'expired')
    // A failure to fetch the next token is remembered in the store and shown there; the one in hand is still good.
    if (state === 'due') void this.replace(held, 'due').catch(() => {})
    return held
  }

  /** Has `old` replaced by another token; everyone who asks about the same old token shares one replacement. */
  replace(old: HeldToken | null, reason: 'first use' | 'due' | 'expired' | 'refused'): Promise<HeldToken> {
    const key = old?.accessToken.fingerprint() ?? ''
    const under = this.#replacements.get(key)
    if (under) return under
    const replacement = this.#replacement
      .run(old, reason)
      .then((row) => this.#hold(row))
      .finally(() => this.#replacements.delete(key))
    this.#replacements.set(key, replacement)
    // A token that had to be thrown away takes those exchanged from it along: the provider ended the session behind it.
    if (reason === 'refused') void replacement.then(() => this.dropChildren(), () => this.dropChildren())
    return replacement
  }

  /**
   * A person has logged in: the code their browser brought back buys the login, which is stored over whatever was there before.
   * Throws GrantRefused for a code that is not accepted, ProviderError for the endpoint's trouble, CredentialsUnavailable.
   */
  async redeem(answer: { code: string; redirectUri: string; codeVerifier: Secret }): Promise<void> {
    const { send, store, clock, limits, log } = this.options
    const { authorization, kind } = this.flow
    if (!authorization) throw new TypeError(`a login of the kind ${kind} is not made in a browser`)
    const grant = await authorization.redeem((request) => send(request, { timeoutMs: limits.tokenTimeoutMs }), answer)
    for (let attempt = 0; attempt < REDEEM_ATTEMPTS; attempt++) {
      const basis = await store.read(this.key)
      const row = grantedRow(this.flow, clock, grant, null, basis)
      if (!(await store.write(this.key, basis?.generation ?? 0, row))) continue
      this.#refusedRoutes.clear()
      this.#hold(row)
      return log?.({ key: this.key, flow: kind, reason: 'person', outcome: 'logged in', generation: row.generation })
    }
    throw new CredentialsUnavailable('The login was changed again and again while it was being stored. Try again.')
  }

  /** What was exchanged from this login is worth nothing any more. */
  dropChildren(): void {
    for (const child of this.#children) child.#drop()
  }

  async state(): Promise<LoginState> {
    return describeLogin(this, await this.storedRow())
  }

  /** The stored row, unless it was made with other credentials than the configured ones. */
  async storedRow(): Promise<StoredGrant | null> {
    const row = await this.options.store.read(this.key)
    return row?.configuredWith === this.flow.fingerprint ? row : null
  }

  async #current(): Promise<HeldToken | null> {
    const row = await this.storedRow()
    return row?.status !== 'REAUTHORIZATION_REQUIRED' && row?.accessToken ? this.#hold(row) : null
  }

  #hold(row: StoredGrant): HeldToken {
    if (this.#held && this.#held.row.generation === row.generation) return this.#held
    const { clock, random = Math.random } = this.options
    const held = {
      row,
      accessToken: row.accessToken as Secret,
      receivedAt: clock.monotonic() - Math.max(0, clock.now() - (row.receivedAt ?? clock.now())),
      margin: marginSeconds(row.lifetimeSeconds ?? 0, random()),
    }
    if (!this.#held || this.#held.row.generation < row.generation) this.#held = held
    return held
  }

  /** A replacement under way already exchanges from the actor's new token, and needs the row it began with. */
  #drop(): void {
    this.#held = null
    if (this.#replacements.size > 0) return
    void this.options.store.remove(this.key).catch(() => {})
  }

  #ready(request: HttpRequest, token: HeldToken): AuthorizedRequest {
    return { request: this.flow.apply(request, token.accessToken), login: { token, plain: request } }
  }
}

/** Ids in a path are many, routes are few: digits and long hex or UUID pieces count as one. */
function routeOf({ method, url }: HttpRequest): string {
  const path = new URL(url).pathname.replace(/\/(\d[\d.]*|[0-9a-f-]{16,})(?=\/|$)/gi, '/:id')
  return `${method} ${path}`
}

/** Who waits for a shared promise may give up alone; the promise goes on for the others. */
async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise
  let stop: (() => void) | undefined
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        stop = () => reject(signal.reason as Error)
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      }),
    ])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
    promise.catch(() => {})
  }
}
