import { describe, expect, test } from '@jest/globals'

import { withReceiver } from '../../emulator/receiver.js'
import { bulutfon, master, now, read, start, story, type Json } from './emulated.js'

const DID = story.dids[0]!.number
const CALLER = '+905320000000'
const digits = (number: string) => Number(number.slice(1))
/** What all samples have, in their order. */
const common = (event_type: string, uuid: string, at = now) => ({
  event_type,
  domain_id: 1234,
  account_id: 5678,
  caller: digits(CALLER),
  callee: digits(DID),
  uuid,
  direction: 'IN',
  timestamp: at * 1000,
})
const [group] = story.groups
const phones = group!.members.map((id) => story.extensions.find((extension) => extension.id === id)!.number)
const values = (): Json[] => bulutfon.live.deliveries.map((delivery) => delivery.values)
const names = () => values().map(({ event_type }) => event_type)

/** Through a menu and a group to a phone that answers, 8 seconds in the menu and 30 in all. */
async function answeredCall() {
  const call = await bulutfon.live.call({ outside: CALLER, recording: 'yes' })
  await call.enterMenu('11')
  await bulutfon.live.advance(8_000)
  await call.enterGroup(group!.number)
  await call.ring(phones[0]!, phones[1]!)
  await bulutfon.live.advance(4_000)
  await call.answer(phones[1])
  await bulutfon.live.advance(18_000)
  await call.hangUp('callee')
  return call
}

