import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

let key: KeyObject | null = null

/**
 * A JWT signed with RS256, like the identity server's. One key per process, created on first use.
 */
export function signJwt(claims: Readonly<Record<string, unknown>>): string {
  key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const head = encode({ alg: 'RS256', typ: 'JWT', kid: 'emulated' })
  const content = `${head}.${encode(claims)}`
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
