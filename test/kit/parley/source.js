// @ts-check
import {
  badResponse,
  count,
  integer,
  list,
  onePage,
  pathSegment,
  readRecords,
  reportRecordDrift,
} from 'dialgraph/provider'

import { parleyCalls } from './calls.js'
import { currentCalls } from './live.js'
import { toDid, toExtension, toGroup, toProfile, toSettings, wireOf } from './map.js'
import { RULES } from './wire.js'
import { parleyWrites } from './writes.js'

/** @typedef {import('dialgraph/provider').Rest} Rest */
/** @typedef {import('dialgraph/provider').AccountFacts} AccountFacts */

const MINUTE = 60

/** @param {string} noun */
const fresh = (noun) => ({ freshness: { noun, seconds: 2 * MINUTE } })

/**
 * Which path answers which question.
 *
 * @param {Rest} rest @param {string} api @param {AccountFacts} account
 * @returns {import('dialgraph/provider').Source}
 */
export const parleySource = (rest, api, account) => ({
  async profile() {
    const { body } = await rest.get(`${api}/v1/account`, {}, fresh('profile'))
    reportRecordDrift(account, 'AccountProfile', RULES.AccountProfile, body)
    const profile = toProfile(account, body)
    if (!profile) throw badResponse('GET /v1/account answered no account', 'WRONG_SHAPE')
    return profile
  },
  dids: { pages: () => pagesOf({ rest, account, url: `${api}/v1/numbers`, noun: 'Did', toItem: toDid }) },
  extensions: {
    pages: () => pagesOf({ rest, account, url: `${api}/v1/phones`, noun: 'Extension', toItem: toExtension }),
    async detail({ providerResourceId }) {
      const url = `${api}/v1/phones/${pathSegment(providerResourceId) ?? '-'}`
      const { body } = await rest.get(url, {}, { ...fresh('extension'), keys: 1 })
      return toSettings(account, body)
    },
  },
  groups: {
    pages: () =>
      onePage(async () => {
        const { body, receivedAt } = await rest.get(`${api}/v1/teams`, {}, fresh('groups'))
        const records = list(wireOf(body)?.['teams'])
        if (!records) throw badResponse('GET /v1/teams answered no teams', 'WRONG_SHAPE')
        const toItem = (/** @type {unknown} */ record) => toGroup(account, record, receivedAt)
        const { items, unreadable } = readRecords(account, 'Group', RULES.Group, records, toItem)
        return { items, totalCount: items.length, unreadable }
      }),
  },
  callRecords: parleyCalls(rest, api, account),
  recordings: {
    async open(nativeName, { range }) {
      const name = pathSegment(nativeName)
      return name === null ? null : rest.file(`${api}/v1/tapes/${name}`, {}, { range })
    },
  },
  currentCalls: () => currentCalls(rest, api, account),
  writes: parleyWrites(rest, api),
})

/**
 * @template {{ readonly id: string }} Item
 * @param {object} of
 * @param {Rest} of.rest
 * @param {AccountFacts} of.account
 * @param {string} of.url
 * @param {'Did' | 'Extension'} of.noun
 * @param {(account: AccountFacts, record: unknown, fetchedAt: string) => Item | null} of.toItem
 * @returns {AsyncGenerator<import('dialgraph/provider').Page<Item>>}
 */
async function* pagesOf({ rest, account, url, noun, toItem }) {
  // What is added while the list is read moves others to later pages, where they come a second time.
  const seen = new Set()
  /** @type {number | null} */
  let page = 1
  while (page !== null) {
    const { body, receivedAt } = await rest.get(url, { page }, fresh(noun === 'Did' ? 'dids' : 'extensions'))
    const wire = wireOf(body)
    const records = list(wire?.['items'])
    if (!wire || !records) throw badResponse(`GET ${new URL(url).pathname} answered no list`, 'WRONG_SHAPE')
    reportRecordDrift(account, 'Page', RULES.Page, wire)
    const read = readRecords(account, noun, RULES[noun], records, (record) => toItem(account, record, receivedAt))
    const items = read.items.filter(({ id }) => !seen.has(id))
    for (const { id } of items) seen.add(id)
    yield { items, totalCount: read.unreadable === 0 ? count(wire['total']) : null, unreadable: read.unreadable }
    const next = integer(wire['next'])
    if (next !== null && next <= page) throw badResponse('a list leads back to a page of it', 'PAGINATION_LOOP')
    page = next
  }
}
