/** Fills a file with calls and their sums, or measures one way to add them up by hour; a process of its own. */
import Database from 'libsql'

import 'reflect-metadata'

import { ENCRYPTION_KEY } from './served-archive.js'

const DAY = 86_400_000
const DAYS = 90
const QUARTER = DAY / 96

const built = async (path: string) => (await import(new URL(`../../../dist/${path}.js`, import.meta.url).href)) as never

interface Store {
  appendEvents(change: object): Promise<unknown>
  claimTallies(account: string, quarters: readonly number[], claim: string): Promise<void>
  keepTallies(account: string, made: object): Promise<boolean>
  close(): Promise<void>
}
interface Figures {
  readonly calls: number
  readonly talkSeconds: number
  waitSeconds(percentile: number): number | null
  serviceLevel(within: number): number | null
}
type Table = { rows(): readonly { readonly figures: Figures }[]; readonly total: Figures }

const { openStore } = (await built('store/open-store')) as {
  openStore(url: string, keys: readonly string[]): Promise<Store>
}
const { Tallying } = (await built('statistics/tally')) as {
  Tallying: new () => { add(call: object): void; tallies(): readonly object[] }
}
const { accountStatistics } = (await built('statistics/account-statistics')) as {
  accountStatistics(question: object): Promise<{ table: Table; talliesRead: number; callsRead: number }>
}
const { Calendar } = (await built('statistics/calendar')) as { Calendar: new (zone: string) => object }

const [task = '', file = '', count = '0'] = process.argv.slice(2)
const calls = Number(count)
/** Whole days of UTC, so that every way adds up the same calls. */
const end = Math.floor(Date.now() / DAY) * DAY
const begin = end - DAYS * DAY

const DISPOSITIONS = ['ANSWERED', 'ANSWERED', 'ANSWERED', 'MISSED', 'BUSY', 'NO_ANSWER']

function callOf(index: number) {
  const startedAt = begin + Math.floor((index * DAYS * DAY) / calls)
  // Of no order that a database could make use of.
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0
  const extension = { kind: 'Extension', number: String(100 + (mixed % 200)) }
  const party = { number: null, rawNumber: null, displayName: null, accountKey: 'bench' }
  return {
    __typename: 'CallRecord',
    id: `C${String(index).padStart(12, '0')}`,
    accountKey: 'bench',
    providerResourceId: String(index),
    startedAt: new Date(startedAt).toISOString(),
    kind: 'VOICE',
    direction: mixed % 3 === 0 ? 'OUTBOUND' : 'INBOUND',
    disposition: DISPOSITIONS[(mixed >>> 8) % DISPOSITIONS.length]!,
    durationSeconds: (mixed >>> 4) % 600,
    waitSeconds: (mixed >>> 12) % 90,
    talkSeconds: (mixed >>> 6) % 500,
    caller: { ...party, number: `+9023255${String(mixed % 99_991).padStart(5, '0')}`, endpointRef: null },
    callee: { ...party, endpointRef: extension },
    answeredByRef: extension,
    steps: [],
    groupRefs: [],
    didRef: { kind: 'Did', number: `+90232555000${mixed % 5}`, rawNumber: '' },
    cost: { amount: `0.${(mixed >>> 3) % 100}`, currencyCode: 'TRY' },
  }
}

/** In bulk: how fast an archive is filled otherwise is what `npm run bench -- archive` measures. */
async function fill(): Promise<object> {
  const store = await openStore(`sqlite:${file}`, [ENCRYPTION_KEY])
  const iso = (ms: number) => new Date(ms).toISOString()
  const state = {
    covered: [{ from: iso(begin), until: iso(end) }],
    syncedAt: iso(end),
    recheckedAt: null,
    recheck: null,
  }
  await store.appendEvents({
    ...{ topic: 'archive', stream: 'bench', workspace: 'default', account: 'bench', from: 0, isOpen: true, events: [] },
    ...{ at: end, state: JSON.stringify({ ...state, lastError: null, unreadable: 0 }) },
  })
  const database = new Database(file)
  const kept = database
    .prepare(
      "select type, name, sql from sqlite_schema where tbl_name = 'archive_calls' and sql like 'create %' and type <> 'table'",
    )
    .all() as { type: string; name: string; sql: string }[]
  for (const { type, name } of kept) database.exec(`drop ${type} "${name}"`)
  database.exec('pragma synchronous = off')
  const insert = database.prepare(`insert into archive_calls values (?, ?, ?, ?, ?, ?, ?, null, ?, ?, ?, ?)`)
  let index = 0
  for (let day = begin; day < end; day += DAY) {
    const tallying = new Tallying()
    database.exec('begin')
    for (; index < calls; index += 1) {
      const call = callOf(index)
      if (Date.parse(call.startedAt) >= day + DAY) break
      tallying.add(call)
      const { id, startedAt, kind, direction, disposition, caller, durationSeconds, waitSeconds, talkSeconds } = call
      insert.run([
        ...['bench', id, Date.parse(startedAt), kind, direction, disposition, caller.number],
        ...[durationSeconds, waitSeconds, talkSeconds, JSON.stringify(call)],
      ])
    }
    database.exec('commit')
    const quarters = Array.from({ length: 96 }, (_, at) => day + at * QUARTER)
    await store.claimTallies('bench', quarters, 'bench')
    await store.keepTallies('bench', { claim: 'bench', quarters, tallies: tallying.tallies(), day, sealed: false })
  }
  for (const { sql } of kept) database.exec(sql)
  database.close()
  await store.close()
  return { calls: index }
}

