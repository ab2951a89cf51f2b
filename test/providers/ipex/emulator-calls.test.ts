import { describe, expect, test } from '@jest/globals'

import type { StoryCall } from '../../../src/emulator/story.js'
import { createStory } from '../../../src/emulator/create-story.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { login, NOW, read, send, withEmulator, type Reply } from './emulated.js'

const prague = createStory({ now: NOW, scale: 0.05 }).offices.prague

type Row = Readonly<Record<string, Reply['body']>>

const DAY = 24 * 3600_000
const always = `startTime=${new Date(NOW - 91 * DAY).toISOString()}&endTime=${new Date(NOW).toISOString()}`

/** Everything `/calls` has for these parameters, in pages of 5000. */
async function rowsFor(
  emulator: IpexEmulator,
  parameters = '',
  account: 'password' | 'other' = 'password',
): Promise<Row[]> {
  const token = await login(emulator, account)
  const { status, body } = await read(
    emulator,
    `/calls?${always}&pageSize=5000${parameters && `&${parameters}`}`,
    token,
  )
  expect(status).toBe(200)
  expect(body.totalPages).toBeLessThanOrEqual(1)
  return body.items ?? []
}

const withCalls = (
  knobs: Record<string, unknown>,
  prove: (ask: (path: string) => Promise<Reply>, emulator: IpexEmulator) => Promise<void>,
) =>
  withEmulator(knobs, async (emulator) => {
    const token = await login(emulator)
    await prove((path) => read(emulator, path, token), emulator)
  })

const [caller, first, second, third] = prague.extensions as [
  (typeof prague.extensions)[number],
  ...typeof prague.extensions,
]
const queue = prague.groups.find(({ kind }) => kind === 'queue')!
const did = prague.dids[0]!.number

/** Two phones of a queue ring for ten seconds; the second takes the call and keeps it to the end. */
const queueCall = (startedAt: number): Partial<StoryCall> => ({
  ...{
    outside: '+420600005001',
    did,
    startedAt,
    endedAt: startedAt + 100_000,
    answeredAt: startedAt + 10_000,
    recording: 'yes',
  },
  steps: [
    {
      ...{ at: startedAt, kind: 'group', group: queue.id, until: startedAt + 100_000 },
      rings: [
        { extension: first!.id, from: startedAt, answeredAt: null, until: startedAt + 10_000, result: 'elsewhere' },
        {
          extension: second!.id,
          from: startedAt,
          answeredAt: startedAt + 10_000,
          until: startedAt + 100_000,
          result: 'answered',
        },
      ],
    },
  ],
})

