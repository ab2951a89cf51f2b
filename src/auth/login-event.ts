/** Why a login changed. */
export type LoginReason =
  | 'first use'
  | 'due'
  | 'expired'
  | 'refused'
  /** Tokens that a refresh gives are refused: only a login may help. */
  | 'not accepted'
  /** The provider says that the user is gone or locked. */
  | 'locked out'
  /** A person had it tried. */
  | 'retry'
  | 'person'
  | 'unlink'
  | 'store'

/** One change of a login: why, and how it ended; logged as one line. Never holds a secret. */
export interface LoginEvent {
  /** Key of the account; the two logins of an impersonation append `#actor` or `#as:<subject>`. */
  readonly key: string
  readonly flow: string
  readonly reason: LoginReason
  readonly outcome: LoginOutcome
  readonly generation: number
  /** Error code or reason word of a failure. */
  readonly code?: string
}

export type LoginOutcome =
  | 'refreshed'
  | 'logged in'
  /** Another process wrote the row first; its token is used. */
  | 'adopted'
  /** Another process redeemed the same refresh token first; its token is used. */
  | 'race recovered'
  /** Resumes a refresh that another process left unfinished: it died, or its response was lost. */
  | 'resumed'
  /** The request was sent and no response came: the provider may have granted all the same. */
  | 'outcome unknown'
  /** This process stalled until another took its lease over; nothing had been sent. */
  | 'lease lost'
  | 'backing off'
  | 'reauthorization required'
  | 'not stored'
  | 'store unavailable'
  /** The account was unlinked while its login was being refreshed. */
  | 'discarded'
  | 'revoked'
  | 'revocation put off'
  | 'revocation given up'

/** Reports what happens to one login. */
export interface LoginReporter {
  /** Logs an event; `row` is the stored row it is about, null where there is none. */
  note(
    reason: LoginEvent['reason'],
    outcome: LoginOutcome,
    row: { readonly generation: number } | null,
    code?: string,
  ): void
}
