import { sql, type Kysely, type Selectable } from 'kysely'

import type { Keyring } from '../../keyring.js'
import { TALLIED_AT_ONCE_MS, TALLY_DIMENSIONS, type MadeTallies, type TallyStore } from '../../tally-store.js'
import { deleting } from '../deleting.js'
import type { SqlDialect } from '../dialect.js'
import { placeOf, type ArchiveTallyTable, type Tables } from '../tables.js'
import { partsOf } from './change-calls.js'
import { holdStream } from './hold-stream.js'

type TallyRow = Selectable<ArchiveTallyTable>

/** Marks stand beside the tallies, so that one statement sees both as they are at one moment. */
const CHANGED = 'CHANGED'
const DAY = 'DAY'

/** Calls of a day were changed while it was tallied. */
class DayDisturbed extends Error {}

/** Rows of one statement. */
const AT_ONCE = 100

/** The tallies of archives in SQL. What is changed is marked by triggers of the database. */
export function sqlTallies({ db }: SqlDialect, keys: Keyring): TallyStore {
  return {
    async tallies(account, dimension, from, until) {
      const kinds = [CHANGED, DAY, ...(dimension === null ? [] : [dimension])]
      const rows = await db
        .selectFrom('archive_tallies')
        .select(['kind', 'starts_at', 'tally'])
        .where('account', '=', account)
        .where('kind', 'in', kinds)
        .where('starts_at', '>=', from)
        .where('starts_at', '<', until)
        .execute()
      const of = (kind: string) =>
        rows.filter((row) => row.kind === kind).sort((one, other) => Number(one.starts_at) - Number(other.starts_at))
      const startsOf = (kind: string) => of(kind).map(({ starts_at }) => Number(starts_at))
      return {
        tallies: of(dimension ?? '').map((row) => ({
          from: Number(row.starts_at),
          tally: opened({ account, ...row }),
        })),
        changed: startsOf(CHANGED),
        days: startsOf(DAY),
      }
    },
    claimTallies: (account, quarters, claim) =>
      db.transaction().execute(async (within) => {
        await holdStream(within, account)
        for (const part of partsOf(quarters, AT_ONCE))
          await within
            .insertInto('archive_tallies')
            .values(part.map((starts_at) => ({ account, kind: CHANGED, starts_at, tally: claim })))
            .onConflict((conflict) =>
              conflict
                .columns(['account', 'kind', 'starts_at'])
                .doUpdateSet(({ ref }) => ({ tally: ref('excluded.tally') })),
            )
            .execute()
      }),
    keepTallies: (account, made) =>
      db
        .transaction()
        .execute((within) => keep(within, account, made))
        .catch((error: unknown) => {
          if (error instanceof DayDisturbed) return false
          throw error
        }),
  }

  /** @throws DayDisturbed, which leaves everything as it was */
  async function keep(within: Kysely<Tables>, account: string, made: MadeTallies): Promise<boolean> {
    await holdStream(within, account)
    const unchanged = new Set<number>()
    for (const part of partsOf(made.quarters, AT_ONCE)) {
      const claimed = await sql<Pick<TallyRow, 'starts_at'>>`
        delete from archive_tallies
        where account = ${account} and kind = ${CHANGED} and tally = ${made.claim}
          and starts_at in (${sql.join(part)})
        returning starts_at`.execute(within)
      for (const { starts_at } of claimed.rows) unchanged.add(Number(starts_at))
    }
    const isWhole = unchanged.size === made.quarters.length
    // Another process may have made the day before: what it has marks for must keep them.
    if (made.day !== null && !isWhole) throw new DayDisturbed()
    for (const part of partsOf([...unchanged], AT_ONCE))
      await within
        .deleteFrom('archive_tallies')
        .where('account', '=', account)
        .where('kind', 'in', TALLY_DIMENSIONS)
        .where('starts_at', 'in', part)
        .execute()
    const rows = made.tallies
      .filter(({ from }) => unchanged.has(from))
      .map(({ from, dimension, tally }) => ({ account, kind: dimension, starts_at: from, tally }))
    for (const part of partsOf(
      rows.map((row) => (made.sealed ? sealed(row) : row)),
      AT_ONCE,
    ))
      await within.insertInto('archive_tallies').values(part).execute()
    if (made.day !== null)
      await within
        .insertInto('archive_tallies')
        .values({ account, kind: DAY, starts_at: made.day, tally: '' })
        .onConflict((conflict) => conflict.columns(['account', 'kind', 'starts_at']).doNothing())
        .execute()
    return isWhole
  }

  function sealed(row: TallyRow): TallyRow {
    return { ...row, tally: keys.seal(row.tally, tallyPlace(row)) }
  }

  /** @throws SealBroken */
  function opened(row: TallyRow): string {
    return row.tally.startsWith('[') ? row.tally : keys.open(row.tally, tallyPlace(row))
  }
}

/**
 * Deletes the tallies of the days before a time, once their calls are gone: each day whole, since a day
 * without its tallies is one without calls.
 */
export async function forgetTallies(db: Kysely<Tables>, account: string, before = Infinity): Promise<void> {
  const end = before === Infinity ? Infinity : Math.floor(before / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
  for (;;) {
    const marked = db.selectFrom('archive_tallies').where('account', '=', account).where('kind', 'in', [DAY, CHANGED])
    const { oldest } = await marked.select(({ fn }) => fn.min('starts_at').as('oldest')).executeTakeFirstOrThrow()
    if (oldest === null || Number(oldest) >= end) return
    const day = Math.floor(Number(oldest) / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
    await deleting(db, async (within) => {
      await holdStream(within, account)
      await within
        .deleteFrom('archive_tallies')
        .where('account', '=', account)
        .where('kind', 'in', [DAY, CHANGED, ...TALLY_DIMENSIONS])
        .where('starts_at', '>=', day)
        .where('starts_at', '<', day + TALLIED_AT_ONCE_MS)
        .execute()
    })
  }
}

const tallyPlace = ({ account, kind, starts_at }: TallyRow) =>
  placeOf('archive_tallies', 'tally', account, kind, String(starts_at))