describe('/calls', () => {
  test('tells every ended call of the story, one or several rows under one linkedid', () =>
    withEmulator({}, async (emulator) => {
      const rows = await rowsFor(emulator)
      const calls = new Set(rows.map(({ linkedid }) => linkedid))
      expect(calls.size).toBe(prague.calls.length)
      expect(rows.length).toBeGreaterThan(calls.size)
      expect(new Set(rows.map(({ uniqueid }) => uniqueid)).size).toBe(rows.length)
      for (const row of rows) expect(row['linkedid']).toMatch(/^\d{10}\.\d+$/)
      expect([...new Set(rows.map(({ way }) => way))].sort()).toEqual(['In', 'Loc', 'Out'])
    }))

  test('rows of a call span it: the first begins and the last ends with it', () =>
    withEmulator({}, async (emulator) => {
      const rows = await rowsFor(emulator, 'timezone=UTC')
      const byCall = new Map<string, Row[]>()
      for (const row of rows) byCall.set(row['linkedid'], [...(byCall.get(row['linkedid']) ?? []), row])
      const spans = [...byCall.values()].map((legs) => [
        Math.min(...legs.map(({ calldate }) => Date.parse(calldate))),
        Math.max(...legs.map(({ endTime }) => Date.parse(endTime))),
      ])
      const told = prague.calls.map(({ startedAt, endedAt }) => [startedAt, endedAt])
      expect(spans.map(String).sort()).toEqual(told.map(String).sort())
      for (const row of rows) {
        expect(row['duration']).toBe((Date.parse(row['endTime']) - Date.parse(row['calldate'])) / 1000)
        expect(row['billsec']).toBeGreaterThanOrEqual(0)
        expect(row['billsec']).toBeLessThanOrEqual(row['duration'])
        expect(row['billsec'] > 0).toBe(row['disposition'] === 'ANSWERED')
        expect(row['phoneNumber']).toBe(row['way'] === 'In' ? row['src'] : row['dst'])
      }
    }))

  test('a queue ringing two agents is two rows, written as the documentation shows them', () =>
    withCalls({ rowIds: 'text' }, async (ask, emulator) => {
      const { linkedid } = emulator.addCall(queueCall(NOW - 3600_000))
      const { items } = (await ask(`/calls?linkedid=${linkedid}`)).body
      const common = {
        ...{
          calldate: '2026-02-11T15:00:00.000+01:00',
          stamp: '2026-02-11T15:01:41.000+01:00',
          linkedid,
          way: 'In',
          trunk: 't1',
        },
        ...{
          src: expect.stringMatching(/600005001$/),
          dst: expect.stringMatching(/910000341$/),
          queue: queue.name,
          cc_cb: null,
        },
        ...{ organization: '', accountcode: '', userfield: '', clid: expect.stringMatching(/^".*" <.*600005001>$/) },
      }
      expect(items).toEqual([
        {
          ...common,
          ...{
            uniqueid: linkedid,
            line: first!.number,
            user_id: expect.any(String),
            user: { login: expect.any(String) },
          },
          ...{ endTime: '2026-02-11T15:00:10.000+01:00', duration: 10, billsec: 0, userAnswered: false },
          ...{ disposition: 'NO ANSWER', hangupcause: 'ANSWERED_ELSEWHERE', phoneNumber: items[0].src },
        },
        {
          ...common,
          ...{
            uniqueid: expect.any(String),
            line: second!.number,
            user_id: expect.any(String),
            user: { login: expect.any(String) },
          },
          ...{ endTime: '2026-02-11T15:01:40.000+01:00', duration: 100, billsec: 90, userAnswered: true },
          ...{ disposition: 'ANSWERED', hangupcause: 'NORMAL_CLEARING', phoneNumber: items[0].src },
          filename: expect.stringMatching(/\.mp3$/),
        },
      ])
    }))

  test('line and user_id are now and then numbers, and line loses its zeros then', () =>
    withEmulator({}, async (emulator) => {
      const rows = await rowsFor(emulator)
      const kinds = (key: string) => new Set(rows.map((row) => (row[key] === null ? 'null' : typeof row[key])))
      expect(kinds('line')).toEqual(new Set(['string', 'number']))
      expect(kinds('user_id')).toEqual(new Set(['string', 'number', 'null']))
      expect(kinds('userAnswered')).toEqual(new Set(['boolean', 'null']))
    }))

  test('optional fields can be missing altogether', () =>
    withCalls({ optionalFields: false, links: 'absent', emptyItems: 'absent' }, async (ask) => {
      const { body } = await ask(`/calls?${always}&pageSize=1`)
      expect(Object.keys(body).sort()).toEqual(['currentPage', 'items', 'totalPages', 'totalResults'])
      expect(Object.keys(body.items[0]).sort()).toEqual(
        ['user_id', 'line', 'calldate', 'endTime', 'stamp', 'src', 'dst', 'phoneNumber', 'duration', 'billsec']
          .concat(['disposition', 'way', 'userAnswered', 'organization'])
          .sort(),
      )
      expect((await ask(`/calls?${always}&page=9999`)).body).not.toHaveProperty('items')
    }))
})

