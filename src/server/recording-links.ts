import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { RecordingLinks } from '../graphql/context.js'
import { ResourceKind, ResourceOperation, SupportLevel } from '../model/capability.js'
import type { LinkDisposition } from '../model/signed-link.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Provider } from '../providers/provider.js'

/** Path of every link, before its token. */
export const RECORDINGS_PATH = '/recordings'

const SIGNATURE_BYTES = 32
/** Proxies and browsers cut longer addresses. */
const MAXIMUM_LENGTH = 4_096

/** What a link lets its holder hear, and until when. */
export interface RecordingGrant {
  readonly workspace: string
  readonly accountKey: string
  /** What the provider calls the recording. */
  readonly nativeName: string
  readonly disposition: LinkDisposition
}

/** Writes links to recordings and reads them again. Nothing is stored: what a link allows stands in it, signed. */
export interface RecordingLinkSigner {
  /** The links that callers of one workspace are given. */
  linksOf(workspace: string): RecordingLinks
  /** Null for a token that was changed, is no longer good, or never was one. */
  read(token: string): RecordingGrant | null
}

/** The account of this key, if it is of this workspace. */
export type FindAccount = (workspace: string, accountKey: string) => ConnectedAccount | null

export interface RecordingLinkOptions {
  /** Recordings' own; see `recordingLinkKey`. */
  readonly key: Buffer
  readonly clock: Clock
  /** Under which address people reach this server, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string
  readonly find: FindAccount
}

/** The same on every replica that has the same cursor key. Without one a link works only in the process that made it. */
export const recordingLinkKey = (cursorKey: Buffer | null): Buffer =>
  cursorKey ? Buffer.from(hkdfSync('sha256', cursorKey, '', 'dialgraph recordings', 32)) : randomBytes(32)

/** Tokens are base64url of an HMAC-SHA-256 (RFC 2104) and JSON; they hide nothing but are good for nothing else. */
export function recordingLinkSigner({ key, clock, publicUrl, find }: RecordingLinkOptions): RecordingLinkSigner {
  const signature = (payload: Buffer) => createHmac('sha256', key).update(payload).digest()
  return {
    linksOf: (workspace) => ({
      async sign({ accountKey, nativeName }, { expiresInSeconds, disposition }) {
        if (!hasRecordings(find(workspace, accountKey)?.provider)) return null
        const expiresAt = clock.now() + expiresInSeconds * 1000
        const fields = [workspace, accountKey, nativeName, expiresAt, disposition]
        const payload = Buffer.from(JSON.stringify(fields), 'utf8')
        const token = Buffer.concat([signature(payload), payload]).toString('base64url')
        if (token.length > MAXIMUM_LENGTH) return null
        return { url: `${publicUrl()}${RECORDINGS_PATH}/${token}`, expiresAt: new Date(expiresAt).toISOString() }
      },
    }),

    read(token) {
      if (token.length > MAXIMUM_LENGTH) return null
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== token) return null
      const payload = bytes.subarray(SIGNATURE_BYTES)
      if (!timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), signature(payload))) return null
      // Only what was signed above comes this far.
      const [workspace, accountKey, nativeName, expiresAt, disposition] = JSON.parse(payload.toString('utf8')) as [
        string,
        string,
        string,
        number,
        LinkDisposition,
      ]
      return clock.now() < expiresAt ? { workspace, accountKey, nativeName, disposition } : null
    },
  }
}

const hasRecordings = (provider: Provider | undefined): boolean =>
  provider?.capabilities.some(
    ({ resource, operation, support }) =>
      resource === ResourceKind.RECORDING &&
      operation === ResourceOperation.READ &&
      support !== SupportLevel.UNSUPPORTED,
  ) ?? false
