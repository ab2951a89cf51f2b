/** What an operation was and how it went, noted for the log line of its request. */
export interface OperationSummary {
  /** Null for a document that never became an operation. */
  readonly kind: 'query' | 'mutation' | 'subscription' | null
  readonly operation: string | null
  readonly codes: readonly string[]
}
