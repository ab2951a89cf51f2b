import type { z } from 'zod'

import type { configSchema } from './schema.js'

/** One of `accounts`; `urls`, `auth` and `options` are its provider's own. */
export interface AccountConfiguration {
  /** Part of every global id, so it must stay. */
  readonly id: string
  /** The provider's slug. */
  readonly provider: string
  /** Name people know the account by; default its id. */
  readonly label?: string
  /** A caller sees the accounts of its own workspace only. Default: `default`. */
  readonly workspace?: string
  /** ISO 3166 country of numbers written without one; default per provider. */
  readonly country?: string
  /** IANA zone of times written without one; default per provider. */
  readonly timeZone?: string
  /** Accept http: addresses that are not on this machine, and names that lead to private ones. */
  readonly allowInsecure?: boolean
  readonly live?: object
  readonly archive?: object | false
  readonly urls?: Readonly<Record<string, string>>
  readonly auth?: Readonly<Record<string, unknown>>
  readonly options?: Readonly<Record<string, unknown>>
}

/** A configuration file as data; schema/config.schema.json describes every key. */
export type Configuration = Omit<z.input<ReturnType<typeof configSchema>>, 'accounts'> & {
  readonly accounts?: readonly AccountConfiguration[]
}
