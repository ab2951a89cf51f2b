/** JSON as FreePBX sends it, as far as it is read. Almost every field may be null. */

/** A row of `allCoreUsers`. */
export interface WireUser {
  readonly extension: string
  readonly name: string | null
  /** Context of the mailbox; `novm`: none. */
  readonly voicemail: string | null
}

/** A row of `fetchAllExtensions`; `user` is null for a phone without one. */
export interface WireExtension {
  readonly extensionId: string | null
  readonly user: WireUserDetail | null
}

/** What a user has besides its name; strings of the dialplan. */
export interface WireUserDetail {
  readonly extension: string
  readonly outboundCid: string | null
  readonly noanswerDestination: string | null
  readonly busyDestination: string | null
  readonly chanunavailDestination: string | null
}

/** A row of `allInboundRoutes`. */
export interface WireRoute {
  readonly id: string
  /** Digits, a pattern, or empty for any number. */
  readonly extension: string
  readonly cidnum: string | null
  readonly description: string | null
  /** `<category>:<label>`; null where the target is not there. */
  readonly destinationConnection: string | null
}

/** A row of `fetchAllRingGroups`. */
export interface WireRingGroup {
  /** base64 of `ringgroup:<number>`, which alone has the leading zeros. */
  readonly id: string
  readonly groupNumber: number | null
  readonly description: string | null
  /** Members joined by `-`. */
  readonly groupList: string | null
  readonly groupTime: number | null
}

/** A queue of `GET /queues/`. */
export interface WireQueue {
  readonly extension: string
  readonly name: string | null
}

/** An entry of `GET /queues/members`. */
export interface WireQueueMembers {
  readonly members?: readonly string[]
  readonly dynmembers?: readonly string[]
}

/** A row of `fetchAllCdrs`; texts are empty where there is nothing. */
export interface WireCall {
  readonly uniqueid: string
  readonly linkedid: string | null
  readonly sequence: string | null
  readonly calldate: string
  /** Epoch seconds. */
  readonly timestamp: number
  readonly duration: number
  readonly billsec: number
  readonly disposition: string
  readonly clid: string | null
  readonly src: string | null
  readonly cnum: string | null
  readonly outbound_cnum: string | null
  readonly dst: string | null
  readonly dcontext: string | null
  readonly did: string | null
  readonly channel: string | null
  readonly dstchannel: string | null
  readonly lastapp: string | null
  readonly recordingfile: string | null
}
