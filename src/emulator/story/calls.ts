import type { Random } from '../random.js'
import type { OfficeName, StoryCall, StoryDid, StoryExtension } from '../story.js'
import type { OfficeWithoutCalls } from './offices.js'
import { createSubscribers, type Country, type Subscribers } from './subscribers.js'
import type { Size } from './sizes.js'
import { localTime, callTimes } from './call-times.js'
import { followCall, type BusyUntil, type CallPath } from './call-path.js'

type NewCall = Omit<StoryCall, 'id'>

interface Planned {
  readonly at: number
  readonly office: OfficeName
  readonly kind: 'in' | 'out' | 'local' | 'between'
}

/** What creating a call needs to know of its office. */
export interface OfficeState {
  readonly office: OfficeWithoutCalls
  /** Active numbers with a valid destination: nearly every call goes to one of these. */
  readonly inService: readonly StoryDid[]
  readonly busy: BusyUntil
  readonly subscribers: Subscribers
  readonly now: number
  readonly random: Random
}

/** The offices that call each other. */
const PAIR: readonly OfficeName[] = ['izmir', 'prague']

/**
 * All calls of the offices, oldest first. A call between İzmir and Prague is created once and logged
 * by both.
 */
export function createCalls(
  offices: Readonly<Record<OfficeName, OfficeWithoutCalls>>,
  size: Size,
  now: number,
  random: Random,
): Record<OfficeName, StoryCall[]> {
  const subscribers = createSubscribers(random.fork('world'))
  const state = (name: OfficeName): OfficeState => ({
    office: offices[name],
    inService: offices[name].dids.filter(leadsSomewhere(offices[name])),
    busy: new Map(),
    subscribers,
    now,
    random: random.fork(name),
  })
  const states = { izmir: state('izmir'), prague: state('prague'), ankara: state('ankara') }
  const calls: Record<OfficeName, NewCall[]> = { izmir: [], prague: [], ankara: [] }
  const plans = [
    ...planPair(offices, size, now, random.fork('plan')),
    ...inOrder(
      planOwn('ankara', offices, size.offices.ankara.calls, now, random.fork('plan of Ankara')),
      random.fork('ties'),
    ),
  ]
  for (const planned of plans) {
    const here = states[planned.office]
    if (planned.kind !== 'between') {
      calls[planned.office].push(createCall[planned.kind](here, planned.at))
      continue
    }
    const there: OfficeName = planned.office === 'izmir' ? 'prague' : 'izmir'
    const [placed, received] = callBetween(here, states[there], planned.at)
    calls[planned.office].push(placed)
    calls[there].push(received)
  }
  const numbered = (list: NewCall[]) => list.map((call, index): StoryCall => ({ id: index + 1, ...call }))
  return { izmir: numbered(calls.izmir), prague: numbered(calls.prague), ankara: numbered(calls.ankara) }
}

function planPair(
  offices: Readonly<Record<OfficeName, OfficeWithoutCalls>>,
  size: Size,
  now: number,
  random: Random,
): Planned[] {
  const own = PAIR.flatMap((office) =>
    planOwn(office, offices, size.offices[office].calls - size.callsBetween, now, random),
  )
  const between = callTimes(offices.prague.timeZone, size.callsBetween, now, random).map((at): Planned => ({
    at,
    office: random.pick(PAIR),
    kind: 'between',
  }))
  return inOrder([...own, ...between], random)
}

function planOwn(
  office: OfficeName,
  offices: Readonly<Record<OfficeName, OfficeWithoutCalls>>,
  count: number,
  now: number,
  random: Random,
): Planned[] {
  return callTimes(offices[office].timeZone, count, now, random).map((at) => ({
    at,
    office,
    kind: random.weighted({ in: 0.52, out: 0.36, local: 0.12 }),
  }))
}

function inOrder(calls: readonly Planned[], random: Random): Planned[] {
  const sorted = [...calls].sort((a, b) => a.at - b.at)
  // One call in fifty starts in the same second as the call before it.
  const tied: Planned[] = []
  for (const call of sorted)
    tied.push(tied.length > 0 && random.chance(0.02) ? { ...call, at: (tied.at(-1) as Planned).at } : call)
  return tied
}

