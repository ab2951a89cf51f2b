import type { Fault, Faults, FaultyRequest, JournalEntry } from './emulator.js'

/** The faults a test has queued, as the server takes them. */
export interface FaultQueue extends Faults {
  /** The fault for this request, if any; counts down its `times`. */
  take(request: FaultyRequest, kind: JournalEntry['kind']): Fault | null
}

export function createFaults(): FaultQueue {
  let queue: { fault: Fault; left: number; refused: Set<string> }[] = []
  return {
    next: (fault) => void queue.push({ fault, left: fault.times ?? 1, refused: new Set() }),
    clear: () => void (queue = []),
    take(request, kind) {
      const entry = queue.find(
        ({ fault, refused }) =>
          (!fault.kind || fault.kind === kind) &&
          (!fault.path || fault.path.test(request.path)) &&
          (!fault.method || fault.method === request.method) &&
          (!fault.when || fault.when(request)) &&
          (!fault.freshToken || isFirst(request, refused)),
      )
      if (!entry) return null
      entry.left -= 1
      if (entry.left <= 0) queue = queue.filter((other) => other !== entry)
      return entry.fault
    },
  }
}

/** Whether a request is the first with its token. */
function isFirst({ headers, query }: FaultyRequest, seen: Set<string>): boolean {
  const token = headers['authorization'] ?? query.get('access_token')
  if (token == null || seen.has(token)) return false
  seen.add(token)
  return true
}
