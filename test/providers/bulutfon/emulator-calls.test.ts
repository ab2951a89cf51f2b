import { describe, expect, test } from '@jest/globals'

import { now, story, bulutfon, start, get, read, type Json } from './emulated.js'

describe('calls', () => {
  const everyCall = async (credential?: Record<string, string>): Promise<Json[]> => {
    const rows: Json[] = []
    for (let page = 1; ; page += 1) {
      const { cdrs, pagination } = await read(`/cdrs?page=${page}`, credential)
      rows.push(...cdrs)
      if (page >= pagination['total_pages']) return rows
    }
  }

  test('pages from the newest to the oldest, each call once, with a next_page that leads nowhere', async () => {
    await start()
    const first = await read('/cdrs')
    expect(first['pagination']).toEqual({
      page: 1,
      total_count: story.calls.length,
      total_pages: Math.ceil(story.calls.length / 100),
      limit: 100,
      previous_page: null,
      next_page: `${bulutfon.url}/cdrs?page=2`,
    })
    expect((await fetch(first['pagination']['next_page'])).status).toBe(401)
    const rows = await everyCall()
    expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(story.calls.length)
    const times = rows.map(({ call_time }) => call_time)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(times.map((time) => Date.parse(time))).toEqual(story.calls.map(({ startedAt }) => startedAt).toReversed())
  })

  test('limit is respected up to the largest, nonsense is the default, and a page past the end is empty', async () => {
    await start({ maxLimit: 50 })
    expect((await read('/cdrs?limit=7&page=3'))['cdrs']).toHaveLength(7)
    expect((await read('/cdrs?limit=5000'))['pagination']['limit']).toBe(50)
    expect((await read('/cdrs?limit=zero&page=-1'))['pagination']).toMatchObject({ page: 1, limit: 50 })
    expect(await read('/cdrs?page=9999')).toMatchObject({ cdrs: [], pagination: { page: 9999, next_page: null } })
  })

  test('rows: numbers as numbers, times with offset and no fraction, keys by direction', async () => {
    await start()
    const rows = await everyCall()
    const common = [
      'uuid',
      'bf_calltype',
      'direction',
      'caller',
      'callee',
      'call_time',
      'answer_time',
      'hangup_time',
      'missing_call',
    ]
    for (const row of rows) {
      const outgoing = row['direction'] === 'OUT'
      expect(Object.keys(row).sort()).toEqual(
        [
          ...common,
          'call_record',
          'hangup_cause',
          'hangup_state',
          ...(outgoing ? ['extension', 'call_price'] : []),
        ].sort(),
      )
      expect(row['uuid']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(row['call_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/)
      expect(typeof row['callee']).toBe('number')
      if (row['direction'] === 'LOCAL') expect(row['caller']).toBeLessThan(10_000)
      if (outgoing) {
        expect(row['extension']).toBe(String(row['caller']))
        expect(row['call_price'] === null).toBe(row['answer_time'] === null)
        if (row['call_price'] !== null) expect(row['call_price']).toMatch(/^\d+(\.\d{1,5})?$/)
      }
    }
    const seen = (key: string) => new Set(rows.map((row) => row[key]))
    expect(seen('direction')).toEqual(new Set(['IN', 'OUT', 'LOCAL']))
    expect(seen('bf_calltype')).toEqual(new Set(['voice', 'fax']))
    expect(seen('call_record')).toEqual(new Set(['YES', 'NO', 'REMOVED']))
    expect(seen('missing_call')).toEqual(new Set([true, false]))
    expect(seen('caller')).toContain('anonymous')
    expect(rows).toContainEqual(
      expect.objectContaining({ hangup_cause: 'NORMAL_CLEARING', answer_time: null, hangup_state: 'recv_refuse' }),
    )
    expect(rows).toContainEqual(expect.objectContaining({ hangup_cause: 'ORIGINATOR_CANCEL', hangup_state: null }))
    for (const cause of ['USER_BUSY', 'NO_ANSWER', 'CALL_REJECTED']) expect(seen('hangup_cause')).toContain(cause)
  })

  test('an anonymous caller can be null instead', async () => {
    await start({ anonymousCaller: null })
    const { uuid } = bulutfon.addCall({ outside: null })
    expect((await read(`/cdrs/${uuid}`))['cdr']['caller']).toBeNull()
  })

  test('filters: caller, callee, either; comma is or; together they are and', async () => {
    await start()
    const rows = await everyCall()
    const busiest = rows.find(({ direction, caller }) => direction === 'IN' && caller !== 'anonymous')?.['caller']
    const did = 902320000041
    const uuids = (list: Json[]) => list.map(({ uuid }) => uuid)
    const ask = async (query: string) => uuids((await read(`/cdrs?${query}`))['cdrs'])
    const expected = (fits: (row: Json) => boolean) => uuids(rows.filter(fits)).slice(0, 100)
    expect(await ask(`caller=${busiest}`)).toEqual(expected(({ caller }) => caller === busiest))
    expect(await ask(`callee=${did}`)).toEqual(expected(({ callee }) => callee === did))
    expect(await ask(`caller_or_callee=${busiest},${did}`)).toEqual(
      expected(({ caller, callee }) => [busiest, did].includes(caller) || [busiest, did].includes(callee)),
    )
    expect(await ask(`caller=${busiest}&callee=${did}`)).toEqual(
      expected(({ caller, callee }) => caller === busiest && callee === did),
    )
    // Whole numbers only: a part of one finds nothing.
    expect(await ask(`caller=${String(busiest).slice(2)}`)).toEqual([])
  })

  test('missing_call filters, blank does not', async () => {
    await start()
    const count = async (query: string) => (await read(`/cdrs?${query}`))['pagination']['total_count']
    const [missed, others, all] = [
      await count('missing_call=true'),
      await count('missing_call=false'),
      await count('missing_call='),
    ]
    expect(missed).toBeGreaterThan(0)
    expect(missed + others).toBe(all)
    expect((await read('/cdrs?missing_call=true'))['cdrs'].every((row: Json) => row['missing_call'] === true)).toBe(
      true,
    )
  })

  test('time_limit counts back from the clock of the emulator', async () => {
    await start()
    const count = async (window: string) => (await read(`/cdrs?time_limit=${window}`))['pagination']['total_count']
    const [hour, day, month] = [await count('hour'), await count('day'), await count('month')]
    expect(hour).toBeGreaterThan(0)
    expect(day).toBeGreaterThan(hour)
    expect(month).toBeGreaterThan(day)
    bulutfon.clock.advance(2 * 60 * 60 * 1000)
    expect(await count('hour')).toBe(0)
    expect((await get('/cdrs?time_limit=year')).status).toBe(422)
  })

  test('order by any field, either way', async () => {
    await start()
    const column = async (field: string, direction: string) =>
      (await read(`/cdrs?order=${field},${direction}&limit=100`))['cdrs'].map((row: Json) => row[field])
    const uuids = await column('uuid', 'asc')
    expect(uuids).toEqual(uuids.toSorted())
    const times = await column('call_time', 'asc')
    expect(times).toEqual(times.toSorted())
    const callers = await column('callee', 'desc')
    expect(callers).toEqual(callers.toSorted((a: number, b: number) => b - a))
  })

  test('a call that comes in shifts every row, in place of its time', async () => {
    await start()
    const [before, second] = [await read('/cdrs?limit=10'), await read('/cdrs?limit=10&page=2')]
    const { uuid } = bulutfon.addCall()
    const after = await read('/cdrs?limit=10')
    expect(after['cdrs'][0]['uuid']).toBe(uuid)
    expect(after['cdrs'][0]['call_time']).toBe('2026-03-17T18:30:00+03:00')
    expect(after['cdrs'].slice(1)).toEqual(before['cdrs'].slice(0, 9))
    expect((await read('/cdrs?limit=10&page=2'))['cdrs']).toEqual([before['cdrs'][9], ...second['cdrs'].slice(0, 9)])
    expect(after['pagination']['total_count']).toBe(before['pagination']['total_count'] + 1)
    const old = bulutfon.addCall({ startedAt: now - 80 * 24 * 60 * 60 * 1000, uuid: 'an-old-one' })
    expect((await read('/cdrs?limit=10'))['cdrs']).toEqual(after['cdrs'])
    expect((await read(`/cdrs/${old.uuid}`))['cdr']['uuid']).toBe('an-old-one')
  })

  test('rows can shift with every page served', async () => {
    await start({ callsPerPage: 3 })
    const first = await read('/cdrs?limit=10')
    const second = await read('/cdrs?limit=10&page=2')
    expect(second['cdrs'].slice(0, 3)).toEqual(first['cdrs'].slice(7))
  })

  test('a call changes only in price and recording, after it has ended', async () => {
    await start()
    const { uuid } = bulutfon.addCall({
      direction: 'out',
      answeredAt: now + 5000,
      outcome: 'answered',
      recording: 'yes',
      price: 0.2735,
    })
    expect((await read(`/cdrs/${uuid}`))['cdr']).toMatchObject({ call_record: 'YES', call_price: '0.2735' })
    bulutfon.changeCall(uuid, { recording: 'removed' })
    expect((await read(`/cdrs/${uuid}`))['cdr']['call_record']).toBe('REMOVED')
  })

  test('the neighbour has other calls', async () => {
    await start()
    const ours = (await everyCall()).map(({ uuid }) => uuid)
    const { accessToken } = bulutfon.grant('other')
    const theirs = (await everyCall({ access_token: accessToken })).map(({ uuid }) => uuid)
    expect(theirs.length).toBeGreaterThan(0)
    expect(theirs.filter((uuid) => ours.includes(uuid))).toEqual([])
    expect((await get(`/cdrs/${ours[0]}`, { access_token: accessToken })).status).toBe(404)
  })
})

describe('call flow', () => {
  const at = (seconds: number) => now + seconds * 1000
  const time = (seconds: number) =>
    `2026-03-17T18:${30 + Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}+03:00`

  test('is in the detail of incoming calls only', async () => {
    await start()
    for (const direction of ['in', 'out', 'local'] as const) {
      const call = bulutfon.addCall({ direction, from: 301, to: 302, outside: '+905550005001' })
      const listed = (await read('/cdrs?limit=1'))['cdrs'][0]
      const { cdr } = await read(`/cdrs/${call.uuid}`)
      const { call_flow, ...rest } = cdr
      expect(rest).toEqual(listed)
      expect(Array.isArray(call_flow)).toBe(direction === 'in')
    }
  })

  test('DID to menu to menu to group: the losers of the race carry the time of the winner', async () => {
    await start()
    const { uuid } = bulutfon.addCall({
      ...{ did: '+902320000041', startedAt: at(0), endedAt: at(150), answeredAt: at(1), outcome: 'answered' },
      steps: [
        { at: at(0), kind: 'menu', menu: 1, until: at(9) },
        { at: at(9), kind: 'menu', menu: 2, until: at(15) },
        {
          ...{ at: at(15), kind: 'group', group: 7, until: at(150) },
          rings: [
            { extension: 301, from: at(15), answeredAt: null, until: at(21), result: 'elsewhere' },
            { extension: 302, from: at(15), answeredAt: at(21), until: at(150), result: 'answered' },
            { extension: 303, from: at(15), answeredAt: null, until: at(15), result: 'busy' },
            { extension: 304, from: at(15), answeredAt: null, until: at(17), result: 'rejected' },
          ],
        },
      ],
    })
    const { cdr } = await read(`/cdrs/${uuid}`)
    expect(cdr['call_flow']).toEqual([
      {
        ...{ callee: 902320000041, start_time: time(0), answer_time: time(1), hangup_time: null },
        ...{ redirection: 'REDIRECTED_TO_MENU', redirection_target: 11 },
      },
      {
        ...{ callee: 11, start_time: time(0), answer_time: time(1), hangup_time: null },
        ...{ redirection: 'REDIRECTED_TO_MENU', redirection_target: 12 },
      },
      {
        ...{ callee: 12, start_time: time(9), answer_time: time(10), hangup_time: null },
        ...{ redirection: 'REDIRECTED_TO_GROUP', redirection_target: 101 },
      },
      {
        ...{
          callee: 101,
          start_time: time(15),
          answer_time: time(21),
          hangup_time: time(150),
          redirection: 'CONNECTING_TO_GROUP',
        },
        origination: [
          {
            destination: 1001,
            start_time: time(15),
            answer_time: time(21),
            hangup_time: time(21),
            result: 'LOSE_RACE',
          },
          {
            destination: 1002,
            start_time: time(15),
            answer_time: time(21),
            hangup_time: time(150),
            result: 'ANSWERED',
          },
          { destination: 1003, start_time: time(15), answer_time: null, hangup_time: time(15), result: 'USER_BUSY' },
          {
            destination: 1004,
            start_time: time(15),
            answer_time: null,
            hangup_time: time(17),
            result: 'CALL_REJECTED',
          },
        ],
      },
    ])
  })

  test('an extension that forwards sends on without ringing; outside it is OTHER', async () => {
    await start()
    const { uuid } = bulutfon.addCall({
      ...{ did: '+902320000041', startedAt: at(0), endedAt: at(40), answeredAt: at(10), outcome: 'answered' },
      steps: [
        { at: at(0), kind: 'extension', extension: 305, until: at(0), rings: [] },
        { at: at(0), kind: 'forward', to: '+905550001005', until: at(40), answered: true },
      ],
    })
    expect((await read(`/cdrs/${uuid}`))['cdr']['call_flow']).toEqual([
      {
        ...{ callee: 902320000041, start_time: time(0), answer_time: time(10), hangup_time: null },
        ...{ redirection: 'REDIRECTED_TO_EXTENSION', redirection_target: 1005 },
      },
      { callee: 1005, start_time: time(0), answer_time: null, hangup_time: null, redirection: 'OTHER' },
      { callee: 905550001005, start_time: time(0), answer_time: time(10), hangup_time: time(40), redirection: 'OTHER' },
    ])
  })

  test('every incoming call of the story has a way whose targets are the next step', async () => {
    await start()
    const { cdrs } = await read('/cdrs?limit=100')
    const incoming = cdrs.filter(({ direction }: Json) => direction === 'IN')
    for (const { uuid, callee } of incoming) {
      const flow = (await read(`/cdrs/${uuid}`))['cdr']['call_flow'] as Json[]
      expect(flow[0]?.['callee']).toBe(callee)
      flow.forEach((step, index) => {
        if ('redirection_target' in step) expect(flow[index + 1]?.['callee']).toBe(step['redirection_target'])
        if (String(step['redirection']).startsWith('CONNECTING')) expect(step).not.toHaveProperty('redirection_target')
        expect('origination' in step).toBe(/CONNECTING_TO_(GROUP|EXTENSION)/.test(step['redirection']))
      })
    }
  })
})
