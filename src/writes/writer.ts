import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { WriteResult } from '../providers/writes.js'
import type { ChangeOutcome, StoredChange, WriteStore } from '../store/write-store.js'
import { AnsweredWrites, type KeyedRun } from './answered-writes.js'
import type { Leases } from './held-lease.js'
import { failureOf } from './outcome.js'
import { Turns, type Turn } from './turns.js'
import { refused, type SendableWrite, type Write, type Written } from './write.js'
import { problemError, writeError } from './write-error.js'

export interface WriterOptions {
  /** One whose failures tell a caller what it can do: see `reachableStore`. */
  readonly store: WriteStore & Leases
  readonly clock: Pick<Clock, 'now'>
  /** Tells every process that what was read of an account before is not so any more. */
  readonly tell: (written: Pick<Write, 'account' | 'workspace' | 'affects'>) => Promise<void>
  /** Called with each change, once it is known what became of it, or that nobody can tell. */
  readonly onChange: (write: Pick<Write, 'account' | 'operation'>, outcome: ChangeOutcome) => void
  /** Called with what keeps the record of changes from being completed: the change stays UNKNOWN. */
  readonly onTrouble: (error: unknown) => void
}

/** What became of what was sent. */
type Sent =
  | { readonly end: StoredEnd; readonly result: WriteResult; readonly errors: readonly [] }
  | {
      readonly end: StoredEnd
      readonly result: null
      readonly errors: Written['errors']
      readonly isUnsent: boolean
      readonly cause: unknown
    }
type StoredEnd = Pick<StoredChange, 'outcome' | 'code' | 'targetId'>

/**
 * The road of every write: one answer for its idempotency key, its object's turn, what keeps it from
 * being sent, its record, sent once, looked at where the answer was lost, its record again, told to
 * every process, read back.
 */
