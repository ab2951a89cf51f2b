import { createHash } from 'node:crypto'
import { setTimeout as passed } from 'node:timers/promises'

import type { EndSignal } from '../ending.js'
import type { Clock } from '../clock.js'
import type { WriteRequest, WriteStore } from '../store/write-store.js'
import { abortable } from '../http/wire/abortable.js'
import { HeldLease, LEASE_POLL_MS, type Leases } from './held-lease.js'

/** How long the answer to an idempotency key is kept. */
const KEPT_MS = 24 * 3_600_000

/** A mutation with an idempotency key. */
export interface KeyedWrite {
  readonly workspace: string
  /** Whose key it is. */
  readonly caller: string
  /** The mutation's name. */
  readonly operation: string
  readonly idempotencyKey: string
  /** All that is said besides, as canonical JSON. */
  readonly input: string
}

/** The one run that may send what a key stands for. */
export interface KeyedRun {
  readonly id: string
  readonly owner: string
}

export type Answered =
  /** What was answered before. */
  | { readonly kind: 'ANSWER'; readonly answer: string }
  /** The same key stood for another input. */
  | { readonly kind: 'REUSED' }
  /** It is still under way elsewhere. */
  | { readonly kind: 'IN_PROGRESS' }

export interface KeyedWork<T> {
  /** Nothing was sent yet. */
  begin(run: KeyedRun): Promise<T>
  /** Whoever began it is gone, and this change may have been sent. */
  settle(run: KeyedRun, changeId: string): Promise<T>
}

/**
 * At most one write for each idempotency key, over all processes and crashes. Who works holds a
 * lease, so that another sees whether it is alive; what makes it correct is compare-and-set in the
 * store, right before a write is sent.
 */
export class AnsweredWrites {
  readonly #store: WriteStore & Leases
  readonly #clock: Pick<Clock, 'now'>
  /** Who is at a key in this process: the others wait for it, and one alone asks the store. */
  readonly #atWork = new Map<string, Promise<unknown>>()
  /** What stands for a key, while it is being read. */
  readonly #readings = new Map<string, Promise<WriteRequest | null>>()

  constructor(store: WriteStore & Leases, clock: Pick<Clock, 'now'>) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * Does the work, or answers as before. Waits for another who is at it until `signal` is aborted.
   *
   * @throws what the work, or the store, throws
   */
  async run<T>(write: KeyedWrite, signal: EndSignal, work: KeyedWork<T>): Promise<{ done: T } | Answered> {
    const id = idOf(write)
    while (!signal.aborted) {
      const other = this.#atWork.get(id)
      if (other) {
        await abortable(other, signal).catch(() => {})
        const answered = this.#standing(await this.#afterwards(id), write)
        if (answered) return answered
        continue
      }
      const mine = this.#try(id, write, work)
      this.#atWork.set(id, mine)
      try {
        const tried = await mine
        if (tried) return tried
      } finally {
        this.#atWork.delete(id)
      }
      await passed(LEASE_POLL_MS)
    }
    return { kind: 'IN_PROGRESS' }
  }

  /** What stands once another is no more at it: all who waited for that read it together. */
  #afterwards(id: string): Promise<WriteRequest | null> {
    let reading = this.#readings.get(id)
    if (!reading) {
      reading = this.#store.writeRequest(id).finally(() => this.#readings.delete(id))
      this.#readings.set(id, reading)
    }
    return reading
  }

  /** Null where another process is at it. */
  async #try<T>(id: string, write: KeyedWrite, work: KeyedWork<T>): Promise<{ done: T } | Answered | null> {
    const lease = await HeldLease.take(this.#store, `idempotency key ${id}`)
    try {
      const standing = lease ? await this.#claim(id, lease.owner, write) : await this.#store.writeRequest(id)
      const answered = this.#standing(standing, write)
      if (answered) return answered
      if (!lease) return null
      const run = { id, owner: lease.owner }
      if (!standing) return { done: await this.#begin(run, work) }
      if (!(await this.#store.takeOverWrite(id, standing.owner, lease.owner))) return null
      const { changeId } = standing
      return { done: await (changeId === null ? this.#begin(run, work) : work.settle(run, changeId)) }
    } finally {
      await lease?.release()
    }
  }

  /** What a request that stands says of another with its key; null: nothing, it is under way or has expired. */
  #standing(standing: WriteRequest | null, { input }: KeyedWrite): Answered | null {
    if (!standing || standing.expiresAt <= this.#clock.now()) return null
    if (standing.input !== input) return { kind: 'REUSED' }
    return standing.answer === null ? null : { kind: 'ANSWER', answer: standing.answer }
  }

  #claim(id: string, owner: string, { input }: KeyedWrite) {
    const now = this.#clock.now()
    return this.#store.claimWrite({ id, owner, input, expiresAt: now + KEPT_MS }, now)
  }

  /** What was not sent leaves its key unused. */
  async #begin<T>(run: KeyedRun, work: KeyedWork<T>): Promise<T> {
    try {
      return await work.begin(run)
    } finally {
      await this.#store.dropWrite(run.id, run.owner).catch(() => {})
    }
  }
}

/** A digest: neither who asks nor the key can be read from it. */
const idOf = ({ workspace, caller, operation, idempotencyKey }: KeyedWrite): string =>
  createHash('sha256')
    .update(JSON.stringify([workspace, caller, operation, idempotencyKey]))
    .digest('base64url')
