// @ts-check
import { badResponse, CallDirection, list, text, toInstant } from 'dialgraph/provider'

import { directionOf, toParty, wireOf } from './map.js'

/** @type {Readonly<Record<string, import('dialgraph/provider').CallFactType>>} */
const EVENTS = { began: 'STARTED', rings: 'RINGING', answered: 'ANSWERED', moved: 'TRANSFERRED', over: 'ENDED' }

/** What Parley posts of calls. @type {import('dialgraph/provider').WebhookFormat} */
export const webhook = {
  nameOf: ({ event }) => text(event),
  read(body, { key, country, timeZone }) {
    const event = text(body['event'])
    const type = event === null ? undefined : EVENTS[event]
    if (!type) return null
    const callId = text(body['call'])
    if (callId === null) throw badResponse(`The event ${event} of Parley says nothing of its call`, 'NO_CALL')
    const account = { key, country, timeZone }
    // Milliseconds, which are more than `integer` takes.
    const at = new Date(Number(text(body['at']) ?? Number.NaN)).getTime()
    const phone = text(body['phone'])
    const direction = directionOf(body['way'])
    return [
      {
        callId,
        type,
        occurredAt: Number.isNaN(at) ? null : new Date(at).toISOString(),
        nativeType: event,
        key: JSON.stringify([event, phone, at]),
        direction,
        caller: toParty(account, body['from'], direction !== CallDirection.INBOUND),
        callee: toParty(account, body['to'], direction === CallDirection.INTERNAL),
        didRef: null,
        targetRef: phone === null ? null : { kind: 'Extension', number: phone },
      },
    ]
  },
}

/**
 * @param {import('dialgraph/provider').Rest} rest @param {string} api
 * @param {import('dialgraph/provider').AccountFacts} account
 * @returns {Promise<import('dialgraph/provider').CurrentCalls>}
 */
export async function currentCalls(rest, api, account) {
  const { body } = await rest.get(`${api}/v1/calls/current`)
  const records = list(wireOf(body)?.['calls'])
  if (!records) throw badResponse('GET /v1/calls/current answered no calls', 'WRONG_SHAPE')
  const calls = records.flatMap((record) => {
    const wire = wireOf(record)
    const callId = text(wire?.['call'])
    if (!wire || callId === null) return []
    const direction = directionOf(wire['way'])
    const state = text(wire['state']) ?? ''
    return [
      {
        callId,
        state: state === 'talks' ? /** @type {const} */ ('ANSWERED') : /** @type {const} */ ('RINGING'),
        nativeState: state,
        direction,
        caller: toParty(account, wire['from'], direction !== CallDirection.INBOUND),
        callee: toParty(account, wire['to'], direction === CallDirection.INTERNAL),
        didRef: null,
        targetRef: null,
        startedAt: toInstant(text(wire['began']), account.timeZone),
      },
    ]
  })
  return { calls, unreadable: records.length - calls.length }
}
