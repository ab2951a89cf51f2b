import type { Viewer } from '../../graphql/context.js'
import { SCOPES } from '../../graphql/scope.js'
import { IMPLICIT_WORKSPACE } from '../config/rules.js'

/** An authenticated client. */
export interface Caller {
  /**
   * Identifies this caller in rate limits and signed links; holds no secret and no person's name.
   * Null on a server without `callers`, where there is only one.
   */
  readonly identity: string | null
  readonly viewer: Viewer
  /** The subject of its token (RFC 7519 §4.1.2); absent for a key, which has a name. */
  readonly subject?: string
  /** Wall-clock ms at which its credential expires; null when it does not expire. */
  readonly expiresAt: number | null
}

/** The only caller of a server without `callers`: whoever reaches it on loopback owns it. */
export const ANYONE: Caller = {
  identity: null,
  viewer: {
    name: null,
    workspace: IMPLICIT_WORKSPACE,
    scopes: new Set(SCOPES.filter((scope) => scope !== 'telephony:read:own')),
    extension: null,
  },
  expiresAt: null,
}

/** Finds the caller a credential belongs to. */
export interface Authenticator {
  /** Answers without I/O; null when only `authenticate` can tell. */
  authenticateLocally(credential: string): Caller | null
  /**
   * Null when the credential is nobody's.
   * @throws ServiceUnavailable when what it needs for that cannot be read now.
   */
  authenticate(credential: string): Promise<Caller | null>
  /**
   * Whether a caller seen earlier may still act, without its credential. Null when it is not one of
   * this authenticator's.
   */
  isStillAuthorized(identity: string): Promise<boolean> | boolean | null
}
