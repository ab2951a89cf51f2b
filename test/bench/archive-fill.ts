/** Fills an archive in a file as fast as the store takes it, from a provider in memory; the process that is measured. */
import { setImmediate as nextTurn } from 'node:timers/promises'

import 'reflect-metadata'

import { ENCRYPTION_KEY } from './served-archive.js'

interface Position {
  readonly startedAt: string
  readonly id: string
}
interface Store {
  archivedCalls(query: object): Promise<readonly unknown[]>
  countArchivedCalls(selection: object): Promise<number>
  close(): Promise<void>
}
interface Call extends Position {
  readonly providerResourceId: string
}

const DAY = 86_400_000
const AGE = 80 * DAY

const built = async (path: string) => (await import(new URL(`../../../dist/${path}.js`, import.meta.url).href)) as never
const { openStore } = (await built('store/open-store')) as {
  openStore(url: string, keys: readonly string[]): Promise<Store>
}
const { Synchroniser } = (await built('archive/synchroniser')) as {
  Synchroniser: new (options: object) => { turn(): Promise<number> }
}
const { globalId } = (await built('model/id')) as { globalId(type: string, account: string, native: string): string }

const [file = '', count = '0', sealed = 'false'] = process.argv.slice(2)
const calls = Number(count)
const store = await openStore(`sqlite:${file}`, [ENCRYPTION_KEY])
const newest = Date.now()
const step = calls === 0 ? 0 : Math.floor(AGE / calls)

/** The calls of a range, newest first, in pages of 500. */
async function* pages({ filter }: { filter: { from: string | null; until: string | null } }) {
  const from = filter.from === null ? -Infinity : Date.parse(filter.from)
  const until = filter.until === null ? Infinity : Date.parse(filter.until)
  let index = Math.max(0, Math.ceil((newest - until + 1) / Math.max(1, step)))
  while (index < calls && newest - index * step >= from) {
    const page: Call[] = []
    for (; page.length < 500 && index < calls && newest - index * step >= from; index += 1) page.push(callOf(index))
    yield { calls: page, totalCount: null, hint: null }
  }
}

function callOf(index: number): Call {
  const startedAt = new Date(newest - index * step).toISOString()
  const native = `1${String(index).padStart(9, '0')}`
  const party = (number: string) => ({
    number,
    rawNumber: number,
    displayName: 'Ada Lovelace',
    endpointRef: null,
    accountKey: 'bench',
  })
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', 'bench', native),
    accountKey: 'bench',
    providerResourceId: native,
    fetchedAt: startedAt,
    kind: 'VOICE',
    direction: index % 3 === 0 ? 'OUTBOUND' : 'INBOUND',
    disposition: 'ANSWERED',
    nativeDisposition: 'ANSWERED',
    nativeHangupCause: 'NORMAL_CLEARING',
    hangupParty: 'CALLER',
    caller: party(`+90232${5_550_000 + (index % 9_973)}`),
    callee: party(`+90212${5_550_000 + (index % 89)}`),
    startedAt,
    answeredAt: startedAt,
    endedAt: startedAt,
    durationSeconds: index % 600,
    waitSeconds: index % 30,
    talkSeconds: index % 570,
    recordings: [],
    cost: null,
    didRef: null,
    payload: { uuid: native, note: 'x'.repeat(700) },
  } as Call
}

const account = {
  key: 'bench',
  workspace: 'default',
  provider: { slug: 'bulutfon' },
  archive: { sinceMs: 90 * DAY, everySeconds: 3_600, recheckMs: 0, retentionMs: 90 * DAY, sealed: sealed === 'true' },
  health: () => ({ circuit: 'CLOSED', rateLimitResetAt: null }),
  source: () => ({ callRecords: { pages, pushdown: () => [], byId: async () => null } }),
}
const clock = { now: () => Date.now(), monotonic: () => performance.now() }
const synchroniser = new Synchroniser({ account, store, owner: 'bench', clock, timeoutMs: 600_000 })
const [began, cpu] = [performance.now(), process.cpuUsage()]
// The next look at the newest calls is an hour away: nothing is left to fetch then.
// The driver frees its statements in turns of the event loop.
while ((await synchroniser.turn()) < 60_000) await nextTurn()
const [seconds, used] = [(performance.now() - began) / 1_000, process.cpuUsage(cpu)]

const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now()
  await work()
  return performance.now() - start
}
const everything = { account: 'bench', from: null, until: null }
const middle = { startedAt: new Date(newest - AGE / 2).toISOString(), id: '' }
const pageMs = await timed(() => store.archivedCalls({ ...everything, order: 'DESC', after: middle, atMost: 100 }))
const countMs = await timed(() => store.countArchivedCalls({ ...everything, directions: ['OUTBOUND'] }))
const held = await store.countArchivedCalls(everything)
if (held !== calls) throw new Error(`Of ${calls} calls ${held} are archived`)
await store.close()
process.send?.({
  calls,
  sealed: sealed === 'true',
  seconds,
  cpuSeconds: (used.user + used.system) / 1e6,
  pageMs,
  countMs,
})
