import type { StoryCall, StoryStep } from '../story.js'

/** The same call at other times: each of its moments as `move` says. */
export function mapTimes<Call extends Omit<StoryCall, 'id'>>(call: Call, move: (at: number) => number): Call {
  const orNull = (at: number | null) => (at === null ? null : move(at))
  return {
    ...call,
    startedAt: move(call.startedAt),
    answeredAt: orNull(call.answeredAt),
    endedAt: move(call.endedAt),
    steps: call.steps.map((step): StoryStep => {
      const times = { at: move(step.at), until: move(step.until) }
      if (!('rings' in step)) return { ...step, ...times }
      const rings = step.rings.map((ring) => ({
        ...ring,
        from: move(ring.from),
        answeredAt: orNull(ring.answeredAt),
        until: move(ring.until),
      }))
      return { ...step, ...times, rings }
    }),
  }
}
