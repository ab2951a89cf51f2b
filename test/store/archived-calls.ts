import { ARCHIVE, type ArchivedCall, type ArchivedFacts, type ArchiveQuery } from '../../src/store/archive-store.js'
import type { ArchiveUpdate } from '../../src/store/archive-store.js'
import type { Append } from '../../src/store/event-log.js'

/** A moment of the day on which the tests' calls are made. */
export const at = (time: string) => `2026-03-01T${time}.000Z`

const FACTS: ArchivedFacts = {
  ...{ kind: 'CALL', direction: 'INBOUND', disposition: 'ANSWERED', callerNumber: null, calleeNumber: null },
  ...{ durationSeconds: null, waitSeconds: null, talkSeconds: null },
}

export const archivedCall = (id: string, startedAt: string, facts: Partial<ArchivedFacts> = {}): ArchivedCall => ({
  ...{ id, startedAt, record: JSON.stringify({ id, startedAt, ...facts }), facts: { ...FACTS, ...facts } },
})

/** An append to an archive's stream. */
export const archiving = (
  from: number,
  { put = [], remove = [], sealed = false }: Partial<ArchiveUpdate>,
  { account = 'izmir', events = [], ...more }: Partial<Append> = {},
): Append => ({
  ...{ topic: ARCHIVE, stream: account, workspace: 'default', account, from, state: '{}', isOpen: true, at: 1_000 },
  ...{ events, archive: { put, remove, sealed } },
  ...more,
})

/** All calls of an account, unless more is said. */
export const asking = (query: Partial<ArchiveQuery> = {}): ArchiveQuery => ({
  ...{ account: 'izmir', from: null, until: null, order: 'ASC', after: null, atMost: 1_000 },
  ...query,
})

export const idsOf = (calls: readonly { readonly id: string }[]) => calls.map(({ id }) => id)
