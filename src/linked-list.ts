/** One entry of a `LinkedList`. */
export interface Link<Value> {
  readonly value: Value
  before: Link<Value> | null
  after: Link<Value> | null
  isListed: boolean
}

/** Values in the order they were added; any of them is taken out at once, however many there are. */
export class LinkedList<Value> {
  #first: Link<Value> | null = null
  #last: Link<Value> | null = null
  #size = 0

  get first(): Link<Value> | null {
    return this.#first
  }

  get size(): number {
    return this.#size
  }

  /** Adds at the end. */
  add(value: Value): Link<Value> {
    const link: Link<Value> = { value, before: this.#last, after: null, isListed: true }
    if (this.#last) this.#last.after = link
    else this.#first = link
    this.#last = link
    this.#size += 1
    return link
  }

  /** Does nothing where it has been removed before. */
  remove(link: Link<Value>): void {
    if (!link.isListed) return
    link.isListed = false
    this.#size -= 1
    if (link.before) link.before.after = link.after
    else this.#first = link.after
    if (link.after) link.after.before = link.before
    else this.#last = link.before
  }
}
