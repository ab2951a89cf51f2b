import fastq from 'fastq'

/** Thrown in place of running a task when as many are waiting as may. */
export class BulkheadFull extends Error {}

interface Task<T> {
  readonly start: () => Promise<T>
  readonly signal: AbortSignal | undefined
  resolve(value: T): void
  reject(reason: unknown): void
}

/** Runs a bounded number of tasks at once, the others in the order they came; each fails alone. */
export class Bulkhead {
  readonly #queue: fastq.queue<Task<unknown>>
  readonly #places: number
  readonly #most: number
  #tasks = 0

  /** At most `places` tasks run at once, and at most `waiting` others wait. */
  constructor(places: number, waiting = Infinity) {
    this.#queue = fastq(work, places)
    this.#places = places
    this.#most = places + waiting
  }

  get running(): number {
    return this.#queue.running()
  }

  /** Includes those that left the queue, until their turn would have come. */
  get waiting(): number {
    return this.#tasks - this.#queue.running()
  }

  /**
   * Settles as the task does. `signal` takes it out of the queue; a task that runs is left alone.
   *
   * @throws BulkheadFull, or the signal's reason, where the task was not begun.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    if (this.#tasks >= this.#most) return Promise.reject(new BulkheadFull('As many tasks are waiting as may'))
    const mustWait = this.#queue.running() >= this.#places
    this.#tasks += 1
    return new Promise<T>((resolve, reject) => {
      const start = mustWait && signal ? unlessAborted(task, signal, reject) : task
      this.#queue.push({ start, signal, resolve, reject }, this.#over)
    })
  }

  readonly #over = () => void (this.#tasks -= 1)
}

/** Rejects as soon as the signal is aborted, up to the moment the task is begun. */
function unlessAborted<T>(
  task: () => Promise<T>,
  signal: AbortSignal,
  reject: (reason: unknown) => void,
): () => Promise<T> {
  const leave = () => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  return () => {
    signal.removeEventListener('abort', leave)
    return task()
  }
}

/**
 * Calls `done` in a later turn: the next task begins within that call, and thousands in a row may
 * have left the queue.
 */
function work(task: Task<unknown>, done: fastq.done): void {
  const { start, signal } = task
  const result = signal?.aborted ? Promise.reject(signal.reason as Error) : start()
  result.then(
    (value) => {
      task.resolve(value)
      done(null)
    },
    (error: unknown) => {
      task.reject(error)
      done(null)
    },
  )
}
