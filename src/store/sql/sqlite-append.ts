import { sql, type Kysely } from 'kysely'

import { changeCalls, partsOf } from './archive/change-calls.js'
import type { StoredAppend } from './dialect.js'
import { count } from './rows.js'
import type { Tables } from './tables.js'

type Positions = readonly number[] | null

interface Waiting {
  readonly change: StoredAppend
  resolve(positions: Positions): void
  reject(error: unknown): void
}

/** Far more than come while one commit is written. */
const MOST_AT_ONCE = 100

/** Of archives: as many hold the lock for as long as one is let wait, however many archives are filled. */
const MOST_CALLS_AT_ONCE = 1_000

/** Of one statement. */
const EVENTS_AT_ONCE = 100

/**
 * Appends in transactions. A commit takes as long as the disk does, and nothing else happens
 * meanwhile, so all that wait for it go with the next one.
 */
export function sqliteAppend(db: Kysely<Tables>) {
  const waiting: Waiting[] = []

  async function appendWaiting(): Promise<void> {
    let taken: readonly Waiting[] = []
    const take = (): readonly StoredAppend[] => {
      taken = waiting.splice(0, mayGoTogether(waiting))
      if (waiting.length > 0) void appendWaiting()
      return taken.map(({ change }) => change)
    }
    try {
      const positions = await appendTogether(db, take)
      for (const [index, { resolve }] of taken.entries()) resolve(positions[index]!)
    } catch (error) {
      // Before anything was taken: it cannot begin, and so nothing that waits can.
      const failed = taken.length > 0 ? taken : waiting.splice(0)
      if (failed.length > 1 && isOfOne(error)) for (const one of failed) await appendAlone(one)
      else for (const { reject } of failed) reject(error)
    }
  }

  /** Whatever was wrong with the others. */
  const appendAlone = ({ change, resolve, reject }: Waiting) =>
    appendTogether(db, () => [change]).then(([positions]) => resolve(positions!), reject)

  return (change: StoredAppend): Promise<Positions> =>
    new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject })
      if (waiting.length === 1) void appendWaiting()
    })
}

/** How many of those that wait; one at least. */
function mayGoTogether(waiting: readonly Waiting[]): number {
  let calls = 0
  const tooMany = waiting.findIndex(({ change }, index) => {
    calls += change.calls?.put.length ?? 0
    return index === MOST_AT_ONCE || (index > 0 && calls > MOST_CALLS_AT_ONCE)
  })
  return tooMany < 0 ? waiting.length : tooMany
}

/** Whether a change cannot be made for what it is: a lock or a full disk is the same for all. */
const isOfOne = (error: unknown): boolean =>
  /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/.test((error as { readonly code?: string }).code ?? '')

/**
 * `take` is called once the connection is free. The transaction's first statement writes, so that
 * it waits for other processes at its beginning, where waiting is possible, and reads nothing that
 * another one then changes.
 */
const appendTogether = (db: Kysely<Tables>, take: () => readonly StoredAppend[]): Promise<readonly Positions[]> =>
  db.transaction().execute(async (within) => {
    const positions: Positions[] = []
    for (const change of take()) positions.push(await append(within, change))
    return positions
  })

async function append(within: Kysely<Tables>, change: StoredAppend): Promise<Positions> {
  if (!(await changeStream(within, change))) return null
  const { topic, stream, workspace, account, events, at, calls } = change
  if (calls) await changeCalls(within, calls)
  if (events.length === 0) return []
  const { position: last } = await within
    .updateTable('event_log')
    .set({ position: sql<number>`position + ${events.length}` })
    .where('name', '=', 'last')
    .returning('position')
    .executeTakeFirstOrThrow()
  const positions = events.map((_, index) => last - events.length + index + 1)
  const rows = events.map((body, index) => ({
    ...{ position: positions[index]!, topic, stream, workspace, account, body, at: Math.round(at) },
  }))
  for (const part of partsOf(rows, EVENTS_AT_ONCE)) await within.insertInto('events').values(part).execute()
  return positions
}

async function changeStream(within: Kysely<Tables>, change: StoredAppend): Promise<boolean> {
  const { topic, stream, workspace, account, from, state, isOpen, at } = change
  const columns = { workspace, account, state, is_open: Number(isOpen), changed_at: Math.round(at), revision: from + 1 }
  if (from === 0) {
    const insert = within
      .insertInto('event_streams')
      .values({ topic, stream, ...columns })
      .onConflict((conflict) => conflict.columns(['topic', 'stream']).doNothing())
    return count(await insert.executeTakeFirst()) === 1
  }
  const update = within
    .updateTable('event_streams')
    .set(columns)
    .where('topic', '=', topic)
    .where('stream', '=', stream)
    .where('revision', '=', from)
  return count(await update.executeTakeFirst()) === 1
}
