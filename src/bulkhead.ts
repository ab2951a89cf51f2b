import type { EndSignal } from './ending.js'
import { LinkedList } from './linked-list.js'

/** Thrown in place of running a task when as many are waiting as may. */
export class BulkheadFull extends Error {}

/**
 * Runs a bounded number of tasks at once, the others in the order they came; each fails alone. A
 * place that is given back goes to whoever waits longest, so that nobody overtakes the queue.
 */
export class Bulkhead {
  readonly #places: number
  readonly #room: number
  readonly #queue = new LinkedList<() => void>()
  #running = 0

  /** At most `places` tasks run at once, and at most `waiting` others wait. */
  constructor(places: number, waiting = Infinity) {
    this.#places = places
    this.#room = waiting
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#queue.size
  }

  /** Takes a place if one is free; `leave` gives it back. */
  enter(): boolean {
    if (this.#running >= this.#places) return false
    this.#running += 1
    return true
  }

  /**
   * Queues for a place: `begin` is called with one, which `leave` gives back. Returns what leaves the
   * queue.
   *
   * @throws BulkheadFull
   */
  queue(begin: () => void): () => void {
    if (this.#queue.size >= this.#room) throw new BulkheadFull('As many tasks are waiting as may')
    const link = this.#queue.add(begin)
    return () => this.#queue.remove(link)
  }

  /** Gives a place back. */
  leave(): void {
    const { first } = this.#queue
    if (!first) return void (this.#running -= 1)
    this.#queue.remove(first)
    first.value()
  }

  /**
   * Settles as the task does. `signal` takes it out of the queue; a task that runs is left alone.
   *
   * @throws BulkheadFull, or the signal's reason, where the task was not begun.
   */
  run<T>(task: () => Promise<T>, signal?: EndSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    if (this.enter()) return this.#run(task)
    return new Promise((resolve, reject) => {
      const leave = this.queue(() => {
        signal?.removeEventListener('abort', stop)
        resolve(this.#run(task))
      })
      const stop = () => {
        leave()
        reject(signal!.reason as Error)
      }
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** The place is given back in a later turn, also by a task that throws at once: thousands may. */
  #run<T>(task: () => Promise<T>): Promise<T> {
    return begun(task).then(
      (value) => {
        this.leave()
        return value
      },
      (error: unknown) => {
        this.leave()
        throw error
      },
    )
  }
}

function begun<T>(task: () => Promise<T>): Promise<T> {
  try {
    return task()
  } catch (error) {
    return Promise.reject(error as Error)
  }
}
