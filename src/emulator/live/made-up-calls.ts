import type { Random } from '../random.js'
import { createCall, type OfficeState } from '../story/calls.js'
import { mapTimes } from '../story/map-times.js'
import { createSubscribers } from '../story/subscribers.js'
import type { Office, StoryCall } from '../story.js'
import type { Pace } from './live.js'

/** Makes up one call after the other: the same for the same seed, if they begin at the same times. */
export function madeUpCalls(
  office: Office,
  random: Random,
  { speed = 1 }: Pace,
): (at: number) => Omit<StoryCall, 'id'> {
  const state: OfficeState = {
    // Somebody is always there to answer.
    office: { ...office, dids: office.dids.map((did) => ({ ...did, hours: null })) },
    inService: office.dids
      .filter(({ state, destination }) => state === 'active' && destination !== null && destination.kind !== 'external')
      .map((did) => ({ ...did, hours: null })),
    busy: new Map(),
    subscribers: createSubscribers(random.fork('world')),
    // Recordings of these calls are new.
    now: 0,
    random: random.fork('calls'),
  }
  let count = 0
  return (at) => {
    count += 1
    // The first one comes in, so that there is something to see on every screen.
    const kind = count === 1 ? 'in' : random.weighted({ in: 0.6, out: 0.32, local: 0.08 })
    return faster(createCall[kind](state, at), speed)
  }
}

function faster(call: Omit<StoryCall, 'id'>, speed: number): Omit<StoryCall, 'id'> {
  const { startedAt } = call
  return speed === 1 ? call : mapTimes(call, (at) => startedAt + (at - startedAt) / speed)
}
