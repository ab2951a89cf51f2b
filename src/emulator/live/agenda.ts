import type { EmulatorClock } from '../emulator.js'

/** What is to happen at moments of an emulator's clock, whether it runs or is moved by a test. */
export interface Agenda {
  /** The moment of what is being done, else that of the clock, ms. */
  now(): number
  /** Due at once when the moment has passed. Returns what takes it off the agenda. */
  at(time: number, act: () => void): () => void
  /** Does what is due, in order of time: the clock was moved. */
  run(): void
  clear(): void
}

interface Entry {
  readonly time: number
  readonly act: () => void
}

/** A clock may be moved past the moment that was waited for. */
const LONGEST_WAIT = 1000

/** While the clock stands still nothing happens until somebody moves it and calls `run`. */
export function createAgenda(clock: Pick<EmulatorClock, 'now' | 'isRunning'>): Agenda {
  let entries: Entry[] = []
  let timer: NodeJS.Timeout | undefined
  let doing: number | null = null

  function run(): void {
    for (;;) {
      const [next] = entries
      if (!next || next.time > clock.now()) break
      entries.shift()
      const before = doing
      doing = next.time
      try {
        next.act()
      } finally {
        doing = before
      }
    }
    wait()
  }

  function wait(): void {
    clearTimeout(timer)
    const [next] = entries
    if (!next || !clock.isRunning) return
    timer = setTimeout(run, Math.min(LONGEST_WAIT, Math.max(0, next.time - clock.now())))
    timer.unref()
  }

  return {
    now: () => doing ?? clock.now(),
    at(time, act) {
      const entry = { time, act }
      const place = entries.findIndex((other) => other.time > time)
      entries.splice(place < 0 ? entries.length : place, 0, entry)
      wait()
      return () => void (entries = entries.filter((other) => other !== entry))
    },
    run,
    clear() {
      entries = []
      clearTimeout(timer)
    },
  }
}
