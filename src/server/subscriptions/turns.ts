/** So many begin in one turn of the event loop. */
const IN_A_TURN = 32

/**
 * Begins work a little at a time. What needs to wait for nothing is over before more begins, and so
 * its garbage is young; what does wait keeps nobody else from beginning.
 */
export class Turns {
  #waiting: (() => void)[] = []
  #begun = 0
  #next: NodeJS.Immediate | null = null

  /** Begins at once where it is nobody's turn. */
  begin<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length === 0 && this.#begun < IN_A_TURN) {
      this.#count()
      return work()
    }
    return new Promise((resolve) => this.#waiting.push(() => resolve(work())))
  }

  #count(): void {
    this.#begun += 1
    this.#next ??= setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#next = null
    this.#begun = 0
    for (const begin of this.#waiting.splice(0, IN_A_TURN)) {
      this.#count()
      begin()
    }
  }
}
