import type { Viewer } from '../../graphql/context.js'
import { SCOPES } from '../../graphql/scope.js'
import { IMPLICIT_WORKSPACE } from '../config/rules.js'

/** Whoever asks, once it is known who that is. */
export interface Caller {
  /** Tells this caller from all others, in limits and in links; holds no secret and no name of a person. Null where anyone may ask. */
  readonly identity: string | null
  readonly viewer: Viewer
  /** Wall-clock ms after which what proved it counts no more; null when it does not run out. */
  readonly expiresAt: number | null
}

/** On loopback without `callers` everyone who can reach this server is its owner. */
export const ANYONE: Caller = {
  identity: null,
  viewer: { name: null, workspace: IMPLICIT_WORKSPACE, scopes: new Set(SCOPES) },
  expiresAt: null,
}

/** One way to tell who holds a credential. */
export interface Recognition {
  /** Who it is, if that is known without asking anybody; null: it may have to be found out. */
  recall(credential: string): Caller | null
  /** Finds out who it is; null: nobody. Throws ServiceUnavailable when that cannot be found out now. */
  find(credential: string): Promise<Caller | null>
  /** Whether one of its callers is still welcome, without proving it again. Null: this is none of its callers. */
  isWelcome(identity: string): Promise<boolean> | boolean | null
}
