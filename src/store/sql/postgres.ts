import { Kysely, PostgresDialect, sql, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg'

import type { SqlDialect } from './dialect.js'
import { refusesSettings, timedByTransaction } from './pooler.js'
import type { Tables } from './tables.js'

export interface PostgresTimeouts {
  readonly connectMs: number
  /** Shorter than a lease, which lasts 20 s. */
  readonly statementMs: number
}

const CONNECTIONS = 10
const TIMEOUTS: PostgresTimeouts = { connectMs: 3_000, statementMs: 5_000 }

/**
 * A database shared by replicas, also behind a pooler in transaction mode. A broken connection is
 * dropped; the next query opens another.
 */
export function openPostgres(
  connectionString: string,
  { connectMs, statementMs }: PostgresTimeouts = TIMEOUTS,
): SqlDialect {
  const options = {
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
  }
  const pool = distrustingPool(options, statementMs)
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    now: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  }
}

/**
 * A pool that drops all its connections as soon as one fails: after a failover, or in a partitioned
 * network, they have no peer any more, and TCP would not report that for a quarter of an hour.
 */
function distrustingPool(shared: PoolConfig, statementMs: number): PostgresPool {
  let options: PoolConfig = { ...shared, statement_timeout: statementMs }
  let pool = newPool(options)
  const connected = async (mine: Pool): Promise<PoolClient> => {
    try {
      return await mine.connect()
    } catch (error) {
      if (options === shared || !refusesSettings(error)) throw error
      options = shared
      pool = newPool(options)
      return pool.connect()
    }
  }
  return {
    end: () => pool.end(),
    async connect() {
      const client = await connected(pool)
      const mine = pool
      let isLost = false
      const release = () => {
        client.release(isLost)
        if (!isLost || mine !== pool) return
        pool = newPool(options)
        mine.end().catch(() => {})
      }
      const send = options === shared ? timedByTransaction(client, statementMs) : client.query.bind(client)
      const query = async (text: string, values: unknown[]) => {
        try {
          return await send(text, values)
        } catch (error) {
          // An error reported by the database came over a connection that works.
          isLost ||= !(error instanceof DatabaseError)
          throw error
        }
      }
      // Kysely's other signature, with a cursor, is for streamed results: there are none here.
      return { query: query as unknown as PostgresPoolClient['query'], release }
    },
  }
}

function newPool(options: PoolConfig): Pool {
  const pool = new Pool(options)
  pool.on('error', () => {})
  // A connection that breaks in use rejects its query; an unhandled 'error' event would end the
  // process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}
