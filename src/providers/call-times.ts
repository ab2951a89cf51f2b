/** When a call, or a step of it, was answered and ended; ISO UTC, null where it is not told. */
export interface CallTimes {
  readonly answeredAt: string | null
  readonly endedAt: string | null
}

/**
 * What is told of a call's times, held against its start: an end before it, and an answer before it
 * or after the end, are placeholders or mistakes, and as good as not told. All are results of
 * `toInstant`, so their texts are in the order of time.
 */
export function possibleTimes(startedAt: string, { answeredAt, endedAt }: CallTimes): CallTimes {
  const end = endedAt !== null && endedAt >= startedAt ? endedAt : null
  const isPossible = answeredAt !== null && answeredAt >= startedAt && (end === null || answeredAt <= end)
  return { answeredAt: isPossible ? answeredAt : null, endedAt: end }
}