describe('paging', () => {
  test('walks by page number through rows in order of calldate, none twice', () =>
    withCalls({}, async (ask, emulator) => {
      const whole = await rowsFor(emulator)
      const walked: Row[] = []
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const { body } = await ask(`/calls?${always}&page=${page}&pageSize=37`)
        expect(body.currentPage).toBe(page)
        expect(body.totalResults).toBe(whole.length)
        pages = body.totalPages
        walked.push(...body.items)
      }
      expect(walked).toEqual(whole)
      const times = walked.map(({ calldate }) => Date.parse(calldate))
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }))

  test('is 100 rows unless asked, 5000 at most', () =>
    withCalls({}, async (ask) => {
      expect((await ask(`/calls?${always}`)).body.items).toHaveLength(100)
      expect(await ask('/calls?pageSize=5001')).toMatchObject({
        status: 400,
        body: { statusCode: 400, error: 'Bad Request', validation: { source: 'query', keys: ['pageSize'] } },
      })
      expect((await ask('/calls?page=0')).status).toBe(400)
    }))

  test('past the end there is an empty page, not an error', () =>
    withCalls({}, async (ask) => {
      expect(await ask(`/calls?${always}&page=9999`)).toMatchObject({
        status: 200,
        body: { items: [], currentPage: 9999 },
      })
    }))

  test('links lead to the neighbours and say so', () =>
    withCalls({}, async (ask, emulator) => {
      const { links } = (await ask(`/calls?${always}&page=2&pageSize=10`)).body as {
        links: { rel: string; href: string; method: string }[]
      }
      expect(links.map(({ rel }) => rel)).toEqual(['self', 'first', 'prev', 'next', 'last'])
      const next = links.find(({ rel }) => rel === 'next')!
      expect(next.method).toBe('GET')
      const reply = await send(next.href, { headers: { authorization: `Bearer ${await login(emulator)}` } })
      expect(reply.body.currentPage).toBe(3)
    }))

  test('totalResults can count conversations instead of rows', () =>
    withCalls({ totalResultsCounts: 'calls' }, async (ask) => {
      expect((await ask(`/calls?${always}`)).body.totalResults).toBe(prague.calls.length)
    }))

  test('sorts by any column, both ways', () =>
    withCalls({}, async (ask, emulator) => {
      const newestFirst = await rowsFor(emulator, 'sortColumn=calldate&sortDirection=desc')
      expect(newestFirst).toEqual((await rowsFor(emulator)).reverse())
      const talks = (await rowsFor(emulator, 'sortColumn=billsec&sortDirection=desc')).map(({ billsec }) => billsec)
      expect(talks).toEqual([...talks].sort((a, b) => b - a))
      expect((await ask('/calls?sortColumn=nonsense')).status).toBe(400)
      expect((await ask('/calls?sortColumn=src&sortDirection=up')).status).toBe(400)
    }))
})

