import type { ChangeOutcome } from '../write-store.js'

/** Sealed columns hold `keyId.ciphertext`; JSON columns hold text; times are wall-clock ms. */
export interface Tables {
  accounts: AccountTable
  grants: GrantTable
  leases: { key: string; owner: string; until: number }
  settings: { name: string; value: string }
  transactions: TransactionTable
  revocations: RevocationTable
  api_keys: ApiKeyTable
  event_streams: EventStreamTable
  events: EventTable
  /** The bounds of the event log: one row `last` and one row `forgotten`. */
  event_log: { name: 'last' | 'forgotten'; position: number }
  changes: ChangeTable
  write_requests: WriteRequestTable
}

export interface AccountTable {
  link: string
  key: string
  workspace: string
  provider: string
  label: string
  /** Sealed. */
  settings: string
  pending_until: number | null
  linked_at: number
}

export interface GrantTable {
  key: string
  /** The linked account this login belongs to; null for one of the configuration. */
  link: string | null
  generation: number
  status: string
  /** Sealed. */
  access_token: string | null
  /** Sealed. */
  refresh_token: string | null
  received_at: number | null
  lifetime_seconds: number | null
  refresh_expires_at: number | null
  scopes: string
  identity: string
  /** Sealed: a fingerprint of a password would allow guessing it. */
  configured_with: string
  intent: string | null
  last_error: string | null
}

export interface TransactionTable {
  state_digest: string
  login: string
  /** As with grants. */
  link: string | null
  provider: string
  browser_digest: string
  /** Sealed. */
  code_verifier: string
  redirect_uri: string
  expires_at: number
  taken: number
}

export interface RevocationTable {
  id: string
  account: string
  provider: string
  /** Sealed. */
  settings: string
  /** Sealed. */
  access_token: string | null
  /** Sealed. */
  refresh_token: string | null
  access_expires_at: number | null
  attempts: number
  next_attempt_at: number
  give_up_at: number
}

export interface ApiKeyTable {
  id: string
  name: string
  /** Sealed JSON: digest, workspace, scopes. */
  allowed: string
  created_at: number
  revoked_at: number | null
}

export interface EventStreamTable {
  topic: string
  stream: string
  workspace: string
  account: string
  revision: number
  state: string
  is_open: number
  changed_at: number
}

export interface EventTable {
  position: number
  topic: string
  stream: string
  workspace: string
  account: string
  body: string
  at: number
}

export interface ChangeTable {
  id: string
  workspace: string
  account: string
  operation: string
  target_id: string | null
  actor: string
  request_id: string
  at: number
  /** JSON. */
  fields: string
  outcome: ChangeOutcome
  code: string | null
}

export interface WriteRequestTable {
  id: string
  owner: string
  /** Sealed. */
  input: string
  change_id: string | null
  /** Sealed JSON. */
  answer: string | null
  expires_at: number
}

/**
 * Every sealed column, with the columns `of` that identify the row's owner, its id first: a sealed
 * value opens only beside these values.
 */
export const SEALED = [
  { table: 'accounts', of: ['link', 'key', 'workspace', 'provider'], columns: ['settings'] },
  { table: 'grants', of: ['key'], columns: ['access_token', 'refresh_token', 'configured_with'] },
  { table: 'transactions', of: ['state_digest', 'login', 'provider'], columns: ['code_verifier'] },
  { table: 'revocations', of: ['id', 'account', 'provider'], columns: ['settings', 'access_token', 'refresh_token'] },
  { table: 'api_keys', of: ['id'], columns: ['allowed'] },
  { table: 'write_requests', of: ['id'], columns: ['input', 'answer'] },
] as const

/** The place a sealed value is bound to; see `Keyring.seal`. */
export const placeOf = (table: string, column: string, ...of: readonly string[]): string =>
  [table, column, ...of].join(' ')
