import { CursorInvalid } from '../errors.js'
import { signedText, type SigningKeys } from '../signed-text.js'

const SIGNATURE_BYTES = 16
const MAXIMUM_LENGTH = 1024

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
   * ours.
   */
  read(scope: unknown, cursor: string): unknown
}

/** The first key signs, all are accepted: paging goes on after a key rotation. */
export function cursorSigner(...keys: SigningKeys): CursorSigner {
  const cursors = signedText(keys, { maximumLength: MAXIMUM_LENGTH, signatureBytes: SIGNATURE_BYTES })
  return {
    sign: (scope, position) => cursors.write(position, scope),
    read(scope, cursor) {
      const position = cursors.read(cursor, scope)
      if (position === undefined) throw new CursorInvalid()
      return position
    },
  }
}