describe('time', () => {
  test('no bounds mean from the start of the day in Prague until now', () =>
    withCalls({}, async (ask, emulator) => {
      const midnight = Date.UTC(2026, 1, 10, 23)
      const before = emulator.addCall({ startedAt: midnight - 1000, endedAt: midnight + 60_000 }).linkedid
      const after = emulator.addCall({ startedAt: midnight, endedAt: midnight + 60_000 }).linkedid
      const ids = (await ask('/calls?pageSize=5000')).body.items.map(({ linkedid }: Row) => linkedid)
      expect(ids).toContain(after)
      expect(ids).not.toContain(before)
    }))

  test('both bounds belong, unless the end is told not to', async () => {
    const at = NOW - 3600_000
    const span = `startTime=${new Date(at).toISOString()}&endTime=${new Date(at).toISOString()}`
    await withCalls({}, async (ask, emulator) => {
      const { linkedid } = emulator.addCall({ startedAt: at, endedAt: at + 60_000 })
      expect((await ask(`/calls?${span}`)).body.items).toMatchObject([{ linkedid }])
    })
    await withCalls({ endTimeInclusive: false }, async (ask, emulator) => {
      emulator.addCall({ startedAt: at, endedAt: at + 60_000 })
      expect((await ask(`/calls?${span}`)).body.items).toEqual([])
    })
  })

  test('bounds without an offset and all answers follow the timezone asked for, Prague by default', () =>
    withCalls({}, async (ask, emulator) => {
      const at = NOW - 3600_000
      const { linkedid } = emulator.addCall({ startedAt: at, endedAt: at + 60_000 })
      const dated = async (timezone: string, local: string) => {
        const span = `startTime=${local}&endTime=${local}`
        const { body } = await ask(`/calls?${span}&linkedid=${linkedid}${timezone && `&timezone=${timezone}`}`)
        return body.items.map(({ calldate }: Row) => calldate)
      }
      expect(await dated('', '2026-02-11T15:00:00')).toEqual(['2026-02-11T15:00:00.000+01:00'])
      expect(await dated('UTC', '2026-02-11T14:00:00')).toEqual(['2026-02-11T14:00:00.000Z'])
      expect(await dated('Europe/Istanbul', '2026-02-11T17:00')).toEqual(['2026-02-11T17:00:00.000+03:00'])
      expect((await ask('/calls?timezone=Mars/Olympus')).status).toBe(400)
      expect((await ask('/calls?startTime=yesterday')).status).toBe(400)
    }))

  test('times can be written without an offset', () =>
    withCalls({ timestampOffset: false }, async (ask, emulator) => {
      const { linkedid } = emulator.addCall({ startedAt: NOW - 3600_000, endedAt: NOW - 3500_000 })
      expect((await ask(`/calls?linkedid=${linkedid}`)).body.items[0].calldate).toBe('2026-02-11T15:00:00.000')
    }))

  test('a call enters the log when it has ended; until then it is a current one', () =>
    withCalls({}, async (ask, emulator) => {
      const { linkedid } = emulator.addCall({ startedAt: NOW - 30_000, endedAt: NOW + 30_000 })
      expect((await ask(`/calls?linkedid=${linkedid}`)).body.items).toEqual([])
      expect((await ask('/calls/current')).body).toEqual([
        {
          ...{ callId: linkedid, channelId: linkedid, src: expect.any(String), dst: expect.any(String), duration: 30 },
          ...{ channel: `PJSIP/${caller.number}`, user: { id: expect.any(String), login: expect.any(String) } },
          ...{ direction: 'In', state: 'Up', creationTime: '2026-02-11T15:59:30.000+01:00' },
        },
      ])
      expect((await ask('/calls/current?userLogin=nobody')).body).toEqual([])
      emulator.clock.advance(30_000)
      expect((await ask(`/calls?linkedid=${linkedid}`)).body.items).toHaveLength(1)
      expect((await ask('/calls/current')).body).toEqual([])
    }))
})

