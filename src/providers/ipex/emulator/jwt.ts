import { randomBytes } from 'node:crypto'

/** Bytes of a signature by RS256 with a key of 2048 bits. */
const SIGNATURE_BYTES = 256

/**
 * A JWT in the form of the identity server's, RS256. The signature is random: the API gives nobody
 * a key to verify it with, and making one would be the dearest part of an emulator's start.
 */
export function createJwt(claims: Readonly<Record<string, unknown>>): string {
  const head = encode({ alg: 'RS256', typ: 'JWT', kid: 'emulated' })
  return `${head}.${encode(claims)}.${randomBytes(SIGNATURE_BYTES).toString('base64url')}`
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
