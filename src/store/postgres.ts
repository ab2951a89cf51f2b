import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'

import type { SqlDialect } from './sql.js'
import type { Tables } from './tables.js'

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 3_000
/** A statement that takes longer is given up: the lease it may be about lasts 20 s. */
const STATEMENT_TIMEOUT_MS = 5_000

/** Shared by replicas. A connection that breaks while idle is forgotten; the next query opens another. */
export function openPostgres(connectionString: string): SqlDialect {
  const pool = new Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
  })
  pool.on('error', () => {})
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    now: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  }
}