describe('filters', () => {
  test('numbers match whole unless a filter says otherwise', () =>
    withCalls({}, async (ask, emulator) => {
      emulator.addCall({ direction: 'in', outside: '+493023125001', startedAt: NOW - 7200_000 })
      const rows = await rowsFor(emulator, 'phoneNumber=3023125001&phoneNumberFilter=endsWith')
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row['phoneNumber']).toMatch(/3023125001$/)
      expect(await rowsFor(emulator, 'phoneNumber=3023125001')).toEqual([])
      const [written] = rows
      expect((await rowsFor(emulator, `phoneNumber=${encodeURIComponent(written!['phoneNumber'])}`)).length).toBe(
        rows.length,
      )
      expect((await rowsFor(emulator, 'src=30231&srcFilter=contains')).every(({ src }) => src.includes('30231'))).toBe(
        true,
      )
      expect((await rowsFor(emulator, 'dst=0&dstFilter=startsWith')).every(({ dst }) => dst.startsWith('0'))).toBe(true)
      expect((await ask('/calls?srcFilter=like&src=1')).status).toBe(400)
    }))

  test.each([
    ['equal', '600005001', '0000500'],
    ['contains', '0000500', '0000501'],
    ['startsWith', '60000', '00005'],
    ['endsWith', '05001', '60000'],
  ])('%s finds a row by %s and not by %s', (mode, right, wrong) =>
    withEmulator({}, async (emulator) => {
      const { linkedid } = emulator.addCall({ outside: '+420600005001', startedAt: NOW - 7200_000 })
      const [row] = await rowsFor(emulator, `linkedid=${linkedid}`)
      // However the number is written here, the words are told from its end.
      const prefix = (row!['phoneNumber'] as string).slice(0, -9)
      const anchored = (number: string) => encodeURIComponent(/equal|startsWith/.test(mode) ? prefix + number : number)
      const found = (number: string) =>
        rowsFor(emulator, `linkedid=${linkedid}&phoneNumber=${anchored(number)}&phoneNumberFilter=${mode}`)
      expect([(await found(right)).length, (await found(wrong)).length]).toEqual([1, 0])
    }),
  )

  test.each([
    ['way=Out', (row: Row) => row['way'] === 'Out'],
    ['disposition=NO%20ANSWER', (row: Row) => row['disposition'] === 'NO ANSWER'],
    ['trunk=t1', (row: Row) => row['trunk'] === 't1'],
    [`line=${caller.number}`, (row: Row) => Number(row['line']) === Number(caller.number)],
    [
      `extensions=${caller.number}`,
      (row: Row) => [row['line'], row['src'], row['dst']].some((number) => Number(number) === Number(caller.number)),
    ],
  ])('%s narrows the log to exactly the rows that fit', (parameter, fits) =>
    withEmulator({}, async (emulator) => {
      const [all, some] = [await rowsFor(emulator), await rowsFor(emulator, parameter)]
      expect(some.length).toBeGreaterThan(0)
      expect(some.length).toBeLessThan(all.length)
      expect(some).toEqual(all.filter(fits))
    }),
  )

  test('lists come as repeated keys or as JSON text', () =>
    withEmulator({}, async (emulator) => {
      const [a, b] = [caller.number, first!.number]
      const repeated = await rowsFor(emulator, `extensions=${a}&extensions=${b}`)
      const asText = await rowsFor(emulator, `extensions=${encodeURIComponent(JSON.stringify([a, b]))}`)
      expect(repeated.length).toBeGreaterThan((await rowsFor(emulator, `extensions=${a}`)).length)
      expect(asText).toEqual(repeated)
    }))

  test('categories are any of each group, and all groups; they are shown with metadata only', () =>
    withEmulator({}, async (emulator) => {
      const rows = await rowsFor(emulator, `metadata=true&categories=${encodeURIComponent('[[1,2],[3]]')}`)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) {
        expect(row['categories']).toContain('Servis')
        expect(row['categories'].some((name: string) => name === 'Reklamace' || name === 'Objednávka')).toBe(true)
        expect(row).toHaveProperty('note')
      }
      expect((await rowsFor(emulator))[0]).not.toHaveProperty('categories')
      const one = await rowsFor(emulator, 'teams=1')
      const two = await rowsFor(emulator, 'teams=1&teams=2')
      expect(one.length).toBeGreaterThan(0)
      expect(two.length).toBeGreaterThan(one.length)
    }))

  test('a wrong word is refused with its name', () =>
    withCalls({}, async (ask) => {
      expect(await ask('/calls?way=Sideways')).toMatchObject({ status: 400, body: { validation: { keys: ['way'] } } })
      expect(await ask('/calls?extensions=[oops')).toMatchObject({
        status: 400,
        body: { validation: { keys: ['extensions'] } },
      })
    }))

  test('the log of another company is its own', () =>
    withEmulator({}, async (emulator) => {
      const theirs = await rowsFor(emulator, '', 'other')
      const ours = new Set((await rowsFor(emulator)).map(({ src }) => src))
      expect(theirs.length).toBe(12 + 6)
      expect(theirs.some(({ src }) => ours.has(src))).toBe(false)
    }))
})

