import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import { accountLabel, sessionOf } from './bearer.js'
import { badQuery, boom, Refusal } from './boom.js'
import type { IpexKnobs } from './knobs.js'
import { queryOf, type QueryReader } from './query.js'
import type { Session, Sessions } from './sessions.js'

/** What a resource is asked: by whom, about which of the path's ids, with which parameters, when. */
export interface RequestContext {
  readonly session: Session
  readonly query: QueryReader
  readonly params: readonly string[]
  readonly request: EmulatedRequest
  readonly now: number
}

/** One path of the API that needs a token. */
export interface Resource {
  /** Path below the host, after the prefix. */
  readonly path: RegExp
  /** QueryReader parameters it declares; others are refused under `strictQuery`. */
  readonly keys: readonly string[]
  /** Needs an access with the impersonation flag, or a token that acts as a user. */
  readonly userLevel?: boolean
  /** The JSON to answer; a refusal is thrown. */
  readonly answer: (context: RequestContext) => unknown
  /** Instead of `answer` where what comes back is no JSON. */
  readonly raw?: never
}

export interface RawResource extends Omit<Resource, 'answer' | 'raw'> {
  readonly raw: (context: RequestContext) => EmulatedResponse
}

/** Puts before every resource what all have in common: the token, the limit, the right, the switchboard, the query's keys. */
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
      return { method: 'GET', pattern: new RegExp(prefix + resource.path.source), handle }
    },
    reset: limiter.reset,
  }
}

/** Lets a route throw its refusal from anywhere inside. */
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

/** Each access here sees one switchboard; asking for another is asking for something that does not exist. */
function choosesSwitchboard({ access }: Session, query: QueryReader, keys: readonly string[]): void {
  const chosen = keys.includes('pbxId') ? query.number('pbxId') : null
  if (chosen !== null && chosen !== access.switchboard.pbxId) throw new Refusal(boom(404, 'Pbx not found'))
}

/** Counts each login's requests over a sliding time; refuses with 429 what is too much. */
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
