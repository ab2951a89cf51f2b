const ends = new WeakMap<AbortSignal, number>()

/** Remembers when a signal will abort by itself, so that who waits under it can tell whether that is worth while; in real milliseconds from now. */
export function endsWithin(signal: AbortSignal, milliseconds: number): void {
  ends.set(signal, performance.now() + milliseconds)
}

/** Real milliseconds until the signal aborts by itself; 0 when nobody knows. */
export function timeLeft(signal: AbortSignal): number {
  return Math.max(0, (ends.get(signal) ?? 0) - performance.now())
}
