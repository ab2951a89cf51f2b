import type { ConsoleCallQuery } from '../generated/graphql.js'

/** A call as its panel shows it. */
export type OpenedCall = Extract<ConsoleCallQuery['node'], { __typename: 'CallRecord' }>

/** One step of its way. */
export type Leg = NonNullable<OpenedCall['legs']>[number]

/** A step, where its own phone stands among those that rang together. */
export interface Step {
  readonly leg: Leg
  readonly depth: number
}

/** Further in than this there is no room. */
const DEEPEST = 2

/** The way in order; what belongs to another step stands below it, further in. */
export function stepsOf(legs: readonly Leg[]): readonly Step[] {
  const depths = new Map<string, number>()
  return legs.map((leg) => {
    const depth = leg.parentId == null ? 0 : Math.min(DEEPEST, (depths.get(leg.parentId) ?? -1) + 1)
    depths.set(leg.id, depth)
    return { leg, depth }
  })
}

/** Seconds between two moments. */
export const secondsBetween = (from: string, until: string): number =>
  Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000))

/** What a phone system may keep to itself. */
export type Untold = 'way' | 'answeredBy' | 'endedBy' | 'recording' | 'cost'

/** What is not told of this call. `failed`: names of fields that could not be loaded, which is another matter. */
export function untoldOf(call: OpenedCall, failed: ReadonlySet<string>): readonly Untold[] {
  const fields = {
    way: ['legs', !call.legs?.length],
    answeredBy: ['answeredBy', call.disposition === 'ANSWERED' && !call.answeredBy],
    endedBy: ['hangupParty', call.hangupParty === 'UNKNOWN' && call.endedAt != null],
    recording: ['recordings', call.recordings == null],
    cost: ['cost', call.cost == null],
  } as const satisfies Record<Untold, readonly [string, boolean]>
  return (Object.keys(fields) as Untold[]).filter((name) => fields[name][1] && !failed.has(fields[name][0]))
}
