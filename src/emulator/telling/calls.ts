import type { Random } from '../random.js'
import type { OfficeName, StoryCall, StoryDid, StoryExtension } from '../story.js'
import { officeNames, type SilentOffice } from './offices.js'
import { createWorld, type Country, type World } from './outside.js'
import type { Size } from './plan.js'
import { localTime, momentsOf } from './rhythm.js'
import { followCall, type BusyUntil, type Way } from './way.js'

type Draft = Omit<StoryCall, 'id'>

interface Planned {
  readonly at: number
  readonly office: OfficeName
  readonly kind: 'in' | 'out' | 'local' | 'between'
}

/** Everything a call needs to know of its office. */
interface Desk {
  readonly office: SilentOffice
  /** Active numbers that lead somewhere: nearly every call comes to one of these, the others are dialled by mistake. */
  readonly inService: readonly StoryDid[]
  readonly busy: BusyUntil
  readonly world: World
  readonly now: number
  readonly random: Random
}

/** Tells every call of both offices, oldest first; a call between the offices is told once and logged by both. */
export function tellCalls(
  offices: Readonly<Record<OfficeName, SilentOffice>>,
  size: Size,
  now: number,
  random: Random,
): Record<OfficeName, StoryCall[]> {
  const world = createWorld(random.fork('world'))
  const desk = (name: OfficeName): Desk => ({
    office: offices[name],
    inService: offices[name].dids.filter(leadsSomewhere(offices[name])),
    busy: new Map(),
    world,
    now,
    random: random.fork(name),
  })
  const desks = { izmir: desk('izmir'), prague: desk('prague') }
  const drafts: Record<OfficeName, Draft[]> = { izmir: [], prague: [] }
  for (const planned of planCalls(offices, size, now, random.fork('plan'))) {
    const here = desks[planned.office]
    if (planned.kind !== 'between') {
      drafts[planned.office].push(tellers[planned.kind](here, planned.at))
      continue
    }
    const there: OfficeName = planned.office === 'izmir' ? 'prague' : 'izmir'
    const [placed, received] = callBetween(here, desks[there], planned.at)
    drafts[planned.office].push(placed)
    drafts[there].push(received)
  }
  const numbered = (list: Draft[]) => list.map((draft, index): StoryCall => ({ id: index + 1, ...draft }))
  return { izmir: numbered(drafts.izmir), prague: numbered(drafts.prague) }
}

function planCalls(
  offices: Readonly<Record<OfficeName, SilentOffice>>,
  size: Size,
  now: number,
  random: Random,
): Planned[] {
  const own = officeNames.flatMap((office) => {
    const count = size.offices[office].calls - size.callsBetween
    return momentsOf(offices[office].timeZone, count, now, random).map((at): Planned => ({
      at,
      office,
      kind: random.weighted({ in: 0.52, out: 0.36, local: 0.12 }),
    }))
  })
  const between = momentsOf(offices.prague.timeZone, size.callsBetween, now, random).map((at): Planned => ({
    at,
    office: random.pick(officeNames),
    kind: 'between',
  }))
  const sorted = [...own, ...between].sort((a, b) => a.at - b.at)
  // One call in fifty starts in the very second of the call before it, whichever office that was in.
  const tied: Planned[] = []
  for (const call of sorted)
    tied.push(tied.length > 0 && random.chance(0.02) ? { ...call, at: (tied.at(-1) as Planned).at } : call)
  return tied
}

const tellers = { in: callIn, out: callOut, local: callInside }

function callIn(desk: Desk, startedAt: number): Draft {
  const { random, world, office, inService } = desk
  const did = random.pick(random.chance(0.01) ? office.dids.filter(({ state }) => state === 'active') : inService)
  const caller = random.chance(0.015) ? null : world.meet(office.name, random)
  const outside = { outside: caller?.number ?? null, outsideName: caller?.name ?? null }
  if (random.chance(0.015)) return { ...fax('in', desk, startedAt), ...outside, did: did.number, price: null }
  return {
    ...voice,
    direction: 'in',
    ...outside,
    did: did.number,
    startedAt,
    ...finish(desk, receive(desk, did, startedAt)),
  }
}

function callOut(desk: Desk, startedAt: number): Draft {
  const { random, world, office } = desk
  const from = freeExtension(desk, startedAt)
  const callee = world.meet(office.name, random)
  const parties = { from: from.id, outside: callee.number, outsideName: callee.name, did: shownNumber(from, office) }
  if (random.chance(0.015)) {
    const sent = fax('out', desk, startedAt)
    return { ...sent, ...parties, price: priceOf(sent, callee.country, office) }
  }
  const way = dial(desk, startedAt)
  desk.busy.set(from.id, way.endedAt)
  const told = { ...voice, ...parties, direction: 'out' as const, startedAt, ...finish(desk, way) }
  return { ...told, price: priceOf(told, callee.country, office) }
}

