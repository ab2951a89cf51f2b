import type { Clock } from '../../clock.js'
import type { RecordingLinks } from '../../graphql/context.js'
import { ResourceKind, ResourceOperation, SupportLevel } from '../../model/capability.js'
import type { LinkDisposition } from '../../model/signed-link.js'
import type { ConnectedAccount } from '../../providers/account.js'
import type { Provider } from '../../providers/provider.js'
import { keysFor, signedText } from '../../signed-text.js'
import type { Caller } from '../callers/caller.js'

/** Path of every link, before its token. */
export const RECORDINGS_PATH = '/recordings'

/** Proxies and browsers do not accept longer URLs. */
const MAXIMUM_LENGTH = 4_096

/** What a link gives access to. */
export interface RecordingGrant {
  /** Identity of the caller it was made for. */
  readonly holder: Caller['identity']
  readonly workspace: string
  readonly accountKey: string
  /** The provider's name of the recording. */
  readonly nativeName: string
  readonly disposition: LinkDisposition
}

/** Signs and verifies links to recordings. Nothing is stored: a link contains its grant, signed. */
export interface RecordingLinkSigner {
  /** For one caller; no link outlives the caller's credential. */
  linksOf(caller: Caller): RecordingLinks
  /** Null for a token that was altered, has expired, or is none of ours. */
  read(token: string): RecordingGrant | null
}

/** The account with this key; null when it does not belong to the workspace. */
export type FindAccount = (workspace: string, accountKey: string) => ConnectedAccount | null

export interface RecordingLinkOptions {
  /**
   * The first signs, all are accepted; without any, links work only in the process that made them.
   */
  readonly signingKeys: readonly Buffer[]
  readonly clock: Clock
  /** URL at which people reach this server, without a trailing slash; known once it listens. */
  readonly publicUrl: () => string
  readonly find: FindAccount
}

export function recordingLinkSigner({
  signingKeys,
  clock,
  publicUrl,
  find,
}: RecordingLinkOptions): RecordingLinkSigner {
  const tokens = signedText(keysFor('dialgraph recordings', signingKeys), { maximumLength: MAXIMUM_LENGTH })
  return {
    linksOf: ({ identity, viewer: { workspace }, expiresAt: end }) => ({
      async sign({ accountKey, nativeName }, { expiresInSeconds, disposition }) {
        if (!hasRecordings(find(workspace, accountKey)?.provider)) return null
        const expiresAt = Math.min(clock.now() + expiresInSeconds * 1000, end ?? Infinity)
        const fields: GrantFields = [workspace, accountKey, nativeName, expiresAt, disposition, identity]
        const token = tokens.write(fields)
        if (token.length > MAXIMUM_LENGTH) return null
        return { url: `${publicUrl()}${RECORDINGS_PATH}/${token}`, expiresAt: new Date(expiresAt).toISOString() }
      },
    }),

    read(token) {
      const fields = tokens.read(token) as GrantFields | undefined
      if (!fields) return null
      const [workspace, accountKey, nativeName, expiresAt, disposition, holder] = fields
      return clock.now() < expiresAt ? { workspace, accountKey, nativeName, disposition, holder } : null
    },
  }
}

type GrantFields = readonly [
  workspace: string,
  accountKey: string,
  nativeName: string,
  expiresAt: number,
  disposition: LinkDisposition,
  holder: Caller['identity'],
]

const hasRecordings = (provider: Provider | undefined): boolean =>
  provider?.capabilities.some(
    ({ resource, operation, support }) =>
      resource === ResourceKind.RECORDING &&
      operation === ResourceOperation.READ &&
      support !== SupportLevel.UNSUPPORTED,
  ) ?? false
