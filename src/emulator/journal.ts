import type { Journal, JournalEntry } from './emulator.js'

/** A view of entries that the server goes on appending to. */
export function createJournal(entries: JournalEntry[]): Journal {
  const of = (kind: JournalEntry['kind']) => entries.filter((entry) => entry.kind === kind)
  return {
    entries,
    get tokenRequests() {
      return of('token')
    },
    get apiRequests() {
      return of('api')
    },
    lines: () => of('api').map(({ method, path }) => `${method} ${path}`),
    clear: () => void (entries.length = 0),
  }
}
