import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { openDialect } from '../../../src/store/open-store.js'
import type { CrashPoint } from './login-process.js'
import { endLeases, settingsOf, startEmulator, type EmulatedLogin } from './scenarios.js'
import { startLoginProcess, type LoginHost, type LoginProcess } from './start-process.js'

export interface HeldUp {
  /**
   * Results: of the suspended process once resumed, of the other one meanwhile, of both afterwards.
   */
  readonly held: string
  readonly other: string
  readonly after: readonly string[]
  readonly tokenRequests: number
  readonly events: readonly string[]
  /** Generations of the row in the order observed: they never decrease. */
  readonly generations: readonly number[]
}

/**
 * A process is suspended during a refresh for longer than its lease; another refreshes; then it
 * resumes. The two may be processes that other scenarios use as well.
 */
export async function holdUp(
  login: EmulatedLogin,
  point: CrashPoint,
  hosts?: readonly [LoginHost, LoginHost],
): Promise<HeldUp> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-held-up-'))
  const url = `sqlite:${join(folder, 'logins.db')}`
  const emulator = await startEmulator(login)
  const settings = settingsOf(login, emulator, { store: url, keys: [randomBytes(32).toString('base64')], lease: true })
  const start = async (index: 0 | 1) => (hosts ? hosts[index].open(settings) : startLoginProcess(settings))
  const [held, other] = [await start(0), await start(1)]
  const generations: number[] = []
  const look = async () => {
    const { db } = await openDialect(url)
    generations.push(
      ...(await db.selectFrom('grants').select('generation').execute()).map((row) => Number(row.generation)),
    )
    await db.destroy()
  }
  const ask = async (child: LoginProcess) => (await child.query(1)).outcomes[0]!
  try {
    for (const child of [held, other]) await child.query(1)
    await look()
    emulator.clock.advance((login.lifetime + 1) * 1_000)
    for (const child of [held, other]) await child.advance(login.lifetime + 1)
    emulator.journal.clear()
    let answer = () => {}
    if (point === 'after send') {
      const path = new RegExp(`${login.tokenPath}$`)
      emulator.faults.next({ path, until: new Promise<void>((resolve) => (answer = resolve)) })
    } else await held.crashAt(point, 'SIGSTOP')
    const late = held.query(1)
    if (point === 'after send') {
      // Suspended while the provider works; the response waits in its socket.
      while (emulator.journal.tokenRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      process.kill(held.pid, 'SIGSTOP')
    }
    while (!(await isStopped(held.pid))) await new Promise((resolve) => setTimeout(resolve, 20))
    answer()
    await endLeases(url)
    const outcome = await ask(other)
    await look()
    process.kill(held.pid, 'SIGCONT')
    const { outcomes, events } = await late
    await look()
    const after = [await ask(held), await ask(other)]
    const tokenRequests = emulator.journal.tokenRequests.length
    return { held: outcomes[0]!, other: outcome, after, tokenRequests, events, generations }
  } finally {
    if (!hosts) for (const child of [held, other]) await child.kill()
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** From /proc, or from `ps` where there is none. */
async function isStopped(pid: number): Promise<boolean> {
  const table = `/proc/${pid}/stat`
  if (existsSync(table)) return /\) T /.test(readFileSync(table, 'utf8'))
  return (await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)])).stdout.trim().startsWith('T')
}
