import { DatabaseError, type PoolClient, type QueryResult } from 'pg'

/**
 * Whether a connection was refused for what it set at its start: a pooler such as PgBouncer shares its
 * connections, and takes no `statement_timeout` there.
 */
export const refusesSettings = (error: unknown): boolean =>
  error instanceof DatabaseError && /startup parameter|statement_timeout/i.test(error.message)

type Query = (text: string, values: unknown[]) => Promise<QueryResult>

/**
 * Queries through a pooler in transaction mode, each within `statementMs`: what is set for the session
 * would meet another client's statements, so it is set for each transaction (`SET LOCAL`), and
 * every statement has one.
 */
export function timedByTransaction(client: PoolClient, statementMs: number): Query {
  const limit = `set local statement_timeout = ${Math.ceil(statementMs)}`
  let isWithin = false
  return async (text, values) => {
    if (isWithin || BEGINS.test(text)) {
      const result = await client.query(text, values)
      if (BEGINS.test(text)) await client.query(limit)
      isWithin = !ENDS.test(text)
      return result
    }
    await client.query(`begin; ${limit}`)
    try {
      const result = await client.query(text, values)
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    }
  }
}

const BEGINS = /^\s*(begin|start transaction)\b/i
const ENDS = /^\s*(commit|rollback(?!\s+to))\b/i
