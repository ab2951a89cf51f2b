import { always, isInteger, isText, optional, type RecordRules } from '../../provider.js'

/** The fields of the wire contract that are read; almost all may be null. */
export const RECORD_RULES = {
  User: { extension: always(isText), name: optional(isText), voicemail: optional(isText) },
  Route: {
    id: always(isText),
    extension: always(isText),
    cidnum: optional(isText),
    destinationConnection: optional(isText),
  },
  RingGroup: {
    id: always(isText),
    description: optional(isText),
    groupList: optional(isText),
    groupTime: optional(isInteger),
  },
  CallRow: {
    uniqueid: always(isText),
    linkedid: optional(isText),
    sequence: optional(isText),
    calldate: always(isText),
    timestamp: always(isInteger),
    duration: always(isInteger),
    billsec: always(isInteger),
    disposition: always(isText),
    dst: optional(isText),
    channel: optional(isText),
  },
} satisfies Readonly<Record<string, RecordRules>>
