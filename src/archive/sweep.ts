import type { CallRecord } from '../model/call-record.js'
import { EVERY_CALL } from '../providers/every-call.js'
import type { CallLog } from '../providers/provider.js'
import type { ArchivedCall, ArchivePosition, ArchiveStore } from '../store/archive-store.js'
import { cover, momentAfter, uncover, type ArchiveState, type Covered, type StoredState } from './archive-state.js'
import type { ArchiveWriter } from './archive-writer.js'
import { fromArchivedCall } from './call-change.js'
import type { Detour } from './detour.js'
import { differenceOf, together, withoutCalls } from './reconcile.js'

/** Missing calls that are asked for one by one; more of them are looked for by a second reading. */
const ASKED_ONE_BY_ONE = 20

/** Archived calls of one read of the store. */
const ROWS = 1_000

/** What a sweep reads and writes. */
export interface SweepParts {
  readonly accountKey: string
  readonly isSealed: boolean
  readonly store: Pick<ArchiveStore, 'archivedCalls' | 'archivedCallsOf'>
  readonly writer: Pick<ArchiveWriter, 'write'>
  /** The provider's call log for a new operation, which shares no reply with another one. */
  readonly open: () => CallLog
  readonly detour: Detour
  /** Wall-clock ms. */
  readonly now: () => number
}

export interface SweepRequest {
  /** ISO UTC, inclusive. */
  readonly from: string
  /** ISO UTC, exclusive; null: the newest call and on. */
  readonly until: string | null
  /** `CallPage.hint` of where an earlier sweep has stopped. */
  readonly hint: string | null
  /** The provider has answered just now: what fails here is about this place. */
  readonly answersElsewhere?: boolean
  /** Calls that are expected; sizes the provider's pages. */
  readonly expected: number
  /** Whether to go on, having read all calls down to `reached`; asked after each page. */
  readonly goesOn: (reached: string, pages: number, covered: readonly Covered[]) => boolean
  /** What the archive's state says besides, once all calls down to `reached` are read. */
  readonly noted?: (state: ArchiveState, reached: string, hint: string | null) => ArchiveState
}

/** How far a sweep came. */
export interface Swept {
  readonly stored: StoredState
  /** All calls that began then or later, and before the sweep's `until`, were read. */
  readonly reached: string
  readonly hint: string | null
  readonly isWhole: boolean
  /**
   * Calls, or pages of them, that could not be read: where they are, nothing is taken for deleted.
   */
  readonly unreadable: number
}

/**
 * Reads a provider's calls, newest first, and makes the archive equal to them, page by page: each
 * page is stored, with its changes, before the next one is read. A sweep that breaks off leaves the
 * archive right, as far as it says what it covers.
 * @throws the provider's or the store's error; Superseded when another process writes meanwhile
 */
export async function sweep(parts: SweepParts, request: SweepRequest, from: StoredState): Promise<Swept> {
  const log = parts.open()
  const { expected, goesOn } = request
  const state = new Sweep(parts, request, log, from)
  let { until } = request
  parts.detour.begin()
  while (until === null || until > request.from) {
    const filter = { ...EVERY_CALL, from: request.from, until }
    try {
      for await (const page of log.pages({ order: 'DESC', after: null, hint: state.hint, filter, expected })) {
        state.hint = page.hint
        await state.take(page.calls, page.unreadable ?? 0)
        if (!goesOn(state.reached, ++state.pages, state.covered)) return state.swept(false)
      }
      break
    } catch (error) {
      const answers = request.answersElsewhere === true || state.pages > 0
      until = state.leaveOut(parts.detour.around(error, answers))
      if (until <= request.from && !answers) {
        parts.detour.forget()
        throw error
      }
    }
  }
  await state.end()
  return state.swept(true)
}

class Sweep {
  hint: string | null
  pages = 0
  #stored: StoredState
  /** The last call that was taken: what comes next is older. */
  #upper: ArchivePosition | null = null
  /** Everything from `reached` up to here is covered by this sweep; null: no call was read yet. */
  #coveredUntil: string | null
  #reached: string | null = null
  /** Calls that could not be read, in all, and since the last page with one that could. */
  #unreadable = 0
  #unreadableHere = 0

  constructor(
    private readonly parts: SweepParts,
    private readonly request: SweepRequest,
    private readonly log: CallLog,
    stored: StoredState,
  ) {
    this.#stored = stored
    this.#coveredUntil = request.until
    this.hint = request.hint
  }

  /** ISO UTC. */
  get reached(): string {
    return this.#reached ?? this.request.until ?? LAST_MOMENT
  }

  get covered(): readonly Covered[] {
    return this.#stored.state.covered
  }

  swept = (isWhole: boolean): Swept => ({
    stored: this.#stored,
    reached: isWhole ? this.request.from : this.reached,
    hint: this.hint,
    isWhole,
    unreadable: this.#unreadable,
  })

