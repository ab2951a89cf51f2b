import type { SlowRecords, Webhook } from '../../../emulator/live/live.js'
import type { Rotation } from '../../../emulator/token-book.js'

/** A webhook as it is set up in the panel, and what the years have changed of its events. */
export interface BulutfonWebhook extends Webhook {
  /** Each webhook is of one number, E.164. Absent: one for each number of the company. */
  readonly did?: string
  /** Default `json`. */
  readonly form?: 'json' | 'form'
  /** Names of events as the documentation's samples have them (default), or as its text does. */
  readonly spelling?: 'sample' | 'text'
  /** `domain_id` and `account_id`, since February 2021; the end never had them. Default true. */
  readonly ids?: boolean
  /** How the end refers to the record; until July 2020 it was `embedded`. Default `links`. */
  readonly record?: 'links' | 'embedded'
  /** Whether the phones of a group are told of, too. Default true. */
  readonly groupPhones?: boolean
}

/**
 * What the documentation leaves open or what changed over the years, so that a test can try each
 * variant.
 */
export interface BulutfonKnobs {
  /**
   * `E3` (since March 2017). `E2`: Turkish `Var`/`Yok`, prices and outgoing `extension` as JSON
   * numbers, `sms_credits`, no `missing_call`. `E1` (before May 2015): a DID's destination as one
   * text, no `pagination`, no list-only group fields, an extension's detail with `did` and `acl`
   * only, no `scope` in the token response.
   */
  readonly era: 'E1' | 'E2' | 'E3'
  /**
   * When a refresh revokes the tokens it replaces: Doorkeeper up to 3 at once, 4 at the first use
   * of the new access token.
   */
  readonly rotation: Rotation
  readonly accessTokenSeconds: number
  /**
   * The status for an expired token; `reason-phrase` is 401 with the text in the status line, too.
   */
  readonly expiredStatus: 200 | 400 | 401 | 403 | 'reason-phrase'
  /** Counted per account on the emulator's clock; `retryAfter`: how the wait is sent, if at all. */
  readonly rateLimit: null | {
    readonly requests: number
    readonly windowSeconds: number
    readonly retryAfter: 'seconds' | 'date' | 'none'
  }
  /** Refuse requests without a `User-Agent`, as a draft of the documentation announced. */
  readonly requireUserAgent: boolean
  /** The largest page of calls; a larger `limit` is reduced to it. */
  readonly maxLimit: number
  /**
   * What a page of calls says of itself. `echoed`: a reduced `limit` is given back as it was asked;
   * `none`: no totals; `zero`: totals of 0.
   */
  readonly pageFigures: 'right' | 'echoed' | 'none' | 'zero'
  /** New calls added after every page of calls, which shift all rows. */
  readonly callsPerPage: number
  /** The oldest calls that are deleted after every page of calls. */
  readonly deletionsPerPage: number
  /** Calls that began longer ago are deleted. Null: none is. */
  readonly retentionDays: number | null
  /** The value in place of an anonymous caller's number. */
  readonly anonymousCaller: 'anonymous' | null
  /** JSON type of a DID's `destination_number`. */
  readonly destinationNumber: 'int' | 'string'
  /**
   * `own`: the ids of a group's members are those of other extensions, as in the documentation's
   * samples.
   */
  readonly memberIds: 'own' | 'extension'
  /** The minimum size of a recording; 0: as long as the talk. */
  readonly recordingBytes: number
  /** Whether Range requests are supported. */
  readonly ranges: boolean
  /** The panel's master token of the company; null: generated at the start. */
  readonly masterToken: string | null
  /** Registered redirect URIs; null: any loopback address. */
  readonly redirectUris: readonly string[] | null
  /** Where events of the company's calls are posted from the start. */
  readonly webhook: BulutfonWebhook | null
  /** ms from the end of a call under way until it is in the log. */
  readonly recordDelayMs: number
  /** Every so many calls under way have their record later than that, by a slow collector. Null: none. */
  readonly slowRecords: SlowRecords | null
  /** ms from a record to its price and recording. 0: they are in it from the start. */
  readonly settleDelayMs: number
}

export const DEFAULT_KNOBS: BulutfonKnobs = {
  era: 'E3',
  rotation: 'immediate',
  accessTokenSeconds: 7200,
  expiredStatus: 401,
  rateLimit: null,
  requireUserAgent: false,
  maxLimit: 100,
  pageFigures: 'right',
  callsPerPage: 0,
  deletionsPerPage: 0,
  retentionDays: null,
  anonymousCaller: 'anonymous',
  destinationNumber: 'int',
  memberIds: 'own',
  recordingBytes: 0,
  ranges: true,
  masterToken: null,
  redirectUris: null,
  webhook: null,
  recordDelayMs: 3000,
  slowRecords: null,
  settleDelayMs: 0,
}
