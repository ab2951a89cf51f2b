import { setImmediate as nextTurn, setTimeout as passed } from 'node:timers/promises'

import { heldCallLog } from '../archive/held-calls.js'
import { AppError } from '../errors.js'
import { AccountFailed, type WholeWalk } from '../loaders/calls/whole-walk.js'
import { positionOf, type LogPosition } from '../loaders/calls/order.js'
import type { CallRecord } from '../model/call-record.js'
import { Operation } from '../operation.js'
import type { StoredExport } from '../store/export-store.js'
import { ChunkWriter } from './chunk-writer.js'
import { completeCalls } from './complete-calls.js'
import type { ExportedFrom, ExportServices } from './export-services.js'
import { linesOf, type Lines } from './formats/format.js'
import { printTimeIn } from './formats/local-time.js'
import { finish } from './finish.js'
import { planExport } from './plan.js'
import { NO_TALLY, stateOf, type ExportGap, type ExportTally, type PlannedAccount } from './state.js'

/** Calls that are written without a turn of the event loop between them. */
const CALLS_AT_ONCE = 100
/** How long it stands back for clients that wait for answers. */
const PAUSE_MS = 4
/** How long one walk is gone on with: its operation must end some time. */
const WALK_MS = 5 * 60_000
const OPERATION_MS = 15 * 60_000
/** Times an account is tried again where it may answer then. */
const ATTEMPTS = 3
const LONGEST_PAUSE_MS = 60_000

/** Makes the file of one export, from where it stands to its end. */
export class ExportRun {
  readonly #stored: StoredExport
  readonly #services: ExportServices
  readonly #ending: AbortSignal
  readonly #tallies = new Map<string, ExportTally>()
  readonly #failures = new Map<string, number>()
  #gaps: readonly ExportGap[] = []
  #failed: readonly string[] = []

  constructor(stored: StoredExport, services: ExportServices, ending: AbortSignal) {
    this.#stored = stored
    this.#services = services
    this.#ending = ending
  }

