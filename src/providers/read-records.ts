import { reportDrift, type RecordRules, type ReportsDrift } from './drift.js'

/** The records of one response, mapped. */
export interface Records<T> {
  readonly items: T[]
  /** How many could not be read and were left out. */
  readonly unreadable: number
}

/**
 * Maps records, leaves out those that map to null, and reports what differs from the documentation.
 */
export function readRecords<T>(
  reporting: ReportsDrift,
  type: string,
  rules: RecordRules,
  records: readonly unknown[],
  toItem: (record: unknown) => T | null,
): Records<T> {
  const items: T[] = []
  for (const record of records) {
    const item = toItem(record)
    if (item !== null) items.push(item)
  }
  const unreadable = records.length - items.length
  reportDrift(reporting, type, rules, records, unreadable)
  return { items, unreadable }
}
