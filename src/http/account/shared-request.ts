import { Ending, type EndSignal } from '../../ending.js'
import { ProviderError } from '../../errors.js'
import type { Reader } from './reading.js'
import type { Requester } from './stage.js'

interface Waiting<T> {
  readonly reader: Reader
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
  readonly stopListening: () => void
}

/**
 * One request that the readers of several operations wait for. Each leaves for itself alone; when
 * nobody is left, the request is aborted. It has a deadline of its own, so that late readers cannot
 * keep it under way for ever. The first reader still waiting that can pay is charged.
 */
export class SharedRequest<T> implements Requester {
  readonly #ending = new Ending()
  readonly #waiting = new Set<Waiting<T>>()
  readonly #deadline: NodeJS.Timeout
  readonly #closed: () => void
  #charged: Reader | null = null
  #endsAt = 0

  /** `closed`: called once nobody may join any more. */
  constructor({ deadlineMs, closed }: { readonly deadlineMs: number; readonly closed: () => void }) {
    this.#closed = closed
    this.#deadline = setTimeout(() => {
      const error = new ProviderError('PROVIDER_TIMEOUT', `A request had no turn and no answer within ${deadlineMs} ms`)
      this.#settle((one) => one.reject(error))
      this.#ending.abort(error)
    }, deadlineMs).unref()
  }

  get signal(): EndSignal {
    return this.#ending
  }

  /** That of the first reader: whoever joins later has more time. */
  get endsAt(): number {
    return this.#endsAt
  }

  get charged(): Reader {
    const [first] = this.#waiting
    return (this.#charged ?? first?.reader)!
  }

  /** Settles as the request does; rejects with the reader's abort reason where that comes first. */
  join(reader: Reader): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = reader
      const giveUp = () => this.#dismiss(one, signal.reason)
      const stopListening = () => signal.removeEventListener('abort', giveUp)
      const one: Waiting<T> = { reader, resolve, reject, stopListening }
      this.#waiting.add(one)
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Sends, on behalf of those who have joined. */
  start(send: (requester: Requester) => Promise<T>): void {
    const [first] = this.#waiting
    if (first) this.#endsAt = first.reader.endsAt
    send(this).then(
      (value) => this.#settle((one) => one.resolve(value)),
      (error: unknown) => this.#settle((one) => one.reject(error)),
    )
  }

  readonly charge = (): void => {
    let refusal: unknown = this.signal.reason
    for (const one of [...this.#waiting]) {
      try {
        one.reader.charge()
        this.#charged = one.reader
        return
      } catch (error) {
        refusal = error
        this.#dismiss(one, error)
      }
    }
    throw refusal
  }

  #dismiss(one: Waiting<T>, reason: unknown): void {
    this.#waiting.delete(one)
    one.stopListening()
    one.reject(reason)
    if (this.#waiting.size > 0) return
    this.#close()
    this.#ending.abort(reason)
  }

  #settle(settle: (one: Waiting<T>) => void): void {
    this.#close()
    for (const one of this.#waiting) {
      one.stopListening()
      settle(one)
    }
    this.#waiting.clear()
  }

  #close(): void {
    clearTimeout(this.#deadline)
    this.#closed()
  }
}