describe('the events of a call', () => {
  const events = async (told: Partial<StoryCall>) => {
    let story: string[] = []
    await withCalls({}, async (ask, emulator) => {
      const { linkedid } = emulator.addCall(told)
      const { status, body } = await ask(`/calls/${linkedid}/detail?timezone=UTC`)
      expect(status).toBe(200)
      for (const event of body) expect(Object.keys(event)).toEqual(['eventtype', 'eventtime', 'src', 'dst'])
      story = body.map(
        ({ eventtype, eventtime, dst }: Row) =>
          `${(Date.parse(eventtime) - told.startedAt!) / 1000} ${eventtype} ${dst ?? '-'}`,
      )
    })
    return story.map((line) => line.replace(/\S*910000341/, 'DID'))
  }

  test('a queue with two phones, one faster than the other', async () => {
    expect(await events(queueCall(NOW - 3600_000))).toEqual([
      '0 CHAN_START DID',
      `0 QUEUE_ENTER ${queue.number}`,
      `0 CHAN_START ${second!.number}`,
      `0 CHAN_START ${first!.number}`,
      `10 ANSWER ${second!.number}`,
      `10 BRIDGE_ENTER ${second!.number}`,
      `10 ANSWERED_ELSEWHERE ${first!.number}`,
      `10 HANGUP ${first!.number}`,
      `100 BRIDGE_EXIT ${second!.number}`,
      `100 HANGUP ${second!.number}`,
      `100 QUEUE_EXIT ${queue.number}`,
      '100 HANGUP DID',
      '100 LINKEDID_END -',
    ])
  })

  test('a menu, a talk, and a transfer to a colleague', async () => {
    const at = NOW - 3600_000
    const menu = prague.menus[0]!
    const ring = (extension: number, from: number, until: number) => ({
      ...{ extension, from, answeredAt: from + 2000, until, result: 'answered' as const },
    })
    const told = await events({
      ...{ did, startedAt: at, endedAt: at + 50_000, answeredAt: at + 1000 },
      steps: [
        { at, kind: 'menu', menu: menu.id, until: at + 5000 },
        {
          at: at + 5000,
          kind: 'extension',
          extension: first!.id,
          until: at + 20_000,
          rings: [ring(first!.id, at + 5000, at + 20_000)],
        },
        {
          at: at + 20_000,
          kind: 'extension',
          extension: third!.id,
          until: at + 50_000,
          rings: [ring(third!.id, at + 20_000, at + 50_000)],
        },
      ],
    })
    expect(told.filter((line) => !/BRIDGE|HANGUP/.test(line))).toEqual([
      '0 CHAN_START DID',
      `0 IVR_ENTER ${menu.number}`,
      `5 IVR_EXIT ${menu.number}`,
      `5 CHAN_START ${first!.number}`,
      `7 ANSWER ${first!.number}`,
      `20 BLINDTRANSFER ${third!.number}`,
      `20 CHAN_START ${third!.number}`,
      `22 ANSWER ${third!.number}`,
      '50 LINKEDID_END -',
    ])
  })

  test('a phone that is off, sent on to a mobile that takes it', async () => {
    const at = NOW - 3600_000
    const told = await events({
      ...{ did, startedAt: at, endedAt: at + 30_000, answeredAt: at + 6000 },
      steps: [
        { at, kind: 'extension', extension: first!.id, until: at, rings: [] },
        { at, kind: 'forward', to: '+493023125001', until: at + 30_000, answered: true },
      ],
    })
    expect(told.map((line) => line.replace(/\S*493023125001/, 'MOBILE'))).toEqual([
      '0 CHAN_START DID',
      ...[`0 CHAN_START ${first!.number}`, `0 CONGESTION ${first!.number}`, `0 HANGUP ${first!.number}`],
      ...['0 FORWARD MOBILE', '0 CHAN_START MOBILE', '6 ANSWER MOBILE', '6 BRIDGE_ENTER MOBILE'],
      ...['30 BRIDGE_EXIT MOBILE', '30 HANGUP MOBILE', '30 HANGUP DID', '30 LINKEDID_END -'],
    ])
  })

  test('a caller who gives up cancels; one who meets voicemail may speak', async () => {
    const at = NOW - 3600_000
    const silent = {
      extension: first!.id,
      from: at,
      answeredAt: null,
      until: at + 20_000,
      result: 'no answer' as const,
    }
    const step = { at, kind: 'extension' as const, extension: first!.id, until: at + 20_000, rings: [silent] }
    const base = { did, startedAt: at, steps: [step] }
    const gaveUp = await events({ ...base, endedAt: at + 20_000, outcome: 'missed', hungUpBy: 'caller' })
    expect(gaveUp).toContain(`20 CANCEL ${first!.number}`)
    const spoke = await events({ ...base, endedAt: at + 40_000, outcome: 'voicemail', hungUpBy: 'caller' })
    expect(spoke).toEqual(
      expect.arrayContaining([
        `20 NOANSWER ${first!.number}`,
        `20 VOICEMAIL_START ${first!.number}`,
        `40 VOICEMAIL_END ${first!.number}`,
      ]),
    )
  })

  test('every call of the story begins with its channel, ends with its end, and is in order of time', () =>
    withCalls({}, async (ask, emulator) => {
      const ids = [...new Set((await rowsFor(emulator)).map(({ linkedid }) => linkedid as string))].slice(0, 120)
      for (const id of ids) {
        const { body } = await ask(`/calls/${id}/detail?timezone=UTC`)
        expect([body[0].eventtype, body.at(-1).eventtype]).toEqual(['CHAN_START', 'LINKEDID_END'])
        const times = body.map(({ eventtime }: Row) => Date.parse(eventtime))
        expect(times).toEqual([...times].sort((a: number, b: number) => a - b))
      }
    }))

  test('an unknown call is 404', () =>
    withCalls({}, async (ask) => {
      expect(await ask('/calls/1.1/detail')).toMatchObject({ status: 404, body: { error: 'Not Found' } })
    }))
})

