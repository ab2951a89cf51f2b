import {
  always,
  isFlag,
  isInteger,
  isList,
  isObject,
  isOneOf,
  isText,
  optional,
  type Accepts,
  type RecordRules,
} from '../drift.js'
import { CHANNEL_STATE } from './map/current-calls.js'
import { CALL_DIRECTION } from './map/row-facts.js'

/*
 * The fields of the OpenAPI document that are read. The words of `disposition` are not documented,
 * those of `applicationType` are free.
 */

/** Declared as a number, whole or not. */
const isNumber: Accepts = (value) => isText(value) && Number.isFinite(Number(value))

export const RECORD_RULES = {
  Number: {
    id: always(isText),
    number: always(isText),
    type: always(isOneOf(['ddi', 'did', 'exten', 'cid'])),
    ownerType: optional(isOneOf(['user', 'application'])),
    ownerId: optional(isText),
    applicationType: optional(isText),
  },
  User: { id: always(isText), login: always(isText), name: optional(isText), surname: optional(isText) },
  Member: {
    userId: always(isText),
    exten: optional(isObject),
    queues: optional(isList),
    skillsGroup: optional(isObject),
  },
  CallRow: {
    calldate: always(isText),
    endTime: optional(isText),
    src: optional(isText),
    dst: optional(isText),
    line: optional(isText),
    clid: optional(isText),
    duration: optional(isNumber),
    billsec: optional(isNumber),
    disposition: always(isText),
    way: always(isOneOf([...CALL_DIRECTION.keys()])),
    userAnswered: optional(isFlag),
    filename: optional(isText),
    uniqueid: optional(isText),
    linkedid: optional(isText),
    hangupcause: optional(isText),
  },
  Event: { eventtype: always(isText), eventtime: always(isText) },
  Profile: { active: always(isFlag), params: always(isObject) },
  Destination: { name: always(isText), extension: always(isText), ownerType: always(isText) },
  CurrentCall: {
    callId: always(isText),
    direction: always(isOneOf([...CALL_DIRECTION.keys()])),
    state: always(isOneOf(Object.keys(CHANNEL_STATE))),
    creationTime: optional(isText),
  },
  CallPage: { currentPage: always(isInteger), totalPages: always(isInteger) },
} satisfies Readonly<Record<string, RecordRules>>
