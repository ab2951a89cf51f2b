import type { GraphQLFormattedError } from 'graphql'

/** What Apollo Server passes to `willSendResponse`, as far as it is used here. */
export interface Responding {
  readonly response: {
    readonly body: { readonly kind: 'single'; readonly singleResult: SingleResult } | { readonly kind: 'incremental' }
  }
}

interface SingleResult {
  readonly data?: unknown
  errors?: readonly GraphQLFormattedError[]
  extensions?: Record<string, unknown>
}

export function addExtensions({ body }: Responding['response'], extensions: Record<string, unknown>): void {
  if (body.kind !== 'single') return
  body.singleResult.extensions = { ...body.singleResult.extensions, ...extensions }
}