describe('what was left behind and counted', () => {
  test('/calls/missed has one entry for each caller nobody talked to', () =>
    withCalls({}, async (ask, emulator) => {
      const outside = '+420600009999'
      const missed = (startedAt: number) => ({
        outside,
        startedAt,
        endedAt: startedAt + 20_000,
        outcome: 'missed' as const,
      })
      emulator.addCall(missed(NOW - 7200_000))
      const { linkedid } = emulator.addCall(missed(NOW - 3600_000))
      const entries = async () =>
        (await ask('/calls/missed')).body.filter(({ callerId }: Row) => callerId.endsWith('600009999'))
      expect(await entries()).toEqual([
        {
          ...{ callId: linkedid, agent: null, attempts: 2, outgoingAttempts: 0, callerIdentity: '', holdTime: 20 },
          ...{ callerId: expect.any(String), calldate: '2026-02-11T15:00:00.000+01:00', ivrValue: null, queue: null },
          ...{ lastUpdate: '2026-02-11T15:00:20.000+01:00', state: 'noChange' },
        },
      ])
      emulator.addCall({ direction: 'out', outside, startedAt: NOW - 1800_000, endedAt: NOW - 1700_000 })
      expect(await entries()).toMatchObject([{ outgoingAttempts: 1, state: 'inProgress' }])
      emulator.addCall({ outside, startedAt: NOW - 600_000, endedAt: NOW - 500_000 })
      expect(await entries()).toEqual([])
    }))

  test('/reports/queues names every queue, and counts', () =>
    withCalls({}, async (ask, emulator) => {
      const named = (body: Row[]) => body.map(({ name }) => name)
      const queues = prague.groups.filter(({ kind }) => kind !== 'skill').map(({ name }) => name)
      const before = (await ask(`/reports/queues?queues=${encodeURIComponent(JSON.stringify([queue.name]))}`)).body
      expect(named(before)).toEqual([queue.name])
      emulator.addCall(queueCall(NOW - 3600_000))
      const after = (await ask('/reports/queues')).body as Row[]
      expect(named(after)).toEqual(queues)
      const counted = after.find(({ name }) => name === queue.name)!
      expect(counted).toMatchObject({
        total: before[0].total + 1,
        answered: before[0].answered + 1,
        inSla: before[0].inSla + 1,
      })
      expect(counted['maxDur']).toBeGreaterThanOrEqual(90)
    }))

  test('/reports/calls is a bare array with date and time apart', () =>
    withCalls({}, async (ask, emulator) => {
      const { linkedid } = emulator.addCall(queueCall(NOW - 3600_000))
      const { body } = await ask(`/reports/calls?queues=${encodeURIComponent(queue.name)}&answered=true&direction=in`)
      expect(body.find(({ callId }: Row) => callId === linkedid)).toMatchObject({
        ...{ date: '2026-02-11', time: '15:00:00', duration: 100, wait: 10, recording: expect.stringMatching(/mp3$/) },
      })
      expect((await ask(`/reports/calls?${always}`)).body.length).toBe(prague.calls.length + 1)
    }))
})

