import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import type { EmulatedAccount, Emulator } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { openDialect, openStore } from '../../../src/store/open-store.js'
import { joinLogin, movedClock } from './joined-login.js'
import type { CrashPoint, CrashSignal, LoginProcessSettings } from './login-process.js'
import { startLoginHost, startLoginProcess, type LoginHost, type LoginProcess } from './start-process.js'

export const CRASH_POINTS: readonly CrashPoint[] = [
  'before send',
  'after send',
  'after answer',
  'after write',
  'before release',
]

/** An account of an emulator with the given knobs. */
export interface EmulatedLogin {
  readonly slug: string
  readonly account: string
  readonly knobs?: Readonly<Record<string, unknown>>
  readonly tokenPath: string
  /** Lifetime of its access token in seconds. */
  readonly lifetime: number
}

/** Refresh tokens are single-use, without grace; only a person can log in again. */
export const STRICT: EmulatedLogin = {
  slug: 'bulutfon',
  account: 'authorizationCode',
  tokenPath: '/oauth/token',
  lifetime: 7_200,
}

export interface Raced {
  /** Requests to the token endpoint in each round. */
  readonly tokenRequests: readonly number[]
  /** Every outcome of a query but `ok`. */
  readonly failures: readonly string[]
  readonly events: Readonly<Record<string, number>>
  readonly queries: number
}

export interface Race {
  readonly login: EmulatedLogin
  readonly store: string
  readonly processes: number
  readonly rounds: number
  /** Continues beyond `rounds` until so many were races: rounds of more than one token request. */
  readonly races?: number
  /** Queries of each process in each round. */
  readonly queries: number
  /** Latency of the token endpoint. */
  readonly delayMs?: number
  readonly lease?: boolean
  /** Processes that other scenarios use as well. Default: some of its own. */
  readonly hosts?: readonly LoginHost[]
}

/**
 * Several processes with one store find the same token expired at the same time, round after round.
 */
export async function race({
  login,
  store,
  processes,
  rounds,
  queries,
  delayMs = 0,
  races = 0,
  lease = true,
  hosts,
}: Race): Promise<Raced> {
  const emulator = await startEmulator(login)
  const settings = settingsOf(login, emulator, { store, keys: [randomBytes(32).toString('base64')], lease })
  const started: LoginProcess[] = []
  const events: Record<string, number> = {}
  const tokenRequests: number[] = []
  const failures: string[] = []
  const all = async () => {
    const answers = await Promise.all(started.map((child) => child.query(queries)))
    for (const answer of answers) {
      failures.push(...answer.outcomes.filter((outcome) => outcome !== 'ok'))
      for (const event of answer.events) events[event] = (events[event] ?? 0) + 1
    }
  }
  try {
    for (let index = 0; index < processes; index++)
      started.push(await (hosts ? hosts[index]!.open(settings) : startLoginProcess(settings)))
    await started[0]!.query(1)
    for (const child of started) await child.query(1)
    const raced = () => tokenRequests.filter((requests) => requests > 1).length
    for (let round = 0; round < rounds || raced() < races; round++) {
      emulator.clock.advance((login.lifetime + 1) * 1_000)
      for (const child of started) await child.advance(login.lifetime + 1)
      emulator.journal.clear()
      if (delayMs > 0) emulator.faults.next({ path: new RegExp(`${login.tokenPath}$`), delayMs, times: Infinity })
      await all()
      emulator.faults.clear()
      tokenRequests.push(emulator.journal.tokenRequests.length)
    }
  } finally {
    if (!hosts) for (const child of started) await child.kill()
    await emulator.close()
  }
  return { tokenRequests, failures, events, queries: processes * tokenRequests.length * queries }
}

/**
 * Logins that survive a crash: the old refresh token works for a while longer, or a password does.
 */
export const FORGIVING: Readonly<Record<string, EmulatedLogin>> = {
  'Rails API v1, Doorkeeper 4, by browser': rails('authorizationCode', { doorkeeper: '4' }),
  'Rails API v1, Doorkeeper 5, by browser': rails('authorizationCode', { doorkeeper: '5' }),
  'Rails API v1, revoking at once, by password': rails('password', { refreshRevocation: 'immediate' }),
  IPEX: ipex('password', {}),
  'IPEX, refresh tokens good once': ipex('password', { refreshReuse: 'reject' }),
  'IPEX, acting for somebody': { ...ipex('impersonating', {}), tokenPath: '/auth/token' },
  Postacell: { slug: 'postacell', account: 'login', tokenPath: '/api/token/refresh', lifetime: 300 },
  'Bulutfon, revoking at first use': { ...STRICT, knobs: { rotation: 'first-use' } },
}

/** Logins where only a person can log in again once a rotation is lost. */
export const UNFORGIVING: Readonly<Record<string, EmulatedLogin>> = {
  Bulutfon: STRICT,
  'Rails API v1, revoking at once, by browser': rails('authorizationCode', { refreshRevocation: 'immediate' }),
}

function rails(account: string, knobs: object): EmulatedLogin {
  return { slug: 'rails-api-v1', account, knobs: { ...knobs }, tokenPath: '/oauth/token', lifetime: 60 }
}

function ipex(account: string, knobs: object): EmulatedLogin {
  return { slug: 'ipex', account, knobs: { ...knobs }, tokenPath: '/auth/token', lifetime: 3_000 }
}

export interface Crashed {
  /** Results of the first query after the restart, with their counts. */
  readonly outcomes: Readonly<Record<string, number>>
  /** The most token requests the restarted process made for its first result. */
  readonly tokenRequests: number
  /** The most token requests of twenty further queries. */
  readonly later: number
}

