import { describe, expect, test } from '@jest/globals'
import { parsePhoneNumberFromString } from 'libphonenumber-js'

import type { Office, OfficeName, Story, StoryCall, StoryTarget } from '../../src/emulator/story.js'
import { createStory } from '../../src/emulator/create-story.js'

const now = Date.parse('2026-03-17T15:30:00Z')
const DAY = 24 * 60 * 60 * 1000
const both = (story: Story): Office[] => [story.offices.izmir, story.offices.prague]
const calls = (story: Story): StoryCall[] => both(story).flatMap((office) => office.calls)
const whole = createStory({ now })
const small = createStory({ now, scale: 0.05 })

describe('telling', () => {
  test('the same seed tells the same story, another seed another', () => {
    // Other stories in between, so that the second telling is not the remembered first.
    const first = JSON.stringify(createStory({ now, scale: 0.05, seed: 7 }))
    for (let seed = 100; seed < 110; seed += 1) createStory({ now, scale: 0.01, seed })
    const again = createStory({ now, scale: 0.05, seed: 7 })
    expect(JSON.stringify(again)).toBe(first)
    expect(JSON.stringify(createStory({ now, scale: 0.05, seed: 8 }))).not.toBe(first)
  })

  test('a story in use is told once, whatever the fraction of the second', () => {
    expect(createStory({ now: now + 1 })).toBe(createStory({ now: now + 999 }))
    expect(createStory({ now: now + 400 }).now).toBe(now)
  })

  test('it ends the same whatever season it is told in: 90 days back over a change of the clocks', () => {
    const autumn = createStory({ now: Date.parse('2025-11-20T08:00:00Z'), scale: 0.05 })
    for (const call of calls(autumn)) expect(call.startedAt).toBeGreaterThanOrEqual(autumn.now - 90 * DAY)
  })
})

describe('size', () => {
  test('the whole company', () => {
    const count = (of: (office: Office) => readonly unknown[]) => both(whole).reduce((sum, o) => sum + of(o).length, 0)
    expect(count((office) => office.dids)).toBe(40)
    expect(count((office) => office.extensions)).toBe(200)
    expect(count((office) => office.groups)).toBe(20)
    expect(count((office) => office.calls)).toBe(20_000)
    expect(whole.contactLists).toHaveLength(47)
    expect(whole.staff).toHaveLength(198)
  })

  test.each([0.001, 0.05, 0.3])('at scale %d there is still one of everything', (scale) => {
    const story = createStory({ now, scale })
    for (const office of both(story)) {
      expect(office.dids.length).toBeGreaterThanOrEqual(3)
      expect(office.extensions.length).toBeGreaterThanOrEqual(6)
      expect(office.groups.length).toBeGreaterThanOrEqual(3)
      expect(office.menus.length).toBeGreaterThanOrEqual(2)
      expect(office.calls.length).toBeGreaterThanOrEqual(60)
      expect(new Set(office.dids.map((did) => did.destination?.kind ?? null))).toEqual(
        new Set(['menu', 'group', 'extension', null]),
      )
    }
    expect(story.contactLists.length).toBeGreaterThan(0)
  })
})

