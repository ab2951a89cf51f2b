import { ProviderError } from '../../errors.js'
import { endsWithin, timeLeft } from '../wire/deadline.js'
import type { Asker } from './reading.js'

/** Several who have one request sent. */
export interface SharedAsker extends Pick<Asker, 'signal' | 'pay'> {
  /** Which of them paid last, or would pay now. */
  readonly payer: () => Asker
}

interface Seat<T> {
  readonly asker: Asker
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
  readonly leave: () => void
}

/**
 * One request that several operations wait for. Each gives up for itself alone; when nobody is left, the request is given up too. It
 * has a deadline of its own, so that those who join late cannot keep it under way for ever. What it costs is paid by the first
 * who still waits and can pay.
 */
export class Flight<T> {
  readonly #controller = new AbortController()
  readonly #seats = new Set<Seat<T>>()
  readonly #late: NodeJS.Timeout
  readonly #over: () => void
  #payer: Asker | null = null

  /** `over`: called once nobody may join any more. */
  constructor({ deadlineMs, over }: { readonly deadlineMs: number; readonly over: () => void }) {
    this.#over = over
    this.#late = setTimeout(() => {
      const error = new ProviderError('PROVIDER_TIMEOUT', `A request had no turn and no answer within ${deadlineMs} ms`)
      this.#land((seat) => seat.reject(error))
      this.#controller.abort(error)
    }, deadlineMs).unref()
  }

  /** Waits for the answer; rejects with the asker's own abort reason, or with what became of the request. */
  join(asker: Asker): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = asker
      const giveUp = () => this.#dismiss(seat, signal.reason)
      const leave = () => signal.removeEventListener('abort', giveUp)
      const seat: Seat<T> = { asker, resolve, reject, leave }
      this.#seats.add(seat)
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Sends, on behalf of those who have joined. */
  start(ask: (asker: SharedAsker) => Promise<T>): void {
    const { signal } = this.#controller
    // Whether waiting is worth while is for the first to say: who joins late has more time.
    const [first] = this.#seats
    if (first) endsWithin(signal, timeLeft(first.asker.signal))
    ask({ signal, pay: () => this.#pay(), payer: () => this.#payerNow() }).then(
      (value) => this.#land((seat) => seat.resolve(value)),
      (error: unknown) => this.#land((seat) => seat.reject(error)),
    )
  }

  #pay(): void {
    let refusal: unknown = this.#controller.signal.reason
    for (const seat of [...this.#seats]) {
      try {
        seat.asker.pay()
        this.#payer = seat.asker
        return
      } catch (error) {
        refusal = error
        this.#dismiss(seat, error)
      }
    }
    throw refusal
  }

  #payerNow(): Asker {
    const [first] = this.#seats
    return (this.#payer ?? first?.asker)!
  }

  #dismiss(seat: Seat<T>, reason: unknown): void {
    this.#seats.delete(seat)
    seat.leave()
    seat.reject(reason)
    if (this.#seats.size > 0) return
    this.#close()
    this.#controller.abort(reason)
  }

  #land(tell: (seat: Seat<T>) => void): void {
    this.#close()
    for (const seat of this.#seats) {
      seat.leave()
      tell(seat)
    }
    this.#seats.clear()
  }

  #close(): void {
    clearTimeout(this.#late)
    this.#over()
  }
}
