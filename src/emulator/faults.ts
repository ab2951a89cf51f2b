import type { Fault, Faults } from './emulator.js'

/** The faults a test has queued, as the server takes them. */
export interface FaultQueue extends Faults {
  /** The fault for this request, if any; counts down its `times`. */
  take(request: { readonly method: string; readonly path: string }): Fault | null
}

export function createFaults(): FaultQueue {
  let queue: { fault: Fault; left: number }[] = []
  return {
    next: (fault) => void queue.push({ fault, left: fault.times ?? 1 }),
    clear: () => void (queue = []),
    take(request) {
      const entry = queue.find(
        ({ fault }) =>
          (!fault.path || fault.path.test(request.path)) && (!fault.method || fault.method === request.method),
      )
      if (!entry) return null
      entry.left -= 1
      if (entry.left <= 0) queue = queue.filter((other) => other !== entry)
      return entry.fault
    },
  }
}
