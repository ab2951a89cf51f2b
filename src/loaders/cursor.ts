import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import { CursorInvalid } from '../errors.js'

const SIGNATURE_BYTES = 16
const MAXIMUM_LENGTH = 1024

/** Writes and reads cursors: base64url of a signature and JSON, at most 1 KiB, of no use with another list, filter, order or workspace. */
export interface CursorSigner {
  /** `scope` is everything that must be the same when the cursor comes back: list, filter, order, workspace. */
  sign(scope: unknown, position: unknown): string
  /** Throws CursorInvalid for a cursor that was changed, comes from elsewhere, or was made for another scope. */
  read(scope: unknown, cursor: string): unknown
}

export function cursorSigner(key: Buffer): CursorSigner {
  const signature = (scope: unknown, payload: string) =>
    createHmac('sha256', key).update(scopeHash(scope)).update(payload).digest().subarray(0, SIGNATURE_BYTES)
  return {
    sign(scope, position) {
      const payload = JSON.stringify(position)
      return Buffer.concat([signature(scope, payload), Buffer.from(payload, 'utf8')]).toString('base64url')
    },
    read(scope, cursor) {
      if (cursor.length > MAXIMUM_LENGTH) throw new CursorInvalid()
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== cursor) throw new CursorInvalid()
      const payload = bytes.subarray(SIGNATURE_BYTES).toString('utf8')
      if (!timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), signature(scope, payload))) throw new CursorInvalid()
      return JSON.parse(payload) as unknown
    },
  }
}

const scopeHash = (scope: unknown) => createHash('sha256').update(JSON.stringify(scope)).digest()