async function ours(groupBy: 'HOUR' | 'EXTENSION' | 'FOLD'): Promise<object> {
  const store = await openStore(`sqlite:${file}`, [ENCRYPTION_KEY])
  const isByExtension = groupBy === 'EXTENSION'
  const grouping = {
    ...{ period: isByExtension ? null : 'HOUR', hourOfDay: false, dayOfWeek: false, account: false, direction: false },
    ...{ disposition: false, participants: isByExtension ? ['EXTENSION'] : [] },
  }
  const started = performance.now()
  const { table, talliesRead, callsRead } = await accountStatistics({
    ...{ account: { key: 'bench', workspace: 'default', provider: { slug: 'bench' } }, store, grouping },
    calendar: new Calendar('Europe/Istanbul'),
    ...{ from: begin, until: end, selection: {}, judge: () => true, assertAwaited() {} },
    tallied:
      groupBy === 'FOLD'
        ? null
        : { dimension: isByExtension ? 'EXTENSION' : 'NONE', judge: () => true, judgeParticipants: () => true },
    resolve: async (_: string, { handlers }: { handlers: readonly { number: string }[] }) =>
      handlers.map(({ number }) => ({ id: number, isHandler: true })),
  })
  const shown = table.rows().map(({ figures }) => [figures.calls, figures.waitSeconds(90), figures.serviceLevel(20)])
  const ms = performance.now() - started
  const { calls: total, talkSeconds } = table.total
  await store.close()
  return { ms, rows: shown.length, calls: total, talkSeconds, talliesRead, callsRead }
}

/** No percentile, and hours of UTC: what SQL does by itself, and so less than was asked. */
function plainSql(): object {
  const database = new Database(file)
  const started = performance.now()
  const rows = database
    .prepare(
      `select started_at - started_at % 3600000 as hour, count(*) as calls,
        sum(disposition = 'ANSWERED') as answered, sum(talk_seconds) as talk, avg(wait_seconds) as wait,
        sum(disposition = 'ANSWERED' and wait_seconds <= 20) as in_time
      from archive_calls where account = 'bench' and started_at >= ? and started_at < ? group by 1 order by 1`,
    )
    .all([begin, end]) as { calls: number; talk: number }[]
  const ms = performance.now() - started
  database.close()
  const sum = (pick: (row: { calls: number; talk: number }) => number) => rows.reduce((all, row) => all + pick(row), 0)
  return { ms, rows: rows.length, calls: sum(({ calls: one }) => one), talkSeconds: sum(({ talk }) => talk) }
}

/** The same calls in a file of DuckDB, made by itself: how they would come there is not measured. */
async function fillColumns(): Promise<object> {
  const connection = await columns()
  await connection.run(`create table calls as
    select started_at, ['INBOUND', 'OUTBOUND'][1 + (mixed % 3 = 0)::int] as direction,
      ['ANSWERED', 'ANSWERED', 'ANSWERED', 'MISSED', 'BUSY', 'NO_ANSWER'][1 + ((mixed >> 8) % 6)::int] as disposition,
      ((mixed >> 12) % 90)::int as wait_seconds, ((mixed >> 6) % 500)::int as talk_seconds,
      (100 + mixed % 200)::int as extension
    from (select ${begin} + i * ${DAYS * DAY} // ${calls} as started_at, ((i + 1) * 2654435761) % 4294967296 as mixed
      from range(${calls}) as every(i))`)
  connection.closeSync()
  return { calls }
}

/** Percentiles, too, in hours of UTC. */
async function inColumns(): Promise<object> {
  const connection = await columns()
  const started = performance.now()
  const reader = await connection.runAndReadAll(`
    select started_at - started_at % 3600000 as hour, count(*)::int as calls,
      count(*) filter (where disposition = 'ANSWERED')::int as answered, sum(talk_seconds)::int as talk,
      avg(wait_seconds) filter (where disposition = 'ANSWERED' or direction = 'INBOUND') as wait,
      quantile_disc(wait_seconds, 0.9) filter (where disposition = 'ANSWERED' or direction = 'INBOUND') as longer,
      count(*) filter (where disposition = 'ANSWERED' and wait_seconds <= 20)::int as in_time
    from calls where started_at >= ${begin} and started_at < ${end} group by 1 order by 1`)
  const rows = reader.getRowObjects() as unknown as readonly { calls: number; talk: number }[]
  const ms = performance.now() - started
  connection.closeSync()
  const sum = (pick: (row: { calls: number; talk: number }) => number) => rows.reduce((all, row) => all + pick(row), 0)
  return { ms, rows: rows.length, calls: sum(({ calls: one }) => one), talkSeconds: sum(({ talk }) => talk) }
}

const DUCKDB: string = '@duckdb/node-api'
interface Connection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowObjects(): unknown }>
  closeSync(): void
}
interface DuckDb {
  create(file: string, settings: object): Promise<{ connect(): Promise<Connection> }>
}

/** On one core, as everything else here. */
async function columns() {
  // By a name that no compiler looks up: it is installed for the bench alone.
  const { DuckDBInstance } = (await import(DUCKDB)) as { DuckDBInstance: DuckDb }
  const instance = await DuckDBInstance.create(`${file}.duckdb`, { threads: '1' })
  return instance.connect()
}

const TASKS: Readonly<Record<string, () => Promise<object> | object>> = {
  fill,
  'fill columns': fillColumns,
  sql: plainSql,
  columns: inColumns,
  HOUR: () => ours('HOUR'),
  EXTENSION: () => ours('EXTENSION'),
  FOLD: () => ours('FOLD'),
}
const done = await TASKS[task]!()
process.send?.({ ...done, cpuMs: process.cpuUsage().user / 1_000 })
