// @ts-check
import {
  badResponse,
  callCacheSeconds,
  compareText,
  flag,
  list,
  pathSegment,
  readRecords,
  reportRecordDrift,
} from 'dialgraph/provider'

import { toCall, wireOf } from './map.js'
import { RULES } from './wire.js'

/** @typedef {import('dialgraph/provider').CallRecord} CallRecord */

const WAYS = { INBOUND: 'in', OUTBOUND: 'out', INTERNAL: 'inside' }

/**
 * The log, read in the order of the API: by time, then by the number of the call.
 *
 * @param {import('dialgraph/provider').Rest} rest @param {string} api
 * @param {import('dialgraph/provider').AccountFacts} account
 * @returns {import('dialgraph/provider').CallLog}
 */
export const parleyCalls = (rest, api, account) => ({
  pushdown: ({ from, until, directions }) => [
    ...(from === null ? [] : [/** @type {const} */ ('from')]),
    ...(until === null ? [] : [/** @type {const} */ ('until')]),
    ...(wayOf(directions) === null ? [] : [/** @type {const} */ ('directions')]),
  ],
  pages: (query) => callPages({ rest, api, account }, query),
  async byId(id) {
    const segment = pathSegment(id)
    if (segment === null || !/^\d{1,20}$/.test(id)) return null
    const seconds = (/** @type {import('dialgraph/provider').Reply} */ { body, receivedAt }) => {
      const endedAt = toCall(account, body, receivedAt)?.endedAt ?? null
      return callCacheSeconds(endedAt === null ? null : Date.parse(endedAt), receivedAt)
    }
    const freshness = { noun: 'callRecord', seconds }
    const reply = await rest.find(`${api}/v1/calls/${segment}`, {}, { freshness, keys: 1 })
    return reply && toCall(account, reply.body, reply.receivedAt)
  },
})

/**
 * @param {{ rest: import('dialgraph/provider').Rest, api: string, account: import('dialgraph/provider').AccountFacts }} place
 * @param {import('dialgraph/provider').CallQuery} query
 * @returns {AsyncGenerator<import('dialgraph/provider').CallPage>}
 */
async function* callPages({ rest, api, account }, { order, after, filter, expected }) {
  const isNewestFirst = order === 'DESC'
  // A whole second more than the position: calls of one moment are told apart here.
  const bound = after && new Date(Date.parse(after.startedAt) + (isNewestFirst ? 1000 : 0)).toISOString()
  const from = isNewestFirst ? filter.from : latest(filter.from, bound)
  const to = isNewestFirst ? earliest(filter.until, bound) : filter.until
  const isAfter = (/** @type {CallRecord} */ call) =>
    after === null || (isNewestFirst ? byPosition(call, after) < 0 : byPosition(call, after) > 0)
  /** The calls of the last moment of a page: the next page may have more of that moment. @type {CallRecord[]} */
  let held = []
  /** @type {string | null} */
  let before = null
  for (;;) {
    const size = Math.max(5, Math.min(100, expected))
    const parameters = {
      sort: isNewestFirst ? 'newest' : 'oldest',
      from,
      to,
      way: wayOf(filter.directions),
      before,
      size,
    }
    const { body, receivedAt } = await rest.get(`${api}/v1/calls`, parameters, { pushedDown: ['from', 'until'] })
    const wire = wireOf(body)
    const records = list(wire?.['items'])
    if (!wire || !records) throw badResponse('GET /v1/calls answered no calls', 'WRONG_SHAPE')
    reportRecordDrift(account, 'CallPage', RULES.CallPage, wire)
    const toItem = (/** @type {unknown} */ record) => toCall(account, record, receivedAt)
    const { items, unreadable } = readRecords(account, 'CallRecord', RULES.CallRecord, records, toItem)
    const all = [...held, ...items.filter(isAfter)].sort((a, b) => (isNewestFirst ? -1 : 1) * byPosition(a, b))
    const isLast = flag(wire['more']) !== true
    const open = isLast ? null : all.at(-1)?.startedAt
    held = all.filter(({ startedAt }) => startedAt === open)
    yield { calls: all.filter(({ startedAt }) => startedAt !== open), totalCount: null, hint: null, unreadable }
    if (isLast) return
    const last = records.map((record) => wireOf(record)?.['id']).findLast((id) => id !== undefined)
    if (last === undefined || String(last) === before)
      throw badResponse('GET /v1/calls leads nowhere', 'PAGINATION_LOOP')
    before = String(last)
  }

  /** @param {string | null} one @param {string | null} other */
  function latest(one, other) {
    return one === null || (other !== null && other > one) ? other : one
  }
  /** @param {string | null} one @param {string | null} other */
  function earliest(one, other) {
    return one === null || (other !== null && other < one) ? other : one
  }
}

/** @param {readonly import('dialgraph/provider').CallDirection[] | null} directions */
const wayOf = (directions) =>
  directions?.length === 1 ? (WAYS[/** @type {'INBOUND'} */ (directions[0])] ?? null) : null

/** @param {import('dialgraph/provider').CallPosition} a @param {import('dialgraph/provider').CallPosition} b */
const byPosition = (a, b) => compareText(a.startedAt, b.startedAt) || compareText(a.id, b.id)
