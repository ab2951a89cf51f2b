/** Items in order of time; ties stay in order of insertion. */
export class Timeline<T> {
  readonly #things: T[] = []
  readonly #timeOf: (thing: T) => number

  constructor(timeOf: (thing: T) => number) {
    this.#timeOf = timeOf
  }

  add(thing: T): void {
    this.#things.splice(this.#firstAfter(this.#timeOf(thing)), 0, thing)
  }

  remove(thing: T): void {
    this.#things.splice(this.#things.indexOf(thing), 1)
  }

  clear(): void {
    this.#things.length = 0
  }

  /** Both bounds are inclusive. */
  between(from: number, until: number): T[] {
    return this.#things.slice(this.#firstNotBefore(from), this.#firstAfter(until))
  }

  #firstAfter(time: number): number {
    return this.#search((thing) => this.#timeOf(thing) > time)
  }

  #firstNotBefore(time: number): number {
    return this.#search((thing) => this.#timeOf(thing) >= time)
  }

  #search(isBehind: (thing: T) => boolean): number {
    let low = 0
    let high = this.#things.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBehind(this.#things[middle] as T)) high = middle
      else low = middle + 1
    }
    return low
  }
}
