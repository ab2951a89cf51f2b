import type { Cached } from '../http/account/reading.js'
import type { AccountHealth, Authorization } from '../model/authorization.js'
import type { Operation } from '../operation.js'
import type { AccountFacts, Provider, Source } from './provider.js'

/** Hears how one reader's answers came about. */
export interface ReadObserver {
  /** Right before each request that is really sent for this reader; when it throws, the request is not sent. */
  readonly onRequest?: () => void
  /** With each answer it is given that was read before this operation. */
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
  readonly provider: Provider
  readonly facts: AccountFacts
  /**
   * This account's answers within one operation. Sources of one operation share what has been read; the two functions are those of
   * `ReadObserver`.
   */
  source(operation: Operation, onRequest?: () => void, onCached?: ReadObserver['onCached']): Source
  authorization(): Promise<Authorization>
  health(): AccountHealth
}