function callInside(desk: Desk, startedAt: number): Draft {
  const { random, office, busy } = desk
  const from = freeExtension(desk, startedAt)
  const to = random.pick(office.extensions.filter(({ id, forwarding }) => id !== from.id && !forwarding))
  const way = followCall(office, { kind: 'extension', id: to.id, number: to.number }, startedAt, busy, random)
  busy.set(from.id, way.endedAt)
  // A colleague who hangs up first cancels; nobody "misses" a call inside the house.
  const outcome = way.outcome !== 'missed' ? way.outcome : way.hungUpBy === 'caller' ? 'cancelled' : 'no answer'
  return { ...voice, direction: 'local', from: from.id, to: to.id, startedAt, ...finish(desk, { ...way, outcome }) }
}

/** The same conversation twice: as the office that dials logs it, and as the office that is called does. */
function callBetween(here: Desk, there: Desk, startedAt: number): [placed: Draft, received: Draft] {
  const from = freeExtension(here, startedAt)
  const did = here.random.pick(there.inService)
  const shown = shownNumber(from, here.office)
  const way = receive(there, did, startedAt)
  here.busy.set(from.id, way.endedAt)
  const received: Draft = {
    ...voice,
    direction: 'in',
    outside: shown,
    outsideName: here.office.label,
    did: did.number,
    startedAt,
    ...finish(there, way),
  }
  const sent: Way = { ...way, steps: [], outcome: way.answeredAt === null ? unansweredOutside(way) : 'answered' }
  const parties = { from: from.id, outside: did.number, outsideName: there.office.label, did: shown }
  const placed: Draft = { ...voice, ...parties, direction: 'out', startedAt, ...finish(here, sent) }
  const country: Country = there.office.name === 'izmir' ? 'TR' : 'CZ'
  return [{ ...placed, price: priceOf(placed, country, here.office) }, received]
}

function unansweredOutside({ outcome, hungUpBy }: Way): Way['outcome'] {
  if (outcome === 'missed') return hungUpBy === 'caller' ? 'cancelled' : 'no answer'
  return outcome
}

const voice = { kind: 'voice', outside: null, outsideName: null, did: null, from: null, to: null, price: null } as const

const leadsSomewhere =
  ({ extensions, groups, menus }: SilentOffice) =>
  ({ state, destination }: StoryDid) =>
    state === 'active' &&
    destination !== null &&
    [...extensions, ...groups, ...menus].some(
      ({ id, number }) => destination.kind !== 'external' && id === destination.id && number === destination.number,
    )

function receive({ office, busy, random }: Desk, did: StoryDid, at: number): Way {
  const none = { steps: [], answeredAt: null, hungUpBy: 'system' } as const
  if (did.hours && !isOpen(did.hours, localTime(office.timeZone, at)))
    return { ...none, outcome: 'missed', endedAt: at + 8000 }
  if (!did.destination) return { ...none, outcome: 'failed', endedAt: at + 2000 }
  return followCall(office, did.destination, at, busy, random)
}

/** Business hours of every office: nine to six, a lunch hour from half past twelve where they keep one. */
function isOpen({ lunch, saturday }: NonNullable<StoryDid['hours']>, local: Date): boolean {
  const day = local.getUTCDay()
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  if (day === 0 || (day === 6 && !saturday)) return false
  if (lunch && minute >= 12 * 60 + 30 && minute < 13 * 60 + 30) return false
  return minute >= 9 * 60 && minute < 18 * 60
}

function dial({ random }: Desk, at: number): Way {
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

function fax(direction: 'in' | 'out', { random }: Desk, startedAt: number): Draft {
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

function freeExtension({ office, busy, random }: Desk, at: number): StoryExtension {
  const working = office.extensions.filter(({ registered, person }) => registered && person)
  const free = working.filter(({ id }) => (busy.get(id) ?? 0) <= at)
  return random.pick(free.length > 0 ? free : working)
}

/** An extension that shows no number of its own goes out with the office's first. */
const shownNumber = ({ callerId }: StoryExtension, { dids }: SilentOffice): string =>
  callerId ?? (dids[0] as StoryDid).number

/** Two answered calls in three are recorded; what is older than 75 days was removed to save space. */
function finish({ random, now }: Desk, way: Way): Way & Pick<Draft, 'recording'> {
  const kept = way.outcome === 'answered' && random.chance(0.66)
  const removed = random.chance(0.03) || now - way.endedAt > 75 * 24 * 60 * 60 * 1000
  return { ...way, recording: kept ? (removed ? 'removed' : 'yes') : 'no' }
}

/** Per started minute, in the currency of the office. */
const rates: Readonly<Record<OfficeName, Readonly<Record<Country, number>>>> = {
  izmir: { TR: 0.2735, CZ: 3.10525, DE: 2.4475 },
  prague: { TR: 7.8, CZ: 0.95, DE: 1.85 },
}

function priceOf({ answeredAt, endedAt }: Draft, country: Country, { name }: SilentOffice): number | null {
  if (answeredAt === null) return null
  return Math.round(rates[name][country] * Math.ceil((endedAt - answeredAt) / 60_000) * 100_000) / 100_000
}
