import { firstSight } from '../attached.js'
import { decimal, flag, integer, received } from '../model/values/wire-value.js'

/**
 * Hears of responses that differ from the provider's documentation. No part of their content is
 * passed on.
 */
export interface DriftReporter {
  /** How many records of a type came, and how many of them could not be read. */
  records(noun: string, count: number, unreadable: number): void
  /** A response as a whole could not be used; `reason` is a stable upper-case word. */
  answer(reason: string): void
  /** A required field was missing, or a field held an undocumented type or word. */
  field(noun: string, path: string): void
}

/** An account, or the part of it that reads records. Without a reporter nothing is compared. */
export interface ReportsDrift {
  readonly drift?: DriftReporter
}

/** Whether a value is documented for a field. */
export type Accepts = (value: unknown) => boolean

/** What the documentation says of one field. `always`: never absent and never null. */
export interface FieldRule {
  readonly presence: 'always' | 'optional'
  readonly accepts: Accepts
}

/** The documented fields of one type of record, as far as they are read. */
export type RecordRules = Readonly<Record<string, FieldRule>>

export const always = (accepts: Accepts): FieldRule => ({ presence: 'always', accepts })
/** Absent or null in some responses. */
export const optional = (accepts: Accepts): FieldRule => ({ presence: 'optional', accepts })

export const isText: Accepts = (value) => typeof value === 'string' || Number.isFinite(value)
export const isInteger: Accepts = (value) => integer(value) !== null
export const isDecimal: Accepts = (value) => decimal(value) !== null
export const isFlag: Accepts = (value) => flag(value) !== null
export const isList: Accepts = Array.isArray
export const isObject: Accepts = (value) => received(value) !== null

/** One of these words in any case; blank is accepted. */
export function isOneOf(words: readonly string[]): Accepts {
  const asWritten = new Set<unknown>(words)
  const known = new Set(words.map((word) => word.toLowerCase()))
  return (value) =>
    asWritten.has(value) || (isText(value) && (known.has(String(value).toLowerCase()) || String(value).trim() === ''))
}

/** Responses compared already: one that several operations share is reported once. */
const isNew = firstSight()

/**
 * Compares the records of a list with the documentation and reports what differs. `unreadable`: how
 * many could not be mapped.
 */
export function reportDrift(
  { drift }: ReportsDrift,
  noun: string,
  rules: RecordRules,
  records: readonly unknown[],
  unreadable = 0,
): void {
  if (drift) compare(drift, noun, rules, records, unreadable, records)
}

/** Compares one record; a value that is no object is reported by its reader. */
export function reportRecordDrift({ drift }: ReportsDrift, noun: string, rules: RecordRules, record: unknown): void {
  const one = drift && received<Record<string, unknown>>(record)
  if (one) compare(drift, noun, rules, [one], 0, one)
}

function compare(
  drift: DriftReporter,
  noun: string,
  rules: RecordRules,
  records: readonly unknown[],
  unreadable: number,
  identity: object,
): void {
  if (!isNew(identity)) return
  drift.records(noun, records.length, unreadable)
  for (const record of records) {
    const fields = received<Record<string, unknown>>(record)
    if (!fields) {
      drift.field(noun, WHOLE_RECORD)
      continue
    }
    for (const name in rules) {
      const value = fields[name] ?? null
      const { presence, accepts } = rules[name]!
      if (value === null ? presence === 'always' : !accepts(value)) drift.field(noun, name)
    }
  }
}

/** The path of a record that is no object. */
const WHOLE_RECORD = '.'
