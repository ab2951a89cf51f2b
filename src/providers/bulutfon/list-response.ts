import type { ProviderError } from '../../errors.js'
import type { Reply } from '../../http/rest.js'
import { list, received } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'
import type { AccountFacts, Page } from '../provider.js'
import { readRecords } from '../read-records.js'
import { RECORD_RULES } from './record-rules.js'

/** The type of the rows under each key of a list response. */
export const RECORD_TYPE = { dids: 'Did', extensions: 'Extension', groups: 'Group', cdrs: 'CallRecord' } as const

/**
 * Maps the rows of a list response; rows that cannot be read are left out and counted.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when there is no list under the key
 */
export function readRows<T>(
  reply: Reply,
  key: keyof typeof RECORD_TYPE,
  account: AccountFacts,
  toItem: (account: AccountFacts, row: unknown, fetchedAt: string) => T | null,
): Required<Page<T>> & { readonly totalCount: number } {
  const rows = list(received<Record<string, unknown>>(reply.body)?.[key])
  if (!rows) throw wrongShape(key)
  const type = RECORD_TYPE[key]
  const toRecord = (row: unknown) => toItem(account, row, reply.receivedAt)
  const { items, unreadable } = readRecords(account, type, RECORD_RULES[type], rows, toRecord)
  return { items, unreadable, totalCount: rows.length }
}

/**
 * A response without the key it must have: the message names the key, never what stood there
 * instead.
 */
export const wrongShape = (key: string): ProviderError =>
  badResponse(`Bulutfon answered "${key}" in a shape that cannot be read`, 'WRONG_SHAPE')
