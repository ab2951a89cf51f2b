// @ts-check
import { badResponse, count, integer, list, readRecords, received, reportRecordDrift } from 'dialgraph/provider'

import { toExtension, toProfile } from './map.js'
import { RULES } from './wire.js'

/**
 * What came, of which nothing is known yet.
 *
 * @template Record
 * @typedef {import('dialgraph/provider').Received<Record> | null} Wire
 */

/** Changed by people, so it may be shown again for a while. */
const MINUTE = 60

/**
 * Which path answers which question.
 *
 * @param {import('dialgraph/provider').Rest} rest
 * @param {string} api without a slash at its end
 * @param {import('dialgraph/provider').AccountFacts} account
 * @returns {import('dialgraph/provider').Source}
 */
export const acmePhonesSource = (rest, api, account) => ({
  async profile() {
    const { body } = await rest.get(`${api}/v1/me`, {}, { freshness: { noun: 'profile', seconds: 5 * MINUTE } })
    reportRecordDrift(account, 'AccountProfile', RULES.AccountProfile, body)
    const profile = toProfile(body)
    if (!profile) throw badResponse('GET /v1/me answered something else than a profile', 'WRONG_SHAPE')
    return profile
  },

  extensions: { pages: () => extensionPages(rest, api, account) },
})

/**
 * Page by page, until the API says that there is no next one.
 *
 * @param {import('dialgraph/provider').Rest} rest
 * @param {string} api
 * @param {import('dialgraph/provider').AccountFacts} account
 * @returns {AsyncGenerator<import('dialgraph/provider').Page<import('dialgraph/provider').Extension>>}
 */
async function* extensionPages(rest, api, account) {
  // What is added while the list is read moves others to later pages, where they come a second time.
  const seen = new Set()
  /** @type {number | null} */
  let page = 1
  while (page !== null) {
    const freshness = { noun: 'extensions', seconds: 2 * MINUTE }
    const { body, receivedAt } = await rest.get(`${api}/v1/extensions`, { page }, { freshness })
    const wire = /** @type {Wire<import('./wire.js').WireExtensions>} */ (received(body))
    const records = list(wire?.items)
    if (!wire || !records) throw badResponse('GET /v1/extensions answered no list', 'WRONG_SHAPE')
    reportRecordDrift(account, 'ExtensionPage', RULES.ExtensionPage, wire)
    const toItem = (/** @type {unknown} */ record) => toExtension(account, record, receivedAt)
    const { items, unreadable } = readRecords(account, 'Extension', RULES.Extension, records, toItem)
    const fresh = items.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    yield { items: fresh, totalCount: unreadable === 0 ? count(wire.total) : null, unreadable }
    const next = integer(wire.next)
    if (next !== null && next <= page) throw badResponse('GET /v1/extensions leads back to a page', 'PAGINATION_LOOP')
    page = next
  }
}
