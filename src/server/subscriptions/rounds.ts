/** The longest pause between two rounds, ms; nobody sees it. */
const LONGEST_PAUSE_MS = 25

/** After a round with several events of one question the next one is not begun for one alone, ms: about a commit. */
const FOR_COMPANY_MS = 6

/**
 * Hands out what is ready in rounds. A round begins at once while there is time. Under load it waits
 * for as long as the last one took, so that what comes meanwhile goes with it: a write to a socket
 * costs more than all else together, however much is written. What came together before is likely to
 * come together again, and is waited for, too.
 */
export class Rounds {
  readonly #ready = new Set<() => number>()
  #next: NodeJS.Immediate | NodeJS.Timeout | null = null
  #tookMs = 0
  /** The most events that somebody was handed together in the last round. */
  #together = 0
  #endedAt = -Infinity

  /** Calls the function in the next round, once; it returns how many events it has handed out together. */
  join(handOut: () => number): void {
    this.#ready.add(handOut)
    if (this.#next !== null) return
    const rest = this.#endedAt + Math.min(this.#tookMs, LONGEST_PAUSE_MS) - performance.now()
    const pause = Math.max(rest, this.#together > 1 ? FOR_COMPANY_MS : 0)
    this.#next = pause < 1 ? setImmediate(() => this.#begin()) : setTimeout(() => this.#begin(), pause)
  }

  #begin(): void {
    this.#next = null
    const began = performance.now()
    const ready = [...this.#ready]
    this.#ready.clear()
    this.#together = 0
    for (const handOut of ready) this.#together = Math.max(this.#together, handOut())
    this.#endedAt = performance.now()
    this.#tookMs = this.#endedAt - began
  }
}
