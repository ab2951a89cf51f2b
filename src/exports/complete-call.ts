import type { Destination } from '../loaders/edges/destination.js'
import type { CallRecord } from '../model/call-record.js'
import type { Group } from '../model/group.js'

/** What a call refers to, as far as it was asked for and found. */
export interface NamedObjects {
  readonly did: Destination | null
  readonly answeredBy: Destination | null
  readonly groups: readonly Group[] | null
}

/** A call with all that its export shows. */
export interface CompleteCall extends CallRecord {
  readonly named?: NamedObjects
}
