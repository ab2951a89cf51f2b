/** What is subscribed to, what the provider delivers, and what a subscriber must be told. */

/** All ask the same, each asks for something else, or all ask the same and a tenth of them never reads. */
export type Asking = 'same' | 'different' | 'slow'

/** What a provider delivers of one event, as Bulutfon spells it. */
export interface Delivery {
  readonly event_type: 'call_init' | 'call_init_extension' | 'call_hangup'
  readonly uuid: string
  readonly direction: 'OUT'
  readonly caller: string
  readonly callee: string
  /** Unix time, µs. */
  readonly timestamp: number
  readonly destination?: number
  readonly talk_duration?: number
  readonly result_disposition?: string
}

/** A name that makes a slow reader's events so long that what it leaves unread soon fills every buffer. */
const LONG_NAME = 'x'.repeat(16_000)

/** The document of one of the subscribers. */
export function documentOf(asking: Asking, index: number, isSlow = false): string {
  const type = asking === 'different' ? `${typeNameOf(index)}: type` : 'type'
  return /* GraphQL */ `
    subscription Board {
      callEvents {
        id
        cursor
        ${type}
        ${isSlow ? `${LONG_NAME}: __typename` : ''}
        occurredAt
        call {
          id
          state
          startedAt
          caller {
            number
          }
          callee {
            number
          }
          currentTarget {
            ... on Extension {
              number
              displayName
            }
            ... on ExternalNumber {
              rawNumber
            }
          }
        }
      }
    }
  `
}

/** Nobody else's result has this name in it. */
const typeNameOf = (index: number) => `type${index}`

const OWN_NUMBER = '902321000000'
/** Extensions of the office from here on; see `offices.ts`. */
const FIRST_EXTENSION = 1_000
const EXTENSIONS = 30

/** Calls that are under way side by side, and the events of all of them. */
const CALLS_AT_ONCE = 10
export const EVENTS_AT_ONCE = 3 * CALLS_AT_ONCE

/**
 * The event with this number. A call goes out, rings somewhere, and ends; between its events are those of others, so that several may be
 * delivered at once.
 */
export function deliveryOf(index: number, occurredAt: number): Delivery {
  const call = Math.floor(index / EVENTS_AT_ONCE) * CALLS_AT_ONCE + (index % CALLS_AT_ONCE)
  const said = {
    uuid: `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`,
    direction: 'OUT',
    caller: OWN_NUMBER,
    callee: `90532${String(1_000_000 + (call % 8_999_999))}`,
    timestamp: occurredAt * 1_000,
  } as const
  switch (Math.floor(index / CALLS_AT_ONCE) % 3) {
    case 0:
      return { event_type: 'call_init', ...said }
    case 1:
      return { event_type: 'call_init_extension', ...said, destination: FIRST_EXTENSION + (call % EXTENSIONS) }
    default:
      return { event_type: 'call_hangup', ...said, talk_duration: 0, result_disposition: '' }
  }
}

const TOLD = {
  call_init: { type: 'STARTED', state: 'RINGING' },
  call_init_extension: { type: 'RINGING', state: 'RINGING' },
  call_hangup: { type: 'ENDED', state: 'ENDED' },
} as const

/** Throws when a subscriber was told something else than these deliveries, which are whole calls, in their order. */
export function requireTold(asking: Asking, index: number, deliveries: readonly Delivery[], texts: readonly string[]) {
  const startedAt = new Map(deliveries.toReversed().map((delivery) => [delivery.uuid, isoTime(delivery)]))
  for (const [at, delivery] of deliveries.entries()) {
    const { type, state } = TOLD[delivery.event_type]
    const told = JSON.parse(texts[at] ?? 'null') as Told | null
    const { id, cursor, ...event } = told?.data?.callEvents ?? {}
    const { id: callId, ...call } = event.call ?? {}
    const expected = {
      [asking === 'different' ? typeNameOf(index) : 'type']: type,
      occurredAt: isoTime(delivery),
      call: {
        ...{ state, startedAt: startedAt.get(delivery.uuid) },
        caller: { number: `+${delivery.caller}` },
        callee: { number: `+${delivery.callee}` },
        currentTarget: targetOf(delivery),
      },
    }
    const isWhole = [id, cursor, callId].every((text) => typeof text === 'string' && text !== '')
    const seen = JSON.stringify({ ...event, call })
    if (!isWhole || seen !== JSON.stringify(expected))
      throw new Error(`of ${JSON.stringify(delivery)} a subscriber was told ${texts[at]}`)
  }
}

/** The number it was made to, where it rings, and nowhere. */
function targetOf({ event_type, callee, destination = 0 }: Delivery): object | null {
  if (event_type === 'call_hangup') return null
  const displayName = `Person 0-${destination - FIRST_EXTENSION}`
  return event_type === 'call_init' ? { rawNumber: callee } : { number: String(destination), displayName }
}

interface Told {
  readonly data?: {
    readonly callEvents?: { readonly id?: string; readonly cursor?: string; readonly call?: { readonly id?: string } }
  }
}

export const isoTime = ({ timestamp }: Delivery): string => new Date(timestamp / 1_000).toISOString()
