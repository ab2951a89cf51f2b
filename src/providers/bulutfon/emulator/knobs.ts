import type { Rotation } from '../../../emulator/token-book.js'

/** What the documentation leaves open or changed over the years, so that a test can try each reading. */
export interface BulutfonKnobs {
  /**
   * `E3` (since March 2017). `E2`: Turkish `Var`/`Yok`, prices and outgoing `extension` as JSON numbers, `sms_credits`, no
   * `missing_call`. `E1` (before May 2015): a DID's destination as one text, no `pagination`, no list-only group
   * fields, an extension's detail with `did` and `acl` only, no `scope` in the token answer.
   */
  readonly era: 'E1' | 'E2' | 'E3'
  /** When a refresh kills the tokens it replaces: Doorkeeper up to 3 at once, 4 when the new access token is first used. */
  readonly rotation: Rotation
  readonly accessTokenSeconds: number
  /** The status an expired token is answered with; `reason-phrase` is 401 with the text in the status line too. */
  readonly expiredStatus: 200 | 400 | 401 | 403 | 'reason-phrase'
  /** Counted per account on the emulator's clock; `retryAfter` says how, or whether, the wait is told. */
  readonly rateLimit: null | {
    readonly requests: number
    readonly windowSeconds: number
    readonly retryAfter: 'seconds' | 'date' | 'none'
  }
  /** Refuse requests without a `User-Agent`, as a draft of the documentation announced. */
  readonly requireUserAgent: boolean
  /** The largest page of calls; a larger `limit` is taken down to it. */
  readonly maxLimit: number
  /** So many new calls arrive after every page of calls served, and shift all rows. */
  readonly callsPerPage: number
  /** What stands where an anonymous caller's number would. */
  readonly anonymousCaller: 'anonymous' | null
  /** JSON type of a DID's `destination_number`. */
  readonly destinationNumber: 'int' | 'string'
  /** `own`: ids of a group's members are those of *other* extensions, as in the documentation's samples. */
  readonly memberIds: 'own' | 'extension'
  /** Every recording is at least this long; 0 leaves it as long as the talk was. */
  readonly recordingBytes: number
  /** Whether parts of a recording can be asked for. */
  readonly ranges: boolean
  /** The panel's master token of the company; null: one made up at the start. */
  readonly masterToken: string | null
  /** Redirect addresses the application registered; null: any of this machine. */
  readonly redirectUris: readonly string[] | null
}

export const DEFAULT_KNOBS: BulutfonKnobs = {
  era: 'E3',
  rotation: 'immediate',
  accessTokenSeconds: 7200,
  expiredStatus: 401,
  rateLimit: null,
  requireUserAgent: false,
  maxLimit: 100,
  callsPerPage: 0,
  anonymousCaller: 'anonymous',
  destinationNumber: 'int',
  memberIds: 'own',
  recordingBytes: 0,
  ranges: true,
  masterToken: null,
  redirectUris: null,
}
