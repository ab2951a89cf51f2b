const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Clocks of a zone are never set twice within so long. */
const BETWEEN_CHANGES_MS = 12 * 60 * MINUTE_MS

/** How far local time may be from UTC, with some to spare. */
const FARTHEST_MS = DAY_MS

/** A time in which the clocks of a zone were not set; ms. */
interface Steady {
  readonly from: number
  readonly until: number
  /** Local time less UTC. */
  readonly offset: number
}

/**
 * The clocks of one zone. Local times are counted in ms as if they were UTC. The times between two
 * changes of the clocks are found once, where they are asked for.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat
  /** In the order of time, each ending where the next begins. */
  #steady: Steady[] = []
  #last: Steady | null = null

  /** @throws RangeError for a name that no zone has */
  constructor(readonly name: string) {
    const numeric = 'numeric' as const
    this.#format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: name, hourCycle: 'h23', calendar: 'iso8601', numberingSystem: 'latn', era: 'short' },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    })
  }

  /** Local time less UTC at a moment, ms. */
  offsetAt(moment: number): number {
    return this.#at(moment).offset
  }

  localOf(moment: number): number {
    return moment + this.offsetAt(moment)
  }

  /**
   * The first moment at which the clocks show this time or a later one: of a time that is skipped,
   * when the clocks are set; of one that comes twice, the first.
   */
  firstMoment(local: number): number {
    const end = local + FARTHEST_MS
    for (let steady = this.#at(local - FARTHEST_MS); ; steady = this.#at(steady.until)) {
      const moment = Math.max(steady.from, local - steady.offset)
      if (moment < steady.until || steady.until > end) return moment
    }
  }

  /** Whether clocks are set, and differ from UTC, by whole multiples of a length alone, in a time. */
  goesBy(length: number, from: number, until: number): boolean {
    for (let steady = this.#at(from); ; steady = this.#at(steady.until)) {
      if (steady.offset % length !== 0) return false
      if (steady.until >= until) return true
      if (steady.until % length !== 0) return false
    }
  }

  #at(moment: number): Steady {
    if (this.#last && moment >= this.#last.from && moment < this.#last.until) return this.#last
    this.#reach(moment)
    let [low, high] = [0, this.#steady.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#steady[middle]!.until > moment) high = middle
      else low = middle + 1
    }
    return (this.#last = this.#steady[low]!)
  }

  /** Extends what is known up to a moment. */
  #reach(moment: number): void {
    if (this.#steady.length === 0) {
      const from = Math.floor(moment / DAY_MS) * DAY_MS
      this.#steady.push(...this.#read(from, from + DAY_MS))
    }
    while (moment < this.#steady[0]!.from) {
      const { from } = this.#steady[0]!
      const reached = Math.min(moment, from - 30 * DAY_MS)
      this.#steady = joined([...this.#read(reached, from), ...this.#steady])
    }
    while (moment >= this.#steady.at(-1)!.until) {
      const { until } = this.#steady.at(-1)!
      this.#steady = joined([...this.#steady, ...this.#read(until, Math.max(moment + 1, until + 30 * DAY_MS))])
    }
  }

  #read(from: number, until: number): readonly Steady[] {
    const found: Steady[] = []
    for (let begin = from; begin < until;) {
      const end = Math.min(begin + BETWEEN_CHANGES_MS, until)
      const [offset, later] = [this.#ask(begin), this.#ask(end)]
      const change = offset === later ? end : this.#changeBetween(begin, end, offset)
      found.push({ from: begin, until: change, offset })
      if (change < end) found.push({ from: change, until: end, offset: later })
      begin = end
    }
    return joined(found)
  }

  /** The first moment, to the ms, at which the offset is another. */
  #changeBetween(from: number, until: number, offset: number): number {
    let [before, after] = [from, until]
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (this.#ask(middle) === offset) before = middle
      else after = middle
    }
    return after
  }

  #ask(moment: number): number {
    const parts: Record<string, string> = {}
    for (const { type, value } of this.#format.formatToParts(moment)) parts[type] = value
    const year = Number(parts['year'])
    const local = new Date(0)
    local.setUTCFullYear(
      parts['era']?.startsWith('B') ? 1 - year : year,
      Number(parts['month']) - 1,
      Number(parts['day']),
    )
    local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']))
    return local.getTime() - Math.floor(moment / 1_000) * 1_000
  }
}

/** Neighbours of one offset as one. */
function joined(list: readonly Steady[]): Steady[] {
  const result: Steady[] = []
  for (const steady of list) {
    const before = result.at(-1)
    if (before?.offset === steady.offset) result[result.length - 1] = { ...before, until: steady.until }
    else result.push(steady)
  }
  return result
}
