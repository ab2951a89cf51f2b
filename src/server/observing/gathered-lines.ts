import type { DestinationStream } from 'pino'

/** How late a line may be, ms. */
const LATENESS_MS = 20
/** UTF-16 code units that are not held back any longer. */
const MOST_HELD = 16_384

/** A destination whose lines are written together. */
export interface GatheredLines extends DestinationStream {
  /** Writes what is held back, at once. */
  flush(): void
}

/**
 * Writes lines together, in their order: each write of its own is a call into the system, as dear as
 * the line itself. Whoever ends the process calls `flush` last.
 */
export function gatheredLines(destination: DestinationStream): GatheredLines {
  let held = ''
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    const text = held
    held = ''
    if (text !== '') destination.write(text)
  }
  return {
    flush,
    write(line) {
      held += line
      if (held.length > MOST_HELD) flush()
      else timer ??= setTimeout(flush, LATENESS_MS)
    },
  }
}
