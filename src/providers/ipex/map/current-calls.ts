import { CallDirection } from '../../../model/call-record.js'
import { compareText } from '../../../model/values/compare-text.js'
import { repeatedInstant, toInstant } from '../../../model/values/date-time.js'
import { toE164 } from '../../../model/values/phone-number.js'
import { decimal, received, text, type Received } from '../../../model/values/wire-value.js'
import type { Reference } from '../../../model/reference.js'
import type { CurrentCall, CurrentCalls } from '../../live.js'
import type { AccountFacts } from '../../provider.js'
import type { WireChannel } from '../wire.js'
import { dialled, side } from './endpoints.js'
import { partiesOf } from './parties.js'
import { phoneIn, readDirection } from './row-facts.js'

type State = CurrentCall['state']

/** Asterisk's states of a channel; of the others nothing follows for the call. */
export const CHANNEL_STATE: Readonly<Record<string, State>> = {
  up: 'ANSWERED',
  ring: 'RINGING',
  ringing: 'RINGING',
  dialing: 'RINGING',
  'pre-ring': 'RINGING',
  down: 'UNKNOWN',
  rsrvd: 'UNKNOWN',
  offhook: 'UNKNOWN',
  busy: 'UNKNOWN',
  unknown: 'UNKNOWN',
}
const STATES = new Map(Object.entries(CHANNEL_STATE))

interface Channel {
  readonly call: string
  readonly id: string
  readonly state: State
  readonly startedAt: string | null
  readonly wire: Received<WireChannel>
  /** The phone at its end. */
  readonly line: string | null
  /**
   * Whose it is in an incoming call: a phone's, which has a user, or the switchboard's: the caller's
   * from outside, a menu's. In others it may be the caller's and ours, or the one that was called.
   */
  readonly end: 'CALLED' | 'SWITCHBOARD' | 'OURS'
}

/** Maps `/calls/current`: the channels of one `callId` are one call. `receivedAt`: ISO UTC. */
export function toCurrentCalls(account: AccountFacts, channels: readonly unknown[], receivedAt: string): CurrentCalls {
  const readable = channels.flatMap((entry) => readChannel(entry, account, receivedAt) ?? [])
  const calls = new Map<string, Channel[]>()
  for (const channel of readable) calls.set(channel.call, [...(calls.get(channel.call) ?? []), channel])
  return {
    calls: [...calls.values()].map((ofCall) => toCurrentCall(ofCall, account)),
    unreadable: channels.length - readable.length,
  }
}

function toCurrentCall(unordered: readonly Channel[], account: AccountFacts): CurrentCall {
  const channels = [...unordered].sort(
    (a, b) => compareText(a.startedAt ?? '~', b.startedAt ?? '~') || compareText(a.id, b.id),
  )
  const state = stateOf(channels)
  const origin = channels.find(({ id, call }) => id === call) ?? channels[0]!
  const direction = directionOf(origin.wire)
  const deciding = channels.findLast((channel) => channel.state === state && phoneOf(channel, account) !== null)
  const src = side(origin.wire.src)
  const dst = side(origin.wire.dst)
  return {
    callId: origin.call,
    state,
    nativeState: text((deciding ?? channels.find((channel) => channel.state === state) ?? origin).wire.state) ?? '',
    direction,
    ...partiesOf({ direction, src, name: null, dst, isPhone: (number) => hasLine(channels, number) }, account),
    targetRef: state === 'UNKNOWN' || !deciding ? null : phoneOf(deciding, account),
    startedAt: channels[0]!.startedAt,
  }
}

/**
 * Two channels that are up talk. One alone may be the caller's, taken by a queue or a menu while
 * phones ring: then it is an answer only where it is a phone that was called.
 */
function stateOf(channels: readonly Channel[]): State {
  const up = channels.filter(({ state }) => state === 'ANSWERED')
  const rings = channels.some(({ state }) => state === 'RINGING')
  if (up.length > 1 || up.some(({ end }) => end === 'CALLED' || (end === 'OURS' && !rings))) return 'ANSWERED'
  return rings ? 'RINGING' : 'UNKNOWN'
}

const hasLine = (channels: readonly Channel[], number: string) => channels.some(({ line }) => line === number)

const directionOf = ({ direction }: Received<WireChannel>): CallDirection => readDirection(direction)

function phoneOf({ wire, line, end }: Channel, account: AccountFacts): Reference | null {
  return end !== 'SWITCHBOARD' ? phoneIn(directionOf(wire), { line, src: wire.src, dst: wire.dst }, account) : null
}

function readChannel(entry: unknown, account: AccountFacts, receivedAt: string): Channel | null {
  const wire = received<WireChannel>(entry)
  const call = text(wire?.callId)
  if (!wire || call === null) return null
  return {
    call,
    id: text(wire.channelId) ?? '',
    state: STATES.get(text(wire.state)?.toLowerCase() ?? '') ?? 'UNKNOWN',
    startedAt: startOf(wire, account, receivedAt),
    wire,
    line: lineOf(wire, account),
    end: directionOf(wire) !== CallDirection.INBOUND ? 'OURS' : received(wire.user) ? 'CALLED' : 'SWITCHBOARD',
  }
}

/** `PJSIP/101-0000001f`, and without the number of the channel. */
const PHONE_CHANNEL = /^[A-Za-z0-9]+\/(\d{1,6})(?:[-@].*)?$/

/** The phone that the channel is named after, else the internal number that it rings. */
export function lineOf(wire: Received<WireChannel>, { country }: Pick<AccountFacts, 'country'>): string | null {
  const named = PHONE_CHANNEL.exec(text(wire.channel) ?? '')?.[1]
  const dst = dialled(wire.dst)
  return named ?? (dst !== null && toE164(dst, country) === null ? dst : null)
}

/**
 * Of an hour that the clock repeats the later time is meant, unless it is still to come: the call
 * is under way now.
 */
function startOf(wire: Received<WireChannel>, { timeZone }: AccountFacts, receivedAt: string): string | null {
  const written = text(wire.creationTime)
  const again = repeatedInstant(written, timeZone)
  if (again !== null && again <= receivedAt) return again
  const told = toInstant(written, timeZone)
  if (told !== null) return told
  const seconds = Number(decimal(wire.duration) ?? NaN)
  const time = Date.parse(receivedAt) - seconds * 1000
  return seconds >= 0 && seconds < LONGEST_CALL ? new Date(time).toISOString() : null
}

/** Seconds; more is no duration. */
const LONGEST_CALL = 7 * 86_400