export const createCall = { in: callIn, out: callOut, local: callInside }

function callIn(state: OfficeState, startedAt: number): NewCall {
  const { random, subscribers, office, inService } = state
  const did = random.pick(random.chance(0.01) ? office.dids.filter(({ state }) => state === 'active') : inService)
  const caller = random.chance(0.015) ? null : subscribers.pick(office.name, random)
  const outside = { outside: caller?.number ?? null, outsideName: caller?.name ?? null }
  if (random.chance(0.015)) return { ...fax('in', state, startedAt), ...outside, did: did.number, price: null }
  return {
    ...voice,
    direction: 'in',
    ...outside,
    did: did.number,
    startedAt,
    ...finish(state, receive(state, did, startedAt)),
  }
}

function callOut(state: OfficeState, startedAt: number): NewCall {
  const { random, subscribers, office } = state
  const from = freeExtension(state, startedAt)
  const callee = subscribers.pick(office.name, random)
  const parties = { from: from.id, outside: callee.number, outsideName: callee.name, did: shownNumber(from, office) }
  if (random.chance(0.015)) {
    const sent = fax('out', state, startedAt)
    return { ...sent, ...parties, price: priceOf(sent, callee.country, office) }
  }
  const path = dial(state, startedAt)
  state.busy.set(from.id, path.endedAt)
  const placed = { ...voice, ...parties, direction: 'out' as const, startedAt, ...finish(state, path) }
  return { ...placed, price: priceOf(placed, callee.country, office) }
}

function callInside(state: OfficeState, startedAt: number): NewCall {
  const { random, office, busy } = state
  const from = freeExtension(state, startedAt)
  const to = random.pick(office.extensions.filter(({ id, forwarding }) => id !== from.id && !forwarding))
  const path = followCall(office, { kind: 'extension', id: to.id, number: to.number }, startedAt, busy, random)
  busy.set(from.id, path.endedAt)
  // A colleague who hangs up first cancels; an internal call is never missed.
  const outcome = path.outcome !== 'missed' ? path.outcome : path.hungUpBy === 'caller' ? 'cancelled' : 'no answer'
  return { ...voice, direction: 'local', from: from.id, to: to.id, startedAt, ...finish(state, { ...path, outcome }) }
}

/** One conversation twice: as the calling office logs it, and as the called one does. */
function callBetween(here: OfficeState, there: OfficeState, startedAt: number): [placed: NewCall, received: NewCall] {
  const from = freeExtension(here, startedAt)
  const did = here.random.pick(there.inService)
  const shown = shownNumber(from, here.office)
  const path = receive(there, did, startedAt)
  here.busy.set(from.id, path.endedAt)
  const received: NewCall = {
    ...voice,
    direction: 'in',
    outside: shown,
    outsideName: here.office.label,
    did: did.number,
    startedAt,
    ...finish(there, path),
  }
  const sent: CallPath = {
    ...path,
    steps: [],
    outcome: path.answeredAt === null ? unansweredOutside(path) : 'answered',
  }
  const parties = { from: from.id, outside: did.number, outsideName: there.office.label, did: shown }
  const placed: NewCall = { ...voice, ...parties, direction: 'out', startedAt, ...finish(here, sent) }
  const country: Country = there.office.name === 'izmir' ? 'TR' : 'CZ'
  return [{ ...placed, price: priceOf(placed, country, here.office) }, received]
}

function unansweredOutside({ outcome, hungUpBy }: CallPath): CallPath['outcome'] {
  if (outcome === 'missed') return hungUpBy === 'caller' ? 'cancelled' : 'no answer'
  return outcome
}

const voice = { kind: 'voice', outside: null, outsideName: null, did: null, from: null, to: null, price: null } as const

const leadsSomewhere =
  ({ extensions, groups, menus }: OfficeWithoutCalls) =>
  ({ state, destination }: StoryDid) =>
    state === 'active' &&
    destination !== null &&
    [...extensions, ...groups, ...menus].some(
      ({ id, number }) => destination.kind !== 'external' && id === destination.id && number === destination.number,
    )

