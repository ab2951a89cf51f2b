import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import { accountLabel, sessionOf } from './bearer.js'
import { badQuery, boom, Refusal } from './boom.js'
import type { IpexKnobs } from './knobs.js'
import { queryOf, type QueryReader } from './query.js'
import type { Session, Sessions } from './sessions.js'

/** A request to a resource: session, path parameters, query, time. */
export interface RequestContext {
  readonly session: Session
  readonly query: QueryReader
  readonly params: readonly string[]
  readonly request: EmulatedRequest
  readonly now: number
}

/** A path of the API that needs a token. */
export interface Resource {
  /** Default `GET`. */
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  /** The path after the prefix. */
  readonly path: RegExp
  /** Declared query parameters; others are refused under `strictQuery`. */
  readonly keys: readonly string[]
  /** Needs an access that may impersonate, or a token that acts as a user. */
  readonly userLevel?: boolean
  /** The JSON response; refusals are thrown. */
  readonly answer: (context: RequestContext) => unknown
  /** Instead of `answer` for a response that is not JSON. */
  readonly raw?: never
}

export interface RawResource extends Omit<Resource, 'answer' | 'raw'> {
  readonly raw: (context: RequestContext) => EmulatedResponse
}

/** What every resource checks: token, rate limit, permission, PBX, query parameters. */
export function createGuard(sessions: Sessions, knobs: IpexKnobs, now: () => number) {
  const limiter = createLimiter(knobs, now)

  return {
    route(prefix: string, resource: Resource | RawResource): Route {
      function handle(request: EmulatedRequest): EmulatedResponse {
        const session = sessionOf(request, sessions, knobs)
        limiter.count(accountLabel(session))
        if (resource.userLevel && !session.user && !session.access.impersonation) {
          throw new Refusal(boom(403, 'Insufficient scope'))
        }
        const query = queryOf(request.query)
        if (knobs.strictQuery) refuseUndeclared(request.query, resource.keys)
        choosesSwitchboard(session, query, resource.keys)
        const context = { session, query, params: request.params, request, now: now() }
        return resource.raw ? resource.raw(context) : json(resource.answer(context))
      }
      return { method: resource.method ?? 'GET', pattern: new RegExp(prefix + resource.path.source), handle }
    },
    reset: limiter.reset,
  }
}

/** Turns a thrown refusal into a response. */
export const refusable = (route: Route): Route => ({
  ...route,
  async handle(request) {
    try {
      return await route.handle(request)
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      throw error
    }
  },
})

function refuseUndeclared(parameters: URLSearchParams, keys: readonly string[]): void {
  for (const key of parameters.keys()) if (!keys.includes(key)) throw badQuery(key, 'is not allowed')
}

/** Each access sees one PBX; any other does not exist for it. */
function choosesSwitchboard({ access }: Session, query: QueryReader, keys: readonly string[]): void {
  const chosen = keys.includes('pbxId') ? query.number('pbxId') : null
  if (chosen !== null && chosen !== access.switchboard.pbxId) throw new Refusal(boom(404, 'Pbx not found'))
}

/** Rate limit per login over a sliding window; 429 above it. */
function createLimiter({ rateLimit, retryAfter }: IpexKnobs, now: () => number) {
  const counted = new Map<string, number[]>()
  return {
    count(account: string) {
      if (!rateLimit) return
      const at = now()
      const recent = (counted.get(account) ?? []).filter((time) => time > at - rateLimit.seconds * 1000)
      const [oldest = at] = recent
      counted.set(account, recent)
      if (recent.length < rateLimit.requests) return void recent.push(at)
      const wait = Math.max(1, Math.ceil((oldest + rateLimit.seconds * 1000 - at) / 1000))
      throw new Refusal(
        boom(429, 'Rate limit exceeded', retryAfter ? { headers: { 'retry-after': String(wait) } } : {}),
      )
    },
    reset: () => counted.clear(),
  }
}
