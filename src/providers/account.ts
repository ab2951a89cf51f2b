import type { AccountHealth, Authorization } from '../model/authorization.js'
import type { AccountFacts, Provider, Source } from './provider.js'

/** One GraphQL operation, as far as reading from providers is concerned; equal reads within it are one request. */
export interface Operation {
  readonly requestId: string
  /** Aborted when the client has gone or the operation's deadline has passed. */
  readonly signal: AbortSignal
}

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
   * This account's answers within one operation. Sources of one operation share what has been read;
   * `onRequest` is called right before each request that is really sent for this source; when it throws, the request is not sent.
   */
  source(operation: Operation, onRequest?: () => void): Source
  authorization(): Promise<Authorization>
  health(): AccountHealth
}
