import {
  always,
  isDecimal,
  isFlag,
  isInteger,
  isList,
  isObject,
  isOneOf,
  isText,
  optional,
  type RecordRules,
} from '../drift.js'
import { ACCOUNT_STATUS, CUSTOMER_TYPE } from './map/account.js'
import { CALL_DIRECTION, CALL_KIND } from './map/call-record.js'
import { DID_STATUS } from './map/did.js'

/*
 * The documented fields that are read, as far as all versions of the documentation agree: a
 * response that differs is not from an older API, but undocumented.
 */

const DESTINATION_TYPES = ['Auto attendant', 'Group', 'Extension']
const isRecordedWord = isOneOf(['YES', 'NO', 'VAR', 'YOK', 'REMOVED'])

export const RECORD_RULES = {
  AccountProfile: { user: always(isObject), pbx: always(isObject), credit: always(isObject) },
  Person: { email: always(isText), name: always(isText), gsm: optional(isText) },
  Switchboard: {
    name: always(isText),
    url: always(isText),
    state: always(isOneOf(Object.keys(ACCOUNT_STATUS))),
    package: optional(isText),
    customer_type: optional(isOneOf(Object.keys(CUSTOMER_TYPE))),
  },
  Credit: { balance: always(isDecimal), sms_credit: optional(isInteger), sms_credits: optional(isInteger) },
  Did: {
    id: always(isInteger),
    number: always(isText),
    state: always(isOneOf(Object.keys(DID_STATUS))),
    destination_type: optional(isOneOf(DESTINATION_TYPES)),
    destination_id: optional(isInteger),
    destination_number: optional(isText),
    working_hour: always(isFlag),
  },
  Extension: {
    id: always(isInteger),
    number: always(isText),
    registered: always(isFlag),
    caller_name: always(isText),
    email: optional(isText),
  },
  Group: {
    id: always(isInteger),
    number: always(isText),
    name: always(isText),
    timeout: always(isInteger),
    delay_time: optional(isInteger),
  },
  DidDetail: { working_hours: optional(isObject) },
  ExtensionDetail: {
    did: optional(isText),
    voice_mail: optional(isFlag),
    redirection_type: optional(isOneOf(['NONE', 'UNREACHABLE', 'ALWAYS'])),
    acl: optional((value) => isList(value) && (value as readonly unknown[]).every(isText)),
  },
  GroupDetail: { extensions: always(isList) },
  GroupMember: { id: always(isInteger), number: always(isText) },
  WorkingDay: { open: always(isFlag), shift_start: optional(isText), shift_finish: optional(isText) },
  CallRecord: {
    uuid: always(isText),
    bf_calltype: always(isOneOf(Object.keys(CALL_KIND))),
    direction: always(isOneOf(Object.keys(CALL_DIRECTION))),
    caller: optional(isText),
    callee: optional(isText),
    call_time: always(isText),
    answer_time: optional(isText),
    hangup_time: optional(isText),
    missing_call: optional(isFlag),
    call_price: optional(isDecimal),
    call_record: always((value) => isRecordedWord(value) || isFlag(value)),
    hangup_cause: always(isText),
    hangup_state: optional(isText),
  },
  CallDetail: { call_flow: optional(isList) },
  CallStep: { callee: optional(isText), start_time: optional(isText), origination: optional(isList) },
  CallOrigination: { destination: optional(isText), result: optional(isText) },
} satisfies Readonly<Record<string, RecordRules>>
