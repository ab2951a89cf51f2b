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

/** `key` signs; cursors that an older key signed are read as well, so that no walk ends because a new key was put first. */
export function cursorSigner(key: Buffer, ...older: readonly Buffer[]): CursorSigner {
  const signature = (by: Buffer, scope: Buffer, payload: string) =>
    createHmac('sha256', by).update(scope).update(payload).digest().subarray(0, SIGNATURE_BYTES)
  return {
    sign(scope, position) {
      const payload = JSON.stringify(position)
      return Buffer.concat([signature(key, scopeHash(scope), payload), Buffer.from(payload, 'utf8')]).toString(
        'base64url',
      )
    },
    read(scope, cursor) {
      if (cursor.length > MAXIMUM_LENGTH) throw new CursorInvalid()
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== cursor) throw new CursorInvalid()
      const given = bytes.subarray(0, SIGNATURE_BYTES)
      const payload = bytes.subarray(SIGNATURE_BYTES).toString('utf8')
      const hash = scopeHash(scope)
      const isOurs = [key, ...older].some((by) => timingSafeEqual(given, signature(by, hash, payload)))
      if (!isOurs) throw new CursorInvalid()
      return JSON.parse(payload) as unknown
    },
  }
}

const scopeHash = (scope: unknown) => createHash('sha256').update(JSON.stringify(scope)).digest()
