import { always, isInteger, isText, optional, type RecordRules } from '../drift.js'

/** The documented fields that are read. */
export const RECORD_RULES = {
  ListPage: { count: always(isInteger), next: optional(isText) },
  Group: { id: always(isText), title: always(isText), valid: always(isInteger), create_date: always(isText) },
} satisfies Readonly<Record<string, RecordRules>>
