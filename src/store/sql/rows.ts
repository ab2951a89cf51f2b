import { Secret } from '../../secret.js'
import type { Keyring } from '../keyring.js'
import { placeOf } from './tables.js'

/** Seals and opens the columns of one row. */
export interface RowSeal {
  seal(column: string, secret: Secret): string
  sealOrNull(column: string, secret: Secret | null): string | null
  open(column: string, sealed: string): Secret
  openOrNull(column: string, sealed: string | null): Secret | null
}

/** `of`: values of the columns that identify the row's owner, in the order of `SEALED`. */
export function rowSeal(keys: Keyring, table: string, ...of: readonly string[]): RowSeal {
  const seal = (column: string, secret: Secret) => keys.seal(secret.reveal(), placeOf(table, column, ...of))
  const open = (column: string, sealed: string) => new Secret(keys.open(sealed, placeOf(table, column, ...of)))
  return {
    seal,
    open,
    sealOrNull: (column, secret) => secret && seal(column, secret),
    openOrNull: (column, sealed) => (sealed === null ? null : open(column, sealed)),
  }
}

/** PostgreSQL's driver returns bigint as text. */
export const numberOrNull = (value: number | string | null): number | null => (value === null ? null : Number(value))

/** Columns of times hold whole ms. */
export const whole = (time: number | null): number | null => (time === null ? null : Math.round(time))

/** The number of rows a statement changed. */
export const count = (
  result: { numInsertedOrUpdatedRows?: bigint; numUpdatedRows?: bigint; numDeletedRows?: bigint } | undefined,
): number => Number(result?.numInsertedOrUpdatedRows ?? result?.numUpdatedRows ?? result?.numDeletedRows ?? 0n)

/** Whether a foreign key refused the row: what it belongs to was deleted. */
export function isOrphan(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  // SQLSTATE 23503 in PostgreSQL; SQLite's driver has only the name of the constraint.
  return (
    code === '23503' ||
    /FOREIGN KEY constraint failed|SQLITE_CONSTRAINT_FOREIGNKEY/.test(`${String(code)} ${String(message)}`)
  )
}
