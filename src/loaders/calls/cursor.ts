import { hash } from 'node:crypto'

import { CursorInvalid } from '../../errors.js'
import type { CursorSigner } from '../cursor.js'
import type { LogPosition, TimeOrder } from './order.js'
import { parseMoment, parsePosition, printMoment, printPosition, type PrintedPosition } from './position-text.js'

/** What a cursor keeps of one account. */
export interface Mark {
  /** The provider's hint where the next call may be found; see CallPage. */
  readonly hint: string | null
  /** The same at a position of the page that was read last; see CallPage. */
  readonly hintAt?: ((position: LogPosition) => string) | undefined
  /** Read up to this moment without a match, so that a later page need not read it again. */
  readonly readTo: string | null
}

/** A position in a walk, with all that another process needs to go on from it. */
export interface CallCursor {
  /** The position of its edge; null before the first. */
  readonly at: LogPosition | null
  /** Newest first only: the newest call when the walk began; later calls are not in the walk. */
  readonly top: string | null
  /** The direction in which the marks were made; they hold for no other. */
  readonly reading: TimeOrder
  readonly marks: ReadonlyMap<string, Mark>
  /** Accounts of which an earlier page lacks a range. */
  readonly holes: readonly string[]
}

/** The cursors of one list: one filter, one order, one workspace. */
export interface CallCursors {
  write(cursor: CallCursor): string
  /** @throws CursorInvalid for a cursor of another list. */
  read(text: string): CallCursor
}

/** Bytes that fit, after the signature, into 1,024 characters of base64url. */
const MAXIMUM_PAYLOAD = 752

export function callCursors(signer: CursorSigner, scope: unknown, accounts: readonly string[]): CallCursors {
  const byFingerprint = new Map(accounts.map((key) => [fingerprint(key), key]))
  return {
    write: (cursor) => signer.sign(scope, fit(cursor)),
    read: (text) => parse(signer.read(scope, text), byFingerprint),
  }
}

/**
 * A cursor that is too long drops its longest marks first: hints, then `readTo`. Both only save
 * requests.
 */
function fit(cursor: CallCursor): unknown {
  const marks = new Map([...cursor.marks].map(([account, mark]) => [account, worthKeeping(cursor, mark)]))
  let payload = print({ ...cursor, marks })
  while (Buffer.byteLength(JSON.stringify(payload)) > MAXIMUM_PAYLOAD && shorten(marks)) {
    payload = print({ ...cursor, marks })
  }
  return payload
}

function worthKeeping({ at, reading }: CallCursor, mark: Mark): Mark {
  const { readTo } = mark
  const isBeyond = readTo !== null && (!at || (reading === 'ASC' ? readTo > at.startedAt : readTo < at.startedAt))
  return { hint: hintAt(mark, at), readTo: isBeyond ? readTo : null }
}

/** The hint of a mark for who goes on from a position; null is the beginning. */
const hintAt = ({ hint, hintAt: closer }: Mark, at: LogPosition | null): string | null =>
  at && closer ? closer(at) : hint

function shorten(marks: Map<string, Mark>): boolean {
  const [longest] = [...marks].sort(([, left], [, right]) => length(right) - length(left))
  if (!longest || length(longest[1]) === 0) return false
  const [account, { hint, readTo }] = longest
  marks.set(account, hint === null ? { hint, readTo: null } : { hint: null, readTo })
  return true
}

const length = ({ hint, readTo }: Mark) => (hint?.length ?? 0) + (readTo ? 1 : 0)

type Printed = readonly [reading: string, at: PrintedPosition, top: string, marks: readonly string[], holes: string]

function print({ at, top, reading, marks, holes }: CallCursor): Printed {
  const printedMarks = [...marks]
    .filter(([, { hint, readTo }]) => hint !== null || readTo !== null)
    .map(
      ([account, { hint, readTo }]) =>
        `${fingerprint(account)}${printMoment(readTo)}${hint === null ? '' : `:${hint}`}`,
    )
  return [reading, printPosition(at), printMoment(top), printedMarks, holes.map(fingerprint).join('')]
}

function parse(payload: unknown, byFingerprint: ReadonlyMap<string, string>): CallCursor {
  // The signature proves that `print` wrote it, if perhaps in an older form.
  if (!Array.isArray(payload) || payload.length < 5) throw new CursorInvalid()
  const [reading, at, top, marks, holes] = payload as unknown as Printed
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
  }
}

function parseMark(text: string): Mark {
  const colon = text.indexOf(':')
  return colon < 0
    ? { hint: null, readTo: parseMoment(text) }
    : { hint: text.slice(colon + 1), readTo: parseMoment(text.slice(0, colon)) }
}

/**
 * Stands for an account in a cursor, where its key would be too long. 36 bits: two accounts of a
 * workspace practically never share one. Accounts added since have no mark in the cursor.
 */
const fingerprint = (account: string) => hash('sha256', account, 'base64url').slice(0, FINGERPRINT_LENGTH)
const FINGERPRINT_LENGTH = 6
const chunks = (text: string) => text.match(new RegExp(`.{${FINGERPRINT_LENGTH}}`, 'g')) ?? []
