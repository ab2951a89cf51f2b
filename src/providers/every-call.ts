import type { CallFilter } from './provider.js'

/** The filter that narrows nothing. */
export const EVERY_CALL: CallFilter = {
  from: null,
  until: null,
  directions: null,
  dispositions: null,
  kinds: null,
  numbers: null,
  callerNumbers: null,
  calleeNumbers: null,
  extensionNumbers: null,
}