  /**
   * Resolves when the export is done, or this process ends.
   * @throws NotOurs where it was cancelled, is gone, or somebody else goes on with it
   */
  async run(): Promise<void> {
    const { store, limits, onWritten = () => {} } = this.#services
    const state = stateOf(this.#stored)
    const writer = await ChunkWriter.open({
      ...{ stored: this.#stored, state, store, mostBytes: limits.bytes, onWritten },
    })
    if (state.plan === null) await this.#plan(writer)
    this.#gaps = writer.state.gaps
    this.#failed = writer.state.failed
    for (const [key, tally] of Object.entries(writer.state.tallies)) this.#tallies.set(key, tally)
    if (writer.state.chunks === 0) writer.write(this.#lines().head, 0)
    let reached = writer.state.reached
    for (let isDone = false; !isDone && !this.#ending.aborted;) {
      const walked = await this.#walk(writer, reached)
      reached = walked.reached
      isDone = walked.isDone
    }
    if (this.#ending.aborted) return
    await finish(this.#stored, writer, this.#services)
  }

  async #plan(writer: ChunkWriter): Promise<void> {
    const { store, clock } = this.#services
    const operation = this.#operation()
    const served = this.#accounts()
    const { request } = writer.state
    const planned = await planExport({ accounts: [...served.values()], request, store, operation, now: clock.now })
    const gone = this.#stored.accounts.filter((key) => !served.has(key))
    const plan = [...planned.accounts, ...gone.map((key) => ({ ...NOT_THERE, key }))]
    await writer.change({ status: 'RUNNING', endsAt: null }, { ...writer.state, plan, gaps: planned.gaps })
  }

  /** The accounts it was asked for, as far as they are served still. */
  #accounts(): ReadonlyMap<string, ExportedFrom> {
    const { workspace, accounts } = this.#stored
    const all = this.#services.accountsOf(workspace)
    return new Map(accounts.flatMap((key) => (all.has(key) ? [[key, all.get(key)!]] : [])))
  }

  #operation(): Operation {
    return new Operation({
      requestId: `export-${this.#stored.id}`,
      signal: AbortSignal.any([AbortSignal.timeout(OPERATION_MS), this.#ending]),
      endsAt: performance.now() + OPERATION_MS,
    })
  }

  #lines(): Lines {
    const { request } = stateOf(this.#stored)
    const accounts = this.#accounts()
    const account = (key: string) => {
      const { id, label } = accounts.get(key) ?? { id: '', label: '' }
      return { id, key, label }
    }
    const shown = {
      members: request.members,
      time: printTimeIn(request.timeZone),
      label: this.#services.label,
      describe: this.#services.describe,
      account,
    }
    return linesOf(request.format, shown, new Date(this.#stored.createdAt).toISOString())
  }

  /** Walks on from a position: to the end, for some minutes, or until an account fails. */
  async #walk(
    writer: ChunkWriter,
    from: LogPosition | null,
  ): Promise<{ readonly reached: LogPosition | null; readonly isDone: boolean }> {
    const { workspace } = this.#stored
    const { request, plan, hints } = writer.state
    const served = this.#accounts()
    this.#leaveOut(plan!, served, from)
    const operation = this.#operation()
    const loaders = this.#services.loadersOf({
      ...{ workspace, own: request.own, operation },
      accounts: new Map([...served].map(([key, account]) => [key, this.#read(account, writer)])),
    })
    const keys = plan!.filter(({ key, from }) => from !== 'NOTHING' && !this.#failed.includes(key))
    const walk = await loaders.callLog.walk({
      criteria: [request.filter],
      after: from,
      accounts: keys.map(({ key }) => key),
      hints,
    })
    const before = new Map(this.#tallies)
    const lines = this.#lines()
    const onIncomplete = (call: CallRecord, error: unknown) => this.#incomplete(call, error)
    const complete = completeCalls({ members: request.members, loaders, onIncomplete })
    const until = performance.now() + WALK_MS
    let reached = from
    try {
      for (;;) {
        const { calls, failure } = await take(walk)
        if (calls.length > 0) {
          const whole = await complete(calls)
          writer.write(whole.map((call) => lines.line(call)).join(''), calls.length)
          reached = positionOf(calls.at(-1)!)
          this.#failures.clear()
        }
        if (failure) {
          await this.#accountFailed(failure, reached, plan!)
          await writer.store(this.#progress(walk, before, reached))
          await writer.settle()
          return { reached, isDone: false }
        }
        const isDone = calls.length < CALLS_AT_ONCE
        if (isDone || writer.isFull || performance.now() > until || this.#ending.aborted) {
          await writer.store(this.#progress(walk, before, reached))
          if (isDone || performance.now() > until || this.#ending.aborted) {
            await writer.settle()
            return { reached, isDone }
          }
        }
        await this.#standBack()
      }
    } finally {
      await walk.close()
    }
  }

  /** Names what accounts lack that left the configuration meanwhile, or that this replica does not have. */
  #leaveOut(plan: readonly PlannedAccount[], served: ReadonlyMap<string, unknown>, reached: LogPosition | null): void {
    const gone = plan.filter(({ key, from }) => from !== 'NOTHING' && !served.has(key) && !this.#failed.includes(key))
    this.#gaps = [...this.#gaps, ...gone.map(({ key }) => ({ account: key, start: reached, end: null, ...NOT_SERVED }))]
    this.#failed = [...this.#failed, ...gone.map(({ key }) => key)]
  }

  /** What an account is read from: its archive alone, unless providers may be asked. */
  #read(account: ExportedFrom, writer: ChunkWriter): ExportedFrom {
    const planned = writer.state.plan!.find(({ key }) => key === account.key)
    if (planned?.from !== 'ARCHIVE') return account
    const archive = {
      key: account.key,
      store: this.#services.store,
      assertAwaited: () => this.#ending.throwIfAborted(),
    }
    return {
      ...account,
      source(operation, onRequest, onCached) {
        const source = account.source(operation, onRequest, onCached)
        return new Proxy(source, {
          get(target, name) {
            if (name === 'callRecords' && target.callRecords)
              return heldCallLog(target.callRecords, planned.covered, archive)
            const value = Reflect.get(target, name, target) as unknown
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          },
        })
      },
    }
  }

  #incomplete(call: CallRecord, error: unknown): void {
    if (!(error instanceof AppError)) this.#services.onTrouble(error)
    const tally = this.#tallies.get(call.accountKey) ?? NO_TALLY
    this.#tallies.set(call.accountKey, { ...tally, withoutDetail: tally.withoutDetail + 1 })
  }

  #progress(walk: WholeWalk, before: ReadonlyMap<string, ExportTally>, reached: LogPosition | null) {
    const walked = walk.accounts()
    for (const { key, requests, unreadable, staleSeconds } of walked) {
      const { requests: sent, unreadable: unread, staleSeconds: age } = before.get(key) ?? NO_TALLY
      const { withoutDetail } = this.#tallies.get(key) ?? NO_TALLY
      const stale = age === null && staleSeconds === null ? null : Math.max(age ?? 0, staleSeconds ?? 0)
      this.#tallies.set(key, {
        ...{ requests: sent + requests, unreadable: unread + unreadable, staleSeconds: stale, withoutDetail },
      })
    }
    const hints = Object.fromEntries(walked.flatMap(({ key, hint }) => (hint === null ? [] : [[key, hint]])))
    return { reached, hints, tallies: Object.fromEntries(this.#tallies), gaps: this.#gaps, failed: this.#failed }
  }

  /** It is tried again where it may answer then; otherwise the rest of its calls is a gap. */
  async #accountFailed(
    { account, cause }: AccountFailed,
    reached: LogPosition | null,
    plan: readonly PlannedAccount[],
  ): Promise<void> {
    const isArchived = plan.some(({ key, from }) => key === account && from === 'ARCHIVE')
    // What is read from the store is not the account's: whoever goes on later may have it.
    if (!(cause instanceof AppError) && isArchived) throw cause
    if (this.#ending.aborted) return
    const failures = (this.#failures.get(account) ?? 0) + 1
    this.#failures.set(account, failures)
    if (failures <= ATTEMPTS && cause instanceof AppError && cause.retryable) {
      const asked = cause.details['retryAfterMs']
      const pause = typeof asked === 'number' ? asked : 1_000 * 2 ** failures
      await this.#services.pause(Math.min(LONGEST_PAUSE_MS, pause), this.#ending)
      return
    }
    if (!(cause instanceof AppError)) this.#services.onTrouble(cause)
    const { code, message } = cause instanceof AppError ? cause : OUR_FAULT
    this.#gaps = [...this.#gaps, { account, start: reached, end: null, code, message }]
    this.#failed = [...this.#failed, account]
  }

  /** Queries go first: a batch of calls takes some milliseconds, and so does the pause. */
  async #standBack(): Promise<void> {
    if (this.#services.isBusy()) await passed(PAUSE_MS)
    else await nextTurn()
  }
}

const OUR_FAULT = { code: 'INTERNAL_SERVER_ERROR', message: 'This server failed to read the answer.' } as const

const NOT_SERVED = { code: 'NOT_FOUND', message: 'The account was not served any more.' } as const
const NOT_THERE = { from: 'ARCHIVE', covered: [], staleSeconds: null } as const

/** The next calls, and what ended the walk after them; fewer than asked for without that: there are no others. */
async function take(
  walk: WholeWalk,
): Promise<{ readonly calls: readonly CallRecord[]; readonly failure: AccountFailed | null }> {
  const calls: CallRecord[] = []
  try {
    while (calls.length < CALLS_AT_ONCE) {
      const next = walk.next()
      const call = next instanceof Promise ? await next : next
      if (!call) break
      calls.push(call)
    }
    return { calls, failure: null }
  } catch (error) {
    if (error instanceof AccountFailed) return { calls, failure: error }
    throw error
  }
}
