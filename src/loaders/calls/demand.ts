import { hash } from 'node:crypto'

import type { CallDirection, CallDisposition, CallKind } from '../../model/call-record.js'
import { parseGlobalId } from '../../model/id.js'

/** A filter of calls. An absent or null field filters nothing; an empty list matches no call. */
export interface CallCriteria {
  readonly accountIds?: readonly string[] | null
  readonly accountKeys?: readonly string[] | null
  readonly startedAt?: { readonly from?: string | null; readonly until?: string | null } | null
  readonly directions?: readonly CallDirection[] | null
  readonly dispositions?: readonly CallDisposition[] | null
  readonly kinds?: readonly CallKind[] | null
  readonly numbers?: readonly string[] | null
  readonly callerNumbers?: readonly string[] | null
  readonly calleeNumbers?: readonly string[] | null
  readonly extensionIds?: readonly string[] | null
  readonly groupIds?: readonly string[] | null
  readonly didIds?: readonly string[] | null
  readonly durationSeconds?: { readonly min?: number | null; readonly max?: number | null } | null
  readonly hasRecording?: boolean | null
}

/**
 * A call must match each list. They are not intersected, because a call has two sides and many
 * steps.
 */
type EveryOf = readonly (readonly string[])[]

/**
 * Several criteria as one; sorted and without duplicates, so that equal filters are equal as JSON.
 */
export interface CallDemand {
  /** Account keys; null: every account. */
  readonly accounts: readonly string[] | null
  readonly from: string | null
  readonly until: string | null
  readonly directions: readonly CallDirection[] | null
  readonly dispositions: readonly CallDisposition[] | null
  readonly kinds: readonly CallKind[] | null
  readonly numbers: EveryOf
  readonly callerNumbers: EveryOf
  readonly calleeNumbers: EveryOf
  readonly extensionIds: EveryOf
  readonly groupIds: EveryOf
  readonly didIds: EveryOf
  readonly minimumSeconds: number | null
  readonly maximumSeconds: number | null
  readonly hasRecording: readonly boolean[] | null
}

/** The calls that meet all criteria, such as the caller's filter and the one an edge implies. */
export function demandOf(criteria: readonly CallCriteria[]): CallDemand {
  const values = <T>(pick: (one: CallCriteria) => T | null | undefined): T[] =>
    criteria.map(pick).filter((value) => value !== null && value !== undefined) as T[]
  const common = <T extends string | boolean>(pick: (one: CallCriteria) => readonly T[] | null | undefined) =>
    intersection(values(pick))
  const every = (pick: (one: CallCriteria) => readonly string[] | null | undefined): EveryOf =>
    canonical(values(pick).map((list) => JSON.stringify(canonical(list)))).map((list) => JSON.parse(list) as string[])
  return {
    accounts: intersection([
      ...values((one) => one.accountIds?.map(accountKey).filter((key) => key !== null)),
      ...values((one) => one.accountKeys),
    ]),
    from:
      values((one) => one.startedAt?.from)
        .sort()
        .at(-1) ?? null,
    until:
      values((one) => one.startedAt?.until)
        .sort()
        .at(0) ?? null,
    directions: common((one) => one.directions),
    dispositions: common((one) => one.dispositions),
    kinds: common((one) => one.kinds),
    numbers: every((one) => one.numbers),
    callerNumbers: every((one) => one.callerNumbers),
    calleeNumbers: every((one) => one.calleeNumbers),
    extensionIds: every((one) => one.extensionIds),
    groupIds: every((one) => one.groupIds),
    didIds: every((one) => one.didIds),
    minimumSeconds: largest(values((one) => one.durationSeconds?.min)),
    maximumSeconds: negated(largest(values((one) => one.durationSeconds?.max).map((seconds) => -seconds))),
    hasRecording: common((one) => (typeof one.hasRecording === 'boolean' ? [one.hasRecording] : null)),
  }
}

/** No call can match, so no provider need be asked. */
export function isImpossible(demand: CallDemand): boolean {
  const { accounts, directions, dispositions, kinds, hasRecording, from, until, minimumSeconds, maximumSeconds } =
    demand
  const { numbers, callerNumbers, calleeNumbers, extensionIds, groupIds, didIds } = demand
  const every = [...numbers, ...callerNumbers, ...calleeNumbers, ...extensionIds, ...groupIds, ...didIds]
  const choices = [accounts, directions, dispositions, kinds, hasRecording, ...every]
  return (
    choices.some((choice) => choice?.length === 0) ||
    (from !== null && until !== null && from >= until) ||
    (minimumSeconds !== null && maximumSeconds !== null && minimumSeconds > maximumSeconds)
  )
}

/** A short hash, the same for equal demands; cursors are bound to it. */
export const fingerprintOf = (demand: CallDemand): string =>
  hash('sha256', JSON.stringify(demand), 'base64url').slice(0, 22)

function accountKey(id: string): string | null {
  const parsed = parseGlobalId(id)
  return parsed?.type === 'Account' ? parsed.account : null
}

function intersection<T extends string | boolean>(lists: readonly (readonly T[])[]): readonly T[] | null {
  const [first, ...others] = lists
  return first ? canonical(first.filter((value) => others.every((list) => list.includes(value)))) : null
}

const canonical = <T extends string | boolean>(list: readonly T[]): readonly T[] => [...new Set(list)].sort()
const largest = (values: readonly number[]): number | null => (values.length > 0 ? Math.max(...values) : null)
const negated = (value: number | null): number | null => (value === null ? null : -value)
