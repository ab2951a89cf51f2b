import type { Operation } from '../../operation.js'

/** What the endpoint needs of a request's context; the resolvers' own is more. */
export interface EndpointContext {
  readonly operation: Operation
}
