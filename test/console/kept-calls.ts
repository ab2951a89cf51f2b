import { toArchivedCall } from '../../src/archive/call-change.js'
import { NOTHING_YET } from '../../src/archive/archive-state.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { providers } from '../../src/providers/index.js'
import { startSandbox } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import { call } from '../loaders/in-memory.js'
import { quietStore } from '../server/archive/archived-calls.js'

/** A Tuesday noon in İzmir, two days after clocks were set in Prague. */
export const NOW = Date.parse('2026-03-31T09:00:00Z')
const DAY = 86_400_000
const iso = (moment: number) => new Date(moment).toISOString()

/** The switchboards of two offices with archives that nobody but a test writes, and the mailings without one. */
export async function serveKeptCalls() {
  const sandbox = await startSandbox(providers, { scale: 0.02, now: NOW })
  const store = quietStore()
  const entry = (id: string) => sandbox.accounts.find((one) => one.id === id)!
  const document = {
    server: { port: 0 },
    store: { url: 'memory:' },
    limits: { cacheBytes: 0, attempts: 1 },
    accounts: [{ ...entry('izmir'), archive: {} }, { ...entry('prague'), archive: {} }, entry('mailings')],
  }
  const config = checkConfig(document, providers, { environment: {} })
  const clock = { now: () => NOW, monotonic: () => performance.now() }
  const server = await startServer(config, { providers, store, clock, log: createLog({ write: () => {} }) })

  return {
    url: server.url,
    emulators: sandbox.emulators,
    /** Adds calls to an archive, and says from when on it has all of them. */
    async keep(account: string, calls: readonly CallRecord[], since = NOW - 80 * DAY): Promise<void> {
      const stream = await store.eventStream(ARCHIVE, account)
      const state = { ...NOTHING_YET, covered: [{ from: iso(since), until: iso(NOW) }], syncedAt: iso(NOW) }
      await store.appendEvents({
        ...{ topic: ARCHIVE, stream: account, account, workspace: 'default', from: stream?.revision ?? 0 },
        ...{ at: NOW, isOpen: true, events: [], state: JSON.stringify(state) },
        archive: { put: calls.map(toArchivedCall), remove: [], sealed: false },
      })
    },
    /** What providers were asked since the last time. */
    asked(): readonly string[] {
      return [...sandbox.emulators].flatMap(([slug, { journal }]) => {
        const asked = journal.apiRequests.map(({ method, path }) => `${slug} ${method} ${path}`)
        journal.clear()
        return asked
      })
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}

/** The calls of an office in two weeks: none at night, fewer at the weekend, and more in the second week. */
export function twoWeeksOf(account: string, extensions: readonly string[]): readonly CallRecord[] {
  const calls: CallRecord[] = []
  for (let day = 0; day < 14; day += 1) {
    // Midnight in İzmir.
    const midnight = Date.parse('2026-03-17T21:00:00Z') + day * DAY
    const isWeekend = [6, 0].includes(new Date(midnight + DAY / 2).getUTCDay())
    for (let hour = 8; hour < 19; hour += 1) {
      for (let at = 0; at < (isWeekend ? 1 : 2 + ((day * 3 + hour * 5) % 4) + (day > 6 ? hour % 2 : 0)); at += 1) {
        const startedAt = midnight + hour * 3_600_000 + at * 700_000
        if (startedAt >= NOW) continue
        const isMissed = (hour + at + day) % 5 === 0
        const number = extensions[(hour + at) % extensions.length]!
        calls.push(
          call(account, `${day}-${hour}-${at}`, {
            startedAt: iso(startedAt),
            waitSeconds: 3 + ((hour * 7 + at * 11 + day) % (day > 6 ? 40 : 31)),
            disposition: isMissed ? 'MISSED' : 'ANSWERED',
            talkSeconds: isMissed ? null : 60 + at * 30,
            answeredByRef: isMissed ? null : { kind: 'Extension', number },
            groupRefs: [],
            steps: [],
          } as Partial<CallRecord>),
        )
      }
    }
  }
  return calls
}
