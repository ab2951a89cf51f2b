import type { StoredExportStatus } from '../export-store.js'
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
  archive_calls: ArchiveCallTable
  exports: ExportTable
  export_chunks: ExportChunkTable
  archive_tallies: ArchiveTallyTable
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

/** Facts stand in columns, to select and count by. */
export interface ArchiveCallTable {
  account: string
  id: string
  /** Wall-clock ms. */
  started_at: number
  kind: string
  direction: string
  disposition: string
  /** A keyed hash where the record is sealed. */
  caller_number: string | null
  /** As `caller_number`. */
  callee_number: string | null
  duration_seconds: number | null
  wait_seconds: number | null
  talk_seconds: number | null
  /** JSON, an object; sealed where the archive is. */
  record: string
}

export interface ExportTable {
  id: string
  workspace: string
  /** JSON: account keys. */
  accounts: string
  request_key: string | null
  status: StoredExportStatus
  /** Sealed JSON. */
  state: string
  revision: number
  created_at: number
  ends_at: number | null
}

export interface ExportChunkTable {
  export: string
  position: number
  start: number
  length: number
  packed_start: number
  packed_length: number
  /** Sealed: deflated bytes of the file. */
  body: string
}

/** Sums of the calls that began in a quarter of an hour, and marks of quarters and days. */
export interface ArchiveTallyTable {
  account: string
  /** A dimension of tallies, CHANGED or DAY. */
  kind: string
  /** When the quarter or day begins, wall-clock ms. */
  starts_at: number
  /** JSON, an array; sealed where the archive is. Of CHANGED the claim, of DAY nothing. */
  tally: string
}

/** Of `settings`: what the numbers of sealed archives are hashed with. */
export const NUMBER_KEY = 'archive-number-key'

interface SealedColumns {
  readonly table: keyof Tables
  /** Columns that find the row. */
  readonly key: readonly [string, ...string[]]
  /** Columns that identify the row's owner. */
  readonly of: readonly string[]
  readonly columns: readonly string[]
  /** SQL: which rows are sealed; absent: all. */
  readonly where?: string
}

/**
 * Every sealed column, with the columns `of` that identify the row's owner: a sealed value opens
 * only beside these values.
 */
export const SEALED: readonly SealedColumns[] = [
  { table: 'accounts', key: ['link'], of: ['link', 'key', 'workspace', 'provider'], columns: ['settings'] },
  { table: 'grants', key: ['key'], of: ['key'], columns: ['access_token', 'refresh_token', 'configured_with'] },
  {
    table: 'transactions',
    key: ['state_digest'],
    of: ['state_digest', 'login', 'provider'],
    columns: ['code_verifier'],
  },
  {
    table: 'revocations',
    key: ['id'],
    of: ['id', 'account', 'provider'],
    columns: ['settings', 'access_token', 'refresh_token'],
  },
  { table: 'api_keys', key: ['id'], of: ['id'], columns: ['allowed'] },
  { table: 'write_requests', key: ['id'], of: ['id'], columns: ['input', 'answer'] },
  { table: 'exports', key: ['id'], of: ['id'], columns: ['state'] },
  { table: 'export_chunks', key: ['export', 'position'], of: ['export', 'position'], columns: ['body'] },
  { table: 'settings', key: ['name'], of: ['name'], columns: ['value'], where: `name = '${NUMBER_KEY}'` },
  {
    table: 'archive_calls',
    key: ['account', 'id'],
    of: ['account', 'id'],
    columns: ['record'],
    where: "substr(record, 1, 1) <> '{'",
  },
  {
    table: 'archive_tallies',
    key: ['account', 'kind', 'starts_at'],
    of: ['account', 'kind', 'starts_at'],
    columns: ['tally'],
    where: "kind not in ('CHANGED', 'DAY') and substr(tally, 1, 1) <> '['",
  },
]

/** The place a sealed value is bound to; see `Keyring.seal`. */
export const placeOf = (table: string, column: string, ...of: readonly string[]): string =>
  [table, column, ...of].join(' ')
