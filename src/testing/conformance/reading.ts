import { inspect } from 'node:util'

import { AppError } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { EVERY_CALL } from '../../providers/every-call.js'
import type { ConnectedAccount } from '../../providers/account.js'
import type { CallLog, CallQuery, Collection, Source } from '../../providers/provider.js'
import { newOperation } from '../world.js'
import { Broken, must } from './outcome.js'

export type ListedObject = Did | Extension | Group
export type ListName = 'dids' | 'extensions' | 'groups'

/** The lists of an account: what stands in each, and what capabilities call it. */
export const LISTS = {
  dids: { type: 'Did', resource: 'DID' },
  extensions: { type: 'Extension', resource: 'EXTENSION' },
  groups: { type: 'Group', resource: 'GROUP' },
} as const

export const LIST_NAMES = Object.keys(LISTS) as readonly ListName[]

/** A list that the provider claims. */
export function listOf(source: Source, name: ListName): Collection<ListedObject> {
  const collection = source[name] as Collection<ListedObject> | undefined
  must(collection, `it claims ${name}, and its source has none`)
  return collection
}

/** A call log that the provider claims. */
export function logOf(source: Source): CallLog {
  must(source.callRecords, 'it claims a call log, and its source has none')
  return source.callRecords
}

/** No emulator fills so many; what leads back to where it was would. */
const MOST_PAGES = 1_000

/** A list as it was read to its end. */
export interface Everything<T> {
  readonly items: readonly T[]
  readonly totalCount: number | null
  readonly unreadable: number
  readonly pages: number
}

/** Reads a list to its end. `afterPage` is called after each page. */
export async function everything<T>(
  collection: Collection<T>,
  afterPage: (page: number) => void | Promise<void> = () => {},
): Promise<Everything<T>> {
  const items: T[] = []
  let [totalCount, unreadable, pages]: [number | null, number, number] = [null, 0, 0]
  for await (const page of collection.pages({})) {
    items.push(...page.items)
    totalCount = page.totalCount ?? totalCount
    unreadable += page.unreadable ?? 0
    await afterPage(++pages)
    must(pages < MOST_PAGES, 'a list has no end')
  }
  return { items, totalCount, unreadable, pages }
}

/** What is asked of a call log where nothing else is said. */
export const WHOLE_LOG: CallQuery = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 50 }

/** Reads a call log to its end, or until there are `most` calls. */
export async function callsOf(
  log: CallLog,
  query: Partial<CallQuery> = {},
  { most = Infinity, afterPage = () => {} }: { most?: number; afterPage?: (page: number) => void } = {},
): Promise<{ readonly calls: readonly CallRecord[]; readonly pages: number; readonly unreadable: number }> {
  const calls: CallRecord[] = []
  let [pages, unreadable] = [0, 0]
  for await (const page of log.pages({ ...WHOLE_LOG, ...query })) {
    calls.push(...page.calls)
    unreadable += page.unreadable ?? 0
    afterPage(++pages)
    must(pages < MOST_PAGES, 'the call log has no end')
    if (calls.length >= most) break
  }
  return { calls, pages, unreadable }
}

/** The first page of the first list: the smallest read that needs the login. */
export async function read(account: ConnectedAccount, operation = newOperation()): Promise<void> {
  const source = account.source(operation)
  const first = LIST_NAMES.map((name) => source[name]).find((list) => list !== undefined)
  if (!first) return void (await source.profile())
  for await (const page of (first as Collection<ListedObject>).pages({})) return void page
}

/** What was thrown; null where nothing was. */
export const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

/** @throws Broken unless it is one of the errors made on purpose, with this code */
export function mustBe(error: unknown, code: string | RegExp, where: string): AppError {
  if (error === null) throw new Broken(`${where}: nothing failed, and ${String(code)} was due`)
  if (!(error instanceof AppError))
    throw new Broken(
      `${where}: ${inspect(error, { depth: 0 }).split('\n', 1)[0]} was thrown, and no error made on purpose`,
    )
  const fits = typeof code === 'string' ? error.code === code : code.test(error.code)
  must(fits, `${where}: the code is ${error.code}, and ${String(code)} was due`)
  return error
}

/** The first few of many, for a reason. */
export const some = (values: readonly unknown[]): string =>
  `${values.slice(0, 3).map(String).join(', ')}${values.length > 3 ? ` and ${values.length - 3} more` : ''}`
