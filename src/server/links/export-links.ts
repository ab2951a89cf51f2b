import type { Clock } from '../../clock.js'
import type { StoredExport } from '../../exports/state.js'
import { keysFor, signedText } from '../../signed-text.js'
import type { Caller } from '../callers/caller.js'

/** Path of every link, before its token. */
export const EXPORTS_PATH = '/exports'

const HOUR_MS = 3_600_000
const MAXIMUM_LENGTH = 1_024

/** What a link gives access to. */
export interface ExportGrant {
  /** Identity of the caller it was made for. */
  readonly holder: Caller['identity']
  readonly workspace: string
  /** The export's own id. */
  readonly id: string
}

/** Signs and verifies links to files of exports: a link contains its grant. */
export interface ExportLinkSigner {
  /** Good for an hour, and no longer than the file or the caller's credential; null while there is no file. */
  sign(stored: StoredExport, caller: Caller): { readonly url: string; readonly expiresAt: string } | null
  /** Null for a token that was altered, has expired, or is none of ours. */
  read(token: string): ExportGrant | null
}

export interface ExportLinkOptions {
  /** The first signs, all are accepted; without any, links work only in the process that made them. */
  readonly signingKeys: readonly Buffer[]
  readonly clock: Pick<Clock, 'now'>
  /** URL at which people reach this server, without a trailing slash; known once it listens. */
  readonly publicUrl: () => string
}

type GrantFields = readonly [workspace: string, id: string, expiresAt: number, holder: Caller['identity']]

export function exportLinkSigner({ signingKeys, clock, publicUrl }: ExportLinkOptions): ExportLinkSigner {
  const tokens = signedText(keysFor('dialgraph exports', signingKeys), { maximumLength: MAXIMUM_LENGTH })
  return {
    sign({ id, workspace, status, endsAt }, { identity, expiresAt: end }) {
      if (status !== 'COMPLETED' && status !== 'COMPLETED_WITH_GAPS') return null
      const expiresAt = Math.min(clock.now() + HOUR_MS, endsAt ?? Infinity, end ?? Infinity)
      const token = tokens.write([workspace, id, expiresAt, identity] satisfies GrantFields)
      return { url: `${publicUrl()}${EXPORTS_PATH}/${token}`, expiresAt: new Date(expiresAt).toISOString() }
    },
    read(token) {
      const fields = tokens.read(token) as GrantFields | undefined
      if (!fields) return null
      const [workspace, id, expiresAt, holder] = fields
      return clock.now() < expiresAt ? { workspace, id, holder } : null
    },
  }
}
