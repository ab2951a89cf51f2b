import type { Random } from '../random.js'
import type { StoryCall, StoryExtension, StoryGroup, StoryMenu, StoryRing, StoryStep, StoryTarget } from '../story.js'
import type { OfficeWithoutCalls } from './offices.js'

/** The steps and the outcome of a call that came into the office. */
export type CallPath = Pick<StoryCall, 'steps' | 'outcome' | 'answeredAt' | 'endedAt' | 'hungUpBy'>

/**
 * Until when each extension is in a call; calls are created in order of time, so it is always
 * current.
 */
export type BusyUntil = Map<number, number>

/** Menus, forwards and transfers never form a loop. */
const MOST_STEPS = 6
const TALK_AT_MOST = 20 * 60

/** Routes a call through the office until somebody hangs up. */
export function followCall(
  office: OfficeWithoutCalls,
  target: StoryTarget,
  at: number,
  busy: BusyUntil,
  random: Random,
): CallPath {
  const steps: StoryStep[] = []
  let answeredAt: number | null = null

  const end = (outcome: CallPath['outcome'], endedAt: number, hungUpBy: CallPath['hungUpBy']): CallPath => ({
    steps,
    outcome,
    answeredAt,
    endedAt,
    hungUpBy,
  })

  function reach(next: StoryTarget, from: number): CallPath {
    if (steps.length >= MOST_STEPS) return end('failed', from + seconds(1), 'system')
    if (next.kind === 'external') return forward(next.number, from)
    const found = { extension: office.extensions, group: office.groups, menu: office.menus }[next.kind].find(
      ({ id }) => id === next.id,
    )
    if (!found) return end('failed', from + seconds(2), 'system')
    if (next.kind === 'menu') return menu(found as StoryMenu, from)
    if (next.kind === 'group') return group(found as StoryGroup, from)
    return extension(found as StoryExtension, from)
  }

  function menu(entered: StoryMenu, from: number): CallPath {
    answeredAt ??= from + seconds(1)
    const until = from + seconds(random.whole(4, 25))
    steps.push({ at: from, kind: 'menu', menu: entered.id, until })
    if (random.chance(0.07)) return end('missed', until, 'caller')
    const others = office.menus.filter(({ id }) => id !== entered.id)
    const visited = steps.filter(({ kind }) => kind === 'menu').length
    if (visited < 3 && others.length > 0 && random.chance(0.15)) {
      const { id, number } = random.pick(others)
      return reach({ kind: 'menu', id, number }, until)
    }
    const toGroup = random.chance(0.75)
    const { id, number } = random.pick<StoryGroup | StoryExtension>(toGroup ? office.groups : office.extensions)
    return reach({ kind: toGroup ? 'group' : 'extension', id, number }, until)
  }

  function group(rung: StoryGroup, from: number): CallPath {
    const patience = from + seconds(random.chance(0.12) ? random.whole(5, 40) : 600)
    const timeout = from + seconds(rung.timeoutSeconds)
    const rings = rung.kind === 'queue' ? ringInTurn(rung, from, patience) : ringTogether(rung, from, patience)
    const talked = rings.find(({ result }) => result === 'answered')
    const until = talked ? talked.until : Math.min(patience, timeout)
    steps.push({ at: from, kind: 'group', group: rung.id, until, rings })
    if (talked) return talk(talked)
    if (patience < timeout) return end('missed', until, 'caller')
    return random.chance(0.25) ? voicemail(until) : end('missed', until, 'system')
  }

  /** Simultaneous ringing: the first to answer wins, the others stop ringing. */
  function ringTogether(
    { members, timeoutSeconds, delaySeconds }: StoryGroup,
    at: number,
    patience: number,
  ): StoryRing[] {
    const from = Math.min(at + seconds(delaySeconds), patience)
    const silence = Math.max(from, Math.min(patience, at + seconds(timeoutSeconds)))
    const free = members.filter((id) => !isBusy(id, from) && isRegistered(id))
    const winner = free.length > 0 && random.chance(0.88) ? random.pick(free) : null
    const picked = from + seconds(random.whole(2, 18))
    const won = winner !== null && picked < silence
    return members.filter(isRegistered).map((id): StoryRing => {
      if (!free.includes(id)) return { extension: id, from, answeredAt: null, until: from, result: 'busy' }
      if (won && id === winner) return answered(id, from, picked)
      const stopped = won ? picked : silence
      if (random.chance(0.03)) {
        const until = Math.min(stopped, from + seconds(random.whole(1, 4)))
        return { extension: id, from, answeredAt: null, until, result: 'rejected' }
      }
      return { extension: id, from, answeredAt: null, until: stopped, result: won ? 'elsewhere' : 'no answer' }
    })
  }

  /** Sequential ringing, as a queue hunts for an agent. */
  function ringInTurn(
    { members, timeoutSeconds, delaySeconds, ringSeconds }: StoryGroup,
    at: number,
    patience: number,
  ) {
    const rings: StoryRing[] = []
    const end = Math.min(patience, at + seconds(timeoutSeconds))
    let from = at + seconds(delaySeconds)
    for (const id of random.shuffled(members).filter(isRegistered)) {
      if (from >= end) break
      if (isBusy(id, from)) {
        rings.push({ extension: id, from, answeredAt: null, until: from, result: 'busy' })
        continue
      }
      const picked = from + seconds(random.whole(2, ringSeconds - 1))
      if (picked < end && random.chance(0.65)) return [...rings, answered(id, from, picked)]
      const until = Math.min(end, from + seconds(ringSeconds))
      rings.push({ extension: id, from, answeredAt: null, until, result: 'no answer' })
      from = until
    }
    return rings
  }

  function extension(rung: StoryExtension, from: number): CallPath {
    const { id, forwarding } = rung
    const step = (until: number, rings: StoryRing[]) =>
      void steps.push({ at: from, kind: 'extension', extension: id, until, rings })
    if (forwarding?.when === 'ALWAYS') {
      step(from, [])
      return reach(forwarding.to, from)
    }
    if (!rung.registered) {
      step(from, [])
      return unreachable(rung, from, 'missed')
    }
    if (isBusy(id, from)) {
      step(from, [{ extension: id, from, answeredAt: null, until: from, result: 'busy' }])
      return unreachable(rung, from, 'busy')
    }
    const how = random.weighted({ answers: 0.74, rejects: 0.04, givesUp: 0.08, nobody: 0.14 })
    if (how === 'answers') {
      const ring = answered(id, from, from + seconds(random.whole(2, 20)))
      step(ring.until, [ring])
      return talk(ring)
    }
    const until = from + seconds(how === 'rejects' ? random.whole(2, 8) : how === 'givesUp' ? random.whole(5, 25) : 30)
    const result = how === 'rejects' ? 'rejected' : 'no answer'
    step(until, [{ extension: id, from, answeredAt: null, until, result }])
    if (how === 'rejects') return end('rejected', until, 'callee')
    return how === 'givesUp' ? end('missed', until, 'caller') : unreachable(rung, until, 'missed')
  }

  function unreachable(
    { forwarding, voicemail: hasVoicemail }: StoryExtension,
    at: number,
    outcome: CallPath['outcome'],
  ): CallPath {
    if (forwarding?.when === 'UNREACHABLE') return reach(forwarding.to, at)
    return hasVoicemail ? voicemail(at) : end(outcome, at + seconds(1), 'system')
  }

  function forward(to: string, from: number): CallPath {
    const ringing = random.whole(6, 25)
    const isAnswered = random.chance(0.7)
    const until = from + seconds(ringing) + (isAnswered ? talkLength() : 0)
    if (isAnswered) answeredAt ??= from + seconds(ringing)
    steps.push({ at: from, kind: 'forward', to, until, answered: isAnswered })
    return isAnswered ? end('answered', until, random.pick(['caller', 'callee'])) : end('missed', until, 'caller')
  }

  function voicemail(from: number): CallPath {
    answeredAt ??= from + seconds(1)
    return end('voicemail', from + seconds(random.whole(6, 60)), 'caller')
  }

  /** The agent who answered keeps the call, or transfers it to a free colleague. */
  function talk(ring: StoryRing): CallPath {
    answeredAt ??= ring.answeredAt
    const at = ring.until
    const free = office.extensions.filter(
      ({ id, registered, forwarding }) => id !== ring.extension && registered && !forwarding && !isBusy(id, at),
    )
    if (free.length === 0 || !random.chance(0.04)) return end('answered', at, random.pick(['caller', 'callee']))
    const { id } = random.pick(free)
    const taken = answered(id, at, at + seconds(random.whole(2, 8)))
    steps.push({ at, kind: 'extension', extension: id, until: taken.until, rings: [taken] })
    return end('answered', taken.until, random.pick(['caller', 'callee']))
  }

  function answered(id: number, from: number, picked: number): StoryRing {
    const until = picked + talkLength()
    busy.set(id, until)
    return { extension: id, from, answeredAt: picked, until, result: 'answered' }
  }

  const talkLength = () => seconds(Math.min(TALK_AT_MOST / 2, 5 + Math.floor(random.exponential(130))))
  const isBusy = (id: number, when: number) => (busy.get(id) ?? 0) > when
  const isRegistered = (id: number) => office.extensions[id - firstId]?.registered ?? false
  const firstId = office.extensions[0]?.id ?? 0
  return reach(target, at)
}

const seconds = (count: number) => count * 1000
