import { setImmediate as nextTurn } from 'node:timers/promises'

import { momentAfter, readState, type ArchiveOwner, type ArchiveState, type Covered } from '../archive/archive-state.js'
import type { CallRecord } from '../model/call-record.js'
import { ARCHIVE, type ArchiveSelection, type ArchiveStore } from '../store/archive-store.js'
import type { EventLog } from '../store/event-log.js'
import { quarterOf, TALLIED_AT_ONCE_MS, TALLY_MS, type TallyDimension, type TallyStore } from '../store/tally-store.js'
import { callsInParts } from './archive-rows.js'
import { addendsOf, callClass, wordsOf, type CallClass } from './call-class.js'
import type { Calendar } from './calendar.js'
import { isByTime, type Grouping } from './grouping.js'
import {
  participantsIn,
  participantsOf,
  participantsText,
  type ParticipantKind,
  type Participants,
} from './participants.js'
import { FoundRows, StatisticsTable, type TookPart, type WhoTookPart } from './statistics-table.js'
import { sumsOf, type TallySum } from './tally.js'

/** Days whose tallies are read at once, some milliseconds of work: those that tell who took part are larger. */
const DAYS_AT_ONCE = 3
const DAYS_WITH_PARTICIPANTS_AT_ONCE = 1

/** An archive that is written to while it is read is read again so often. */
const MOST_READINGS = 3

/** What is read of a store for statistics. */
export type StatisticsReads = Pick<ArchiveStore, 'archivedCalls'> &
  Pick<TallyStore, 'tallies'> &
  Pick<EventLog, 'eventStream'>

/** Whether a call belongs to the answer; `undefined`: only its detail, which is not archived, tells. */
export type Verdict = boolean | undefined

/** What is asked of one account. */
export interface AccountQuestion {
  readonly account: ArchiveOwner & { readonly key: string }
  readonly store: StatisticsReads
  /** Wall-clock ms; null: from the first call, to the last. */
  readonly from: number | null
  readonly until: number | null
  readonly grouping: Grouping
  readonly calendar: Calendar
  /** The tallies that answer it; null: the calls themselves are read. */
  readonly tallied: {
    readonly dimension: TallyDimension
    judge(of: CallClass): boolean
    judgeParticipants(participants: Participants): Verdict
  } | null
  /** What holds for the calls where they are read. */
  readonly selection: Omit<ArchiveSelection, 'account' | 'from' | 'until'>
  judge(call: CallRecord): Verdict
  /** The objects that are meant, each once. */
  resolve(kind: ParticipantKind, participants: Participants): Promise<readonly TookPart[]>
  /** Throws when nobody waits any more. */
  assertAwaited(): void
}

export interface AccountAnswer {
  readonly table: StatisticsTable
  readonly state: ArchiveState
  /** Calls that were read one by one, and quarters of an hour whose tallies were. */
  readonly callsRead: number
  readonly talliesRead: number
  /** Calls of which it is not known whether they belong to the answer, or to which rows. */
  readonly unsure: number
  /** Whether tallies were missing. */
  readonly lacksTallies: boolean
}

/** Answers of one account's archive, as it was at one moment unless it is written to all the time. */
export async function accountStatistics(question: AccountQuestion): Promise<AccountAnswer> {
  const { account, store } = question
  for (let reading = 1; ; reading += 1) {
    const { revision, state } = await readState(store, account)
    const answer = await new Reading(question, state).read()
    const stream = await store.eventStream(ARCHIVE, account.key)
    if (reading === MOST_READINGS || (stream?.revision ?? 0) === revision) return answer
  }
}

/** Ranges of time whose calls the archive has, with the newest moment, of which there may be more. */
export function heldRanges({ covered: [newest, ...older] }: Pick<ArchiveState, 'covered'>): readonly Covered[] {
  return newest ? [{ ...newest, until: momentAfter(newest.until) }, ...older] : []
}

/** What participants of a tally are to the answer. */
interface ToldWho {
  readonly who: WhoTookPart
  /** False where only the detail of a call tells them all. */
  readonly isWhole: boolean
}

class Reading {
  readonly #question: AccountQuestion
  readonly #state: ArchiveState
  readonly #table: StatisticsTable
  readonly #parts = new Map<string, readonly TookPart[]>()
  /** Of the tallies' one dimension, by their text. */
  readonly #told = new Map<string, ToldWho>()
  readonly #verdicts = new Map<string, Verdict>()
  #callsRead = 0
  #talliesRead = 0
  #unsure = 0
  #lacksTallies = false

  constructor(question: AccountQuestion, state: ArchiveState) {
    this.#question = question
    this.#state = state
    this.#table = new StatisticsTable(question.grouping, question.calendar)
  }

