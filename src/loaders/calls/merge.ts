import type { Awaitable } from '../../awaitable.js'
import type { CallRecord } from '../../model/call-record.js'
import { callPrecedes, positionOf, precedes, type TimeOrder } from './order.js'
import type { CallStream } from './stream.js'

/**
 * The streams of all accounts as one, in the total order. A stream is moved on only when it has nothing in hand and what it
 * would bring could be the next call, and all such streams move together: so the first pages are asked at once, and later
 * ones one by one as they run out. A stream that fails simply has no more calls; `onFailure` may throw to stop the rest.
 */
export class CallMerge {
  constructor(
    private readonly streams: readonly CallStream[],
    private readonly reading: TimeOrder,
    private readonly onFailure: (stream: CallStream) => void,
  ) {}

  /** Null when no stream has another call. Given at once when it is in hand, as most are: a page has hundreds. */
  next(): Awaitable<CallRecord | null> {
    const first = this.#first()
    const head = first?.head ?? null
    if (this.streams.some((stream) => this.#couldComeBefore(stream, head))) return this.#nextRead()
    return first?.take() ?? null
  }

  async #nextRead(): Promise<CallRecord | null> {
    const head = this.#first()?.head ?? null
    await this.#advance(this.streams.filter((stream) => this.#couldComeBefore(stream, head)))
    return this.next()
  }

  /** Whether there is another call, wherever it stands; asks nobody when one is in hand. */
  async hasMore(): Promise<boolean> {
    for (;;) {
      if (this.streams.some((stream) => stream.head)) return true
      const open = this.streams.filter((stream) => stream.state === 'OPEN')
      if (open.length === 0) return false
      await this.#advance(open)
    }
  }

  /** Linear in the number of accounts: they are few, and a provider's answer costs a thousand times more. */
  #first(): CallStream | null {
    let first: CallStream | null = null
    for (const stream of this.streams) {
      if (!stream.head) continue
      if (!first?.head || callPrecedes(this.reading, stream.head, first.head)) first = stream
    }
    return first
  }

  #couldComeBefore(stream: CallStream, head: CallRecord | null): boolean {
    if (stream.head || stream.state !== 'OPEN') return false
    return !head || !stream.readTo || precedes(this.reading, stream.readTo, positionOf(head))
  }

  async #advance(streams: readonly CallStream[]): Promise<void> {
    await Promise.all(streams.map((stream) => stream.advance()))
    for (const stream of streams) if (stream.state === 'FAILED') this.onFailure(stream)
  }
}
