import fc from 'fast-check'

import type { CallCriteria } from '../../../src/loaders/calls/demand.js'
import type { CallRecordPage } from '../../../src/loaders/calls/request.js'
import { CallDirection, CallDisposition, CallKind, type CallRecord } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import type { CallFilter } from '../../../src/providers/provider.js'
import { extensionsOf, SimulatedLog, type Behaviour } from './simulated-log.js'
import {
  BEGINNING,
  calls,
  DIDS,
  EXTENSIONS,
  everything,
  gapPage,
  GROUPS,
  ids,
  OUTSIDE,
  page,
  random,
  type World,
} from './simulated-world.js'

export const ACCOUNTS = ['ankara', 'brno', 'izmir', 'praha'] as const
const SECONDS = 600

const some = <T>(choices: readonly T[], most = 2) =>
  fc.uniqueArray(fc.constantFrom(...choices), { minLength: 1, maxLength: most })
const idsOf = (type: 'Extension' | 'Group' | 'Did', letter: string, numbers: readonly string[]) =>
  fc.uniqueArray(
    fc
      .tuple(fc.constantFrom(...ACCOUNTS, 'elsewhere'), fc.constantFrom(...numbers, 'unknown'))
      .map(([account, number]) => globalId(type, account, `${letter}${number}`)),
    { minLength: 1, maxLength: 5 },
  )
const moment = fc
  .integer({ min: -5, max: SECONDS + 5 })
  .map((second) => new Date(BEGINNING + second * 1000).toISOString())
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2, nil: undefined })

const fields = {
  accountIds: fc.uniqueArray(
    fc.constantFrom(...ACCOUNTS, 'elsewhere').map((key) => globalId('Account', key)),
    { minLength: 1, maxLength: 4 },
  ),
  accountKeys: fc.uniqueArray(fc.constantFrom(...ACCOUNTS, 'elsewhere'), { minLength: 1, maxLength: 4 }),
  startedAt: fc.record({ from: maybe(moment), until: maybe(moment) }),
  directions: some(Object.values(CallDirection)),
  dispositions: some(Object.values(CallDisposition), 4),
  kinds: some(Object.values(CallKind)),
  numbers: some([...OUTSIDE, ...DIDS, '+901001']),
  callerNumbers: some([...OUTSIDE, ...DIDS]),
  calleeNumbers: some([...OUTSIDE, ...DIDS]),
  extensionIds: idsOf('Extension', 'x', EXTENSIONS),
  groupIds: idsOf('Group', 'g', GROUPS),
  didIds: idsOf('Did', 'd', DIDS),
  durationSeconds: fc.record({
    min: maybe(fc.integer({ min: 0, max: 400 })),
    max: maybe(fc.integer({ min: 100, max: 600 })),
  }),
  hasRecording: fc.boolean(),
}
const FIELDS = Object.keys(fields) as (keyof typeof fields)[]

/** Any filter of a few fields: with many, next to nothing would ever be found. */
export const criteria: fc.Arbitrary<CallCriteria> = fc
  .tuple(fc.record(fields), fc.subarray(FIELDS, { maxLength: 3 }))
  .map(([all, chosen]) => Object.fromEntries(chosen.map((field) => [field, all[field]])))

const PUSHABLE: readonly (keyof CallFilter)[] = [
  'from',
  'until',
  'directions',
  'dispositions',
  'kinds',
  'numbers',
  'callerNumbers',
  'calleeNumbers',
  'extensionNumbers',
]

const behaviour: fc.Arbitrary<Partial<Behaviour>> = fc.record({
  pageSize: fc.integer({ min: 5, max: 60 }),
  pushdown: fc.subarray([...PUSHABLE]),
  counts: fc.boolean(),
  keepsParticipantsApart: fc.boolean(),
  looksAtPages: fc.boolean(),
})

export interface FilteredPlan {
  readonly seed: number
  /** Several: what an edge implies, and the caller's own. */
  readonly criteria: readonly CallCriteria[]
  readonly behaviours: readonly Partial<Behaviour>[]
  readonly order: 'ASC' | 'DESC'
  /** Of provider requests for a page; small ones stop sources midway. */
  readonly limit: number
}

export const filteredPlan: fc.Arbitrary<FilteredPlan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  criteria: fc.array(criteria, { minLength: 1, maxLength: 2 }),
  behaviours: fc.array(behaviour, { minLength: ACCOUNTS.length, maxLength: ACCOUNTS.length }),
  order: fc.constantFrom('ASC', 'DESC'),
  limit: fc.constantFrom(4, 8, 100_000),
})

