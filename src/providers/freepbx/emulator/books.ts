import type { BookedContents } from '../../../emulator/conformance-facts.js'
import type { Tables } from './tables.js'

/** What is stored, for a suite that compares it with what a client made of it. */
export function booksOf(tables: Tables): BookedContents {
  const starts = new Map<string, number>()
  for (const { linkedid, start } of tables.calls)
    starts.set(linkedid, Math.min(start, starts.get(linkedid) ?? Infinity))
  return {
    dids: tables.routes.map(({ extension, cidnum }) => ({
      id: `${extension}/${cidnum}`,
      number: /^\d+$/.test(extension) ? `+${extension}` : null,
    })),
    extensions: [...tables.users.values()].map(({ extension }) => ({ id: extension, number: extension })),
    groups: [
      ...tables.groups.map(({ number, description }) => ({ id: `ringgroup:${number}`, number, name: description })),
      ...tables.queues.map(({ extension, name }) => ({ id: `queue:${extension}`, number: extension, name })),
    ],
    calls: [...starts].map(([id, startedAt]) => ({ id, startedAt })),
  }
}