  async read(): Promise<AccountAnswer> {
    const { from: asked, until: end } = this.#question
    for (const range of heldRanges(this.#state).toReversed()) {
      const from = Math.max(Date.parse(range.from), asked ?? -Infinity)
      const until = Math.min(Date.parse(range.until), end ?? Infinity)
      if (from < until) await this.#readRange(from, until)
    }
    return {
      ...{ table: this.#table, state: this.#state, callsRead: this.#callsRead, talliesRead: this.#talliesRead },
      ...{ unsure: this.#unsure, lacksTallies: this.#lacksTallies },
    }
  }

  /** The quarters that are asked about whole from their tallies, and what is left from its calls. */
  async #readRange(from: number, until: number): Promise<void> {
    const { tallied, grouping, calendar } = this.#question
    const [first, last] = [quarterOf(from + TALLY_MS - 1), quarterOf(until)]
    const isByQuarters = !isByTime(grouping) || calendar.goesBy(TALLY_MS, from, until)
    if (!tallied || first >= last || !isByQuarters) return this.#readCalls(from, until)
    await this.#readCalls(from, first)
    const days = tallied.dimension === 'NONE' ? DAYS_AT_ONCE : DAYS_WITH_PARTICIPANTS_AT_ONCE
    for (let begin = first; begin < last;) {
      const end = Math.min(last, dayOf(begin) + days * TALLIED_AT_ONCE_MS)
      await this.#readTallies(tallied, begin, end)
      begin = end
    }
    await this.#readCalls(last, until)
  }

  async #readTallies(tallied: NonNullable<AccountQuestion['tallied']>, from: number, until: number): Promise<void> {
    const { store, account, assertAwaited } = this.#question
    assertAwaited()
    const part = await store.tallies(account.key, tallied.dimension, dayOf(from), until)
    const [days, changed] = [new Set(part.days), new Set(part.changed)]
    const isTold = (quarter: number) => days.has(dayOf(quarter)) && !changed.has(quarter)
    for (const tally of part.tallies) {
      if (tally.from < from || !isTold(tally.from)) continue
      const sums = sumsOf(tally)?.filter(({ of }) => tallied.judge(of))
      if (!sums) {
        changed.add(tally.from)
        continue
      }
      this.#talliesRead += 1
      if (tallied.dimension !== 'NONE') await this.#resolveAll(tallied.dimension, sums)
      for (const sum of sums) this.#addSum(tally.from, sum, tallied)
    }
    for (const [begin, end] of rangesWithout(isTold, from, until)) {
      this.#lacksTallies = true
      await this.#readCalls(begin, end)
    }
    // Rows of an embedded store come without a turn of the event loop.
    await nextTurn()
  }

  #addSum(moment: number, { of, participants, sum, unit }: TallySum, { dimension, judgeParticipants }: Tallied): void {
    let who: WhoTookPart = NOBODY
    if (dimension !== 'NONE') {
      const verdict = this.#verdict(participants, judgeParticipants)
      const isShown = this.#question.grouping.participants.length > 0
      const told = isShown && verdict ? this.#told.get(participants)! : null
      if (verdict === undefined || told?.isWhole === false) this.#unsure += sum[0]
      if (!verdict) return
      if (told) who = told.who
    }
    const account = this.#question.account.key
    this.#table.add({ moment, account, of, who }, sum[0], (to) => to.addStored(sum, unit))
  }

  async #readCalls(from: number, until: number): Promise<void> {
    if (from >= until) return
    const { store, account, selection, assertAwaited, judge, grouping } = this.#question
    const range = { from: isoText(from), until: isoText(until) }
    for await (const calls of callsInParts(store, { account: account.key, ...selection, ...range }, assertAwaited)) {
      this.#callsRead += calls.length
      for (const call of calls) {
        const verdict = judge(call)
        if (verdict === undefined) this.#unsure += 1
        if (!verdict) continue
        const took = grouping.participants.map((kind) => [kind, participantsOf(call, kind)] as const)
        if (took.some(([, { isWhole }]) => !isWhole)) this.#unsure += 1
        const of = callClass(wordsOf(call))
        const addends = addendsOf(call, of)
        const who: Record<string, readonly TookPart[]> = {}
        for (const [kind, participants] of took) who[kind] = await this.#partsOf(kind, participants)
        const moment = Date.parse(call.startedAt)
        this.#table.add({ moment, account: account.key, of, who }, 1, (sum) => sum.addCall(addends))
      }
    }
  }

  #verdict(participants: string, judge: Tallied['judgeParticipants']): Verdict {
    if (!this.#verdicts.has(participants)) this.#verdicts.set(participants, judge(participantsIn(participants)))
    return this.#verdicts.get(participants)
  }

  /** Together, so that objects which are asked for by id are asked for at once. */
  async #resolveAll(kind: ParticipantKind, sums: readonly TallySum[]): Promise<void> {
    if (this.#question.grouping.participants.length === 0) return
    const unknown = new Set(sums.map(({ participants }) => participants).filter((text) => !this.#told.has(text)))
    await Promise.all(
      [...unknown].map(async (text) => {
        const participants = participantsIn(text)
        const parts = await this.#partsOf(kind, participants, text)
        this.#told.set(text, { who: { [kind]: parts, found: new FoundRows() }, isWhole: participants.isWhole })
      }),
    )
  }

  async #partsOf(kind: ParticipantKind, participants: Participants, text = participantsText(participants)) {
    const key = `${kind} ${text}`
    let parts = this.#parts.get(key)
    if (!parts) this.#parts.set(key, (parts = await this.#question.resolve(kind, participants)))
    return parts
  }
}

type Tallied = NonNullable<AccountQuestion['tallied']>

const NOBODY: WhoTookPart = {}

const dayOf = (moment: number) => Math.floor(moment / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
const isoText = (moment: number) => new Date(moment).toISOString()

/** What of a time lies in quarters for which something does not hold. */
function* rangesWithout(
  holds: (quarter: number) => boolean,
  from: number,
  until: number,
): Generator<readonly [from: number, until: number]> {
  let begin: number | null = null
  for (let quarter = from; quarter < until; quarter += TALLY_MS) {
    if (!holds(quarter)) begin ??= quarter
    else if (begin !== null) {
      yield [begin, quarter]
      begin = null
    }
  }
  if (begin !== null) yield [begin, until]
}
