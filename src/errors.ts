/**
 * Every error thrown on purpose, with its public code; `graphql/format-error.ts` is the only place
 * that turns them into GraphQL errors.
 */

export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'CURSOR_INVALID'
  | 'NOT_FOUND'
  | 'OPERATION_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'CAPABILITY_UNSUPPORTED'
  | 'REAUTHORIZATION_REQUIRED'
  | 'CREDENTIALS_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_TIMEOUT'
  | 'PROVIDER_RATE_LIMITED'
  | 'PROVIDER_BAD_RESPONSE'
  | 'PROVIDER_FORBIDDEN'
  | 'PROVIDER_REJECTED'
  | 'PROVIDER_MISCONFIGURED'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

export type ProviderErrorCode = Extract<ErrorCode, `PROVIDER_${string}`>

/**
 * The account and the provider of a failure; shown to clients, so it holds the global id and no
 * secret.
 */
export interface ErrorSource {
  readonly provider: string
  readonly accountId: string
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'RATE_LIMITED',
  'CREDENTIALS_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
])

/**
 * The base class: a stable `code`, a message without secrets, and `details`, all that a client may
 * see besides.
 */
export class AppError extends Error {
  /** Set by the account's client when the error passes through it. */
  source: ErrorSource | null = null

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = new.target.name
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.code)
  }

  /** Sets the account this failure belongs to, unless it is set already. */
  of(source: ErrorSource): this {
    this.source ??= source
    return this
  }
}

/** The caller's argument cannot be used; the message says which and why. */
export class InvalidInput extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('BAD_USER_INPUT', message, {}, options)
  }
}

/** The caller's cursor was changed, is from elsewhere, or belongs to another list. */
export class CursorInvalid extends AppError {
  /** `reason`: a stable upper-case word, where there is one. */
  constructor(
    message = 'This cursor does not belong to this list with these arguments. Start again without it.',
    reason?: 'EXPIRED',
  ) {
    super('CURSOR_INVALID', message, { ...(reason && { reason }) })
  }
}

/** The provider, or this account, does not have what was requested. */
export class CapabilityUnsupported extends AppError {
  constructor(message: string) {
    super('CAPABILITY_UNSUPPORTED', message)
  }
}

/**
 * Only a person can repair the login. `reason` is a stable upper-case word such as
 * `CREDENTIALS_REJECTED`.
 */
export class ReauthorizationRequired extends AppError {
  constructor(
    readonly reason: string,
    message: string,
    readonly authorizeUrl: string | null = null,
    options?: ErrorOptions,
  ) {
    super('REAUTHORIZATION_REQUIRED', message, { reason, ...(authorizeUrl && { authorizeUrl }) }, options)
  }
}

/** The stored login cannot be read or written now. */
export class CredentialsUnavailable extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('CREDENTIALS_UNAVAILABLE', message, {}, options)
  }
}

export interface ProviderErrorOptions {
  /** A stable upper-case word. */
  readonly reason?: string | null
  /** What the provider asked us to wait, ms. */
  readonly retryAfterMs?: number | null
  /** Whether the request provably never left this machine. */
  readonly unsent?: boolean
  /** The parsed body of a refused write: its provider's code alone may read it. */
  readonly answer?: unknown
  readonly cause?: unknown
}

/** A call to a provider failed. */
export class ProviderError extends AppError {
  readonly reason: string | null
  readonly retryAfterMs: number | null
  readonly unsent: boolean
  readonly #answer: unknown

  constructor(
    override readonly code: ProviderErrorCode,
    message: string,
    { reason = null, retryAfterMs = null, unsent = false, answer = null, cause }: ProviderErrorOptions = {},
  ) {
    super(
      code,
      message,
      { ...(reason !== null && { reason }), ...(retryAfterMs !== null && { retryAfterMs }) },
      { cause },
    )
    this.reason = reason
    this.retryAfterMs = retryAfterMs
    this.unsent = unsent
    this.#answer = answer
  }

  /** The parsed body of a refused write; null where there is none. No log and no response shows it. */
  get answer(): unknown {
    return this.#answer
  }
}

/** Whether the provider is down: not where it answered, the login failed, or nobody waits. */
export const isOutage = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_UNAVAILABLE' ||
    error.code === 'PROVIDER_RATE_LIMITED' ||
    (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED'))

/** A write was sent and no answer says what became of it: it may have happened. Never retryable; `cause` is what was lost. */
export class OutcomeUnknown extends ProviderError {
  constructor(override readonly cause: ProviderError) {
    super(cause.code, `${cause.message}; whether it was done is unknown`, { reason: 'OUTCOME_UNKNOWN', cause })
  }

  override get retryable(): boolean {
    return false
  }
}

/** This server cannot serve now: draining, or a queue is full. */
export class ServiceUnavailable extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('SERVICE_UNAVAILABLE', message, {}, options)
  }
}

/**
 * The configuration is invalid: one message per mistake, each naming the key and never the value.
 */
export class ConfigurationError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`${file} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigurationError'
  }
}
