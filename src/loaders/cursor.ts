import { CursorInvalid } from '../errors.js'
import { signedText, type SigningKeys } from '../signed-text.js'

const SIGNATURE_BYTES = 16
const MAXIMUM_LENGTH = 1024

/** Begins every retry cursor and, having a dot, no other text that is signed here. */
const RETRY_MARK = 'gap.'

/**
 * Signs and verifies cursors: at most 1 KiB, invalid with another list, filter, order or workspace.
 */
export interface CursorSigner {
  /**
   * `scope` is everything that must be the same when the cursor comes back: list, filter, order,
   * workspace.
   */
  sign(scope: unknown, position: unknown): string
  /**
   * @throws CursorInvalid for a cursor that was altered, was made for another scope, or is none of
   * ours; of a retry cursor it says where that belongs.
   */
  read(scope: unknown, cursor: string): unknown
  /**
   * Signs a retry cursor. It holds the filter of its list, and so is as long as that: only the size
   * of a request limits it.
   */
  signRetry(scope: unknown, gap: unknown): string
  /** @throws CursorInvalid as `read` does, and for a cursor of a list, naming what belongs here. */
  readRetry(scope: unknown, cursor: string): unknown
}

/** The first key signs, all are accepted: paging goes on after a key rotation. */
export const cursorSigner = (...keys: SigningKeys): CursorSigner => signerOf(keys, false)

/**
 * The same for callers who see less of a workspace than others do. Positions in what they do not see cannot be read
 * from these cursors.
 */
export const sealedCursorSigner = (...keys: SigningKeys): CursorSigner => signerOf(keys, true)

function signerOf(keys: SigningKeys, sealed: boolean): CursorSigner {
  const cursors = signedText(keys, { maximumLength: MAXIMUM_LENGTH, signatureBytes: SIGNATURE_BYTES, sealed })
  const retries = signedText(keys, { maximumLength: Infinity, signatureBytes: SIGNATURE_BYTES, sealed })
  return {
    sign: (scope, position) => cursors.write(position, scope),
    read(scope, cursor) {
      if (cursor.startsWith(RETRY_MARK)) throw new CursorInvalid(BELONGS_TO_THE_GAP)
      return valid(cursors.read(cursor, scope))
    },
    signRetry: (scope, gap) => RETRY_MARK + retries.write(gap, scope),
    readRetry(scope, cursor) {
      if (!cursor.startsWith(RETRY_MARK)) throw new CursorInvalid(NO_RETRY_CURSOR)
      return valid(retries.read(cursor.slice(RETRY_MARK.length), scope), UNUSABLE_RETRY_CURSOR)
    },
  }
}

/** Cursors that are good within these bounds only. */
export function cursorsWithin(bounds: string, cursors: CursorSigner): CursorSigner {
  const within = (scope: unknown) => ({ bounds, scope })
  return {
    sign: (scope, position) => cursors.sign(within(scope), position),
    read: (scope, cursor) => cursors.read(within(scope), cursor),
    signRetry: (scope, gap) => cursors.signRetry(within(scope), gap),
    readRetry: (scope, cursor) => cursors.readRetry(within(scope), cursor),
  }
}

function valid(position: unknown, message?: string): unknown {
  if (position === undefined) throw new CursorInvalid(message)
  return position
}

// Names of the schema stand in backquotes, so that they can be hidden.
const BELONGS_TO_THE_GAP =
  'This is a retry cursor, which no list goes on from. Give it as `cursor` to `callRecordGap`, which fetches what is missing.'
const NO_RETRY_CURSOR =
  'This is no retry cursor. `cursor` takes a `retryCursor` of `sources`; other cursors go on in the list they came from.'
export const UNUSABLE_RETRY_CURSOR = 'This retry cursor cannot be used. Ask for the list again.'
