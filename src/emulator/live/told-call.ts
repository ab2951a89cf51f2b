import { mapTimes } from '../story/map-times.js'
import type { StoryCall, StoryRing, StoryStep } from '../story.js'
import type { LiveMoment, ToldCall } from './live.js'

/** An outgoing call is heard to ring after this time, ms. */
const REACHING = 2000

/** What happens in a call, in order of time; what happens at one moment in order of cause. */
export function momentsOf(call: StoryCall): LiveMoment[] {
  const steps = call.steps.flatMap((step, index) => momentsOfStep(step, call.steps[index - 1], call))
  const moments = [moment('started', call.startedAt), ...(call.steps.length > 0 ? steps : directMoments(call))]
  return [...moments.sort((a, b) => a.at - b.at), moment('ended', call.endedAt)]
}

/** A call that no phone of ours takes: outgoing, a fax, a number without a destination. */
function directMoments({ direction, startedAt, answeredAt, endedAt }: StoryCall): LiveMoment[] {
  const rings = direction === 'out' && startedAt + REACHING < (answeredAt ?? endedAt)
  return [
    ...(rings ? [moment('ringing', startedAt + REACHING)] : []),
    ...(answeredAt === null ? [] : [moment('answered', answeredAt)]),
  ]
}

function momentsOfStep(step: StoryStep, before: StoryStep | undefined, { answeredAt }: StoryCall): LiveMoment[] {
  const transferred = before && talkedIn(before) ? [moment('transferred', step.at, step)] : []
  if (step.kind === 'menu') return [...transferred, moment('menu', step.at, step)]
  if (step.kind === 'forward') {
    const isTaken = step.answered && answeredAt !== null && answeredAt >= step.at
    return [
      ...transferred,
      moment('ringing', step.at, step),
      ...(isTaken ? [moment('answered', answeredAt, step)] : []),
    ]
  }
  return [
    ...transferred,
    ...(step.kind === 'group' ? [moment('group', step.at, step)] : []),
    ...step.rings.flatMap((ring) => [
      ...(ring.result === 'busy' ? [] : [moment('ringing', ring.from, step, ring)]),
      ...(ring.answeredAt === null ? [] : [moment('answered', ring.answeredAt, step, ring)]),
    ]),
  ]
}

export const moment = (
  kind: LiveMoment['kind'],
  at: number,
  step: StoryStep | null = null,
  ring: StoryRing | null = null,
): LiveMoment => ({ kind, at, step, ring })

export const talkedIn = (step: StoryStep): boolean =>
  (step.kind === 'group' || step.kind === 'extension') && step.rings.some(({ answeredAt }) => answeredAt !== null)

/** What is known of a call at a moment before its end: nothing of what is still to come. */
export function toldAt(call: StoryCall, at: number): ToldCall {
  const answeredAt = call.answeredAt !== null && call.answeredAt <= at ? call.answeredAt : null
  const isOpen = (until: number) => until > at || until >= call.endedAt
  const cutRing = (ring: StoryRing): StoryRing => {
    const isAnswered = ring.answeredAt !== null && ring.answeredAt <= at
    if (!isOpen(ring.until)) return ring
    return { ...ring, until: Infinity, ...(!isAnswered && { answeredAt: null, result: 'no answer' }) }
  }
  const cutStep = (step: StoryStep): StoryStep => {
    const until = isOpen(step.until) ? Infinity : step.until
    if (step.kind === 'menu') return { ...step, until }
    if (step.kind === 'forward') return { ...step, until, answered: step.answered && (answeredAt ?? 0) >= step.at }
    return { ...step, until, rings: step.rings.filter(({ from }) => from <= at).map(cutRing) }
  }
  const steps = call.steps.filter((step) => step.at <= at).map(cutStep)
  const isAnswered = answeredAt !== null && (steps.length === 0 || steps.some(talkedIn))
  return { ...call, steps, answeredAt, endedAt: Infinity, outcome: isAnswered ? 'answered' : 'no answer', price: null }
}

/** Ends what is open in a call, and tells how it went. */
export function ended(told: ToldCall, at: number, hungUpBy: StoryCall['hungUpBy']): StoryCall {
  const until = (time: number) => Math.min(time, at)
  const steps = told.steps.map((step): StoryStep => {
    const closed = { ...step, until: until(step.until) }
    return 'rings' in closed
      ? { ...closed, rings: closed.rings.map((ring) => ({ ...ring, until: until(ring.until) })) }
      : closed
  })
  return { ...told, steps, endedAt: at, hungUpBy, outcome: outcomeOf(told, hungUpBy) }
}

function outcomeOf(told: ToldCall, hungUpBy: StoryCall['hungUpBy']): StoryCall['outcome'] {
  const isTaken = told.steps.length === 0 ? told.answeredAt !== null : told.steps.some(talkedIn)
  if (isTaken || told.steps.some((step) => step.kind === 'forward' && step.answered)) return 'answered'
  // Whoever was called has talked, wherever the call went afterwards.
  if (told.direction === 'out' && told.answeredAt !== null) return 'answered'
  if (told.direction === 'in') return 'missed'
  return { caller: 'cancelled', callee: 'rejected', system: 'no answer' }[hungUpBy] as StoryCall['outcome']
}

/** The call as the log has it: exchanges write whole seconds. */
export const inWholeSeconds = (call: StoryCall): StoryCall => mapTimes(call, (at) => Math.floor(at / 1000) * 1000)
