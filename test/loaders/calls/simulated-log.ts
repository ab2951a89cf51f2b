import { ProviderError } from '../../../src/errors.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import type { CallFilter, CallLog, CallPage, CallQuery } from '../../../src/providers/provider.js'

/** How one simulated provider behaves. */
export interface Behaviour {
  /** Calls per provider page. */
  pageSize: number
  /** Filter fields it evaluates. */
  pushdown: readonly (keyof CallFilter)[]
  /** Whether it says how many calls match. */
  counts: boolean
  /** Whether who took part is in the detail only. */
  keepsParticipantsApart: boolean
  /**
   * Whether a page is so many calls looked at, of which few or none may match, and not so many that
   * match.
   */
  looksAtPages: boolean
  /** Asked before each request; true: it fails. */
  fails: (request: 'page' | 'detail') => boolean
}

export const HONEST: Behaviour = {
  pageSize: 100,
  pushdown: [],
  counts: false,
  keepsParticipantsApart: false,
  looksAtPages: false,
  fails: () => false,
}

/**
 * The call log of a provider that does not exist: all in memory, live between two pages, true to
 * the contract and to nothing more.
 */
export class SimulatedLog {
  /** Oldest first. */
  readonly calls: CallRecord[]
  behaviour: Behaviour
  readonly requests: ('page' | 'detail')[] = []
  readonly queries: CallQuery[] = []
  /** Readings begun and not yet given back. */
  open = 0

  constructor(calls: readonly CallRecord[], behaviour: Partial<Behaviour> = {}) {
    this.calls = [...calls].sort(compareCalls)
    this.behaviour = { ...HONEST, ...behaviour }
  }

  /** New calls: at the newest end, or wherever they belong. */
  arrive(...calls: readonly CallRecord[]): void {
    for (const call of calls) this.calls.splice(lowerBound(this.calls, call), 0, call)
  }

  log(onRequest: () => void): CallLog {
    const { behaviour } = this
    const request = (kind: 'page' | 'detail') => {
      onRequest()
      this.requests.push(kind)
      if (behaviour.fails(kind)) throw new ProviderError('PROVIDER_UNAVAILABLE', 'The simulated provider is down')
    }
    return {
      pushdown: (filter) => behaviour.pushdown.filter((field) => filter[field] !== null),
      pages: (query) => this.#pages(query, request),
      byId: async (id) => {
        request('detail')
        return this.calls.find((call) => call.providerResourceId === id) ?? null
      },
      detail: async (call) => {
        await nextTurn()
        request('detail')
        const { answeredByRef, groupRefs, steps } = this.calls.find(({ id }) => id === call.id) as CallRecord
        return { answeredByRef, groupRefs, steps }
      },
    }
  }

  async *#pages(query: CallQuery, request: (kind: 'page') => void): AsyncGenerator<CallPage> {
    this.queries.push(query)
    this.open++
    try {
      const { pageSize, counts, keepsParticipantsApart, looksAtPages } = this.behaviour
      const matches = this.#matcher(query.filter)
      let after = query.after
      for (;;) {
        await nextTurn()
        request('page')
        // Read anew each time: the table is alive.
        const ascending = query.order === 'ASC'
        const calls: CallRecord[] = []
        let at = after ? lowerBound(this.calls, after) : ascending ? 0 : this.calls.length
        if (ascending && after && this.calls[at]?.id === after.id && this.calls[at]?.startedAt === after.startedAt) at++
        let [looked, seen]: [number, CallRecord | undefined] = [0, undefined]
        for (
          let next = ascending ? at : at - 1;
          (looksAtPages ? looked : calls.length) < pageSize;
          next += ascending ? 1 : -1
        ) {
          const call = this.calls[next]
          if (!call) break
          looked++
          seen = call
          if (matches(call)) calls.push(call)
        }
        const isFull = (looksAtPages ? looked : calls.length) === pageSize
        yield {
          calls: keepsParticipantsApart ? calls.map(withoutParticipants) : calls,
          totalCount: counts ? this.calls.filter(matches).length : null,
          hint: `near ${at}`,
          ...(looksAtPages && isFull && { readTo: seen!.startedAt }),
        }
        if (!isFull) return
        after = seen!
      }
    } finally {
      this.open--
    }
  }

  /** What this provider evaluates of a filter, and nothing else of it. */
  #matcher(filter: CallFilter): (call: CallRecord) => boolean {
    const tests: Record<keyof CallFilter, (call: CallRecord) => boolean> = {
      from: (call) => filter.from === null || call.startedAt >= filter.from,
      until: (call) => filter.until === null || call.startedAt < filter.until,
      directions: (call) => filter.directions?.includes(call.direction) ?? true,
      dispositions: (call) => filter.dispositions?.includes(call.disposition) ?? true,
      kinds: (call) => filter.kinds?.includes(call.kind) ?? true,
      numbers: ({ caller, callee }) =>
        filter.numbers?.some((one) => one === caller.number || one === callee.number) ?? true,
      callerNumbers: ({ caller }) => filter.callerNumbers?.some((one) => one === caller.number) ?? true,
      calleeNumbers: ({ callee }) => filter.calleeNumbers?.some((one) => one === callee.number) ?? true,
      extensionNumbers: (call) => filter.extensionNumbers?.some((one) => extensionsOf(call).has(one)) ?? true,
    }
    const pushed = this.behaviour.pushdown.filter((field) => filter[field] !== null)
    return (call) => pushed.every((field) => tests[field](call))
  }
}

/** Numbers of the extensions that took part in any way. */
export function extensionsOf(call: CallRecord): ReadonlySet<string> {
  const references = [
    call.caller.endpointRef,
    call.callee.endpointRef,
    call.answeredByRef,
    ...(call.steps ?? []).map((step) => step.targetRef),
  ]
  return new Set(references.flatMap((one) => (one?.kind === 'Extension' && one.number ? [one.number] : [])))
}

const withoutParticipants = (call: CallRecord): CallRecord => ({
  ...call,
  answeredByRef: undefined,
  groupRefs: undefined,
  steps: undefined,
})

type Place = Pick<CallRecord, 'startedAt' | 'id'>

function compareCalls(left: Place, right: Place): number {
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? -1 : 1
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0
}

/** Index of the first call that is not before the place. */
function lowerBound(calls: readonly CallRecord[], place: Place): number {
  let [low, high] = [0, calls.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareCalls(calls[middle] as CallRecord, place) < 0) low = middle + 1
    else high = middle
  }
  return low
}

const nextTurn = () => Promise.resolve()
