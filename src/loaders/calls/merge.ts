import type { Awaitable } from '../../awaitable.js'
import type { CallRecord } from '../../model/call-record.js'
import { callPrecedes, positionOf, precedes, type TimeOrder } from './order.js'
import type { CallStream } from './stream.js'

/**
 * Merges the streams of all accounts in the total order. A stream is advanced only when its head is
 * empty and its next call could come first. All such streams advance together: the first pages are
 * requested at once, later ones as they run out. A stream that fails has no more calls; `onFailure`
 * may throw to end the merge.
 */
export class CallMerge {
  constructor(
    private readonly streams: readonly CallStream[],
    private readonly reading: TimeOrder,
    private readonly onFailure: (stream: CallStream) => void,
  ) {}

  /** Null when no stream has another call. Synchronous when the call has been read, as most are. */
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

  /** Whether there is another call in any stream; requests nothing when one has been read. */
  async hasMore(): Promise<boolean> {
    for (;;) {
      if (this.streams.some((stream) => stream.head)) return true
      const open = this.streams.filter((stream) => stream.state === 'OPEN')
      if (open.length === 0) return false
      await this.#advance(open)
    }
  }

  /**
   * Linear in the number of accounts: they are few, and a provider's reply costs a thousand times
   * more.
   */
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
