import type { CallHistory } from '../../../emulator/history/history.js'
import { completeCall } from './added-call.js'
import type { EmulatedCallLog } from './call-log.js'
import type { IpexKnobs } from './knobs.js'
import type { Switchboard } from './switchboard.js'

export interface HistoryOptions {
  readonly ours: Switchboard
  readonly logs: ReadonlyMap<Switchboard, EmulatedCallLog>
  readonly knobs: IpexKnobs
  readonly now: () => number
}

/** The company's call log, and what the knobs do to every log while it is read. */
export interface KeptHistory extends CallHistory {
  /** A page of rows was served. */
  served(switchboard: Switchboard): void
  /** Deletes what is older than the retention. */
  expire(): void
  reset(): void
}

export function createHistory({ ours, logs, knobs, now }: HistoryOptions): KeptHistory {
  const log = logs.get(ours) as EmulatedCallLog
  let act: (() => void) | null = null
  let added = 0

  function newId(): number {
    added += 1
    return FIRST_ID + added
  }

  const idsOf = (calls: ReturnType<EmulatedCallLog['callsBetween']>) => calls.map(({ linkedid }) => linkedid)

  function expire(): void {
    if (knobs.retentionDays === null) return
    const newest = now() - knobs.retentionDays * DAY - 1
    for (const kept of logs.values()) kept.remove(idsOf(kept.callsBetween(-Infinity, newest, now())))
  }

  return {
    shows: { price: false, furtherRows: true },
    office: ours.office,
    calls: () =>
      log
        .callsBetween(-Infinity, Infinity, now())
        .map(({ linkedid, rows, story }) => ({ id: linkedid, rows: rows.map(({ uniqueid }) => uniqueid), story })),
    add: (call) => log.add({ ...call, id: newId() }).linkedid,
    change: (linkedid, change) => log.change(linkedid, change),
    extend(linkedid, by) {
      const ends = (log.byId(linkedid)?.story.endedAt ?? 0) + by.seconds * 1000
      if (ends > now()) throw new RangeError(`A further row of ${linkedid} would end in the future`)
      log.extend(linkedid, by)
    },
    remove: (linkedids) => log.remove(linkedids),
    afterPage: (wanted) => void (act = wanted),
    served(switchboard) {
      const read = logs.get(switchboard) as EmulatedCallLog
      for (let call = 0; call < knobs.callsPerPage; call += 1) {
        read.add(completeCall({ endedAt: Math.floor(now() / 1000) * 1000 }, newId(), switchboard, now()))
      }
      read.remove(idsOf(read.callsBetween(-Infinity, Infinity, now()).slice(0, knobs.deletionsPerPage)))
      expire()
      if (switchboard === ours) act?.()
    },
    expire,
    reset() {
      act = null
      added = 0
      expire()
    },
  }
}

const DAY = 24 * 60 * 60 * 1000
/** No call of the story, of a test or under way has such a number. */
const FIRST_ID = 3_000_000