describe.each<[string, Story]>([
  ['whole', whole],
  ['small', small],
  ["other seed's", createStory({ now, scale: 0.2, seed: 3 })],
])('the %s story holds together', (_, story) => {
  test('ids and internal numbers are the only ones of their kind', () => {
    for (const office of both(story)) {
      for (const list of [office.dids, office.extensions, office.groups, office.menus, office.calls]) {
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
      }
      const dialled = [...office.extensions, ...office.groups, ...office.menus].map(({ number }) => number)
      expect(new Set(dialled).size).toBe(dialled.length)
      expect(new Set(office.dids.map(({ number }) => number)).size).toBe(office.dids.length)
    }
    expect(new Set(story.staff.map(({ id }) => id)).size).toBe(story.staff.length)
    expect(new Set(story.staff.map(({ email }) => email)).size).toBe(story.staff.length)
  })

  test('everything referred to exists, but for the one target that is gone in each office', () => {
    for (const office of both(story)) {
      const extensionIds = new Set(office.extensions.map(({ id }) => id))
      const isThere = (target: StoryTarget) =>
        target.kind === 'external' ||
        { extension: office.extensions, group: office.groups, menu: office.menus }[target.kind].some(
          ({ id, number }) => id === target.id && number === target.number,
        )
      const gone = office.dids.filter(({ destination }) => destination && !isThere(destination))
      expect(gone).toHaveLength(1)
      expect(office.dids.filter(({ destination }) => destination === null)).toHaveLength(1)
      for (const { members } of office.groups) {
        for (const id of members) expect(extensionIds).toContain(id)
        expect(new Set(members).size).toBe(members.length)
      }
      const didNumbers = new Set(office.dids.map(({ number }) => number))
      for (const { callerId, forwarding, person } of office.extensions) {
        if (callerId) expect(didNumbers).toContain(callerId)
        if (forwarding) expect(isThere(forwarding.to)).toBe(true)
        if (person) expect(story.staff).toContain(person)
      }
      for (const call of office.calls) {
        if (call.did) holds(didNumbers.has(call.did), call)
        const used = idsOf(call)
        const known =
          used.extensions.every((id) => extensionIds.has(id)) &&
          used.groups.every((id) => office.groups.some((group) => group.id === id)) &&
          used.menus.every((id) => office.menus.some((menu) => menu.id === id))
        holds(known, call)
      }
    }
  })

  test('calls are in order of time, whole seconds, over before the story ends and not older than 90 days', () => {
    for (const office of both(story)) {
      let before = 0
      for (const call of office.calls) {
        const { startedAt, endedAt } = call
        holds(startedAt >= before && endedAt >= startedAt, call)
        holds(startedAt >= story.now - 90 * DAY && endedAt <= story.now, call)
        holds(startedAt % 1000 === 0 && endedAt % 1000 === 0, call)
        before = startedAt
      }
    }
  })

  test('a call is answered exactly when there is a time of answer that fits its outcome', () => {
    for (const call of calls(story)) {
      const { outcome, answeredAt, startedAt, endedAt, price, direction, recording } = call
      if (outcome === 'answered' || outcome === 'voicemail') holds(answeredAt !== null, call)
      // Only a menu answers a call that nobody takes.
      else if (answeredAt !== null)
        holds(
          call.steps.some(({ kind }) => kind === 'menu'),
          call,
        )
      holds(answeredAt === null || (answeredAt >= startedAt && answeredAt <= endedAt), call)
      holds((price !== null) === (direction === 'out' && answeredAt !== null), call)
      holds(recording === 'no' || outcome === 'answered', call)
    }
  })

  test('the steps of a call follow each other inside it, and who talked talked to its end', () => {
    for (const call of calls(story)) {
      let before = call.startedAt
      for (const step of call.steps) {
        holds(step.at >= before && step.until >= step.at && step.until <= call.endedAt, call)
        before = step.at
        const rings = 'rings' in step ? step.rings : []
        const talked = rings.filter(({ result }) => result === 'answered')
        holds(talked.length <= 1, call)
        for (const ring of rings) {
          holds((ring.answeredAt !== null) === (ring.result === 'answered'), call)
          holds(ring.from >= step.at && ring.until >= ring.from && ring.until <= step.until, call)
        }
        if (rings.some(({ result }) => result === 'elsewhere')) holds(talked.length === 1, call)
      }
      const last = call.steps.at(-1)
      if (call.outcome === 'answered' && last) {
        const isTaken =
          last.kind === 'forward'
            ? last.answered
            : 'rings' in last && last.rings.some(({ result }) => result === 'answered')
        holds(isTaken && last.until === call.endedAt, call)
      }
    }
  })

  test('nobody talks on two calls at once', () => {
    for (const office of both(story)) {
      const until = new Map<number, number>()
      for (const call of office.calls) {
        for (const step of call.steps) {
          for (const ring of 'rings' in step ? step.rings : []) {
            if (ring.result !== 'answered') continue
            holds(ring.from >= (until.get(ring.extension) ?? 0), call)
            until.set(ring.extension, ring.until)
          }
        }
      }
    }
  })

  test('the parties fit the direction', () => {
    for (const call of calls(story)) {
      const { direction, from, to, outside, did } = call
      if (direction === 'in') holds(from === null && to === null && did !== null, call)
      if (direction === 'out') holds(from !== null && to === null && outside !== null && did !== null, call)
      if (direction === 'local')
        holds(from !== null && to !== null && from !== to && outside === null && did === null, call)
    }
  })

  test('every number is possible', () => {
    const numbers = new Set<string>()
    for (const office of both(story)) {
      for (const did of office.dids) numbers.add(did.number)
      for (const { outside } of office.calls) if (outside) numbers.add(outside)
    }
    for (const { mobile } of story.staff) numbers.add(mobile)
    for (const number of numbers) {
      const parsed = parsePhoneNumberFromString(number)
      if (!parsed?.isPossible() || parsed.number !== number) throw new Error(`${number} is not possible`)
    }
  })

  test('a call between the offices is in both logs, at the same second', () => {
    const didsOf = (name: OfficeName) => new Set(story.offices[name].dids.map(({ number }) => number))
    let met = 0
    for (const [caller, callee] of [
      ['izmir', 'prague'],
      ['prague', 'izmir'],
    ] as const) {
      const theirs = didsOf(callee)
      for (const placed of story.offices[caller].calls) {
        if (placed.direction !== 'out' || !theirs.has(placed.outside ?? '')) continue
        met += 1
        const twin = story.offices[callee].calls.find(
          (call) =>
            call.direction === 'in' &&
            call.startedAt === placed.startedAt &&
            call.did === placed.outside &&
            call.outside === placed.did,
        )
        expect([twin?.answeredAt, twin?.endedAt]).toEqual([placed.answeredAt, placed.endedAt])
      }
    }
    expect(met).toBeGreaterThan(0)
  })
})

