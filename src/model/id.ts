import { base64url } from './values/base64url.js'

/*
 * Global ids: opaque to clients, the same for ever and on every replica. Only mappers join them,
 * only loaders and resolvers split them.
 */

export type NodeType =
  | 'Provider'
  | 'Account'
  | 'Did'
  | 'Extension'
  | 'Group'
  | 'AutoAttendant'
  | 'CallRecord'
  | 'CallLeg'
  | 'Recording'
  | 'LiveCall'
  | 'CallEvent'
  | 'ProviderChange'
  | 'CallRecordChange'
  | 'CallRecordExport'

export interface ParsedId {
  readonly type: NodeType
  /** Key of the account; empty for a Provider, and for an export, which is its workspace's. */
  readonly account: string
  /** The provider's own id; empty for an Account. */
  readonly native: string
}

const CODES: Readonly<Record<NodeType, string>> = {
  Provider: 'P',
  Account: 'A',
  Did: 'D',
  Extension: 'E',
  Group: 'G',
  AutoAttendant: 'M',
  CallRecord: 'C',
  CallLeg: 'L',
  Recording: 'R',
  LiveCall: 'V',
  CallEvent: 'H',
  ProviderChange: 'W',
  CallRecordChange: 'N',
  CallRecordExport: 'X',
}
const TYPES = new Map(Object.entries(CODES).map(([type, code]) => [code, type as NodeType]))

const MAXIMUM_LENGTH = 1024

/** The beginning of the ids of a type: rows of one account come together, so that of the last id is kept. */
class Beginning {
  #account: string | null = null
  #encoded = ''
  #rest = ''

  constructor(private readonly code: string) {}

  id(account: string, native: string): string {
    if (account !== this.#account) this.#begin(account)
    return this.#encoded + base64url(this.#rest + native)
  }

  /** Three bytes make four characters, whatever follows them. */
  #begin(account: string): void {
    const text = `${this.code}:${account}:`
    const whole = text.length - (text.length % 3)
    this.#account = account
    this.#encoded = base64url(text.slice(0, whole))
    this.#rest = text.slice(whole)
  }
}

const BEGINNINGS = Object.fromEntries(
  Object.entries(CODES).map(([type, code]) => [type, new Beginning(code)]),
) as Readonly<Record<NodeType, Beginning>>

/**
 * `native` may be any text: account keys are ASCII and have no colon, so the first two colons are the
 * separators.
 */
export function globalId(type: NodeType, account: string, native = ''): string {
  return BEGINNINGS[type].id(account, native)
}

/**
 * Null for anything `globalId` did not make: a made-up id names no object, and is not an error. So
 * does one with a NUL, which PostgreSQL takes in no text.
 */
export function parseGlobalId(id: string): ParsedId | null {
  if (id.length > MAXIMUM_LENGTH) return null
  const text = Buffer.from(id, 'base64url').toString('utf8')
  const [, code = '', account = '', native = ''] = /^([A-Z]):([a-z0-9-]*):(.*)$/s.exec(text) ?? []
  const type = TYPES.get(code)
  if (!type || native.includes('\0') || globalId(type, account, native) !== id) return null
  return { type, account, native }
}

/** `key` tells the leg from the others of its call and has no slash: what follows it is the call. */
export const legId = (account: string, call: string, key: string): string =>
  globalId('CallLeg', account, `${key}/${call}`)

/** The provider's id of the call a leg belongs to, from the leg's own; null when it names none. */
export function callOfLeg(native: string): string | null {
  const end = native.indexOf('/')
  return end === -1 ? null : native.slice(end + 1)
}
