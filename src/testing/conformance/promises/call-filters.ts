import type { CallRecord } from '../../../model/call-record.js'
import { EVERY_CALL } from '../../../providers/every-call.js'
import type { CallFilter, CallLog } from '../../../providers/provider.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, logOf } from '../reading.js'

/** A filter made of a call of the log, and whether a call matches it. */
interface FilterCase {
  readonly field: string
  readonly of: (calls: readonly CallRecord[]) => Partial<CallFilter> | null
  readonly matches: (call: CallRecord, filter: CallFilter) => boolean
  /** Providers know more numbers of a call than its two sides: what they find may be more. */
  readonly findsMore?: true
}

const numbersOf = ({ caller, callee }: CallRecord) => [caller.number, callee.number]

const FILTERS: readonly FilterCase[] = [
  {
    field: 'from',
    of: (calls) => ({ from: calls[Math.floor(calls.length / 2)]!.startedAt }),
    matches: ({ startedAt }, { from }) => startedAt >= from!,
  },
  {
    field: 'until',
    of: (calls) => ({ until: calls[Math.floor(calls.length / 2)]!.startedAt }),
    matches: ({ startedAt }, { until }) => startedAt < until!,
  },
  {
    field: 'directions',
    of: ([first]) => ({ directions: [first!.direction] }),
    matches: ({ direction }, { directions }) => directions!.includes(direction),
  },
  {
    field: 'dispositions',
    of: ([first]) => ({ dispositions: [first!.disposition] }),
    matches: ({ disposition }, { dispositions }) => dispositions!.includes(disposition),
  },
  {
    field: 'numbers',
    findsMore: true,
    of(calls) {
      const number = calls.flatMap(numbersOf).find((one) => one !== null)
      return number ? { numbers: [number] } : null
    },
    matches: (call, { numbers }) => numbersOf(call).some((number) => number !== null && numbers!.includes(number)),
  },
]

/** What the call log promises of each filter. */
export const callFilters: readonly ProviderPromise[] = FILTERS.map(
  ({ field, of, matches, findsMore }): ProviderPromise => ({
    id: `calls.filter.${field}`,
    name: `filtered by ${field}, the call log loses no call that matches`,
    async keep(bench) {
      bench.claims('CALL_RECORD', 'LIST')
      const trial = await bench.start()
      const { calls: whole } = await callsOf(logOf(trial.source()))
      const wanted = of(whole)
      claimed(wanted, 'no call could be filtered by it')
      const filter = { ...EVERY_CALL, ...wanted }
      const log: CallLog = logOf(trial.source())
      const found = (await callsOf(log, { filter })).calls
      const lost = whole.filter((call) => matches(call, filter) && !found.some(({ id }) => id === call.id))
      must(lost.length === 0, `${lost.length} of ${whole.length} are lost`)
      const isTrusted = !findsMore && log.pushdown(filter).includes(field as keyof CallFilter)
      const strange = isTrusted ? found.filter((call) => !matches(call, filter)) : []
      must(strange.length === 0, `it says that the provider filters, and ${strange.length} do not match`)
    },
  }),
)
