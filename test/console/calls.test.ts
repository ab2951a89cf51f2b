import { readFileSync } from 'node:fs'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import { filterOf, filtersOf } from '../../src/console/calls/filters/filters.js'
import { dayIn, daysLater, startOfDay } from '../../src/console/words/zone-days.js'
import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { isTooWide, lacking, NARROW, shiftOf, startBrowser, violationsOn, WIDE, type Visitor } from './browser.js'

const KEYS = { operator: 'canary-of-calls-operator', reader: 'canary-of-calls-reader', own: 'canary-of-calls-own' }
const MINUTE = 60_000

interface Listed {
  readonly callRecords: {
    readonly nodes: readonly { readonly id: string }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

test.each([
  ['2026-02-11', 'Europe/Istanbul', '2026-02-10T21:00:00.000Z'],
  ['2026-03-29', 'Europe/Prague', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Prague', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Prague', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Prague', '2026-10-25T23:00:00.000Z'],
  ['2026-02-11', 'America/New_York', '2026-02-11T05:00:00.000Z'],
  ['2026-02-11', 'Asia/Kathmandu', '2026-02-10T18:15:00.000Z'],
  ['2026-02-11', 'UTC', '2026-02-11T00:00:00.000Z'],
])('%s begins in %s at %s', (day, timeZone, start) => {
  expect(startOfDay(day, timeZone)).toBe(start)
  expect(dayIn(start, timeZone)).toBe(day)
  expect(dayIn(Date.parse(start) - 1, timeZone)).toBe(daysLater(day, -1))
})

test.each([
  ['period=today', { from: '2026-02-10T21:00:00.000Z' }],
  ['period=yesterday', { from: '2026-02-09T21:00:00.000Z', until: '2026-02-10T21:00:00.000Z' }],
  ['period=week', { from: '2026-02-04T21:00:00.000Z' }],
  ['period=month', { from: '2026-01-12T21:00:00.000Z' }],
  [
    'period=dates&from=2026-02-01&until=2026-02-01',
    { from: '2026-01-31T21:00:00.000Z', until: '2026-02-01T21:00:00.000Z' },
  ],
  ['period=dates&until=2026-02-01', { until: '2026-02-01T21:00:00.000Z' }],
  ['period=dates', undefined],
  ['period=dates&from=2026-99-99&until=2026-02-31', undefined],
  ['period=dates&from=0202-02-01&until=12026-02-01', undefined],
  ['period=dates&from=1969-12-31&until=9999-12-31', undefined],
  ['period=for%20ever&direction=SIDEWAYS&outcome=&recording=no', undefined],
])('the address %s means that time', (address, startedAt) => {
  const calendar = { now: NOW, timeZone: 'Europe/Istanbul' }
  expect(filterOf(filtersOf(new URLSearchParams(address)), [], calendar)).toEqual(startedAt ? { startedAt } : {})
})

const suite = lacking ? describe.skip : describe
suite(lacking ? `the calls of the console (skipped: ${lacking})` : 'the calls of the console', () => {
  let harness: Harness
  let browser: Visitor
  let page: Page
  beforeAll(async () => {
    harness = await startHarness({
      limits: { attempts: 1, breakerFailures: 1_000, providerTimeoutMs: MINUTE, operationTimeoutMs: 2 * MINUTE },
      config: {
        callers: {
          apiKeys: [
            { name: 'operator', key: KEYS.operator, scopes: ['telephony:read', 'recordings:read'] },
            { name: 'reader', key: KEYS.reader, scopes: ['telephony:read'] },
            { name: 'own', key: KEYS.own, scopes: ['telephony:read:own', 'recordings:read'], extension: 'izmir/1001' },
          ].map((key) => ({ ...key, workspace: 'default' })),
        },
      },
    })
    browser = await startBrowser(() => harness.url)
    page = await browser.visit('/console/calls', { at: NOW })
    await enter(KEYS.operator)
  }, MINUTE)
  afterEach(() => harness.clear())
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  const enter = async (key: string) => {
    await page.locator('input[type=password]').fill(key)
    await page.keyboard.press('Enter')
  }
  const setting = async (name: string | RegExp) => {
    await page.getByRole('button', { name: /^(?:Settings|Ayarlar|Nastavení)$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name }).click()
  }
  /** Somebody else sits down before the page. */
  async function change(key: string): Promise<void> {
    await setting('Forget the key')
    await enter(key)
  }
  async function speak(language: string): Promise<void> {
    await setting(/English|Türkçe|Čeština/)
    await page.getByRole('option', { name: language }).click()
    await page.keyboard.press('Escape')
  }
  /** Another address of the same page, as a link in it leads there. */
  const go = (path: string) => page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
  const lines = (of = page) => of.locator('.call-line')
  const idsOn = (of = page): Promise<readonly string[]> =>
    of.evaluate('[...document.querySelectorAll(".call-line")].map(({ id }) => id.slice("call-".length))')
  const parameters = (of = page) => Object.fromEntries(new URL(of.url()).searchParams)
  const costs = () => {
    const counts: Record<string, number> = {}
    for (const request of harness.requests()) {
      const provider = request.split(' ')[0]!
      counts[provider] = (counts[provider] ?? 0) + 1
    }
    return counts
  }
  /** What the graph itself answers, page after page. */
  async function calls(count: number, filter = '{}', key = KEYS.operator): Promise<readonly string[]> {
    const ids: string[] = []
    for (let after: string | null = null; ids.length < count;) {
      const answer: { readonly data: Listed } = await harness.query<Listed>(
        `query ($first: Int!, $after: String) {
          callRecords(first: $first, after: $after, filter: ${filter}) { nodes { id } pageInfo { hasNextPage endCursor } }
        }`,
        { first: Math.min(50, count - ids.length), after },
        { authorization: `Bearer ${key}` },
      )
      const { nodes, pageInfo }: Listed['callRecords'] = answer.data.callRecords
      ids.push(...nodes.map(({ id }) => id))
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    return ids
  }
  /** Scrolls to the end of what is there, until so many lines are. */
  async function scrollTo(count: number): Promise<void> {
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await lines()
      .nth(count - 1)
      .waitFor({ state: 'attached' })
  }

  test('come newest first by one page of each phone system, and cost none while they are looked at', async () => {
    await lines().nth(49).waitFor()
    const first = costs()
    expect(await idsOn()).toEqual(await calls(50))
    // FreePBX is read by whole days: its part of this page needs a second, earlier stretch of them.
    expect(first).toEqual({ bulutfon: 1, freepbx: 2, ipex: 1 })
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.05)
    harness.clear()
    await page.clock.fastForward(MINUTE)
    expect(harness.requests()).toEqual([])
    expect(await page.locator('.day').allInnerTexts()).toEqual([
      'Wednesday, 11 February 2026\nTürkiye Time',
      'Tuesday, 10 February 2026\nTürkiye Time',
    ])
    // On the clock of its account, which is a day behind that of the list.
    expect(await lines().nth(31).locator('time').textContent()).toBe('22:5910 Feb, CET')
    expect(await lines().nth(3).textContent()).toBe(
      '11:27Incoming+420910000341+902320000041Ege Yelken İzmir1:28Answered',
    )
    expect(await page.getByText('Without calls').innerText()).toContain('Staff directory')
  })

  test('come page by page as the end comes near, each for one request to each phone system', async () => {
    harness.clear()
    await scrollTo(100)
    // So few calls a day are at FreePBX in this story that there are many days to read.
    expect(costs()).toEqual({ bulutfon: 1, freepbx: 4, ipex: 1 })
    expect(await idsOn()).toEqual(await calls(100))
    // Of so many lines only those are drawn again that change: each time it is, the format of its time is used.
    await page.evaluate(COUNT_FORMATS)
    await lines().nth(20).click()
    await page.locator('aside .way .step').first().waitFor()
    await page.keyboard.press('Escape')
    await page.locator('aside').waitFor({ state: 'detached' })
    expect(await page.evaluate('window.formatted')).toBeLessThan(50)
  })

  test('that one phone system did not give are fetched when it works again, and nothing else moves', async () => {
    const bar = page.locator('.note-warning')
    harness.clear()
    harness.emulators.bulutfon.faults.next({ path: /^\/cdrs/, status: 500, times: Infinity })
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await bar.waitFor()
    const since =
      /Ege Yelken İzmir: The phone system cannot be reached.* Missing from (.+), \d\d:\d\d Türkiye Time to 28 Jan 2026/
    const [, first] = since.exec(await bar.innerText())!
    // The next page lacks its part of them, too: it is one stretch of time.
    const lacking = (await idsOn()).length
    await scrollTo(lacking + 50)
    const [, second] = since.exec(await bar.innerText())!
    expect(Date.parse(second!)).toBeLessThan(Date.parse(first!))
    await bar.getByRole('button', { name: 'Fetch the gap' }).click()
    await bar.getByText('It failed again.').waitFor()
    harness.clear()

    // The line below the bar stays there, whatever comes above it.
    const [id, top] = await page.evaluate<readonly [string, number]>(TOPMOST)
    await bar.getByRole('button', { name: 'Fetch the gap' }).press('Enter')
    await page.locator('.note-good', { hasText: /Ege Yelken İzmir: \d+ missing calls are in the list now\./ }).waitFor()
    expect(await bar.count()).toBe(0)
    // For each page of the list, two of the log of İzmir: the one in which its time begins, and the next.
    expect(costs()).toEqual({ bulutfon: 4 })
    const now = await idsOn()
    expect(now.length).toBeGreaterThan(lacking + 50)
    expect(now).toEqual(await calls(now.length))
    expect(
      await page.evaluate(`document.getElementById(${JSON.stringify(id)}).getBoundingClientRect().top`),
    ).toBeCloseTo(top, 0)
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await page.locator('.missing').count()).toBe(0)
  })

  test('that are missing altogether come at one press, however many pages they are', async () => {
    harness.emulators.bulutfon.faults.next({ path: /^\/cdrs/, status: 500, times: Infinity })
    await go('/console/calls?account=izmir')
    await page.getByText('No call could be read').waitFor()
    expect(await page.locator('.missing-line').innerText()).toContain('Missing before 11 Feb 2026, 12:00 Türkiye Time.')
    harness.clear()
    await page.getByRole('button', { name: 'Fetch the gap' }).press('Enter')
    await page.getByText('Ege Yelken İzmir: 240 missing calls are in the list now.').waitFor()
    expect(await idsOn()).toEqual(await calls(500, '{ accountKeys: ["izmir"] }'))
    expect(await page.evaluate('document.activeElement.className')).toContain('note-good')
    await go('/console/calls')
    await lines().nth(49).waitFor({ state: 'attached' })
  })

  test('are narrowed by what stands in the address, which can be shared and gone back from', async () => {
    const choose = async (label: string, option: string) => {
      await page.getByRole('button', { name: label }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    await page.evaluate('scrollTo(0, 0)')
    await choose('Direction', 'Incoming')
    await choose('Outcome', 'Missed')
    await page.locator('.badge-bad').first().waitFor()
    const missed = await calls(50, '{ directions: [INBOUND], dispositions: [MISSED] }')
    await page.locator(`[id="call-${missed[0]}"]`).waitFor()
    expect(parameters()).toEqual({ direction: 'INBOUND', outcome: 'MISSED' })
    expect(await idsOn()).toEqual(missed)
    await page.goBack()
    expect(parameters()).toEqual({ direction: 'INBOUND' })

    // As it is dialled in the country of one of the accounts.
    const number = page.getByLabel('Phone number')
    await number.fill('0555 000 50 13')
    await number.press('Enter')
    const numbered = await calls(50, '{ directions: [INBOUND], numbers: ["+905550005013"] }')
    await page.locator(`[id="call-${numbered[0]}"]`).waitFor()
    expect(await idsOn()).toEqual(numbered)
    await number.fill('1003')
    await number.press('Enter')
    await page.locator('.empty').getByText('This is not a phone number.').waitFor()
    expect(await page.getByRole('button', { name: 'Export' }).isDisabled()).toBe(true)
    await page.locator('.empty').getByRole('button', { name: 'Clear filters' }).click()
    // The button is gone, and what has the focus is not the whole page.
    await page.locator('main:focus').waitFor()
    await page.goBack()
    const filters = page.getByRole('group', { name: 'Filters' })
    await filters.getByRole('button', { name: 'Clear filters' }).press('Enter')
    await filters.and(page.locator(':focus')).waitFor()

    harness.clear()
    await page.getByRole('button', { name: 'Extension or group' }).click()
    await page.getByRole('option', { name: '1005' }).waitFor()
    await page.keyboard.type('1005')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('.choice', { hasText: '1005' }).waitFor()
    expect(Object.keys(parameters())).toEqual(['extension'])
  })

  test('open beside the list: the way of a call, who hung up, and what is not told', async () => {
    await go('/console/calls?account=prague')
    await lines().first().getByText('Kryštof Veselý').waitFor()
    await lines().nth(4).click()
    const panel = page.locator('aside.call-panel')
    await panel.locator('.way .step').nth(3).waitFor()
    expect(await panel.getByRole('heading', { level: 2 }).innerText()).toBe('+493023125493')
    expect(await panel.locator('.step').allInnerTexts()).toEqual([
      '09:15:38\n\n+493023125493 calls',
      '09:15:38\n\nReaches +420910000341',
      '09:15:38\n\nHears the menu 7001',
      '09:15:45\n\nRings at Markéta Bartůňková (0106)\nbusy',
      '09:15:45\n\nRings at Vojtěch Čermák (0101)\nanswered after 0:10',
      '09:19:23\n\nThe call is over',
    ])
    expect(await panel.locator('.untold').innerText()).toBe(
      'The phone system does not tell who hung up and what it cost.',
    )
    expect(await panel.locator('dl').innerText()).toMatch(/Waited\n0:17\nTalked\n3:28\nLasted\n3:45/)
    expect(Object.keys(parameters())).toEqual(['account', 'call'])
    expect(await page.evaluate('document.activeElement.className')).toContain('call-panel')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(parameters()).toEqual({ account: 'prague' })
    expect(await page.evaluate('document.activeElement.id')).toBe(await lines().nth(4).getAttribute('id'))
  })

  test('are heard: a recording plays from a link that has no key in it', async () => {
    harness.clear()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Listen' }).click()
    const audio = page.locator('audio')
    await audio.waitFor()
    const [duration, address] = await audio.evaluate(PLAYED)
    expect(await audio.evaluate((player) => player === document.activeElement)).toBe(true)
    expect(duration).toBeGreaterThan(5)
    expect(address).toMatch(/\/recordings\/[\w-]+$/)
    // The call, to know what its recording is called, and the sound.
    expect(costs()).toEqual({ ipex: 2 })
    // A link that has run out is no end: another one goes on where that one was.
    harness.advance(600)
    await audio.evaluate(SEEK)
    await audio.evaluate((player) => player.dispatchEvent(new Event('error')))
    await page.locator(`audio:not([src="${address}"])`).waitFor()
    const [, another, place] = await audio.evaluate(PLAYED)
    expect(another).not.toBe(address)
    expect(place).toBeGreaterThanOrEqual(4)
    expect(await page.locator('.player [role=alert]').count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  test('are exported as they are shown, and the file is downloaded', async () => {
    await go('/console/calls?direction=INBOUND&outcome=MISSED')
    const missed = await calls(100, '{ directions: [INBOUND], dispositions: [MISSED] }')
    await page.locator(`[id="call-${missed[0]}"]`).waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('button', { name: 'Make the file' }).press('Enter')
    // The button has gone; the next one to be pressed is not the one that closes the window.
    await page.locator('[role=dialog]:focus').waitFor()
    const link = page.getByRole('link', { name: 'Download' })
    await link.waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const rows = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(download.suggestedFilename()).toMatch(/^calls-.*\.csv$/)
    expect(rows.slice(1).map((row) => row.split(',')[0]!.replaceAll(/["']/g, ''))).toEqual(missed)
    expect(download.url()).not.toContain('canary')
    await page.getByRole('button', { name: 'Another file' }).click()
    // Nothing here has an archive: without the phone systems there is nothing to write.
    await page.getByText('Ask the phone systems').click()
    await page.getByRole('button', { name: 'Make the file' }).click()
    const lacks = page.getByRole('dialog').locator('.note li')
    await lacks.first().waitFor()
    expect(await lacks.allInnerTexts()).toEqual(
      ['İzmir', 'Praha', 'Ankara'].map((city) => `Ege Yelken ${city}: not all of its calls are in an archive`),
    )
    await page.getByRole('button', { name: 'Another file' }).click()
    // A phone system that takes its time: the file is under way until somebody stops it.
    harness.emulators.ipex.faults.next({ path: /calls/, delayMs: 3_600_000, times: Infinity })
    await page.getByRole('button', { name: 'Make the file' }).click()
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped. There is no file.').waitFor()
    harness.clear()
    await page.keyboard.press('Escape')
  })

  test('leave out nobody at any width, in light or dark, and are used by the keyboard alone', async () => {
    await go('/console/calls?account=izmir&number=%2B905550005013')
    await page.locator('.call-list .list-end', { hasText: 'These are all.' }).waitFor()
    await lines().first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.locator('.way .step').nth(3).waitFor()
    // What was said of buttons that are gone since is taken away after a while.
    await page.clock.fastForward(10_000)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    expect(await violationsOn(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    expect(await violationsOn(page)).toEqual([])
    await page.setViewportSize(NARROW)
    await page.locator('.call-page .step').first().waitFor()
    expect(await violationsOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
    await page.keyboard.press('Escape')
    await page.locator('.call-page').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    expect(await violationsOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Filters')
    await page.setViewportSize(WIDE)
  })

  test('are read anew whenever the view is opened', async () => {
    await go('/console/accounts')
    await page.locator('.account').first().waitFor()
    harness.clear()
    await go('/console/calls')
    await lines().nth(49).waitFor({ state: 'attached' })
    expect(costs()).toEqual({ bulutfon: 1, freepbx: 2, ipex: 1 })
  })

  test('say what failed, and try again', async () => {
    await page.route('**/graphql', (route) => route.abort())
    await go('/console/calls?direction=OUTBOUND')
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: 'Try again' }).click()
    await lines().first().waitFor()
  })

  test.each([
    ['Türkçe', 'Çağrılar', '11 Şubat 2026 Çarşamba', 'Santralin söylemedikleri: kimin kapattığı ve ücreti.'],
    ['Čeština', 'Hovory', 'středa 11. února 2026', 'Ústředna neříká, kdo zavěsil a kolik stál.'],
  ])('speak %s', async (language, title, day, untold) => {
    await go('/console/calls?account=prague')
    await speak(language)
    await lines().first().click()
    await page.locator('.way .step').first().waitFor()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    expect(await page.locator('.day span').first().innerText()).toBe(day)
    expect((await page.locator('.untold').innerText()).replaceAll('\u00a0', ' ')).toBe(untold)
    const shown = await page.locator('#content').innerText()
    expect(shown).not.toMatch(/\b(?:Incoming|Outgoing|Answered|Missed|Any|All|Time|Export|Show|Listen|Account|From)\b/)
  })

  test('have recordings to listen to only for a key that may', async () => {
    await speak('English')
    await change(KEYS.reader)
    await go('/console/calls?recording=yes')
    await page.locator('.call-extra .icon').nth(49).waitFor({ state: 'attached' })
    await lines().first().click()
    await page.getByText('your key may not listen to it').waitFor()
    expect(await page.getByRole('button', { name: 'Listen' }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  test('of one person are their own, and who else there is cannot be chosen', async () => {
    await go('/console/calls')
    await change(KEYS.own)
    const own = await calls(50, '{}', KEYS.own)
    await page.locator(`[id="call-${own[0]!}"]`).waitFor()
    expect(await idsOn()).toEqual(own)
    expect(own.length).toBeGreaterThan(20)
    expect(await page.locator('.call-filters .react-aria-Label, .call-filters .tick').allInnerTexts()).toEqual([
      ...['Phone number', 'Time', 'Direction', 'Outcome', 'Recorded'],
    ])
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('button', { name: 'Make the file' }).click()
    await page.getByText(/^The file is ready/).waitFor()
    await page.keyboard.press('Escape')
  })

  test('give the browser nothing to complain of', () => {
    expect(browser.complaints.filter((text) => !/ERR_FAILED|status of 401/.test(text))).toEqual([])
  })
})

/** Runs in the page: counts the times and dates that are written. */
const COUNT_FORMATS = `
  window.formatted = 0
  const { get } = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')
  Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
    get() {
      window.formatted += 1
      return get.call(this)
    },
  })
`

/** Runs in the page: the first whole line in the window, and how far down it is. */
const TOPMOST = `(() => {
  const under = document.querySelector('.missing').getBoundingClientRect().bottom + 16
  const line = [...document.querySelectorAll('.call-line')].find((one) => one.getBoundingClientRect().bottom > under)
  return [line.id, line.getBoundingClientRect().top]
})()`

/** Goes on near the end. */
const SEEK = (element: Element) =>
  new Promise((resolve) => {
    const player = element as HTMLAudioElement
    player.addEventListener('seeked', () => player.addEventListener('timeupdate', resolve, { once: true }), {
      once: true,
    })
    player.currentTime = 4
  })

/** Whether the metadata came and the sound went on, and where it came from. */
const PLAYED = (element: Element) =>
  new Promise<readonly [duration: number, address: string, place: number]>((resolve, reject) => {
    const player = element as HTMLAudioElement
    player.addEventListener('error', () => reject(new Error(player.error?.message)))
    player.addEventListener('timeupdate', () => {
      if (player.currentTime > 0) resolve([player.duration, player.currentSrc, player.currentTime])
    })
  })
