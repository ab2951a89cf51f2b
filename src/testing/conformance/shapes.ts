import { AccountStatus, CustomerType, type AccountProfile } from '../../model/account.js'
import {
  CallDirection,
  CallDisposition,
  CallKind,
  CallLegAction,
  CallLegResult,
  HangupParty,
  RecordingStatus,
  type CallRecord,
} from '../../model/call-record.js'
import { DidStatus } from '../../model/did.js'
import { RegistrationStatus } from '../../model/extension.js'
import { GroupKind } from '../../model/group.js'
import type { ListedObject } from './reading.js'

/** As `toInstant` writes it. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const E164 = /^\+[1-9]\d{6,14}$/

/** Each value of a field that is not of its kind, as a sentence. */
class Shape {
  readonly problems: string[] = []

  constructor(
    private readonly what: string,
    private readonly value: object,
  ) {}

  #check(fields: readonly string[], fits: (value: unknown) => boolean, kind: string): this {
    for (const field of fields) {
      const value = (this.value as Record<string, unknown>)[field]
      if (!fits(value)) this.problems.push(`${field} of ${this.what} is ${kind}, and not ${shown(value)}`)
    }
    return this
  }

  texts(...fields: readonly string[]): this {
    return this.#check(fields, (value) => typeof value === 'string' && value !== '', 'a text')
  }
  /** A provider's own text, which is empty where it has an empty one: the route for any number. */
  asSent(...fields: readonly string[]): this {
    return this.#check(fields, (value) => typeof value === 'string', 'a text')
  }
  /** Null where there is none, undefined where the detail has it. */
  maybeTexts(...fields: readonly string[]): this {
    return this.#check(
      fields,
      (value) => value == null || (typeof value === 'string' && value !== ''),
      'a text or null',
    )
  }
  numbers(...fields: readonly string[]): this {
    return this.#check(fields, (value) => value == null || E164.test(String(value)), 'in E.164 or null')
  }
  instants(...fields: readonly string[]): this {
    return this.#check(fields, (value) => value == null || INSTANT.test(String(value)), 'ISO 8601 in UTC, or null')
  }
  seconds(...fields: readonly string[]): this {
    const fits = (value: unknown) => value == null || (Number.isInteger(value) && Number(value) >= 0)
    return this.#check(fields, fits, 'whole seconds or null')
  }
  word(field: string, words: Readonly<Record<string, string>>): this {
    return this.#check([field], (value) => Object.values(words).includes(String(value)), 'a word of the schema')
  }
  maybeWord(field: string, words: Readonly<Record<string, string>>): this {
    return (this.value as Record<string, unknown>)[field] === null ? this : this.word(field, words)
  }
}

/** What of an object of a list is not as the schema says. */
export function shapeProblems(item: ListedObject): readonly string[] {
  const shape = new Shape(`${item.__typename} ${item.providerResourceId}`, item).texts('id', 'providerResourceId')
  shape.instants('fetchedAt')
  switch (item.__typename) {
    case 'Did':
      return shape.numbers('number').asSent('rawNumber').word('status', DidStatus).maybeTexts('nativeStatus').problems
    case 'Extension':
      return shape.texts('number').maybeTexts('displayName', 'email').word('registration', RegistrationStatus).problems
    case 'Group':
      return shape.word('kind', GroupKind).maybeTexts('name').seconds('ringTimeoutSeconds').problems
  }
}

/** What of a call is not as the schema says, and what of its times cannot be. */
export function callProblems(call: CallRecord): readonly string[] {
  const what = `call ${call.providerResourceId}`
  const shape = new Shape(what, call)
    .texts('id', 'providerResourceId', 'startedAt')
    .instants('startedAt', 'answeredAt', 'endedAt', 'fetchedAt')
    .seconds('durationSeconds', 'waitSeconds', 'talkSeconds')
    .word('kind', CallKind)
    .word('direction', CallDirection)
    .word('disposition', CallDisposition)
    .word('hangupParty', HangupParty)
  const parties = [call.caller, call.callee].flatMap(
    (party) => new Shape(`a party of ${what}`, party).numbers('number').problems,
  )
  const recordings = (call.recordings ?? []).flatMap(
    (one) => new Shape(`a recording of ${what}`, one).texts('nativeName').word('status', RecordingStatus).problems,
  )
  const legs = (call.steps ?? []).flatMap(
    (leg) =>
      new Shape(`a leg of ${what}`, leg)
        .texts('id', 'startedAt')
        .instants('startedAt', 'answeredAt', 'endedAt')
        .word('action', CallLegAction)
        .word('result', CallLegResult).problems,
  )
  const { startedAt, answeredAt, endedAt } = call
  const isBackwards =
    (answeredAt !== null && answeredAt < startedAt) ||
    (endedAt !== null && endedAt < startedAt) ||
    (answeredAt !== null && endedAt !== null && answeredAt > endedAt)
  return [
    ...shape.problems,
    ...parties,
    ...recordings,
    ...legs,
    ...(isBackwards ? [`${what} was answered or over before it could be`] : []),
  ]
}

/** What of a profile is not as the schema says. */
export const profileProblems = (profile: AccountProfile): readonly string[] =>
  new Shape('the profile', profile)
    .maybeTexts('name', 'host', 'contactName', 'email', 'phone', 'role', 'nativeStatus', 'plan')
    .word('status', AccountStatus)
    .maybeWord('customerType', CustomerType)
    .instants('createdAt', 'updatedAt').problems

/** Its kind alone: values may be anybody's data. */
const shown = (value: unknown): string =>
  value === null ? 'null' : value === '' ? 'an empty text' : `a ${typeof value}`
