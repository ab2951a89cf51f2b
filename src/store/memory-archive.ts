import {
  ARCHIVE,
  type ArchivedCall,
  type ArchivePosition,
  type ArchiveSelection,
  type ArchiveStore,
  type ArchiveUpdate,
} from './archive-store.js'
import type { LoggedEvent } from './event-log.js'
import { memoryTallies } from './memory-tallies.js'
import type { TallyStore } from './tally-store.js'

/** What the archives need of the event log in memory. */
export interface EventsOfArchives {
  /** In the order of their positions. */
  events(): readonly LoggedEvent[]
  /** Deletes the events that are meant. */
  drop(isMeant: (event: LoggedEvent) => boolean): void
  /** Deletes a stream. */
  dropStream(topic: string, stream: string): void
}

/** The calls of archives in memory. */
export function memoryArchive(log: EventsOfArchives): ArchiveStore &
  TallyStore & {
    update(account: string, update: ArchiveUpdate): void
    forget(account: string): void
  } {
  /** By account, then by id. */
  const archives = new Map<string, Map<string, ArchivedCall>>()
  const { mark, forget: forgetTallies, ...tallies } = memoryTallies()
  const callsOf = (account: string) => archives.get(account) ?? new Map<string, ArchivedCall>()
  const selected = (selection: ArchiveSelection) => [...callsOf(selection.account).values()].filter(isIn(selection))

  return {
    update(account, { put, remove }) {
      const calls = callsOf(account)
      archives.set(account, calls)
      mark(account, [...remove, ...put.map(({ id }) => id)].flatMap((id) => calls.get(id) ?? []).concat(put))
      for (const id of remove) calls.delete(id)
      for (const call of put) calls.set(call.id, call)
    },
    forget(account) {
      archives.delete(account)
      forgetTallies(account)
    },

    ...tallies,

    async archivedCalls({ order, after, atMost, ...selection }) {
      const turned = order === 'ASC' ? 1 : -1
      return selected(selection)
        .filter((call) => after === null || turned * comparePlaces(call, after) > 0)
        .sort((left, right) => turned * comparePlaces(left, right))
        .slice(0, atMost)
    },
    archivedCall: async (account, id) => callsOf(account).get(id) ?? null,
    archivedCallsOf: async (account, ids) => ids.flatMap((id) => callsOf(account).get(id) ?? []),
    countArchivedCalls: async (selection) => selected(selection).length,
    async archiveFigures(account) {
      const times = [...callsOf(account).values()].map(({ startedAt }) => startedAt).sort()
      return { calls: times.length, oldest: times[0] ?? null, newest: times.at(-1) ?? null }
    },
    archiveChanges: async (accounts, after, atMost) =>
      log
        .events()
        .filter(({ topic, account, position }) => topic === ARCHIVE && position > after && accounts.includes(account))
        .slice(0, atMost),
    async forgetArchivedCalls(account, before) {
      const moment = new Date(before).toISOString()
      const calls = callsOf(account)
      const old = [...calls.values()].filter(({ startedAt }) => startedAt < moment)
      mark(account, old)
      for (const { id } of old) calls.delete(id)
      forgetTallies(account, before)
      log.drop((event) => event.topic === ARCHIVE && event.account === account && event.at < before)
    },
    async removeArchive(account) {
      archives.delete(account)
      forgetTallies(account)
      log.drop((event) => event.topic === ARCHIVE && event.account === account)
      log.dropStream(ARCHIVE, account)
    },
  }
}

const compareText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

const comparePlaces = (left: ArchivePosition, right: ArchivePosition): number =>
  compareText(left.startedAt, right.startedAt) || compareText(left.id, right.id)

const isIn =
  ({ from, until, ...selection }: ArchiveSelection) =>
  ({ startedAt, facts }: ArchivedCall): boolean => {
    const { kinds, directions, dispositions, numbers, callerNumbers, calleeNumbers } = selection
    const { minimumSeconds, maximumSeconds } = selection
    const isOneOf = (values: readonly string[] | null | undefined, ...texts: (string | null)[]) =>
      !values || texts.some((text) => text !== null && values.includes(text))
    const seconds = facts.durationSeconds
    return (
      (from === null || startedAt >= from) &&
      (until === null || startedAt < until) &&
      isOneOf(kinds, facts.kind) &&
      isOneOf(directions, facts.direction) &&
      isOneOf(dispositions, facts.disposition) &&
      isOneOf(numbers, facts.callerNumber, facts.calleeNumber) &&
      isOneOf(callerNumbers, facts.callerNumber) &&
      isOneOf(calleeNumbers, facts.calleeNumber) &&
      (minimumSeconds == null || (seconds !== null && seconds >= minimumSeconds)) &&
      (maximumSeconds == null || (seconds !== null && seconds <= maximumSeconds))
    )
  }
