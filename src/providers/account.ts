import type { Cached } from '../http/account/reading.js'
import type { AccountHealth, Authorization } from '../model/authorization.js'
import type { Operation } from '../operation.js'
import type { AccountFacts, Provider, Source } from './provider.js'

/** Observes how one reader's replies came about. */
export interface ReadObserver {
  /** Right before each request that is sent for this reader. Where it throws, nothing is sent. */
  readonly onRequest?: () => void
  /** With each reply that is older than this operation. */
  readonly onCached?: (cached: Cached) => void
}

export type { Cached }

/** An account joined to its provider; lives as long as the process, or until it is unlinked. */
export interface ConnectedAccount {
  readonly key: string
  /** Global id. */
  readonly id: string
  readonly label: string
  readonly workspace: string
  /** Names an account that was linked at run time; null, or absent, for one of the configuration. */
  readonly link?: string | null
  readonly provider: Provider
  readonly facts: AccountFacts
  /**
   * This account's data source for one operation. Sources of one operation share their reads; the
   * functions are those of `ReadObserver`.
   */
  source(operation: Operation, onRequest?: () => void, onCached?: ReadObserver['onCached']): Source
  authorization(): Promise<Authorization>
  health(): AccountHealth
}
