import { escapeLiteral } from 'pg'

import type { ArchiveRows, CallRow } from './rows.js'

const COLUMNS: Readonly<Record<keyof CallRow, string>> = {
  ...{ account: 'text', id: 'text', started_at: 'bigint', kind: 'text', direction: 'text', disposition: 'text' },
  ...{ caller_number: 'text', callee_number: 'text', duration_seconds: 'double precision' },
  ...{ wait_seconds: 'double precision', talk_seconds: 'double precision', record: 'text' },
}
const NAMES = Object.keys(COLUMNS)

/**
 * Common table expressions `put` and `gone`, which change an account's calls if there is a row in
 * `changed`. The rows are one literal, which PostgreSQL parses faster than thousands.
 */
export function changingCalls({ account, put, remove }: ArchiveRows): string {
  const assignments = NAMES.filter((name) => name !== 'account' && name !== 'id').map(
    (name) => `${name} = excluded.${name}`,
  )
  return `
, put as (
  insert into archive_calls (${NAMES.join(', ')})
  select ${NAMES.map((name) => `call.${name}`).join(', ')}
  from changed, json_to_recordset(${escapeLiteral(JSON.stringify(put))})
    as call (${Object.entries(COLUMNS)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')})
  on conflict (account, id) do update set ${assignments.join(', ')}
  returning 1
), gone as (
  delete from archive_calls using changed
  where account = ${escapeLiteral(account)} and id = any(array[${remove.map(escapeLiteral).join(', ')}]::text[])
  returning 1
)`
}
