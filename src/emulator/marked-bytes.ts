import { randomBytes } from 'node:crypto'

/** Hexadecimal digits, so that secrets of every dialect may carry them; six bytes, so that in base64 they are eight whole letters. */
export const SECRET_MARK = '5ec2e7ca9a4f'

const MARK = Buffer.from(SECRET_MARK, 'hex')

/**
 * What secrets of emulators are made of: bytes that begin with a mark, so that a secret gives itself away wherever it is shown. The rest is
 * random, or what is given.
 */
export const markedBytes = (length = 32, rest: Buffer = randomBytes(length)): Buffer =>
  Buffer.concat([MARK, rest.subarray(MARK.length, length)])