/**
 * A process is killed during a refresh; the next one opens the same store file and runs one query.
 */
export async function crash(login: EmulatedLogin, point: CrashPoint, runs: number): Promise<Crashed> {
  const outcomes: Record<string, number> = {}
  let [tokenRequests, later] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const result = await crashOnce(login, point)
    outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1
    tokenRequests = Math.max(tokenRequests, result.tokenRequests)
    later = Math.max(later, result.later)
  }
  return { outcomes, tokenRequests, later }
}

async function crashOnce(login: EmulatedLogin, point: CrashPoint) {
  const host = await startLoginHost()
  const told = await readyToCrash(host, login, point, 'SIGKILL')
  try {
    told.child.queryAndDie()
    if (point === 'after send') {
      // It waits for a response that was sent long ago.
      await told.answered()
      await told.child.kill()
    }
    if ((await told.child.died) !== 'SIGKILL') throw new Error(`the process did not die ${point}`)
    return await told.restarted()
  } finally {
    await host.kill()
    await told.close()
  }
}

/** A login that crashes somewhere, and whether a person could wait until its lease has expired. */
export interface CrashingLogin {
  readonly login: EmulatedLogin
  readonly point: CrashPoint
  /** Replaced at once, as a supervisor does, and not once the lease has expired. */
  readonly atOnce?: boolean
}

/**
 * One process has all these logins, and is killed when each of them stands at its point. Each is
 * then opened again, by itself.
 */
export async function crashTogether(crashing: readonly CrashingLogin[]) {
  const host = await startLoginHost()
  const ready: Awaited<ReturnType<typeof readyToCrash>>[] = []
  try {
    for (const { login, point } of crashing) ready.push(await readyToCrash(host, login, point, 'none'))
    for (const [index, { child, answered }] of ready.entries()) {
      await child.queryAndStand()
      if (crashing[index]!.point === 'after send') await answered()
    }
    await host.kill()
    const restarted = []
    for (const [index, one] of ready.entries()) restarted.push(await one.restarted(crashing[index]!.atOnce))
    return restarted
  } finally {
    await host.kill()
    for (const one of ready) await one.close()
  }
}

/** A login whose token has run out, in a process where its next query comes as far as a point. */
async function readyToCrash(host: LoginHost, login: EmulatedLogin, point: CrashPoint, by: CrashSignal) {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-crash-'))
  const keys = [randomBytes(32).toString('base64')]
  const url = `sqlite:${join(folder, 'logins.db')}`
  const emulator = await startEmulator(login)
  const entry = emulator.accounts[login.account]!
  const clock = movedClock()
  const open = async () => {
    const store = await openStore(url, keys)
    const joined = joinLogin(entry, store, clock)
    return { ...joined, close: async () => (await joined.close(), await store.close()) }
  }
  const first = await open()
  const linked = await first.query()
  if (linked !== 'ok') throw new Error(`the first query came to ${linked}`)
  await first.close()
  clock.advance(login.lifetime + 1)
  emulator.clock.advance((login.lifetime + 1) * 1_000)
  const child = await host.open(
    settingsOf(login, emulator, { store: url, keys, lease: true, ahead: login.lifetime + 1 }),
  )
  await child.crashAt(point, by)
  const before = emulator.journal.tokenRequests.length
  return {
    child,
    /** The provider has sent its response. */
    async answered() {
      while (emulator.journal.tokenRequests[before]?.status == null)
        await new Promise((resolve) => setTimeout(resolve, 5))
    },
    /** The process is dead: the first query of the next one, and twenty more. */
    async restarted(atOnce = false) {
      if (atOnce) await letGoOfClosedFiles()
      else await passLease(url)
      emulator.journal.clear()
      const next = await open()
      const outcome = await next.query()
      const asked = emulator.journal.tokenRequests.length
      const events = next.events.map(({ reason, outcome }) => [reason, outcome].filter(Boolean).join(': '))
      for (let more = 0; more < 20; more++) await next.query()
      await next.close()
      return { outcome, tokenRequests: asked, later: emulator.journal.tokenRequests.length - asked, events }
    },
    async close() {
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** libsql has a file open after it was closed, until the statements on it are collected: the next process would seem not to be alone. */
async function letGoOfClosedFiles(): Promise<void> {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  // What they held is freed in turns of its own.
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
}

/** As if every lease had expired. */
export async function endLeases(url: string): Promise<void> {
  const { db } = await openDialect(url)
  await db.updateTable('leases').set({ until: 0 }).execute()
  await db.destroy()
}

/**
 * Twenty seconds later: the dead process's lease has expired, and its intent is twenty seconds old.
 */
async function passLease(url: string): Promise<void> {
  await endLeases(url)
  const { db } = await openDialect(url)
  for (const { key, intent } of await db.selectFrom('grants').select(['key', 'intent']).execute()) {
    if (intent === null) continue
    const meant = JSON.parse(intent) as { startedAt: number }
    const older = JSON.stringify({ ...meant, startedAt: meant.startedAt - 20_000 })
    await db.updateTable('grants').set({ intent: older }).where('key', '=', key).execute()
  }
  await db.destroy()
}

export async function startEmulator({ slug, knobs }: EmulatedLogin): Promise<Emulator> {
  const provider = providers.find((one) => one.slug === slug)!
  return (await provider.emulator())({ scale: 0.02, knobs })
}

export function settingsOf(
  { account, tokenPath }: EmulatedLogin,
  emulator: Emulator,
  more: Pick<LoginProcessSettings, 'store' | 'keys' | 'lease'> & { readonly ahead?: number },
): LoginProcessSettings {
  const entry: EmulatedAccount = emulator.accounts[account]!
  return { account: entry, tokenPath, ahead: 0, ...more }
}
