import { escapeLiteral, type QueryResult } from 'pg'

import { changingCalls } from './archive/postgres-change-calls.js'
import type { StoredAppend } from './dialect.js'
import { CHANNEL } from './postgres-listen.js'

export interface AppendTimeouts {
  readonly statementMs: number
  /** How long it waits for another process that changes the same stream, or appends. */
  readonly lockMs: number
}

interface Connection {
  query(text: string, values: unknown[]): Promise<unknown>
  release(): void
}

/**
 * Appends by one message of the simple protocol, which the server runs to its end and commits
 * whatever becomes of this process: the lock on the last position, for which all others wait, is
 * never held for longer than the server takes, and needs no session of a pooler.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export function postgresAppend(connect: () => Promise<Connection>, timeouts: AppendTimeouts) {
  return async (change: StoredAppend): Promise<readonly number[] | null> => {
    const connection = await connect()
    try {
      const results = (await connection.query(message(change, timeouts), [])) as QueryResult<{ last: string }>[]
      const row = results.at(-1)!.rows[0]
      return row ? change.events.map((_, index) => Number(row.last) - change.events.length + index + 1) : null
    } finally {
      connection.release()
    }
  }
}

/** Several statements in one message are one transaction, and the settings are its own. */
const message = (change: StoredAppend, { statementMs, lockMs }: AppendTimeouts): string => `
set local statement_timeout = ${Math.ceil(statementMs)};
set local lock_timeout = ${Math.ceil(lockMs)};
with changed as (${changeOfStream(change)})${change.calls ? changingCalls(change.calls) : ''}
${change.events.length === 0 ? 'select 0 as last from changed' : appending(change)}`

/**
 * Calls are changed before the last position is locked: others wait for that one alone.
 *
 * Positions in the order of commits: the row of the last position stays locked until the commit,
 * and whoever waited for it counts on from the row as it then is, not as its snapshot shows it
 * (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED). It is locked
 * only after the stream's row, and only when that row was changed.
 */
const appending = ({ topic, stream, workspace, account, events, at, calls }: StoredAppend): string => `
, counted as (
  update event_log set position = position + ${events.length} 
  from changed${calls ? ', (select (select count(*) from put), (select count(*) from gone)) as calls' : ''}
  where name = 'last'
  returning position as last
), appended as (
  insert into events (position, topic, stream, workspace, account, body, at)
  select counted.last - ${events.length} + body.number, ${[topic, stream, workspace, account].map(escapeLiteral).join(', ')}, body.text, ${whole(at)}
  from counted, unnest(array[${events.map(escapeLiteral).join(', ')}]) with ordinality as body (text, number)
)
select last, pg_notify('${CHANNEL}', '') from counted`

function changeOfStream({ topic, stream, workspace, account, from, state, isOpen, at }: StoredAppend): string {
  const text = escapeLiteral
  const columns = {
    ...{ workspace: text(workspace), account: text(account), state: text(state) },
    ...{ is_open: String(Number(isOpen)), changed_at: whole(at), revision: whole(from + 1) },
  }
  if (from === 0)
    return `
  insert into event_streams (topic, stream, ${Object.keys(columns).join(', ')})
  values (${text(topic)}, ${text(stream)}, ${Object.values(columns).join(', ')})
  on conflict (topic, stream) do nothing returning revision`
  const assignments = Object.entries(columns).map(([name, value]) => `${name} = ${value}`)
  return `
  update event_streams set ${assignments.join(', ')}
  where topic = ${text(topic)} and stream = ${text(stream)} and revision = ${whole(from)} returning revision`
}

const whole = (value: number): string => String(Math.round(value))