export interface FilteredWalk {
  readonly found: readonly string[]
  readonly expected: readonly string[]
  readonly counts: readonly Pick<CallRecordPage, 'totalCount' | 'countPrecision'>[]
  /** Slices that were left out because they would have taken too many requests. */
  readonly stops: number
}

/** Walks a filtered list to its end, with what was left out on the way. */
export async function walkFiltered(plan: FilteredPlan, callsPerAccount = 200): Promise<FilteredWalk> {
  const next = random(plan.seed)
  const world: World = {
    logs: new Map(
      ACCOUNTS.map((key, index) => [
        key,
        new SimulatedLog(calls(key, callsPerAccount, SECONDS, plan.seed + index), plan.behaviours[index]),
      ]),
    ),
    limits: { providerRequestsPerOperation: plan.limit },
  }
  const found: string[] = []
  const counts: FilteredWalk['counts'][number][] = []
  const missing: (string | null)[] = [null]
  let stops = 0
  while (missing.length > 0) {
    const gap = missing.pop() as string | null
    for (let after: string | null = null; ;) {
      const place = { first: 1 + Math.floor(next() * 60), after }
      const result: CallRecordPage = await (gap === null
        ? page(world, { criteria: plan.criteria, order: plan.order, ...place })
        : gapPage(world, gap, place))
      found.push(...ids(result.nodes))
      counts.push(result)
      const gaps = result.sources.flatMap(({ gap }) => gap?.retryCursor ?? [])
      stops += gaps.length
      missing.push(...gaps)
      if (!result.pageInfo.hasNextPage) break
      after = result.pageInfo.endCursor
    }
  }
  const expected = ids(everything(world, plan.order, (call) => plan.criteria.every((one) => meets(one, call))))
  return { found, expected, counts, stops }
}

/** The filter once more, written from its descriptions and from all that is known of a call. */
function meets(wanted: CallCriteria, call: CallRecord): boolean {
  const { startedAt, durationSeconds, hasRecording } = wanted
  const sides = [call.caller.number, call.callee.number]
  const own = (id: string) => {
    const [, account, native] = Buffer.from(id, 'base64url').toString().split(':') as [string, string, string]
    return account === call.accountKey ? native.slice(1) : null
  }
  const groups = new Set((call.groupRefs ?? []).map((one) => (one.kind === 'Group' ? one.number : null)))
  const did = call.didRef?.kind === 'Did' ? call.didRef.number : null
  const recorded = call.recordings?.some(({ status }) => status === 'AVAILABLE')
  const checks: [wanted: unknown, holds: () => boolean | undefined][] = [
    [wanted.accountIds, () => wanted.accountIds?.includes(globalId('Account', call.accountKey))],
    [wanted.accountKeys, () => wanted.accountKeys?.includes(call.accountKey)],
    [startedAt?.from, () => Date.parse(call.startedAt) >= Date.parse(startedAt!.from!)],
    [startedAt?.until, () => Date.parse(call.startedAt) < Date.parse(startedAt!.until!)],
    [wanted.directions, () => wanted.directions?.includes(call.direction)],
    [wanted.dispositions, () => wanted.dispositions?.includes(call.disposition)],
    [wanted.kinds, () => wanted.kinds?.includes(call.kind)],
    [wanted.numbers, () => wanted.numbers?.some((one) => sides.includes(one))],
    [wanted.callerNumbers, () => wanted.callerNumbers?.some((one) => sides[0] === one)],
    [wanted.calleeNumbers, () => wanted.calleeNumbers?.some((one) => sides[1] === one)],
    [wanted.extensionIds, () => wanted.extensionIds?.some((id) => extensionsOf(call).has(own(id) ?? ''))],
    [wanted.groupIds, () => wanted.groupIds?.some((id) => groups.has(own(id) ?? ''))],
    [wanted.didIds, () => wanted.didIds?.some((id) => did !== null && own(id) === did)],
    [durationSeconds?.min, () => call.durationSeconds !== null && call.durationSeconds >= durationSeconds!.min!],
    [durationSeconds?.max, () => call.durationSeconds !== null && call.durationSeconds <= durationSeconds!.max!],
    [hasRecording, () => recorded === hasRecording],
  ]
  return checks.every(([wanted, holds]) => wanted === undefined || wanted === null || holds())
}
