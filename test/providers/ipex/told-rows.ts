import { toCallRecord } from '../../../src/providers/ipex/map/call-record.js'
import { toLegsOfRows } from '../../../src/providers/ipex/map/row-legs.js'
import { inLogOrder, readRow, type CallRow } from '../../../src/providers/ipex/call-rows.js'

export const ACCOUNT = { key: 'brno', country: 'CZ', timeZone: 'Europe/Prague', redirectUri: 'http://127.0.0.1/' }
export const READ_AT = '2026-05-20T15:00:00.000Z'
/** 20 May 2026, 08:00 UTC, in seconds. */
const BEGAN = Date.UTC(2026, 4, 20, 8) / 1000

/** A row, in seconds from the start of its call; `talk` null: not told. */
export interface ToldRow {
  readonly from: number
  readonly until?: number
  readonly talk?: number | null
  /** Of the channel; 0 is the caller's. */
  readonly channel?: number
  readonly way?: string
  readonly src?: string | null
  readonly dst?: string | null
  readonly line?: string | number
  readonly says?: string
  readonly [field: string]: unknown
}

export const CALLER = '605222333'
export const DID = '530540550'

/** Rows of one call as the provider sends them; the caller's channel came in on our number. */
export function rowsTold(...told: readonly ToldRow[]): CallRow[] {
  const rows = told.flatMap(({ from, until, talk = 0, channel = 0, says = 'NO ANSWER', ...rest }) => {
    const wire = {
      ...{ way: 'In', src: CALLER, dst: DID, line: '', clid: `"" <${CALLER}>`, queue: null },
      ...{ uniqueid: `${BEGAN}.${40 + channel}`, linkedid: `${BEGAN}.40`, disposition: says, billsec: talk },
      calldate: at(from),
      ...(until !== undefined && { endTime: at(until), duration: until - from }),
      ...rest,
    }
    return readRow(wire, 'UTC', READ_AT) ?? []
  })
  return inLogOrder(rows)
}

export const at = (second: number): string => new Date((BEGAN + second) * 1000).toISOString()

export const callOf = (...told: readonly ToldRow[]) => toCallRecord(ACCOUNT, rowsTold(...told), READ_AT)

/** One line a leg: what happened, to what number, and how it ended. */
export const legsOf = (...told: readonly ToldRow[]): string[] =>
  toLegsOfRows('call', rowsTold(...told), ACCOUNT).map(({ action, targetRef, result, parentId }) => {
    const target = targetRef as { number?: string | null; rawNumber?: string; name?: string } | null
    return `${parentId ? '  ' : ''}${action} ${target?.name ?? target?.number ?? target?.rawNumber} ${result}`
  })
