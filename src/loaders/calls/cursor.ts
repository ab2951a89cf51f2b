import { createHash } from 'node:crypto'

import { CursorInvalid } from '../../errors.js'
import { globalId, parseGlobalId } from '../../model/id.js'
import type { LogPosition, TimeOrder } from './order.js'
import type { CursorSigner } from '../cursor.js'

/** What a walk remembers of one account. */
export interface Mark {
  /** Where its provider said the next call may be found. */
  readonly hint: string | null
  /** It was read up to this moment and none of its calls there matched, so a later page need not read them again. */
  readonly readTo: string | null
}

/** The part of one account that a page had to leave out; strictly between two places, null is the end of the log. */
export interface MissingRange {
  readonly account: string
  readonly start: LogPosition | null
  readonly end: LogPosition | null
}

/** A place in a walk, and all that is needed to go on from it in another process. */
export interface CallCursor {
  /** The edge it belongs to; null before the first. */
  readonly at: LogPosition | null
  /** Newest first only: the moment of the newest call when the walk began; later ones are not in the walk. */
  readonly top: string | null
  /** Which way the marks were made; they say nothing of the other way. */
  readonly reading: TimeOrder
  readonly marks: ReadonlyMap<string, Mark>
  /** Accounts of which an earlier page lacks a slice. */
  readonly holes: readonly string[]
  /** Set when the walk fetches a missing slice, and nothing else. */
  readonly missingRange: MissingRange | null
}

/** Writes and reads the cursors of one list: one filter, one order, one workspace. */
export interface CallCursors {
  write(cursor: CallCursor): string
  /** Throws CursorInvalid for any cursor of another list, and one that names an account that is gone. */
  read(text: string): CallCursor
}

/** 1,024 characters of base64url, less the signature. */
const MAXIMUM_PAYLOAD = 752

export function callCursors(signer: CursorSigner, scope: unknown, accounts: readonly string[]): CallCursors {
  const byFingerprint = new Map(accounts.map((key) => [fingerprint(key), key]))
  return {
    write: (cursor) => signer.sign(scope, fit(cursor)),
    read: (text) => parse(signer.read(scope, text), byFingerprint),
  }
}

/** Hints only save requests, so where the room is too small the longest go first; what then was read in vain goes next. */
function fit(cursor: CallCursor): unknown {
  const marks = new Map([...cursor.marks].map(([account, mark]) => [account, worthKeeping(cursor, mark)]))
  let payload = print({ ...cursor, marks })
  while (Buffer.byteLength(JSON.stringify(payload)) > MAXIMUM_PAYLOAD && shorten(marks)) {
    payload = print({ ...cursor, marks })
  }
  return payload
}

function worthKeeping({ at, reading }: CallCursor, { hint, readTo }: Mark): Mark {
  const isBeyond = readTo !== null && (!at || (reading === 'ASC' ? readTo > at.startedAt : readTo < at.startedAt))
  return { hint, readTo: isBeyond ? readTo : null }
}

function shorten(marks: Map<string, Mark>): boolean {
  const [longest] = [...marks].sort(([, left], [, right]) => length(right) - length(left))
  if (!longest || length(longest[1]) === 0) return false
  const [account, { hint, readTo }] = longest
  marks.set(account, hint === null ? { hint, readTo: null } : { hint: null, readTo })
  return true
}

const length = ({ hint, readTo }: Mark) => (hint?.length ?? 0) + (readTo ? 1 : 0)

type Printed = readonly [
  reading: string,
  at: PrintedPosition,
  top: string,
  marks: readonly string[],
  holes: string,
  slice?: readonly [account: string, start: PrintedPosition, end: PrintedPosition],
]
type PrintedPosition = readonly [] | readonly [moment: string, account: string, id: string]

function print({ at, top, reading, marks, holes, missingRange }: CallCursor): Printed {
  const printedMarks = [...marks]
    .filter(([, { hint, readTo }]) => hint !== null || readTo !== null)
    .map(
      ([account, { hint, readTo }]) =>
        `${fingerprint(account)}${printMoment(readTo)}${hint === null ? '' : `:${hint}`}`,
    )
  const printed = [reading, printPosition(at), printMoment(top), printedMarks, holes.map(fingerprint).join('')] as const
  return missingRange
    ? [...printed, [missingRange.account, printPosition(missingRange.start), printPosition(missingRange.end)]]
    : printed
}

function parse(payload: unknown, byFingerprint: ReadonlyMap<string, string>): CallCursor {
  // The signature proves that `print` wrote it, with this key; only an older form of it could surprise us.
  if (!Array.isArray(payload) || payload.length < 5) throw new CursorInvalid()
  const [reading, at, top, marks, holes, slice] = payload as unknown as Printed
  if (slice && ![...byFingerprint.values()].includes(slice[0])) throw new CursorInvalid()
  return {
    reading: reading as TimeOrder,
    at: parsePosition(at),
    top: parseMoment(top),
    marks: new Map(
      marks.flatMap((mark) => {
        const account = byFingerprint.get(mark.slice(0, FINGERPRINT_LENGTH))
        return account === undefined ? [] : [[account, parseMark(mark.slice(FINGERPRINT_LENGTH))]]
      }),
    ),
    holes: chunks(holes).flatMap((hole) => byFingerprint.get(hole) ?? []),
    missingRange: slice ? { account: slice[0], start: parsePosition(slice[1]), end: parsePosition(slice[2]) } : null,
  }
}

function parseMark(text: string): Mark {
  const colon = text.indexOf(':')
  return colon < 0
    ? { hint: null, readTo: parseMoment(text) }
    : { hint: text.slice(colon + 1), readTo: parseMoment(text.slice(0, colon)) }
}

/** The global id repeats the account's key: the provider's own id, marked, is shorter by half. */
function printPosition(position: LogPosition | null): PrintedPosition {
  if (!position) return []
  const { startedAt, account, id } = position
  const parsed = parseGlobalId(id)
  const isOwn = parsed?.type === 'CallRecord' && parsed.account === account
  return [printMoment(startedAt), account, isOwn ? `=${parsed.native}` : id]
}

function parsePosition([moment, account = '', id = '']: PrintedPosition): LogPosition | null {
  if (moment === undefined) return null
  return {
    startedAt: parseMoment(moment) as string,
    account,
    id: id.startsWith('=') ? globalId('CallRecord', account, id.slice(1)) : id,
  }
}

const printMoment = (time: string | null) => (time === null ? '' : Date.parse(time).toString(36))
const parseMoment = (text: string) => (text === '' ? null : new Date(Number.parseInt(text, 36)).toISOString())

/**
 * Names an account inside a cursor, where its key would be too long: 36 bits, so two of a workspace's accounts
 * share one about never. Accounts that have come since the cursor was written are simply unmarked in it.
 */
const fingerprint = (account: string) =>
  createHash('sha256').update(account).digest('base64url').slice(0, FINGERPRINT_LENGTH)
const FINGERPRINT_LENGTH = 6
const chunks = (text: string) => text.match(new RegExp(`.{${FINGERPRINT_LENGTH}}`, 'g')) ?? []