describe('recordings', () => {
  const recorded = async (prove: (url: string, headers: Record<string, string>, name: string) => Promise<void>) =>
    withEmulator({}, async (emulator) => {
      const { linkedid } = emulator.addCall(queueCall(NOW - 3600_000))
      const token = await login(emulator)
      const list = (await read(emulator, `/calls/${linkedid}/recordings`, token)).body
      expect(list).toEqual([
        { name: expect.stringMatching(/\.mp3$/), src: expect.any(String), dst: expect.any(String) },
      ])
      const other = (await read(emulator, `/calls/${linkedid}/recordings?extensions=ogg`, token)).body
      expect(other[0].name).toMatch(/\.ogg$/)
      await prove(`${emulator.url}/ipbxapi/recordings/`, { authorization: `Bearer ${token}` }, list[0].name)
    })

  test('are real audio, as MP3 and as Ogg', () =>
    recorded(async (url, headers, name) => {
      const mp3 = await fetch(url + encodeURIComponent(name), { headers })
      expect(mp3.headers.get('content-type')).toBe('audio/mpeg')
      const bytes = Buffer.from(await mp3.arrayBuffer())
      expect(bytes.subarray(0, 3).toString()).toBe('ID3')
      // Ninety seconds of talk in frames of 72 ms and 72 bytes, behind the tag.
      const frames = bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xe3, 0x18, 0xc0])))
      expect(frames.length).toBe(1250 * 72)
      const ogg = await fetch(url + encodeURIComponent(name.replace(/mp3$/, 'ogg')), { headers })
      expect(ogg.headers.get('content-type')).toBe('audio/ogg')
      expect(
        Buffer.from(await ogg.arrayBuffer())
          .subarray(0, 4)
          .toString(),
      ).toBe('OggS')
    }))

  test('come in ranges, with heads, and uncompressed', () =>
    recorded(async (url, headers, name) => {
      const at = url + encodeURIComponent(name)
      const whole = Buffer.from(await (await fetch(at, { headers })).arrayBuffer())
      const part = async (range: string) => {
        const reply = await fetch(at, { headers: { ...headers, range, 'accept-encoding': 'gzip' } })
        return {
          status: reply.status,
          range: reply.headers.get('content-range'),
          bytes: Buffer.from(await reply.arrayBuffer()),
        }
      }
      const size = whole.length
      expect(await part('bytes=10-19')).toEqual({
        status: 206,
        range: `bytes 10-19/${size}`,
        bytes: whole.subarray(10, 20),
      })
      expect(await part('bytes=5000-')).toEqual({
        status: 206,
        range: `bytes 5000-${size - 1}/${size}`,
        bytes: whole.subarray(5000),
      })
      expect(await part('bytes=-7')).toEqual({
        status: 206,
        range: `bytes ${size - 7}-${size - 1}/${size}`,
        bytes: whole.subarray(-7),
      })
      expect(await part(`bytes=${size}-`)).toMatchObject({ status: 416, range: `bytes */${size}` })
      const head = await fetch(at, { method: 'HEAD', headers })
      expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
        200,
        String(size),
        'bytes',
      ])
    }))

  test('are listed by name in pages; unknown ones and those of others are 404', () =>
    recorded(async (url, headers, name) => {
      const files = async (page: number) =>
        (await send(`${url.slice(0, -1)}?${always}&pageSize=20&page=${page}`, { headers })).body
      const { totalPages } = await files(1)
      const all: string[] = []
      for (let page = 1; page <= totalPages; page += 1) all.push(...(await files(page)).files)
      expect(new Set(all).size).toBe(all.length)
      expect(all).toContain(name)
      expect((await send(`${url}nothing.mp3`, { headers })).status).toBe(404)
    }))

  test('belong to the company that made them', () =>
    withEmulator({}, async (emulator) => {
      const [own] = (await read(emulator, `/recordings?${always}`, await login(emulator))).body.files
      expect(
        (await read(emulator, `/recordings/${encodeURIComponent(own)}`, await login(emulator, 'other'))).status,
      ).toBe(404)
    }))
})

test('reset forgets the added calls, the tokens and the journal', () =>
  withEmulator({}, async (emulator) => {
    const { linkedid } = emulator.addCall()
    const token = await login(emulator)
    expect((await read(emulator, `/calls?linkedid=${linkedid}`, token)).body.items).toHaveLength(1)
    emulator.reset()
    expect(emulator.journal.entries).toHaveLength(0)
    expect((await read(emulator, '/calls', token)).status).toBe(401)
    expect(await rowsFor(emulator, `linkedid=${linkedid}`)).toEqual([])
    expect(emulator.addCall().linkedid).toBe(linkedid)
  }))
