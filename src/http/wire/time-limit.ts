/** A time limit for some work. */
export interface TimeLimit {
  /** Aborts when the time is over, or with the signal it was made with. */
  readonly signal: AbortSignal
  /** Whether the time is over. */
  readonly isOver: boolean
  /** The work has ended: nothing is aborted any more. */
  clear(): void
}

/**
 * As `AbortSignal.any` of the signal and `AbortSignal.timeout`, but released by hand: those two
 * leave weak references for each request to the garbage collector.
 */
export function timeLimit(milliseconds: number, signal: AbortSignal | undefined): TimeLimit {
  return new Limit(milliseconds, signal)
}

class Limit implements TimeLimit {
  isOver = false
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.signal = this.#controller.signal
    this.#outer = outer
    this.#timer = setTimeout(() => {
      this.isOver = true
      this.#controller.abort(new DOMException(`It took more than ${milliseconds} ms`, 'TimeoutError'))
    }, milliseconds).unref()
    if (outer?.aborted) this.#follow()
    else outer?.addEventListener('abort', this.#follow, { once: true })
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#follow)
  }

  readonly #follow = () => this.#controller.abort(this.#outer!.reason)
}
