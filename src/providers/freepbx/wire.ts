/** JSON as FreePBX sends it, as far as it is read: by field, as any of them may be null or of another type. */

/** A row of `allCoreUsers`. `voicemail`: context of the mailbox, `novm` for none. */
export type WireUser = Record<'extension' | 'name' | 'voicemail', unknown>

/** A row of `fetchAllExtensions`; `user` is a `WireUserDetail`, and null for a phone without one. */
export type WireExtension = Record<'extensionId' | 'tech' | 'coreDevice' | 'user', unknown>

/** What a user has besides its name; the destinations are strings of the dialplan. */
export type WireUserDetail = Record<
  'extension' | 'outboundCid' | 'noanswerDestination' | 'busyDestination' | 'chanunavailDestination',
  unknown
>

/**
 * A row of `allInboundRoutes`. `extension`: digits, a pattern, or empty for any number;
 * `destinationConnection`: `<category>:<label>`, null where the target is not there.
 */
export type WireRoute = Record<'id' | 'extension' | 'cidnum' | 'description' | 'destinationConnection', unknown>

/**
 * A row of `fetchAllRingGroups`. `id`: base64 of `ringgroup:<number>`, which alone has the leading
 * zeros of the number; `groupList`: members joined by `-`.
 */
export type WireRingGroup = Record<'id' | 'groupNumber' | 'description' | 'groupList' | 'groupTime', unknown>

/** A queue of `GET /queues/`. */
export type WireQueue = Record<'extension' | 'name', unknown>

/** An entry of `GET /queues/members`: the static and the dynamic ones, either of which may be absent. */
export type WireQueueMembers = Record<'members' | 'dynmembers', unknown>

/** A row of `fetchAllCdrs`: `timestamp` in epoch seconds; texts are empty where there is nothing. */
export type WireCall = Record<'uniqueid' | 'linkedid' | 'sequence' | 'lastapp' | 'recordingfile', unknown> &
  Record<'calldate' | 'timestamp' | 'duration' | 'billsec' | 'disposition' | 'channel' | 'dstchannel', unknown> &
  Record<'clid' | 'src' | 'cnum' | 'outbound_cnum' | 'dst' | 'dcontext' | 'did', unknown>
