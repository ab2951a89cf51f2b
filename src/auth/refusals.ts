import { AppError } from '../errors.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { CurrentToken } from './current-token.js'
import { LOCKED_OUT } from './granted-row.js'
import { mayHaveRunOut } from './lifetime.js'
import type { HeldToken, LoginParts, ReplacementReason } from './login-parts.js'
import { RefusedRoutes } from './refused-routes.js'

/** A token this young that was never accepted may not be known to every replica of the provider. */
const FRESH_SECONDS = 5
const PAUSE_MS = 500
/** Tokens that run out, or are revoked, while one request waits are replaced so often at most. */
const MOST_REPLACED = 4
/** Pause between logins that follow refused tokens of refreshes. */
const LOGIN_PAUSE_MS = 60_000

/** What has been tried for one request so far. */
export interface Tried {
  /** `Refusals.epoch` when the request was made ready. */
  readonly epoch: number
  /** Fingerprints of the tokens that were refused, and of those made after the first refusal. */
  readonly refused: Set<string>
  readonly made: Set<string>
  /** Replaced because it had died, as is known: it ran out, or its route had accepted it. */
  replaced: number
  /** New ones that the route refused, without anything to tell that they had died. */
  refusedNew: number
  paused: boolean
  loggedIn: boolean
  /** Whether the first token came from a login and had never been accepted: another would be the same. */
  beganWithUnusedLogin: boolean
}

/** Runs work that others may share, for a caller that may leave. */
export type Wait = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Decides which token a refused request is sent with next, and when the refusal stands. A refused
 * token is compared with the stored one and replaced. A route lacks rights only where it refuses
 * several tokens made after the first refusal, each well within its own lifetime: one may have been
 * revoked before it was used. A token that the route has accepted before does not count.
 */
export class Refusals {
  readonly #routes: RefusedRoutes
  /** Generation of the last row that a login of this process wrote. */
  #loginGeneration: number | null = null
  /** Whether a refreshed token was ever accepted. */
  #refreshingWorks = false
  /** Refreshed tokens that were refused one after another since a token was accepted. */
  #refusedInARow = 0
  /** Whether the token of a login was refused since. */
  #loginRefused = false
  /** Where the last of them was counted. */
  #counted = ''
  /** Increases whenever a refusal stands: requests under way together tell the same thing once. */
  epoch = 0
  /** Monotonic ms. */
  #loggedInAt = -Infinity
  #recovering = false

  constructor(
    private readonly login: LoginParts,
    private readonly current: CurrentToken,
  ) {
    this.#routes = new RefusedRoutes(login.services.clock.monotonic)
  }

  begin(epoch: number): Tried {
    return {
      epoch,
      refused: new Set(),
      made: new Set(),
      replaced: 0,
      refusedNew: 0,
      paused: false,
      loggedIn: false,
      beganWithUnusedLogin: false,
    }
  }

  /** A login of this process wrote the row of this generation. */
  loggedIn(generation: number): void {
    this.#loginGeneration = generation
    this.#refreshingWorks = false
  }

  /** A person has logged in. */
  clear(): void {
    this.#routes.clear()
    this.#refusedInARow = 0
    this.#loginRefused = false
  }

