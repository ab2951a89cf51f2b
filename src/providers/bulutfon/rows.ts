import type { Reply } from '../../http/rest.js'
import { list, received } from '../../model/wire-value.js'
import { noteDrift } from '../drift.js'
import type { AccountFacts, Page } from '../provider.js'
import { CONTRACT } from './contract.js'
import { wrongShape } from './wrong-shape.js'

/** Keys that answers keep their rows under, and what these rows are. */
export const NOUN = { dids: 'Did', extensions: 'Extension', groups: 'Group', cdrs: 'CallRecord' } as const

/** What the rows of one answer tell, without those that cannot be read. Throws PROVIDER_BAD_RESPONSE when there is no list. */
export function readRows<T>(
  reply: Reply,
  key: keyof typeof NOUN,
  account: AccountFacts,
  toItem: (account: AccountFacts, row: unknown, fetchedAt: string) => T | null,
): Page<T> & { readonly totalCount: number; readonly unreadable: number } {
  const rows = list(received<Record<string, unknown>>(reply.body)?.[key])
  if (!rows) throw wrongShape(key)
  const items = rows.flatMap((row) => toItem(account, row, reply.receivedAt) ?? [])
  const unreadable = rows.length - items.length
  noteDrift(account, NOUN[key], CONTRACT[NOUN[key]], rows, unreadable)
  return { items, totalCount: rows.length, unreadable }
}
