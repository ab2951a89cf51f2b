import type { EmulatorClock } from '../../../emulator/emulator.js'
import { json, type EmulatedResponse, type EmulatedRequest } from '../../../emulator/serve.js'
import type { Company } from './companies.js'
import { isRefusal, type Credentials } from './credentials.js'
import type { BulutfonKnobs } from './knobs.js'
import { badRequest } from './refusals.js'

export type Handle = (request: EmulatedRequest, company: Company) => EmulatedResponse | Promise<EmulatedResponse>

export interface Gate {
  /** Authenticates a request, applies the rate limit, and passes it to its handler. */
  guard(handle: Handle): (request: EmulatedRequest) => EmulatedResponse | Promise<EmulatedResponse>
  /** The same for recordings, which also accept a hash. */
  guardRecording(handle: Handle): (request: EmulatedRequest) => EmulatedResponse | Promise<EmulatedResponse>
  reset(): void
}

/** What every API request passes before its handler. */
export function createGate(credentials: Credentials, knobs: BulutfonKnobs, clock: Pick<EmulatorClock, 'now'>): Gate {
  let counted = new Map<string, { since: number; requests: number }>()

  const pass = (
    request: EmulatedRequest,
    who: (request: EmulatedRequest) => Company | EmulatedResponse,
    handle: Handle,
  ): EmulatedResponse | Promise<EmulatedResponse> => {
    if (knobs.requireUserAgent && !request.headers['user-agent']) return badRequest()
    const company = who(request)
    if (isRefusal(company)) return company
    return tooMany(company) ?? handle(request, company)
  }

  function tooMany({ account }: Company): EmulatedResponse | null {
    if (!knobs.rateLimit) return null
    const { requests, windowSeconds, retryAfter } = knobs.rateLimit
    const now = clock.now()
    const last = counted.get(account)
    const current = last && now < last.since + windowSeconds * 1000 ? last : { since: now, requests: 0 }
    counted.set(account, current)
    if (current.requests < requests) {
      current.requests += 1
      return null
    }
    const ends = current.since + windowSeconds * 1000
    const retryAfterValue = {
      seconds: String(Math.ceil((ends - now) / 1000)),
      date: new Date(ends).toUTCString(),
      none: null,
    }[retryAfter]
    return json({ error: 'Too many requests' }, 429, retryAfterValue === null ? {} : { 'retry-after': retryAfterValue })
  }

  return {
    guard: (handle) => (request) => pass(request, credentials.authenticate, handle),
    guardRecording: (handle) => (request) =>
      pass(request, (asked) => credentials.authenticateRecording(asked, request.params[0] ?? ''), handle),
    reset: () => void (counted = new Map()),
  }
}