  /** The provider has answered this request with this token. */
  accepted(token: HeldToken, request: HttpRequest): void {
    this.#routes.accepts(request, token.accessToken)
    const isLockedOut = token.row.lastError?.code === LOCKED_OUT
    if (isLockedOut) void this.#recover(token)
    if (token.proof.accepted) return
    token.proof.accepted = true
    this.#refusedInARow = 0
    this.#loginRefused = false
    if (!this.#isFromLogin(token)) this.#refreshingWorks = true
  }

  /** Whether a request was refused with this token already. */
  hasRefused(token: HeldToken, tried: Tried | undefined): boolean {
    return tried?.refused.has(nameOf(token)) ?? false
  }

  /** Whether this route has refused the token, and replacing it failed: it would be refused again. */
  isDead(token: HeldToken, request: HttpRequest): boolean {
    return this.#routes.isDead(request, token.accessToken)
  }

  /** The refusal of a request that had been sent again stands. */
  stands(token: HeldToken, request: HttpRequest): void {
    if (!this.#routes.hasAccepted(request, token.accessToken)) this.#routes.noteLacking(request)
  }

  /**
   * Another token for a request that was refused with `token`; null where the refusal stands.
   * @throws AppError for what keeps the token from being replaced
   */
  async another(token: HeldToken, request: HttpRequest, tried: Tried, wait: Wait): Promise<HeldToken | null> {
    if (tried.refused.size === 0) tried.beganWithUnusedLogin = this.#isUnusedLogin(token)
    if (this.#isUnusedLogin(token)) this.#loginRefused = true
    tried.refused.add(nameOf(token))
    const stored = await wait(() => this.current.stored())
    if (stored && !tried.refused.has(nameOf(stored)) && !this.current.isExpired(stored)) return stored
    const latest = stored ?? token
    const isLeftAlone = this.#routes.isLeftAlone(request)
    if (!isLeftAlone && this.#isFresh(latest)) {
      const { older } = this.current
      if (older && !tried.refused.has(nameOf(older))) return older
      if (!tried.paused) return this.#pause(latest, tried, wait)
    }
    const hasDied = this.#ranOut(latest) || this.#routes.hasAccepted(request, latest.accessToken)
    if (hasDied && tried.replaced < MOST_REPLACED) {
      tried.replaced += 1
      return this.#replaced(latest, 'refused', request, tried, wait)
    }
    if (tried.made.size > 0) tried.refusedNew += 1
    const mayReplace = !hasDied && !isLeftAlone && tried.refusedNew < this.#routes.tokensTried(request)
    if ((tried.refusedNew > 0 || !mayReplace) && this.#mayLoginHelp(latest, tried)) {
      tried.loggedIn = true
      this.#loggedInAt = this.login.services.clock.monotonic()
      return this.#replaced(latest, 'not accepted', request, tried, wait)
    }
    if (mayReplace) return this.#replaced(latest, 'refused', request, tried, wait)
    this.epoch += 1
    return null
  }

  /**
   * The same where the provider says that the user is gone or locked: a login is tried at once, then
   * rarely. Null also where that fails: the provider's word stands.
   */
  async afterLockOut(response: HttpResponse, token: HeldToken, tried: Tried, wait: Wait): Promise<HeldToken | null> {
    const { flow, services } = this.login
    const word = response.status < 500 ? flow.lockedOut?.(response) : null
    if (word == null) return null
    const latest = (await wait(() => this.current.stored())) ?? token
    const { lastError } = latest.row
    if (lastError?.code === LOCKED_OUT && (lastError.nextAttemptAt ?? 0) > services.clock.now()) return null
    try {
      if (tried.loggedIn || !flow.acquire) {
        await this.current.failures.lockedOut(latest.row, word, 'locked out')
      } else {
        tried.loggedIn = true
        return await wait(() => this.current.replace(latest, 'locked out', word))
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
    // The row now says so: the next token that is accepted clears it.
    await wait(() => this.current.stored())
    return null
  }

  /** The provider's replicas may not all know the token yet. */
  async #pause(latest: HeldToken, tried: Tried, wait: Wait): Promise<HeldToken> {
    tried.paused = true
    await wait(() => this.login.services.sleep(PAUSE_MS))
    return this.current.held ?? latest
  }

  async #replaced(
    latest: HeldToken,
    reason: ReplacementReason,
    request: HttpRequest,
    tried: Tried,
    wait: Wait,
  ): Promise<HeldToken> {
    try {
      const next = await wait(() => this.current.replace(latest, reason))
      tried.made.add(nameOf(next))
      return next
    } catch (error) {
      this.#routes.noteDead(request, latest.accessToken)
      throw error
    }
  }

  /**
   * Whether a login with the configured credentials may be accepted where what refreshing gives is
   * not: where that never was, or is refused again. Not where a login's token was refused as well.
   */
  #mayLoginHelp(latest: HeldToken, { epoch, loggedIn, beganWithUnusedLogin }: Tried): boolean {
    const { flow, services } = this.login
    const counted = `${this.epoch} ${nameOf(latest)}`
    if (epoch === this.epoch && counted !== this.#counted) this.#refusedInARow += 1
    this.#counted = counted
    if (!flow.acquire || loggedIn || beganWithUnusedLogin || this.#loginRefused) return false
    if (services.clock.monotonic() < this.#loggedInAt + LOGIN_PAUSE_MS) return false
    return !this.#refreshingWorks || this.#refusedInARow > 1
  }

  #ranOut(token: HeldToken): boolean {
    return mayHaveRunOut(this.current.ageSeconds(token), token.row.lifetimeSeconds)
  }

  #isFresh(token: HeldToken): boolean {
    return !token.proof.accepted && this.current.ageSeconds(token) < FRESH_SECONDS
  }

  #isFromLogin({ row }: HeldToken): boolean {
    return row.generation === this.#loginGeneration
  }

  #isUnusedLogin(token: HeldToken): boolean {
    return this.#isFromLogin(token) && !token.proof.accepted
  }

  /** The user is back: the row says so. */
  async #recover(token: HeldToken): Promise<void> {
    if (this.#recovering) return
    this.#recovering = true
    await this.current.failures
      .recovered(token.row, token.accessToken)
      .then(() => this.current.stored())
      .catch(() => {})
    this.#recovering = false
  }
}

const nameOf = ({ accessToken }: HeldToken): string => accessToken.fingerprint()