  /** Gives the moment before which to go on: so many ms before the place that was reached. */
  leaveOut(milliseconds: number): string {
    this.#unreadable += 1
    this.#unreadableHere += 1
    this.hint = null
    const place = this.#reached ?? this.request.until
    return new Date((place === null ? this.parts.now() : Date.parse(place)) - milliseconds).toISOString()
  }

  async take(calls: readonly CallRecord[], unreadable: number): Promise<void> {
    this.#unreadable += unreadable
    this.#unreadableHere += unreadable
    const last = calls.at(-1)
    if (!last) return
    // The calls of the newest moment may have company that is not written yet.
    this.#coveredUntil ??= calls[0]!.startedAt
    const lower = { startedAt: last.startedAt, id: last.id }
    // The calls of the page's last moment may go on on the next page.
    this.#reached = momentAfter(last.startedAt)
    await this.#write(calls, lower, this.#reached)
    this.#upper = lower
    this.#unreadableHere = 0
  }

  end(): Promise<void> {
    const { from } = this.request
    // Without a call there is one moment that is known to have none: the first.
    if (this.covered.length === 0) this.#coveredUntil ??= momentAfter(from)
    return this.#write([], { startedAt: from, id: '' }, from)
  }

  /** `from`: the moment from which on all calls have now been read. */
  async #write(calls: readonly CallRecord[], lower: ArchivePosition, from: string): Promise<void> {
    const { accountKey, isSealed, store, writer } = this.parts
    const isPartial = this.#unreadableHere > 0
    const there = await this.#archivedDownTo(lower)
    const ids = new Set(calls.map(({ id }) => id))
    const known = new Map(there.map((call) => [call.id, call]))
    // A call whose start was corrected is archived elsewhere.
    const strangers = calls.filter(({ id }) => !known.has(id)).map(({ id }) => id)
    if (strangers.length > 0)
      for (const call of await store.archivedCallsOf(accountKey, strangers)) known.set(call.id, call)
    // Of the calls that could not be read, any may be one that seems to be missing.
    const missing = isPartial ? [] : there.filter(({ id }) => !ids.has(id))
    const gone = missing.length === 0 ? missing : await this.#confirm(missing, lower)
    const difference = together(differenceOf(calls, known), withoutCalls(gone, !isSealed))
    const { state } = this.#stored
    const until = this.#coveredUntil ?? from
    const top = this.#upper ? momentAfter(this.#upper.startedAt) : (this.request.until ?? LAST_MOMENT)
    const covered = isPartial ? uncover(state.covered, { from, until: top }) : cover(state.covered, { from, until })
    if (isPartial) this.#coveredUntil = from
    const { noted = (now) => now } = this.request
    this.#stored = await writer.write(this.#stored, noted({ ...state, covered }, from, this.hint), difference)
  }

  /** The archived calls between the last page and `lower`, inclusive. */
  async #archivedDownTo(lower: ArchivePosition): Promise<readonly ArchivedCall[]> {
    const { accountKey: account, store } = this.parts
    const found: ArchivedCall[] = []
    let after = this.#upper
    for (;;) {
      const rows = await store.archivedCalls({
        ...{ account, order: 'DESC', after, from: lower.startedAt, until: this.request.until, atMost: ROWS },
      })
      found.push(...rows)
      if (rows.length < ROWS) return found.filter((row) => row.startedAt > lower.startedAt || row.id >= lower.id)
      after = rows.at(-1)!
    }
  }

  /**
   * Pages shift while they are read, and a call that only moved is not gone: a few are asked for
   * one by one, many are looked for by reading their time again.
   */
  async #confirm(missing: readonly ArchivedCall[], lower: ArchivePosition): Promise<readonly ArchivedCall[]> {
    if (missing.length > ASKED_ONE_BY_ONE) return this.#stillMissing(missing, lower)
    const gone: ArchivedCall[] = []
    for (const call of missing) if (!(await this.#isThere(call))) gone.push(call)
    return gone
  }

  /** Whether the provider still has a call that its list lacks; it is then read with a later sweep. */
  async #isThere(call: ArchivedCall): Promise<boolean> {
    return (await this.log.byId(fromArchivedCall(call).providerResourceId)) !== null
  }

  async #stillMissing(missing: readonly ArchivedCall[], lower: ArchivePosition): Promise<readonly ArchivedCall[]> {
    const left = new Map(missing.map((call) => [call.id, call]))
    const until = momentAfter(missing[0]!.startedAt)
    const filter = { ...EVERY_CALL, from: lower.startedAt, until }
    const pages = this.parts.open().pages({ order: 'DESC', after: null, hint: this.hint, filter, expected: ROWS })
    for await (const { calls, unreadable = 0 } of pages) {
      if (unreadable > 0) return []
      for (const { id } of calls) left.delete(id)
    }
    return [...left.values()]
  }
}

const LAST_MOMENT = '9999-12-31T23:59:59.999Z'
