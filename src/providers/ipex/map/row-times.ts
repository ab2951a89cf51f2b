import { secondsBetween } from '../../../model/values/date-time.js'
import { seconds, type CallRow } from '../call-rows.js'

export interface CallTimes {
  readonly startedAt: string
  readonly answeredAt: string | null
  readonly endedAt: string | null
  readonly durationSeconds: number | null
  readonly waitSeconds: number | null
  readonly talkSeconds: number | null
}

/**
 * The times of a call; `taken` are the rows in which a person took it. Waiting and talking together
 * are never longer than the call: its seconds are cut from exact times each on their own, so that
 * the written times may be a second further apart. What no row tells is null.
 */
export function timesOf(rows: readonly CallRow[], taken: readonly CallRow[]): CallTimes {
  const startedAt = iso(Math.min(...rows.map((row) => row.startedAt)))
  const endedAt = isoOrNull(greatest(rows.map((row) => row.endedAt)))
  const answeredAt = isoOrNull(least(taken.map(answerTime)))
  const durationSeconds = lengthOf(rows, secondsBetween(startedAt, endedAt))
  const billed = rows.length === 1 ? seconds(rows[0]?.wire.billsec) : null
  const atMost = (time: number | null) =>
    time === null || durationSeconds === null ? time : Math.min(time, durationSeconds)
  const rest = (time: number | null) => (time === null || durationSeconds === null ? null : durationSeconds - time)

  if (taken.length === 0)
    return { startedAt, answeredAt: null, endedAt, durationSeconds, waitSeconds: durationSeconds, talkSeconds: 0 }
  if (rows.length === 1) {
    const talkSeconds = atMost(billed)
    return { startedAt, answeredAt, endedAt, durationSeconds, waitSeconds: rest(talkSeconds), talkSeconds }
  }
  const waitSeconds = atMost(secondsBetween(startedAt, answeredAt))
  const talked = secondsBetween(answeredAt, isoOrNull(greatest(taken.map((row) => row.endedAt))))
  const left = rest(waitSeconds)
  const talkSeconds = talked === null || left === null ? talked : Math.min(talked, left)
  return { startedAt, answeredAt, endedAt, durationSeconds, waitSeconds, talkSeconds }
}

/** An answered row ends with the talk, so it was answered `billsec` before its end. */
export function answerTime({ wire, startedAt, endedAt }: CallRow): number | null {
  const talked = seconds(wire.billsec)
  return talked === null || endedAt === null ? null : Math.max(startedAt, endedAt - talked * 1000)
}

/** A single row tells its length; it is right unless its end says otherwise by more than a cut second. */
function lengthOf(rows: readonly CallRow[], span: number | null): number | null {
  const told = rows.length === 1 ? seconds(rows[0]?.wire.duration) : null
  return told !== null && span !== null && Math.abs(span - told) <= 1 ? told : span
}

/** Null where one of them is not told: it may be the one. */
const greatest = (times: readonly (number | null)[]) => (areTold(times) ? Math.max(...times) : null)
const least = (times: readonly (number | null)[]) => (areTold(times) ? Math.min(...times) : null)

const areTold = (times: readonly (number | null)[]): times is readonly number[] =>
  times.length > 0 && !times.includes(null)

const iso = (time: number) => new Date(time).toISOString()
const isoOrNull = (time: number | null) => (time === null ? null : iso(time))
