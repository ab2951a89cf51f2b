/** The longest pause between two rounds, ms; nobody sees it. */
const LONGEST_PAUSE_MS = 25

/**
 * Hands out what is ready in rounds. A round begins at once while there is time. Under load it waits
 * for as long as the last one took, so that what comes meanwhile goes with it: a write to a socket
 * costs more than all else together, however much is written.
 */
export class Rounds {
  readonly #ready = new Set<() => void>()
  #next: NodeJS.Immediate | NodeJS.Timeout | null = null
  #tookMs = 0
  #endedAt = -Infinity

  /** Calls the function in the next round, once. */
  join(handOut: () => void): void {
    this.#ready.add(handOut)
    if (this.#next !== null) return
    const pause = this.#endedAt + Math.min(this.#tookMs, LONGEST_PAUSE_MS) - performance.now()
    this.#next = pause < 1 ? setImmediate(() => this.#begin()) : setTimeout(() => this.#begin(), pause)
  }

  #begin(): void {
    this.#next = null
    const began = performance.now()
    const ready = [...this.#ready]
    this.#ready.clear()
    for (const handOut of ready) handOut()
    this.#endedAt = performance.now()
    this.#tookMs = this.#endedAt - began
  }
}
