import { pathOf } from '../http/address.js'
import type { HttpRequest } from '../http/http.js'
import type { Secret } from '../secret.js'

/** How long a refusal by a route that lacks rights causes no further refresh. */
const REFUSED_FOR_MS = 60_000
/**
 * So many new tokens in a row a route refuses before it is taken to lack rights: one that has
 * accepted others, one of which nothing is known, and one that lacked rights before and has
 * accepted nothing since.
 */
const TOKENS_TRIED = { known: 4, unknown: 2, lacking: 1 }
/** Remembered of each kind; the oldest is forgotten, which costs a refresh at most. */
const MOST_ROUTES = 500

/**
 * What the routes of one login have made of its tokens: a refusal does not say whether the token
 * was revoked or the login lacks the rights for that route, but what came before may.
 */
export class RefusedRoutes {
  /** Monotonic ms until which each that lacks rights is left alone; remains until it accepts. */
  readonly #lacking = new Map<string, number>()

  /** The token that each has refused, while there is no other. */
  readonly #dead = new Map<string, Secret>()

  /** The last token that each has accepted. */
  readonly #accepted = new Map<string, Secret>()

  constructor(private readonly monotonic: () => number) {}

  /** The login has the rights for this route. */
  accepts(request: HttpRequest, token: Secret): void {
    const route = routeOf(request)
    if (this.#lacking.size > 0) this.#lacking.delete(route)
    if (this.#dead.size > 0) this.#dead.delete(route)
    if (this.#accepted.get(route) !== token) remember(this.#accepted, route, token)
  }

  /** Whether the route has accepted this very token: it has been revoked where it is refused. */
  hasAccepted(request: HttpRequest, token: Secret): boolean {
    return token.equals(this.#accepted.get(routeOf(request)))
  }

  /** How many new tokens the route has to refuse in a row: then it would refuse another one, too. */
  tokensTried(request: HttpRequest): number {
    const route = routeOf(request)
    if (this.#lacking.has(route)) return TOKENS_TRIED.lacking
    return this.#accepted.has(route) ? TOKENS_TRIED.known : TOKENS_TRIED.unknown
  }

  /** The route has refused as many. */
  noteLacking(request: HttpRequest): void {
    remember(this.#lacking, routeOf(request), this.monotonic() + REFUSED_FOR_MS)
  }

  /** Whether a refusal by the route is not to be blamed on the token now. */
  isLeftAlone(request: HttpRequest): boolean {
    return (this.#lacking.get(routeOf(request)) ?? -Infinity) > this.monotonic()
  }

  /** The route has refused this token, which could not be replaced. */
  noteDead(request: HttpRequest, token: Secret): void {
    remember(this.#dead, routeOf(request), token)
  }

  isDead(request: HttpRequest, token: Secret): boolean {
    return this.#dead.size > 0 && token.equals(this.#dead.get(routeOf(request)))
  }

  clear(): void {
    this.#lacking.clear()
    this.#dead.clear()
    this.#accepted.clear()
  }
}

function remember<Value>(map: Map<string, Value>, route: string, value: Value): void {
  map.delete(route)
  map.set(route, value)
  if (map.size > MOST_ROUTES) map.delete(map.keys().next().value!)
}

/** Ids in a path are many, routes are few: digits and long hex or UUID segments become `:id`. */
function routeOf({ method, url }: HttpRequest): string {
  const path = pathOf(url).replace(/\/(\d[\d.]*|[0-9a-f-]{16,})(?=\/|$)/gi, '/:id')
  return `${method} ${path}`
}
