/** A request as a route sees it. */
export interface EmulatedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Groups of the route's pattern, percent-decoded. */
  readonly params: readonly string[]
}

/** A response: `json` is serialised and typed as JSON, `body` is sent as it is. */
export interface EmulatedResponse {
  readonly status: number
  readonly statusText?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly json?: unknown
  readonly body?: string | Buffer
  /** Streamed instead of `body`; for large recordings. */
  readonly stream?: AsyncIterable<Buffer>
}