describe('events on the wire', () => {
  test('are written as the samples of the documentation', () =>
    withReceiver(async ({ url, received }) => {
      await start({ webhook: { url: `${url}/hook/secret`, did: DID } })
      const { id } = await answeredCall()
      const bodies = [
        common('call_init', id),
        { ...common('call_init_menu', id), destination: 11 },
        { ...common('incoming_call_group', id, now + 8_000), destination: Number(group!.number) },
        { ...common('incoming_call_extension', id, now + 8_000), destination: Number(phones[0]) },
        { ...common('incoming_call_extension', id, now + 8_000), destination: Number(phones[1]) },
        {
          event_type: 'call_hangup',
          caller: digits(CALLER),
          callee: digits(DID),
          uuid: id,
          timestamp: (now + 30_000) * 1000,
          direction: 'IN',
          // The time in the menu counts.
          talk_duration: 30,
          hangup_cause: 'NORMAL_CLEARING',
          hangup_detail: 'send_bye',
          result_disposition: 'SUCCESS',
          cdr_url: `${bulutfon.url}/account/pbx/call-records/2026/03/17/${id}`,
          cdr_api_url: `${bulutfon.url}/v2/cdr/2026/03/17/${id}`,
        },
      ]
      expect(received.map(({ body }) => body)).toEqual(bodies.map((body) => JSON.stringify(body)))
      expect(received.every(({ contentType }) => contentType === 'application/json')).toBe(true)
      expect(received[0]).toMatchObject({ path: '/hook/secret', authorization: null })
      expect(received[0]!.body).toMatch(/"timestamp":\d{16}\}$/)
    }))

  test('have the spelling of the text, carry texts in forms, and log in as they were told', () =>
    withReceiver(async ({ url, received }) => {
      const basic = { username: 'hook', password: 'ege' }
      await start({ webhook: { url, did: DID, form: 'form', spelling: 'text', ids: false, basic } })
      const { id } = await answeredCall()
      expect(names()).toEqual([
        ...['call_init', 'call_init_manu', 'call_init_group', 'call_init_extension', 'call_init_extension'],
        'call_hangup',
      ])
      expect(received[1]).toMatchObject({
        contentType: 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('hook:ege').toString('base64')}`,
        body: `event_type=call_init_manu&caller=${digits(CALLER)}&callee=${digits(DID)}&uuid=${id}&direction=IN&timestamp=${now * 1000}&destination=11`,
      })
    }))

  test('of a call that nobody took are a missed call and an end without talk', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url, did: DID } })
      const call = await bulutfon.live.call({ outside: CALLER })
      await call.ring('1001')
      await bulutfon.live.advance(20_000)
      await call.hangUp()
      expect(names()).toEqual(['call_init', 'incoming_call_extension', 'missing_call', 'call_hangup'])
      expect(values()[2]).toEqual(common('missing_call', call.id, now + 20_000))
      expect(values()[3]).toMatchObject({ talk_duration: 0, result_disposition: '', hangup_cause: 'ORIGINATOR_CANCEL' })
    }))

  test('until July 2020 had the record in the end', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url, did: DID, record: 'embedded' } })
      const { id } = await answeredCall()
      expect(Object.keys(values().at(-1)!)).toEqual([
        ...['event_type', 'caller', 'callee', 'uuid', 'timestamp', 'direction', 'hangup_cause', 'cdr'],
      ])
      expect(values().at(-1)!['cdr']).toMatchObject({
        uuid: id,
        bf_calltype: 'voice',
        bf_direction: 'IN',
        bf_caller: digits(CALLER),
        bf_callee: digits(DID),
        call_time: '2026-03-17T18:30:00+03:00',
        hangup_time: '2026-03-17T18:30:30+03:00',
        call_record: true,
        sip_hangup_disposition: 'send_bye',
        callflow: [
          expect.objectContaining({ redirection: 'REDIRECTED_TO_MENU' }),
          expect.anything(),
          expect.anything(),
        ],
      })
    }))

  test('of a fax begin with its own name, and a hidden number is a word', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url, did: DID } })
      await bulutfon.live.call({ kind: 'fax', outside: null })
      expect(values()).toMatchObject([{ event_type: 'fax_init', caller: 'anonymous' }])
    }))

  test('of a call that the API started say so, in each of them', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url } })
      await fetch(`${bulutfon.url}/call_and_bridge`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ access_token: master(), caller: String(digits(DID)), callee: '905550005001', destination: '1001' },
          additional_data: 'order 4711',
        }),
      })
      expect(bulutfon.live.calls).toHaveLength(1)
      await bulutfon.live.advance(60_000)
      expect(names()).toEqual(['call_init', 'incoming_call_extension', 'call_hangup'])
      for (const body of values())
        expect(body).toMatchObject({
          ...{ direction: 'OUT', caller: digits(DID), callee: 905550005001 },
          ...{ autodial: true, additional_data: 'order 4711', callback_url: null },
        })
      expect(bulutfon.live.calls).toEqual([])
    }))
})

describe('deliveries', () => {
  test('are of the one number that the webhook is of', () =>
    withReceiver(async ({ url, received }) => {
      await start({ webhook: { url, did: story.dids[1]!.number } })
      await bulutfon.live.call({ did: DID })
      await bulutfon.live.call({ direction: 'local' })
      await bulutfon.otherLive.call()
      expect(received).toEqual([])
      await bulutfon.live.call({ did: story.dids[1]!.number, direction: 'out' })
      expect(received).toHaveLength(1)
    }))

  test('are made again after a failure, and wait as long as they are told', () =>
    withReceiver(async ({ url, received, answer }) => {
      await start({ webhook: { url: `${url}/hook/secret`, did: DID, attempts: 4 } })
      answer(500, 'none', { status: 503, retryAfter: 60 })
      await bulutfon.live.call()
      expect(bulutfon.live.deliveries).toMatchObject([{ status: 500, attempts: [now], isDone: false }])
      await bulutfon.live.advance(1_000)
      expect(bulutfon.live.deliveries).toMatchObject([{ status: null }])
      await bulutfon.live.advance(2_000)
      expect(bulutfon.live.deliveries).toMatchObject([{ status: 503, isDone: false }])
      await bulutfon.live.advance(59_999)
      expect(received).toHaveLength(3)
      await bulutfon.live.advance(1)
      expect(bulutfon.live.deliveries).toMatchObject([
        { url: `${url}/hook/***`, status: 204, attempts: [now, now + 1_000, now + 3_000, now + 63_000], isDone: true },
      ])
      expect(new Set(received.map(({ body }) => body)).size).toBe(1)
    }))

  test('are given up after the last attempt, and at once where they are not wanted', () =>
    withReceiver(async ({ url, received, answer }) => {
      await start({ webhook: { url, did: DID, attempts: 2 } })
      answer(500, 500, 404)
      await bulutfon.live.call()
      await bulutfon.live.advance(3_600_000)
      await bulutfon.live.call()
      await bulutfon.live.advance(3_600_000)
      expect(bulutfon.live.deliveries).toMatchObject([
        { status: 500, isDone: true },
        { status: 404, isDone: true },
      ])
      expect(received).toHaveLength(3)
    }))

  test.each([
    [{ copies: 2, order: 'kept' }, 'init init extension extension missing missing hangup hangup'],
    [{ order: 'swapped' }, 'extension init hangup missing'],
    [{ order: 'reversed' }, 'hangup missing extension init'],
  ] as const)('come as often and in the order that is set: %j', (how, expected) =>
    withReceiver(async ({ url, received }) => {
      await start({ webhook: { url, did: DID, ...how } })
      const call = await bulutfon.live.call()
      await call.ring('1001')
      await call.hangUp()
      const shown = received.map(({ body }) =>
        String((JSON.parse(body) as Json)['event_type']).replace(/^(incoming_)?(call_|missing_call)?(call_)?/, (all) =>
          all.startsWith('missing') ? 'missing' : '',
        ),
      )
      expect(shown.join(' ')).toBe(expected)
    }),
  )
})

describe('the record of a call that was under way', () => {
  test('is in the log some time after its end, under the id of its events, and tells the same', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url, did: DID }, recordDelayMs: 5_000 })
      const { id } = await answeredCall()
      const status = async () => (await fetch(`${bulutfon.url}/cdrs/${id}?access_token=${master()}`)).status
      await bulutfon.live.advance(4_999)
      expect(await status()).toBe(404)
      await bulutfon.live.advance(1)
      const { cdr } = await read(`/cdrs/${id}`)
      const hangup = values().at(-1)!
      expect(cdr).toMatchObject({
        ...{ uuid: id, direction: 'IN', caller: hangup['caller'], callee: hangup['callee'] },
        ...{ hangup_cause: hangup['hangup_cause'], hangup_state: hangup['hangup_detail'] },
        ...{ missing_call: false, call_record: 'YES' },
        call_time: '2026-03-17T18:30:00+03:00',
        answer_time: '2026-03-17T18:30:00+03:00',
        hangup_time: '2026-03-17T18:30:30+03:00',
      })
      const [, menu, rung] = cdr.call_flow
      expect([menu.callee, rung.callee]).toEqual([11, Number(group!.number)])
      expect(rung.origination).toMatchObject([
        { destination: Number(phones[0]), result: 'LOSE_RACE' },
        { destination: Number(phones[1]), result: 'ANSWERED', answer_time: '2026-03-17T18:30:12+03:00' },
      ])
      expect((await read('/cdrs?limit=1'))['cdrs'][0].uuid).toBe(id)
    }))

  test('has the transfers', async () => {
    await start()
    const call = await bulutfon.live.call()
    await call.ring('1001')
    await call.answer()
    await bulutfon.live.advance(10_000)
    await call.transfer('1002')
    await call.answer('1002')
    await bulutfon.live.advance(10_000)
    await call.hangUp()
    await bulutfon.live.advance(3_000)
    const { cdr } = await read(`/cdrs/${call.id}`)
    expect(cdr.call_flow.slice(1)).toMatchObject([
      { callee: 1001, origination: [{ result: 'ANSWERED', hangup_time: '2026-03-17T18:30:10+03:00' }] },
      { callee: 1002, origination: [{ result: 'ANSWERED', hangup_time: '2026-03-17T18:30:20+03:00' }] },
    ])
  })
})

describe('an office that lives on', () => {
  test('stands still unless it is asked to', async () => {
    await start()
    await bulutfon.live.advance(3_600_000)
    expect(bulutfon.live.calls).toEqual([])
  })

  /** Some minutes of the office. */
  async function lived(url: string, pace = {}, seed = 1): Promise<Json[]> {
    await start({ webhook: { url, attempts: 1 } }, seed)
    bulutfon.live.start({ callsPerMinute: 6, speed: 10, ...pace })
    for (let minute = 0; minute < 5; minute += 1) await bulutfon.live.advance(60_000)
    bulutfon.live.stop()
    await bulutfon.live.advance(3_600_000)
    const events = values()
    await bulutfon.close()
    return events
  }

  test('tells the same of the same seed, something at once, and of every call its record', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url } })
      bulutfon.live.start({ callsPerMinute: 6, speed: 10, firstAfterMs: 2_000 })
      await bulutfon.live.advance(2_000)
      expect(names()[0]).toBe('call_init')
      await bulutfon.close()

      const events = await lived(url)
      const idsIn = (type: string) => events.filter(({ event_type }) => event_type === type).map(({ uuid }) => uuid)
      const begun = [...idsIn('call_init'), ...idsIn('fax_init')]
      expect(begun.length).toBeGreaterThan(15)
      expect(idsIn('call_hangup').sort()).toEqual(begun.sort())
      const withoutLinks = (list: Json[]) => list.map(({ cdr_url: _one, cdr_api_url: _other, ...rest }) => rest)
      expect(withoutLinks(await lived(url))).toEqual(withoutLinks(events))
    }))

  test('ends in records that tell what its events told', () =>
    withReceiver(async ({ url }) => {
      await start({ webhook: { url } })
      bulutfon.live.start({ callsPerMinute: 20, speed: 4 })
      for (let minute = 0; minute < 5; minute += 1) await bulutfon.live.advance(60_000)
      bulutfon.live.stop()
      await bulutfon.live.advance(3_600_000)
      const ends = values().filter(({ event_type }) => event_type === 'call_hangup')
      expect(ends.length).toBeGreaterThan(50)
      for (const end of ends) {
        const { cdr } = await read(`/cdrs/${String(end['uuid'])}`)
        const events = values().filter(({ uuid }) => uuid === end['uuid'])
        expect(cdr).toMatchObject({ caller: end['caller'], callee: end['callee'], direction: end['direction'] })
        expect(cdr).toMatchObject({ hangup_cause: end['hangup_cause'], hangup_state: end['hangup_detail'] })
        expect(cdr.missing_call).toBe(events.some(({ event_type }) => event_type === 'missing_call'))
        const second = (time: string) => Math.floor(Date.parse(time) / 1000)
        expect(second(cdr.hangup_time)).toBe(Math.floor(Number(end['timestamp']) / 1e6))
        const talked = cdr.answer_time === null ? 0 : second(cdr.hangup_time) - second(cdr.answer_time)
        expect(Math.abs(talked - Number(end['talk_duration']))).toBeLessThanOrEqual(1)
        const rung = (cdr.call_flow ?? []).flatMap((step: Json) => step['origination'] ?? [])
        const told = events.filter(({ event_type }) => event_type === 'incoming_call_extension')
        const reached = rung.filter(
          ({ result }: Json) => !['USER_BUSY', 'USER_NOT_REGISTERED'].includes(result as string),
        )
        expect(told.map(({ destination }) => destination).sort()).toEqual(
          reached.map(({ destination }: Json) => destination).sort(),
        )
      }
    }))
})
