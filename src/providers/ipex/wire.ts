/**
 * JSON of IPEX, from the IPBX API's OpenAPI document (1.98.2), mixed key style included. Unchecked:
 * the mappers validate.
 */

/** `GET /numbers`, a bare array: outside numbers, internal lines and caller ids in one list. */
export interface WireNumber {
  readonly id: string
  readonly number: string
  /** `ddi` (the older Local API: `did`), `exten`, `cid`. */
  readonly type: string
  /** `user`, `application`. */
  readonly ownerType: string
  readonly ownerId: string
  /** Free text; the words are not published. */
  readonly applicationType?: string | null
  readonly priority?: number | null
  readonly numplan?: { readonly id?: number; readonly name?: string } | null
}

/** `GET /pbx/users`, a bare array. `exten` is a number and has lost its leading zeros. */
export interface WireUser {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly surname: string
  readonly pbxUserId?: number | null
  readonly exten?: number | null
}

/** `GET /members`, a bare array: the agents of the queues. */
export interface WireMember {
  readonly userId: string
  readonly pbxUserId?: number
  readonly firstName?: string
  readonly lastName?: string
  readonly login?: string
  readonly exten?: { readonly id: number; readonly number: string } | null
  readonly queues?: readonly WireQueue[] | null
  readonly skillsGroup?: { readonly id: number; readonly name: string } | null
}

export interface WireQueue {
  readonly id: number
  readonly name: string
  readonly callerId?: string | null
}

/** `GET /calls/transfer/destinations`, a bare array: everything a call can be transferred to. */
export interface WireDestination {
  readonly id: string
  readonly name: string
  readonly extension: string
  readonly ownerType: string
  /** Of an application: its own id, and its type in free text. */
  readonly properties?: { readonly id?: string | null; readonly applicationType?: string | null } | null
}

/** `GET /profiles?userId=`, a bare array: call handling of a person; one profile is active. */
export interface WireProfile {
  readonly id: number
  readonly name: string
  readonly active: boolean
  readonly params: {
    readonly hasDevice?: boolean
    readonly hasForward?: boolean
    readonly alert?: string | null
    readonly endpointId?: number | null
    /** `none`, `mymobile`, `another`. */
    readonly fwd?: string | null
    readonly fwdNum?: string | null
  }
}

/** `GET /calls`: one row of the call log; a call may have several. */
export interface WireCall {
  readonly user_id?: string | number | null
  readonly line?: string | number | null
  readonly calldate: string
  readonly endTime?: string | null
  readonly stamp?: string | null
  readonly src?: string | null
  readonly dst?: string | null
  readonly phoneNumber?: string | null
  readonly clid?: string | null
  /** Seconds, ringing included. */
  readonly duration?: number | null
  /** Seconds talked. */
  readonly billsec?: number | null
  readonly disposition?: string | null
  readonly hangupcause?: string | number | null
  /** `Loc`, `In`, `Out`. */
  readonly way?: string | null
  readonly userAnswered?: boolean | null
  readonly filename?: string | null
  readonly uniqueid?: string | null
  readonly linkedid?: string | null
  readonly queue?: string | null
}

/** `GET /calls/current`, a bare array: one channel; a call may have several. */
export interface WireChannel {
  /** The call's `linkedid`. */
  readonly callId: string
  /** The channel's `uniqueid`. */
  readonly channelId?: string | null
  readonly src?: string | null
  readonly dst?: string | null
  /** Asterisk's name of the channel, such as `PJSIP/101-0000001f`. */
  readonly channel?: string | null
  /** Seconds. */
  readonly duration?: number | null
  readonly user?: { readonly id?: string; readonly login?: string } | null
  /** `Loc`, `In`, `Out`. */
  readonly direction?: string | null
  readonly state?: string | null
  readonly creationTime?: string | null
}

/** Body of `POST /calls`. */
export interface WireNewCall {
  readonly to: string
  readonly fromUser: { readonly identityType: 'line'; readonly identityValue: string }
  /** The number of ours that is shown. */
  readonly callerId?: string
}

/** Body of `PUT /calls/transfer`: whoever talks to this user goes to another number. */
export interface WireTransfer {
  readonly to: string
  readonly userId: string
}

/** Body of `PUT /profiles/{id}`: what is not named stays. */
export interface WireProfileBody {
  readonly fwd: 'none' | 'another'
  readonly fwdNum?: string
}

/** Envelope of `GET /calls`; `items` may be absent. */
export interface WireCallPage {
  readonly items?: readonly WireCall[]
  readonly currentPage: number
  readonly totalPages: number
  readonly totalResults: number
}

/** `GET /calls/{linkedid}/detail`, a bare array; the event types are not published. */
export interface WireEvent {
  readonly eventtype: string
  readonly eventtime: string
  readonly src?: string | null
  readonly dst?: string | null
}

/**
 * `GET /v1/users/me` of the central API; not published, these are the names in its login response.
 */
export interface WireMe {
  readonly userId?: string | number
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
}
