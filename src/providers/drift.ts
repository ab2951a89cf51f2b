import { decimal, flag, integer, received } from '../model/wire-value.js'

/** Hears of answers that are not what a provider's documentation says. Nothing of their content is told. */
export interface DriftReporter {
  /** So many records of a noun came, and so many of them could not be read at all. */
  records(noun: string, count: number, unreadable: number): void
  /** A field was not there though it always is, or held what it never does: another type, a word nobody knows. */
  field(noun: string, path: string): void
}

/** Whoever reads records: an account, or a part of it. Without a reporter nothing is compared. */
export interface ReportsDrift {
  readonly drift?: DriftReporter
}

/** Whether a value is one that a field may have. */
export type Accepts = (value: unknown) => boolean

/** What the documentation says of one field. `always`: it is never absent, and never null. */
export interface FieldRule {
  readonly presence: 'always' | 'optional'
  readonly accepts: Accepts
}

/** What the documentation says of the fields of one kind of record, as far as they are read. */
export type RecordRules = Readonly<Record<string, FieldRule>>

export const always = (accepts: Accepts): FieldRule => ({ presence: 'always', accepts })
/** Absent, or null, in some answers. */
export const optional = (accepts: Accepts): FieldRule => ({ presence: 'optional', accepts })

export const isText: Accepts = (value) => typeof value === 'string' || Number.isFinite(value)
export const isInteger: Accepts = (value) => integer(value) !== null
export const isDecimal: Accepts = (value) => decimal(value) !== null
export const isFlag: Accepts = (value) => flag(value) !== null
export const isList: Accepts = Array.isArray
export const isObject: Accepts = (value) => received(value) !== null

/** One of these words, however it is written; blank is none. */
export function isOneOf(words: readonly string[]): Accepts {
  const asWritten = new Set<unknown>(words)
  const known = new Set(words.map((word) => word.toLowerCase()))
  return (value) =>
    asWritten.has(value) || (isText(value) && (known.has(String(value).toLowerCase()) || String(value).trim() === ''))
}

/** What was compared at: an answer that several operations are given is told of once. */
const compared = new WeakSet<object>()

/** Looks at a list of records as it arrived, of which `unreadable` could not be read, and tells of what is not as documented. */
export function reportDrift(
  { drift }: ReportsDrift,
  noun: string,
  rules: RecordRules,
  records: readonly unknown[],
  unreadable = 0,
): void {
  if (drift) compare(drift, noun, rules, records, unreadable, records)
}

/** The same for one record; what is no object at all is told of by whoever reads it. */
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
  if (compared.has(identity)) return
  compared.add(identity)
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
