import { TALLY_MS } from '../../tally-store.js'

/** The quarter of an hour that a row's call began in; times before 1970 are below zero. */
const quarter = (row: string) => `${row}started_at - ((${row}started_at % ${TALLY_MS}) + ${TALLY_MS}) % ${TALLY_MS}`

const MARKED = `on conflict (account, kind, starts_at) do update set tally = ''`

/**
 * Statements that have the database mark the quarters of an hour whose calls change, whoever changes
 * them: a process of an earlier version, that knows of no tallies, does so, too. Each may run again.
 */
export const markingTallies = (isPostgres: boolean): readonly string[] => (isPostgres ? POSTGRES : SQLITE)

const MARKS_OF_A_ROW = {
  insert: ['new.'],
  delete: ['old.'],
  update: ['old.', 'new.'],
} as const

const SQLITE = Object.entries(MARKS_OF_A_ROW).map(
  ([event, rows]) => `
  create trigger if not exists archive_tallies_${event} after ${event} on archive_calls begin
    ${rows
      .map(
        (row) => `insert into archive_tallies (account, kind, starts_at, tally)
    values (${row}account, 'CHANGED', ${quarter(row)}, '') ${MARKED};`,
      )
      .join('\n    ')}
  end`,
)

/** Once for each statement, in one order: marks are rows that others lock, too. */
const marksOf = (tables: readonly string[]) => `
    insert into archive_tallies (account, kind, starts_at, tally)
    select distinct account, 'CHANGED', ${quarter('')}, ''
    from (${tables.map((table) => `select account, started_at from ${table}`).join(' union all ')}) as changed
    order by 1, 3 ${MARKED};`

const TABLES = {
  insert: { names: 'new table as calls_after', tables: ['calls_after'] },
  delete: { names: 'old table as calls_before', tables: ['calls_before'] },
  update: { names: 'old table as calls_before new table as calls_after', tables: ['calls_before', 'calls_after'] },
} as const

const POSTGRES = Object.entries(TABLES).flatMap(([event, { names, tables }]) => [
  `
  create or replace function archive_tallies_${event}() returns trigger language plpgsql as $$
  begin ${marksOf(tables)}
    return null;
  end $$`,
  `drop trigger if exists archive_tallies_${event} on archive_calls`,
  `
  create trigger archive_tallies_${event} after ${event} on archive_calls referencing ${names}
  for each statement execute function archive_tallies_${event}()`,
])
