import { sql, type Kysely } from 'kysely'

import { ARCHIVE } from '../../archive-store.js'
import type { Tables } from '../tables.js'

/**
 * Locks the stream of an account's archive. Whoever changes calls or their tallies does so first: two
 * that did not could wait for each other.
 */
export const holdStream = (within: Kysely<Tables>, account: string) =>
  within
    .updateTable('event_streams')
    .set({ revision: sql<number>`revision` })
    .where('topic', '=', ARCHIVE)
    .where('stream', '=', account)
    .execute()
