import { ARCHIVE, type ArchiveStore } from './archive-store.js'
import type { EventLog, EventStream, LoggedEvent } from './event-log.js'
import { eventWaking } from './event-waking.js'
import { memoryArchive } from './memory-archive.js'
import type { TallyStore } from './tally-store.js'

/** The event log in memory, and the archives; its first event has the position after `begin`. */
export function memoryEvents(begin: number): EventLog & ArchiveStore & TallyStore & { close(): void } {
  /** By topic and stream. */
  const streams = new Map<string, EventStream>()
  /** In the order of their positions. */
  let events: LoggedEvent[] = []
  let last = begin
  let forgotten = begin
  const waking = eventWaking({ pollMs: null })
  const keyOf = (topic: string, stream: string) => JSON.stringify([topic, stream])
  const archive = memoryArchive({
    events: () => events,
    drop: (isMeant) => (events = events.filter((event) => !isMeant(event))),
    dropStream: (topic, stream) => void streams.delete(keyOf(topic, stream)),
  })
  const { update, forget, ...archiveStore } = archive

  return {
    ...archiveStore,
    async appendEvents({ from, state, isOpen, events: bodies, at, archive: calls, ...of }) {
      const key = keyOf(of.topic, of.stream)
      if ((streams.get(key)?.revision ?? 0) !== from) return null
      streams.set(key, { ...of, revision: from + 1, state, isOpen, changedAt: at })
      if (calls) update(of.account, calls)
      const appended = bodies.map((body): LoggedEvent => ({ ...of, position: (last += 1), body, at }))
      events.push(...appended)
      if (appended.length > 0) waking.wake()
      return appended.map(({ position }) => position)
    },
    eventStream: async (topic, stream) => streams.get(keyOf(topic, stream)) ?? null,
    openStreams: async (topic, account) => ({
      streams: [...streams.values()].filter(
        (stream) => stream.topic === topic && stream.isOpen && stream.account === (account ?? stream.account),
      ),
      bounds: { forgotten, last },
    }),
    eventsAfter: async (position, atMost, topic) =>
      events.filter((event) => event.position > position && event.topic === (topic ?? event.topic)).slice(0, atMost),
    eventAt: async (position) => events.find((event) => event.position === position) ?? null,
    logBounds: async () => ({ forgotten, last }),
    async forgetEvents(before) {
      const passing = events.filter(({ topic }) => topic !== ARCHIVE)
      const firstKept = passing.findIndex(({ at }) => at >= before)
      const old = passing.slice(0, firstKept < 0 ? passing.length : firstKept).at(-1)
      if (old) {
        forgotten = old.position
        events = events.filter(({ topic, position }) => topic === ARCHIVE || position > forgotten)
      }
      for (const [key, { isOpen, changedAt }] of streams) if (!isOpen && changedAt < before) streams.delete(key)
    },
    async forgetAccountEvents(account) {
      forget(account)
      events = events.filter((event) => event.account !== account)
      for (const [key, stream] of streams) if (stream.account === account) streams.delete(key)
    },
    wakeOnEvents: waking.wakeOnEvents,
    close: waking.close,
  }
}