function receive({ office, busy, random }: OfficeState, did: StoryDid, at: number): CallPath {
  const none = { steps: [], answeredAt: null, hungUpBy: 'system' } as const
  if (did.hours && !isOpen(did.hours, localTime(office.timeZone, at)))
    return { ...none, outcome: 'missed', endedAt: at + 8000 }
  if (!did.destination) return { ...none, outcome: 'failed', endedAt: at + 2000 }
  return followCall(office, did.destination, at, busy, random)
}

/**
 * Business hours of every office: nine to six, with a lunch break from half past twelve where there
 * is one.
 */
function isOpen({ lunch, saturday }: NonNullable<StoryDid['hours']>, local: Date): boolean {
  const day = local.getUTCDay()
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  if (day === 0 || (day === 6 && !saturday)) return false
  if (lunch && minute >= 12 * 60 + 30 && minute < 13 * 60 + 30) return false
  return minute >= 9 * 60 && minute < 18 * 60
}

function dial({ random }: OfficeState, at: number): CallPath {
  const outcome = random.weighted({ answered: 70, 'no answer': 13, busy: 6, cancelled: 6, rejected: 3, failed: 2 })
  const ringing = { answered: 9, 'no answer': 45, busy: 2, cancelled: 12, rejected: 5, failed: 1 }[outcome]
  const rung = at + (ringing + random.whole(0, ringing)) * 1000
  if (outcome === 'answered') {
    const talk = Math.min(20 * 60, 5 + Math.floor(random.exponential(150)))
    return {
      steps: [],
      outcome,
      answeredAt: rung,
      endedAt: rung + talk * 1000,
      hungUpBy: random.pick(['caller', 'callee']),
    }
  }
  const hungUpBy = {
    'no answer': 'system',
    busy: 'callee',
    cancelled: 'caller',
    rejected: 'callee',
    failed: 'system',
  } as const
  return { steps: [], outcome, answeredAt: null, endedAt: rung, hungUpBy: hungUpBy[outcome] }
}

function fax(direction: 'in' | 'out', { random }: OfficeState, startedAt: number): NewCall {
  const arrived = random.chance(0.9)
  const answeredAt = arrived ? startedAt + random.whole(3, 9) * 1000 : null
  const endedAt = arrived ? startedAt + random.whole(30, 240) * 1000 : startedAt + 20_000
  const outcome = arrived ? 'answered' : 'failed'
  return {
    ...voice,
    kind: 'fax',
    direction,
    startedAt,
    steps: [],
    outcome,
    answeredAt,
    endedAt,
    hungUpBy: 'caller',
    recording: 'no',
  }
}

function freeExtension({ office, busy, random }: OfficeState, at: number): StoryExtension {
  const working = office.extensions.filter(({ registered, person }) => registered && person)
  const free = working.filter(({ id }) => (busy.get(id) ?? 0) <= at)
  return random.pick(free.length > 0 ? free : working)
}

/** An extension without a caller id shows the first number of the office. */
const shownNumber = ({ callerId }: StoryExtension, { dids }: OfficeWithoutCalls): string =>
  callerId ?? (dids[0] as StoryDid).number

/** Two answered calls in three are recorded; recordings older than 75 days were removed. */
function finish({ random, now }: OfficeState, path: CallPath): CallPath & Pick<NewCall, 'recording'> {
  const kept = path.outcome === 'answered' && random.chance(0.66)
  const removed = random.chance(0.03) || now - path.endedAt > 75 * 24 * 60 * 60 * 1000
  return { ...path, recording: kept ? (removed ? 'removed' : 'yes') : 'no' }
}

/** Per started minute, in the office's currency. */
const rates: Readonly<Record<OfficeName, Readonly<Record<Country, number>>>> = {
  izmir: { TR: 0.2735, CZ: 3.10525, DE: 2.4475 },
  prague: { TR: 7.8, CZ: 0.95, DE: 1.85 },
  ankara: { TR: 0.2735, CZ: 3.10525, DE: 2.4475 },
}

function priceOf({ answeredAt, endedAt }: NewCall, country: Country, { name }: OfficeWithoutCalls): number | null {
  if (answeredAt === null) return null
  return Math.round(rates[name][country] * Math.ceil((endedAt - answeredAt) / 60_000) * 100_000) / 100_000
}
