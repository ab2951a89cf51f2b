/**
 * JSON of the Bulutfon API (v1). `?` marks keys that some responses lack, `| null` what was seen as
 * null; the mappers treat all of it as unknown, because the API has changed its types over the
 * years.
 */

/** `GET /me`. It has no id. */
export interface WireMe {
  user: { email: string; name: string; gsm: string }
  pbx: { name: string; url: string; state: string; package: string; customer_type: string }
  /** The balance is decimal text; the documentation spells the count both ways. */
  credit: { balance: string; sms_credit?: number; sms_credits?: number }
}

/** `GET /dids` → `{dids: […]}`, `GET /dids/:id` → `{did: …}`. */
export interface WireDid {
  id: number
  number: string
  state: string
  /** `Auto attendant`, `Group`, `Extension`. */
  destination_type: string | null
  destination_id: number | null
  destination_number: number | string | null
  /** Until May 2015, instead of the three fields above: `101 - Group`. */
  destination?: string
  working_hour: boolean
  /** Detail only, and only while `working_hour` is true. */
  working_hours?: Record<WireWeekday, WireWorkingDay> | null
}

export type WireWeekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** Wall-clock times `HH:MM`; closed days have a shift, too. */
export interface WireWorkingDay {
  open: boolean
  shift_start: string
  shift_finish: string
  lunch_break_start?: string | null
  lunch_break_finish?: string | null
}

/**
 * `GET /extensions` → `{extensions: […]}`, `GET /extensions/:id` → `{extension: …}`; the keys after
 * `email` are in the detail only.
 */
export interface WireExtension {
  id: number
  number: number
  registered?: boolean
  caller_name: string
  email: string
  /** Number shown on outgoing calls: digits, not the id of a DID. */
  did?: string
  voice_mail?: boolean
  redirection_type?: 'NONE' | 'UNREACHABLE' | 'ALWAYS'
  destination_type?: string | null
  destination_number?: number | null
  external_number?: string | number | null
  acl?: string[]
}

/**
 * Body of `POST /extensions` and `PUT /extensions/:id`. Two names differ from those that are read:
 * `full_name` is `caller_name`, `voicemail` is `voice_mail`.
 */
export interface WireExtensionBody extends Partial<WireRedirection> {
  readonly full_name?: string
  readonly email?: string
  /** Digits. */
  readonly did?: string
  readonly number?: string
  readonly voicemail?: boolean
  /** `domestic`, `gsm`, `international`. */
  readonly acl?: readonly string[]
}

/** Of a redirection everything that belongs to its type is written together. */
export interface WireRedirection {
  /** `NONE`, `UNREACHABLE`, `ALWAYS`. */
  readonly redirection_type: string
  /** Unless `NONE`. */
  readonly destination_type?: 'EXTENSION' | 'GROUP' | 'AUTOATTENDANT' | 'EXTERNAL'
  /** Unless `EXTERNAL`. */
  readonly destination_number?: string
  /** With `EXTERNAL`: digits. */
  readonly external_number?: string
}

/** Body of `POST /call_and_bridge`. */
export interface WireCallAndBridge {
  /** One of our numbers: digits. */
  readonly caller: string
  /** The number to call: digits. */
  readonly callee: string
  /** Internal number of who talks to them: two digits a menu, three a group, four an extension. */
  readonly destination: string
  /** Seconds to ring. */
  readonly timeout?: number
}

/**
 * `GET /groups` → `{groups: […]}`, `GET /groups/:id` → `{group: …}`. Two keys are in the list only,
 * one in the detail only.
 */
export interface WireGroup {
  id: number
  number: number
  name: string
  timeout: number
  /** List only. */
  delay_time?: number
  /** List only. */
  ring_duration?: number
  /** Detail only. */
  extensions?: Pick<WireExtension, 'id' | 'number' | 'caller_name' | 'email'>[]
}

/** `GET /cdrs` → `{cdrs: […], pagination}`, `GET /cdrs/:uuid` → `{cdr: …}`. */
export interface WireCall {
  uuid: string
  bf_calltype: string
  direction: string
  caller: number | string | null
  callee: number | string | null
  /** Outgoing calls only; documented as the extension, but the samples hold the outgoing number. */
  extension?: string | number
  call_time: string
  answer_time: string | null
  hangup_time: string | null
  missing_call?: boolean
  call_price?: string | number | null
  call_record: string | boolean
  hangup_cause: string
  hangup_state: string | null
  /** Detail of incoming calls only. */
  call_flow?: WireStep[]
}

export interface WireStep {
  /** Our number in the first step, internal numbers after it. */
  callee: number
  start_time: string
  answer_time: string | null
  hangup_time: string | null
  redirection: string
  redirection_target?: number
  origination?: WireOrigination[]
}

/** One phone that rang; phones that lost the race carry the winner's `answer_time`. */
export interface WireOrigination {
  destination: number
  start_time: string
  answer_time: string | null
  hangup_time: string | null
  result: string
}

/**
 * `next_page` is left out on purpose: it loses limit, filters and token, and must not be followed.
 */
export interface WirePagination {
  page: number
  total_count: number
  total_pages: number
  limit: number
}
