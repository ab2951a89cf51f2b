import type { CallDirection, CallParty } from '../model/call-record.js'
import type { Reference } from '../model/reference.js'

/**
 * What happened to a call. RECORD_WRITTEN: the provider says that the call's record can be read
 * now, which is looked at before anybody hears of it.
 */
export type CallFactType =
  | 'STARTED'
  | 'ENTERED_MENU'
  | 'ENTERED_GROUP'
  | 'RINGING'
  | 'ANSWERED'
  | 'TRANSFERRED'
  | 'MISSED'
  | 'ENDED'
  | 'RECORD_WRITTEN'

/** What a provider says of a call in one event; null for what the event does not say. */
export interface CallFact {
  /** The provider's id of the call: the same in everything it says of this call. */
  readonly callId: string
  readonly type: CallFactType
  /** ISO UTC; null: when it arrives. */
  readonly occurredAt: string | null
  /** The provider's own word for the event; null for what it did not say itself. */
  readonly nativeType: string | null
  /** Tells it from the other facts of its call: a repetition, in any spelling, has the same. */
  readonly key: string
  readonly direction: CallDirection | null
  readonly caller: CallParty | null
  readonly callee: CallParty | null
  readonly didRef: Reference | null
  /** Where the call is after it: the menu, group or phone. */
  readonly targetRef: Reference | null
  /** What else of ours has to do with the call, such as the queue of an outgoing call. */
  readonly involved?: readonly Reference[]
  /**
   * Of an end: ISO UTC of the answer that must have come before it where the provider sends no
   * event for it; null: nobody answered; undefined: the end does not say.
   */
  readonly answeredAt?: string | null
  /** This server concluded it; the provider did not say it. Default: false. */
  readonly inferred?: boolean
}

/** A call under way as the provider lists it. */
export interface CurrentCall {
  readonly callId: string
  readonly state: 'RINGING' | 'ANSWERED' | 'UNKNOWN'
  /** The provider's own word for the state. */
  readonly nativeState: string
  readonly direction: CallDirection
  readonly caller: CallParty
  readonly callee: CallParty
  readonly didRef: Reference | null
  readonly targetRef: Reference | null
  /** ISO UTC. */
  readonly startedAt: string | null
}

/** The calls under way in an account, as far as one answer of the provider tells. */
export interface CurrentCalls {
  readonly calls: readonly CurrentCall[]
  /** Entries that could not be read: no call is taken for ended by this answer. */
  readonly unreadable: number
}

/** What a delivery's reader knows of the account it came for. */
export interface DeliveredAccount {
  readonly key: string
  /** ISO 3166 country for numbers without a country code. */
  readonly country: string
  /** IANA zone for times without an offset. */
  readonly timeZone: string
}

/** Reads what a provider delivers to the address it was given. */
export interface WebhookFormat {
  /**
   * The facts of one delivery; none for an event that is about no call; null for an event whose
   * name nobody knows.
   *
   * `keys`: the names that the webhook was configured to use instead of the provider's own.
   *
   * @throws ProviderError PROVIDER_BAD_RESPONSE for a known event that does not say of which call
   */
  read(
    body: Readonly<Record<string, unknown>>,
    account: DeliveredAccount,
    keys: Readonly<Record<string, string>>,
  ): readonly CallFact[] | null
  /** The provider's own names that a webhook may replace; absent: `keys` are not checked. */
  readonly keyNames?: readonly string[]
  /** The event's name as it was sent, for the log; null when the body has none. */
  nameOf(body: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, string>>): string | null
}
