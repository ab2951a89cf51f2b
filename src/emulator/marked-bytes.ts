import { randomBytes } from 'node:crypto'

/**
 * Hexadecimal digits, so that secrets of every dialect can carry it; six bytes are exactly eight
 * base64 characters.
 */
export const SECRET_MARK = '5ec2e7ca9a4f'

const MARK = Buffer.from(SECRET_MARK, 'hex')

/**
 * Bytes that begin with a mark, so that an emulator's secret is recognised wherever it leaks. The
 * rest is random, or `rest`.
 */
export const markedBytes = (length = 32, rest: Buffer = randomBytes(length)): Buffer =>
  Buffer.concat([MARK, rest.subarray(MARK.length, length)])
