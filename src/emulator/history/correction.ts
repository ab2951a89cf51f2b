import type { Random } from '../random.js'
import { mapTimes } from '../story/map-times.js'
import type { StoryCall } from '../story.js'
import type { CallChange, CallHistory } from './history.js'

type Correction = (call: StoryCall, random: Random) => CallChange | null

/** A change of an ended call that its provider shows; of those that are possible any. */
export function correctionOf(call: StoryCall, shows: CallHistory['shows'], random: Random): CallChange {
  const possible = [price, recording, outcome, end].flatMap((correct) => {
    if (correct === price && !shows.price) return []
    return correct(call, random) ?? []
  })
  return random.pick(possible)
}

/** The rating of an outgoing call comes late, or is done again. */
const price: Correction = ({ direction, answeredAt, price }, random) => {
  if (direction !== 'out' || answeredAt === null) return null
  return { price: price === null ? 0.5 : Math.round((price + random.whole(1, 9) / 10) * 1e5) / 1e5 }
}

/** A recording becomes available, or is deleted. */
const recording: Correction = ({ outcome, kind, recording }) => {
  if (outcome !== 'answered' || kind !== 'voice') return null
  return { recording: recording === 'yes' ? 'removed' : 'yes' }
}

/** Why nobody was reached is known better. */
const outcome: Correction = ({ direction, steps, answeredAt, outcome }, random) => {
  if (direction !== 'out' || steps.length > 0 || answeredAt !== null) return null
  return { outcome: random.pick((['busy', 'no answer', 'failed'] as const).filter((other) => other !== outcome)) }
}

/** The end, and with it the time of talk, was a little later. */
const end: Correction = (call, random) => {
  const settled = call.endedAt + random.whole(1, 3) * 1000
  const { steps } = mapTimes(call, (at) => (at === call.endedAt ? settled : at))
  return { endedAt: settled, steps }
}
