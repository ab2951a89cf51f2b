import { LinkedList, type Link } from '../../linked-list.js'

/** Something that may take so long and no longer. */
export interface Timed {
  /** Its time is over. */
  late(): void
}

/** A deadline that is set. */
export interface Deadline {
  clear(): void
}

interface Entry {
  readonly timed: Timed
  /** On the clock of `performance.now()`. */
  readonly lateAt: number
}

/**
 * Deadlines of many things that have the same few times: those of one length are late in the order
 * they were set, so that one timer serves them all. It keeps no process alive.
 */
export class Deadlines {
  readonly #lists = new Map<number, SameLength>()

  /** `timed.late()` is called in so many ms, unless the deadline is cleared before. */
  set(timed: Timed, milliseconds: number): Deadline {
    let list = this.#lists.get(milliseconds)
    // What is left for another attempt is seldom the same twice: its list goes when it has ended.
    if (!list) this.#lists.set(milliseconds, (list = new SameLength(milliseconds, this.#drop)))
    return list.set(timed)
  }

  /** Clears all of them. */
  close(): void {
    for (const list of this.#lists.values()) list.close()
    this.#lists.clear()
  }

  readonly #drop = (list: SameLength): void => {
    if (this.#lists.get(list.milliseconds) === list) this.#lists.delete(list.milliseconds)
  }
}

class SameLength {
  readonly #entries = new LinkedList<Entry>()
  #timer: NodeJS.Timeout | null = null

  constructor(
    readonly milliseconds: number,
    private readonly ended: (list: SameLength) => void,
  ) {}

  set(timed: Timed): Deadline {
    const link = this.#entries.add({ timed, lateAt: performance.now() + this.milliseconds })
    // It may be that of an earlier deadline, which has been cleared: then it looks again.
    this.#timer ??= setTimeout(this.#look, this.milliseconds).unref()
    return new SetDeadline(this.#entries, link)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  readonly #look = (): void => {
    const now = performance.now()
    let first = this.#entries.first
    for (; first && first.value.lateAt <= now; first = this.#entries.first) {
      this.#entries.remove(first)
      first.value.timed.late()
    }
    this.#timer = first ? setTimeout(this.#look, Math.ceil(first.value.lateAt - now)).unref() : null
    if (!first) this.ended(this)
  }
}

class SetDeadline implements Deadline {
  constructor(
    private readonly entries: LinkedList<Entry>,
    private readonly link: Link<Entry>,
  ) {}

  clear(): void {
    this.entries.remove(this.link)
  }
}
