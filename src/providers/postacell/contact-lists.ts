import type { Rest } from '../../http/rest.js'
import type { Group } from '../../model/group.js'
import { count, integer, list, received, text } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'
import { reportRecordDrift } from '../drift.js'
import type { AccountFacts, ListQuery, Page } from '../provider.js'
import { readRecords } from '../read-records.js'
import { RECORD_RULES } from './record-rules.js'
import { CONTACT_LISTS } from './freshness.js'
import { toGroup } from './map/group.js'
import type { WireListPage } from './wire.js'

/**
 * Far more than anybody has, at about twenty lists a page. The lists read so far are returned, and
 * the result is marked incomplete.
 */
const MOST_PAGES = 200

/**
 * Reads the contact lists, oldest first, so that a new one shifts none. The end is marked in three
 * ways, each of which may be missing or wrong: no `next`, 404, and nothing new once there are as many
 * rows as `count`. The count alone ends nothing: some servers count what is left, or the page.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when a page is no page of lists, or the pages do not
 * end
 */
export async function* contactLists(
  rest: Rest,
  url: string,
  account: AccountFacts,
  { search }: ListQuery,
): AsyncGenerator<Page<Group>> {
  const seen = new Set<string>()
  const reading = { freshness: CONTACT_LISTS, pushedDown: search ? ['search'] : [] }
  let read = 0
  let leftOut = 0
  let earlier = ''

  async function pageOf(page: number, fresh: boolean) {
    const parameters = { ordering: 'create_date', title: search, page: page > 1 ? page : null }
    const options = { ...reading, fresh }
    let reply = page > 1 ? await rest.find(url, parameters, options) : await rest.get(url, parameters, options)
    // Pages of different times are no consistent list: a cached page must not be older than the
    // page before it.
    if (reply && reply.receivedAt < earlier) reply = await rest.find(url, parameters, { ...reading, fresh: true })
    if (!reply) return null
    const { body, receivedAt } = reply
    earlier = receivedAt
    const wire = received<WireListPage>(body)
    const rows = list(wire?.results)
    if (!wire || !rows) throw badResponse(`${REQUEST} answered something else than a page of lists`, 'WRONG_SHAPE')
    reportRecordDrift(account, 'ListPage', RECORD_RULES.ListPage, wire)
    const toItem = (row: unknown) => toGroup(account, row, receivedAt)
    const { items: groups, unreadable } = readRecords(account, 'Group', RECORD_RULES.Group, rows, toItem)
    const items = groups.filter(({ id }) => !seen.has(id))
    for (const { id } of items) seen.add(id)
    const repeats = groups.length > 0 && items.length === 0
    return { items, totalCount: count(wire.count), unreadable, repeats, next: pageAfter(text(wire.next), page) }
  }

  for (let page = 1, pages = 1, announced: number | null = null; ; pages += 1) {
    const found = await pageOf(page, false)
    if (!found) return
    const { items, totalCount, unreadable, repeats, next } = found
    if (repeats && announced !== null && read >= announced) return
    if (repeats) throw loop()
    read += items.length + unreadable
    leftOut += unreadable
    const isPossible = totalCount !== null && (next === null ? totalCount >= read : totalCount > read)
    yield { items, totalCount: isPossible ? totalCount - leftOut : null, unreadable }
    // Lists deleted in the meantime have moved later ones to pages that were read already.
    if (page > 1 && totalCount !== null && announced !== null && totalCount < announced) {
      const moved = await pageOf(page - 1, true)
      read += moved?.items.length ?? 0
      if (moved) yield { items: moved.items, totalCount: moved.totalCount }
    }
    announced = totalCount
    if (next === null) return
    if (next <= page) throw loop()
    if (pages >= MOST_PAGES)
      throw badResponse(`${REQUEST} has more than ${MOST_PAGES} pages of lists`, 'TOO_MANY_PAGES')
    page = next
  }
}

/**
 * Only the page number is taken from `next`: behind a proxy its host may be internal, and nothing
 * is sent there.
 */
function pageAfter(next: string | null, page: number): number | null {
  if (next === null) return null
  const number = URL.canParse(next) ? integer(new URL(next).searchParams.get('page')) : null
  return number ?? page + 1
}

const REQUEST = 'GET /email/list-filter/'

const loop = () => badResponse(`${REQUEST} leads back to pages that were read already`, 'PAGINATION_LOOP')
