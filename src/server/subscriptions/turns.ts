/** So much begins in one turn of the event loop. */
const IN_A_TURN = 32

/**
 * Begins work a little at a time, in the order it came. What needs to wait for nothing is over
 * before more begins, and so its garbage is young; what does wait keeps nobody else from beginning.
 */
export class Turns {
  #waiting: (() => number)[] = []
  #next: NodeJS.Immediate | null = null

  /** Calls the function when it is its turn; it returns how much it has begun. Does not throw. */
  join(begin: () => number): void {
    this.#waiting.push(begin)
    this.#next ??= setImmediate(() => this.#turn())
  }

  #turn(): void {
    let begun = 0
    let taken = 0
    while (begun < IN_A_TURN && taken < this.#waiting.length) begun += this.#waiting[taken++]!()
    this.#waiting.splice(0, taken)
    this.#next = this.#waiting.length > 0 ? setImmediate(() => this.#turn()) : null
  }
}
