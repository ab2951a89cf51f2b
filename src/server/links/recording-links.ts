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

/** Proxies and browsers cut longer addresses. */
const MAXIMUM_LENGTH = 4_096

/** What a link lets its holder hear, and until when. */
export interface RecordingGrant {
  /** Who was given the link. */
  readonly holder: Caller['identity']
  readonly workspace: string
  readonly accountKey: string
  /** What the provider calls the recording. */
  readonly nativeName: string
  readonly disposition: LinkDisposition
}

/** Writes links to recordings and reads them again. Nothing is stored: what a link allows stands in it, signed. */
export interface RecordingLinkSigner {
  /** The links that one caller is given: none outlives what the caller was known by. */
  linksOf(caller: Caller): RecordingLinks
  /** Null for a token that was changed, is no longer good, or never was one. */
  read(token: string): RecordingGrant | null
}

/** The account of this key, if it is of this workspace. */
export type FindAccount = (workspace: string, accountKey: string) => ConnectedAccount | null

export interface RecordingLinkOptions {
  /** The first signs, all are read; without any a link works only in the process that made it. */
  readonly signingKeys: readonly Buffer[]
  readonly clock: Clock
  /** Under which address people reach this server, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string
  readonly find: FindAccount
}

/** Tokens hide nothing, but are good for nothing else. */
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
        const written: Written = [workspace, accountKey, nativeName, expiresAt, disposition, identity]
        const token = tokens.write(written)
        if (token.length > MAXIMUM_LENGTH) return null
        return { url: `${publicUrl()}${RECORDINGS_PATH}/${token}`, expiresAt: new Date(expiresAt).toISOString() }
      },
    }),

    read(token) {
      const written = tokens.read(token) as Written | undefined
      if (!written) return null
      const [workspace, accountKey, nativeName, expiresAt, disposition, holder] = written
      return clock.now() < expiresAt ? { workspace, accountKey, nativeName, disposition, holder } : null
    },
  }
}

type Written = readonly [
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