describe('the whole story is believable', () => {
  const all = calls(whole)

  test('everything that happens to calls happens', () => {
    const outcomes = new Set(all.map(({ direction, outcome }) => `${direction} ${outcome}`))
    expect([...outcomes].sort()).toEqual(
      expect.arrayContaining([
        ...['in answered', 'in missed', 'in voicemail', 'in busy', 'in rejected', 'in failed'],
        ...['out answered', 'out no answer', 'out busy', 'out cancelled', 'out rejected', 'out failed'],
        ...['local answered', 'local no answer', 'local cancelled', 'local busy'],
      ]),
    )
    expect(new Set(all.map(({ recording }) => recording))).toEqual(new Set(['yes', 'no', 'removed']))
    for (const { calls } of both(whole)) {
      expect(calls.some(({ kind }) => kind === 'fax')).toBe(true)
      expect(calls.some(({ outside, direction }) => direction === 'in' && outside === null)).toBe(true)
      const some = (holds: (call: StoryCall) => boolean) => expect(calls.filter(holds).length).toBeGreaterThan(5)
      const ways = (call: StoryCall) => call.steps.map(({ kind }) => kind).join(' ')
      some((call) => ways(call).startsWith('menu menu'))
      some((call) =>
        call.steps.some((step) => 'rings' in step && step.rings.some(({ result }) => result === 'elsewhere')),
      )
      some((call) => call.steps.some((step) => step.kind === 'forward' && step.answered))
      some((call) => call.outcome === 'missed' && call.hungUpBy === 'caller' && call.steps.at(-1)?.kind === 'group')
      some(
        (call) =>
          call.steps.filter((step) => 'rings' in step && step.rings.some(({ result }) => result === 'answered'))
            .length === 2,
      )
    }
  })

  test('thousands of neighbours tie on a second somewhere, within an office and between them', () => {
    for (const { calls } of both(whole)) {
      expect(calls.filter((call, index) => call.startedAt === calls[index - 1]?.startedAt).length).toBeGreaterThan(50)
    }
    const seconds = new Set(whole.offices.izmir.calls.map(({ startedAt }) => startedAt))
    expect(whole.offices.prague.calls.filter(({ startedAt }) => seconds.has(startedAt)).length).toBeGreaterThan(200)
  })

  test('offices are busy when offices are: weekdays over Sundays, mornings over lunch, days over nights', () => {
    for (const { calls, timeZone } of both(whole)) {
      const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit' })
      const by = new Map<string, number>()
      for (const { startedAt } of calls) {
        const parts = Object.fromEntries(format.formatToParts(startedAt).map(({ type, value }) => [type, value]))
        for (const key of [parts.weekday, parts.hour]) by.set(key as string, (by.get(key as string) ?? 0) + 1)
      }
      const count = (key: string) => by.get(key) ?? 0
      expect(count('Mon')).toBeGreaterThan(count('Sat') * 2)
      expect(count('Sat')).toBeGreaterThan(count('Sun') * 2)
      expect(count('10')).toBeGreaterThan(count('12') * 2)
      expect(count('12')).toBeGreaterThan(count('03') * 5)
    }
  })

  test('something happened within the last hour and the last day', () => {
    for (const { calls } of both(whole)) {
      expect(calls.filter(({ startedAt }) => startedAt > now - DAY / 24).length).toBeGreaterThan(2)
      expect(calls.filter(({ startedAt }) => startedAt > now - DAY).length).toBeGreaterThan(8)
    }
  })

  test('customers of three countries talk to both offices', () => {
    const seen = (name: OfficeName) =>
      new Set(whole.offices[name].calls.flatMap(({ outside, outsideName }) => (outsideName ? [outside] : [])))
    const met = [...seen('izmir')].filter((number): number is string => number !== null && seen('prague').has(number))
    expect(met.length).toBeGreaterThanOrEqual(25)
    expect(new Set(met.map((number) => parsePhoneNumberFromString(number)?.country))).toEqual(
      new Set(['TR', 'CZ', 'DE']),
    )
  })

  test('people carry their letters, Prague its zeros, and each office an admin', () => {
    const letters = whole.staff.map(({ firstName, lastName }) => firstName + lastName).join('')
    for (const letter of 'ğşıİřůěž') expect(letters).toContain(letter)
    expect(whole.offices.prague.extensions[0]?.number).toBe('0101')
    for (const name of ['izmir', 'prague']) {
      expect(whole.staff.filter(({ office, role }) => office === name && role === 'admin')).toHaveLength(1)
    }
    expect(whole.staff.every(({ email }) => /^[a-z]+\.[a-z]+\d*@egeyelken\.example$/.test(email))).toBe(true)
  })

  test('an eighth of the numbers is on its way in or out', () => {
    const moving = both(whole).flatMap(({ dids }) =>
      dids.filter(({ state }) => state !== 'active').map(({ state }) => state),
    )
    expect(moving).toHaveLength(5)
    expect(new Set(moving).size).toBe(4)
  })
})

/** Cheaper than `expect`, for assertions about every call. */
function holds(condition: boolean, call: StoryCall): void {
  if (!condition) throw new Error(`does not hold for ${JSON.stringify(call, null, 2)}`)
}

function idsOf(call: StoryCall) {
  const rings = call.steps.flatMap((step) => ('rings' in step ? step.rings : []))
  return {
    extensions: [
      ...[call.from, call.to].filter((id) => id !== null),
      ...call.steps.flatMap((step) => (step.kind === 'extension' ? [step.extension] : [])),
      ...rings.map(({ extension }) => extension),
    ],
    groups: call.steps.flatMap((step) => (step.kind === 'group' ? [step.group] : [])),
    menus: call.steps.flatMap((step) => (step.kind === 'menu' ? [step.menu] : [])),
  }
}
