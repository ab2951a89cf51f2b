import { ProviderError } from '../../errors.js'
import type { Rest } from '../../http/http.js'
import type { Group } from '../../model/group.js'
import { count, integer, list, received, text } from '../../model/wire-value.js'
import type { AccountFacts, ListQuery, Page } from '../provider.js'
import { toGroup } from './map/group.js'
import type { WireListPage } from './wire.js'

/** Pages of twenty or so; nobody has this many lists. */
const MOST_PAGES = 1_000

/**
 * The contact lists, oldest first, so that one made meanwhile shifts none. The page after the last is told in three
 * ways, of which any may be missing or wrong: no `next`, as many rows as `count` says, and 404.
 */
export async function* contactLists(
  rest: Rest,
  url: string,
  account: AccountFacts,
  { query }: ListQuery,
): AsyncGenerator<Page<Group>> {
  const seen = new Set<string>()
  let read = 0
  for (let page = 1, pages = 1; ; pages += 1) {
    const parameters = { ordering: 'create_date', title: query, page: page > 1 ? page : null }
    const reply = page > 1 ? await rest.find(url, parameters) : await rest.get(url, parameters)
    if (!reply) return
    const wire = received<WireListPage>(reply.body)
    const rows = list(wire?.results)
    if (!wire || !rows) throw badResponse('answered something else than a page of lists', 'WRONG_SHAPE')
    const groups = rows.flatMap((row) => toGroup(account, row, reply.receivedAt) ?? [])
    const items = groups.filter(({ id }) => !seen.has(id))
    if (groups.length > 0 && items.length === 0) throw loop()
    for (const { id } of items) seen.add(id)
    read += items.length + rows.length - groups.length

    const totalCount = count(wire.count)
    yield { items, totalCount, unreadable: rows.length - groups.length }
    const next = pageAfter(text(wire.next), page)
    if (next === null || (totalCount !== null && read >= totalCount)) return
    if (next <= page || pages >= MOST_PAGES) throw loop()
    page = next
  }
}

/** Only the number is taken from `next`: behind a proxy its host may be an inner one, and nothing is sent there. */
function pageAfter(next: string | null, page: number): number | null {
  if (next === null) return null
  const number = URL.canParse(next) ? integer(new URL(next).searchParams.get('page')) : null
  return number ?? page + 1
}

const badResponse = (what: string, reason: string) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `GET /email/list-filter/ ${what}`, { reason })

const loop = () => badResponse('leads back to pages that were read already', 'PAGINATION_LOOP')