export class Writer {
  readonly #options: WriterOptions
  readonly #turns: Turns
  readonly #answered: AnsweredWrites
  readonly #underWay = new Set<Promise<unknown>>()
  #lastAt = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#turns = new Turns(options.store)
    this.#answered = new AnsweredWrites(options.store, options.clock)
  }

  /**
   * @throws AppError for what fails the mutation as a whole: the login has ended, the store cannot
   * be reached; nothing was sent then.
   */
  async write(write: Write): Promise<Written> {
    const written = this.#write(write)
    this.#underWay.add(written)
    try {
      return await written
    } finally {
      this.#underWay.delete(written)
    }
  }

  /** Resolves when nothing is under way: what was sent has its record. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }

  async #write(write: Write): Promise<Written> {
    const { idempotencyKey, signal } = write
    if (idempotencyKey === null) return this.#inTurn(write, null)
    const answered = await this.#answered.run({ ...write, idempotencyKey }, signal, {
      begin: (run) => this.#inTurn(write, run),
      settle: (run, changeId) => this.#settle(write, run, changeId),
    })
    if ('done' in answered) return answered.done
    switch (answered.kind) {
      case 'ANSWER':
        return JSON.parse(answered.answer) as Written
      case 'REUSED':
        return refused(
          writeError('IDEMPOTENCY_KEY_REUSED', 'This key stood for another input before. Use a new one.', {
            field: ['idempotencyKey'],
          }),
        )
      case 'IN_PROGRESS':
        return refused(
          writeError(
            'IN_PROGRESS',
            'The first request with this key is still under way. Ask again with the same key.',
            {
              field: ['idempotencyKey'],
              retryable: true,
            },
          ),
        )
    }
  }

  async #inTurn(write: Write, run: KeyedRun | null): Promise<Written> {
    const taken = await this.#turns.take(write.object, write.signal, (turn) => this.#once(write, run, turn))
    return (
      taken?.done ??
      refused(
        writeError('IN_PROGRESS', 'Another change of the same object is still under way. Nothing was sent.', {
          retryable: true,
        }),
      )
    )
  }

  async #once(write: Write, run: KeyedRun | null, turn: Turn): Promise<Written> {
    const prepared = await write.prepare()
    if ('problems' in prepared) return refused(...prepared.problems.map(problemError))
    if ('errors' in prepared) return refused(...prepared.errors)
    const { store } = this.#options
    const change: StoredChange = {
      ...{ id: randomUUID(), workspace: write.workspace, account: write.account, operation: write.operation },
      ...{ targetId: write.targetId, actor: write.actor, requestId: write.requestId, at: this.#nextMoment() },
      ...{ fields: write.fields, outcome: 'UNKNOWN', code: null },
    }
    if (write.signal.aborted) return refused(NOBODY_WAITS)
    if (!(await turn.isHeld()) || !(await store.beginChange(change, run))) return refused(STOOD_STILL)
    const sent = await send(write, prepared)
    if (sent.result === null) {
      this.#options.onChange(write, sent.end.outcome)
      await this.#end(change.id, sent.end, run && { request: run.id, answer: sent.isUnsent ? null : answerOf(sent) })
      await this.#tell(write, sent.isUnsent)
      if (sent.errors.length === 0) throw sent.cause
      return refused(...sent.errors)
    }
    return this.#done(write, run, change.id, sent.result)
  }

  /** A process was killed, or stood still, after this change was begun: it is never sent again. */
  async #settle(write: Write, run: KeyedRun, changeId: string): Promise<Written> {
    const change = await this.#options.store.change(changeId)
    const isDone = change?.outcome === 'DONE'
    const seen = change?.outcome === 'REFUSED' ? null : await write.lookAgain().catch(() => null)
    if (seen || isDone) return this.#done(write, run, changeId, seen ?? {})
    const error = writeError(
      'OUTCOME_UNKNOWN',
      'It may have been sent, and what became of it is not known. Look before you do it again with a new key.',
    )
    const sent = { end: { outcome: 'UNKNOWN', code: error.code, targetId: write.targetId }, errors: [error] } as const
    this.#options.onChange(write, sent.end.outcome)
    await this.#end(changeId, sent.end, { request: run.id, answer: answerOf(sent) })
    return refused(error)
  }

  async #done(write: Write, run: KeyedRun | null, changeId: string, result: WriteResult): Promise<Written> {
    const end = { outcome: 'DONE', code: null, targetId: write.targetId } as const
    this.#options.onChange(write, end.outcome)
    await this.#end(changeId, end, null)
    await this.#tell(write, false)
    const object = await write.readBack(result).catch(() => null)
    // Done, and said to be: nothing of it needs to be asked for again.
    const errors = result.notYet ? [writeError('IN_PROGRESS', result.notYet)] : []
    const written: Written = { isDone: true, errors, result, object }
    const answer = run && { request: run.id, answer: JSON.stringify(written) }
    const targetId = write.targetId ?? object?.id ?? null
    if (answer || targetId !== write.targetId) await this.#end(changeId, { ...end, targetId }, answer)
    return written
  }

  /** Wall-clock ms, so that changes of one millisecond keep their order. */
  #nextMoment(): number {
    const now = this.#options.clock.now()
    const isSame = now <= this.#lastAt && this.#lastAt - now < SAME_MOMENT_MS
    return (this.#lastAt = isSame ? this.#lastAt + 1 : now)
  }

  /** The write is over whether or not its record can be completed. */
  async #end(id: string, end: StoredEnd, answer: Parameters<WriteStore['endChange']>[2]): Promise<void> {
    await this.#options.store.endChange(id, end, answer).catch(this.#options.onTrouble)
  }

  async #tell(write: Write, isUnsent: boolean): Promise<void> {
    if (!isUnsent) await this.#options.tell(write).catch(this.#options.onTrouble)
  }
}

async function send(write: Write, prepared: SendableWrite): Promise<Sent> {
  const { targetId } = write
  try {
    const result = await prepared.send()
    return { end: { outcome: 'DONE', code: null, targetId }, result, errors: [] }
  } catch (cause) {
    const failure = failureOf(cause, write.said, targetId === null)
    if (!failure) throw cause
    if (failure.outcome === 'UNKNOWN') {
      const seen = (await prepared.look?.().catch(() => null)) ?? null
      if (seen) return { end: { outcome: 'DONE', code: null, targetId }, result: seen, errors: [] }
    }
    const { outcome, error, isUnsent } = failure
    const code = error?.code ?? (isUnsent ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REJECTED')
    return { end: { outcome, code, targetId }, result: null, errors: error ? [error] : [], isUnsent, cause }
  }
}

const answerOf = ({ errors }: Pick<Sent, 'errors'>): string => JSON.stringify(refused(...errors))

/** A clock that is further back than this was set back. */
const SAME_MOMENT_MS = 1_000

const NOBODY_WAITS = writeError('IN_PROGRESS', 'Its caller waits no longer, and nothing was sent.', { retryable: true })

const STOOD_STILL = writeError(
  'IN_PROGRESS',
  'This server stood still for too long and another has taken the change over. Nothing was sent here. Ask again.',
  { retryable: true },
)
