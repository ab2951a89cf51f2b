import type { EmulatorClock, Fault, Faults, Journal } from './emulator.js'
import type { EmulatedRequest, EmulatedResponse } from './exchange.js'

/** What is driven from outside. */
export interface Controlled {
  readonly clock: EmulatorClock
  readonly journal: Journal
  readonly faults: Faults
}

/** Below it an emulator is driven, where that was asked for; no API has such paths. */
const BEGIN = '/-/'

/** Whether a request drives the emulator, and is no request to its API. */
export const isControl = ({ path }: Pick<EmulatedRequest, 'path'>): boolean => path.startsWith(BEGIN)

/** Kinds of faults that `POST /-/faults` takes, each with what it is made of. */
const KINDS: Readonly<Record<string, (wanted: Wanted) => Fault | string>> = {
  status: ({ status, headers, body }) =>
    Number.isInteger(status) && status! >= 100 && status! <= 599
      ? { status, headers, body }
      : 'status must be a number from 100 to 599',
  delay: ({ delayMs }) =>
    Number.isFinite(delayMs) && delayMs! >= 0 ? { delayMs } : 'delayMs must be a number of milliseconds',
  html: ({ status }) => ({ html: true, status }),
  hang: () => ({ hang: true }),
  reset: () => ({ reset: true }),
  lost: () => ({ reset: 'afterProcessing' }),
  truncate: () => ({ truncate: true }),
}

interface Wanted {
  readonly path?: string
  readonly method?: string
  readonly kind?: string
  readonly times?: number
  readonly status?: number
  readonly delayMs?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Answers a request that drives an emulator; mistakes are told with 400. */
export function control({ clock, journal, faults }: Controlled, request: EmulatedRequest): EmulatedResponse {
  const now = (): EmulatedResponse => ({ status: 200, json: { now: new Date(clock.now()).toISOString() } })
  switch (`${request.method} ${request.path.slice(BEGIN.length)}`) {
    case 'GET journal':
      return { status: 200, json: journal.entries }
    case 'DELETE journal':
      journal.clear()
      return { status: 200, json: {} }
    case 'GET clock':
      return now()
    case 'POST clock': {
      const { advanceSeconds } = bodyOf(request)
      if (typeof advanceSeconds !== 'number' || !Number.isFinite(advanceSeconds) || advanceSeconds < 0)
        return mistake('advanceSeconds must be a number of seconds, 0 or more')
      clock.advance(advanceSeconds * 1000)
      return now()
    }
    case 'POST faults': {
      const fault = faultOf(bodyOf(request) as Wanted)
      if (typeof fault === 'string') return mistake(fault)
      faults.next(fault)
      return { status: 201, json: {} }
    }
    case 'DELETE faults':
      faults.clear()
      return { status: 200, json: {} }
    default:
      return { status: 404, json: { error: 'There are /-/journal, /-/clock and /-/faults.' } }
  }
}

const mistake = (error: string): EmulatedResponse => ({ status: 400, json: { error } })

function faultOf(wanted: Wanted): Fault | string {
  const { path, method, kind = 'status', times = 1 } = wanted
  if (path !== undefined && typeof path !== 'string') return 'path must be a text'
  if (!(Number.isInteger(times) && times >= 1)) return 'times must be a whole number, 1 or more'
  const fault = Object.hasOwn(KINDS, kind)
    ? KINDS[kind]!(wanted)
    : `kind must be one of ${Object.keys(KINDS).join(', ')}`
  if (typeof fault === 'string') return fault
  return { ...fault, times, ...(method && { method }), ...(path && { path: pathPattern(path) }) }
}

/** The path itself and all below it. */
const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\/+$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(/|$)`)

function bodyOf({ body }: EmulatedRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}')
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
