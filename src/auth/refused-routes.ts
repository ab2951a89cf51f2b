import type { HttpRequest } from '../http/http.js'
import type { Secret } from '../secret.js'

/** How long a refusal by this route causes no further refresh. */
const REFUSED_FOR_MS = 60_000

/** Routes that refused a token that had just been issued: they would refuse another one, too. */
export class RefusedRoutes {
  /** Monotonic ms until which a refusal by each is not blamed on the token. */
  readonly #until = new Map<string, number>()

  /** The token that each has refused, while there is no other. */
  readonly #dead = new Map<string, Secret>()

  constructor(private readonly monotonic: () => number) {}

  note(request: HttpRequest): void {
    const now = this.monotonic()
    for (const [route, until] of this.#until) if (until <= now) this.#until.delete(route)
    this.#until.set(routeOf(request), now + REFUSED_FOR_MS)
  }

  has(request: HttpRequest): boolean {
    return (this.#until.get(routeOf(request)) ?? 0) > this.monotonic()
  }

  /** The route has refused this token, which could not be replaced. */
  noteDead(request: HttpRequest, token: Secret): void {
    this.#dead.set(routeOf(request), token)
  }

  isDead(request: HttpRequest, token: Secret): boolean {
    return this.#dead.size > 0 && token.equals(this.#dead.get(routeOf(request)))
  }

  clear(): void {
    this.#until.clear()
    this.#dead.clear()
  }
}

/** Ids in a path are many, routes are few: digits and long hex or UUID segments become `:id`. */
function routeOf({ method, url }: HttpRequest): string {
  const path = new URL(url).pathname.replace(/\/(\d[\d.]*|[0-9a-f-]{16,})(?=\/|$)/gi, '/:id')
  return `${method} ${path}`
}
