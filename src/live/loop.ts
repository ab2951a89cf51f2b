/**
 * Work that is done again and again, never twice at once. It says after how many milliseconds it is
 * to be done next; null: when it is woken.
 */
export class Loop {
  #timer: NodeJS.Timeout | null = null
  /** Monotonic ms at which the timer ends. */
  #wakesAt = Infinity
  #running: Promise<void> | null = null
  #isWoken = false
  #isStopped = false

  /** `onError`: called with what the work throws; it is then done again after `pauseMs`. */
  constructor(
    private readonly work: () => Promise<number | null>,
    private readonly onError: (error: unknown) => void,
    private readonly pauseMs: number,
  ) {}

  /** Does the work now, or once more if it is being done. */
  wake(): void {
    if (this.#isStopped) return
    this.#isWoken = true
    this.#clear()
    this.#running ??= this.#run()
  }

  /** Does the work in so many milliseconds at the latest. */
  wakeIn(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (this.#isStopped || at >= this.#wakesAt) return
    this.#clear()
    this.#wakesAt = at
    this.#timer = setTimeout(() => this.wake(), milliseconds).unref()
  }

  /** Resolves when the work that is being done has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#clear()
    await this.#running
  }

  async #run(): Promise<void> {
    let next: number | null = null
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false
      next = await this.work().catch((error: unknown) => {
        this.onError(error)
        return this.pauseMs
      })
    }
    this.#running = null
    if (next !== null) this.wakeIn(next)
  }

  #clear(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#wakesAt = Infinity
  }
}
