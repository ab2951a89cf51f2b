import { always, isInteger, isText, optional, type RecordRules } from '../drift.js'

/** The documented fields that are read. */
export const RECORD_RULES = {
  AccountProfile: {
    id: always(isInteger),
    email: always(isText),
    role: always(isText),
    created_at: always(isText),
    updated_at: always(isText),
    name: optional(isText),
    nickname: optional(isText),
  },
} satisfies Readonly<Record<string, RecordRules>>
