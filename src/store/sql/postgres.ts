import { Kysely, sql, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg'

import type { SqlDialect } from './dialect.js'
import { postgresAppend } from './postgres-append.js'
import { PooledPostgres } from './pooled-postgres.js'
import { listenForEvents } from './postgres-listen.js'
import { refusesSettings, timedByTransaction } from './pooler.js'
import type { Tables } from './tables.js'

export interface PostgresTimeouts {
  readonly connectMs: number
  /** Shorter than a lease, which lasts 20 s. */
  readonly statementMs: number
  /** How long appending to the event log waits for another process that appends. */
  readonly lockMs?: number
}

const CONNECTIONS = 10
/** One appends while the others are on their way; more would only wait for it. */
const APPENDING_CONNECTIONS = 3
const LOCK_MS = 2_000
const TIMEOUTS: PostgresTimeouts = { connectMs: 3_000, statementMs: 5_000 }

/**
 * A database shared by replicas, also behind a pooler in transaction mode. A broken connection is
 * dropped; the next query opens another.
 */
export function openPostgres(
  connectionString: string,
  { connectMs, statementMs, lockMs = LOCK_MS }: PostgresTimeouts = TIMEOUTS,
): SqlDialect {
  const options = { connectionString, connectionTimeoutMillis: connectMs, query_timeout: statementMs }
  const pool = distrustingPool({ ...options, max: CONNECTIONS }, [
    { setting: { statement_timeout: statementMs }, send: (client) => client.query.bind(client) },
    { setting: {}, send: (client) => timedByTransaction(client, statementMs) },
  ])
  // When the log is held up, these alone wait, and everything else goes on.
  const appending = distrustingPool({ ...options, max: APPENDING_CONNECTIONS }, [
    { setting: {}, send: (client) => client.query.bind(client) },
  ])
  return {
    db: new Kysely<Tables>({ dialect: new PooledPostgres({ pool }) }),
    now: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
    events: {
      append: postgresAppend(appending.connect, { statementMs, lockMs }),
      listen: (wake) => listenForEvents(options, wake),
      close: appending.end,
    },
  }
}

/** A way to bound statements: by what is set for the session, or by how each is sent. */
interface Bounding {
  readonly setting: PoolConfig
  send(client: PoolClient): (text: string, values: unknown[]) => Promise<unknown>
}

/**
 * A pool that drops all its connections as soon as one fails: after a failover, or in a partitioned
 * network, they have no peer any more, and TCP would not report that for a quarter of an hour.
 */
function distrustingPool(shared: PoolConfig, [first, ...others]: readonly [Bounding, ...Bounding[]]): PostgresPool {
  let bounding = first
  const open = () => newPool({ ...shared, ...bounding.setting })
  let pool = open()
  const connected = async (mine: Pool): Promise<PoolClient> => {
    const tried = bounding
    try {
      return await mine.connect()
    } catch (error) {
      const next = others[others.indexOf(tried) + 1]
      if (!next || !refusesSettings(error)) throw error
      // Another may have met the same meanwhile.
      if (bounding === tried) {
        bounding = next
        pool = open()
      }
      return connected(pool)
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
        pool = open()
        mine.end().catch(() => {})
      }
      const send = bounding.send(client)
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
