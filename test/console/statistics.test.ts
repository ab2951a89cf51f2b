import { readFile } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import { chosenIn } from '../../src/console/statistics/chosen.js'
import { isTooWide, lacking, NARROW, shiftOf, startBrowser, violationsOn, WIDE, type Visitor } from './browser.js'
import { NOW, serveKeptCalls, twoWeeksOf } from './kept-calls.js'
import { call } from '../loaders/in-memory.js'

const WEEK = ['2026-03-25', '2026-03-26', '2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31']

const ZONES = { usual: 'Europe/Istanbul', all: ['Europe/Istanbul', 'Asia/Kolkata', 'UTC'] }

test.each([
  ['period=own&from=12026-03-01&until=0202-03-05', ['2026-03-25', '2026-03-31']],
  ['period=own&from=2026-03-01&until=2026-03-05', ['2026-03-01', '2026-03-05']],
])('of the address %s the days are taken that there can be', (address, days) => {
  const { from, until } = chosenIn(new URLSearchParams(address), ZONES, NOW)
  expect([from, until]).toEqual(days)
})

test.each([
  ['europe/istanbul', 'Europe/Istanbul'],
  ['Europe/Prague', 'Europe/Prague'],
  ['asia/calcutta', 'Asia/Kolkata'],
  ['utc', 'UTC'],
  ['+05:30', 'Europe/Istanbul'],
  ['Nowhere/Town', 'Europe/Istanbul'],
  ['', 'Europe/Istanbul'],
])('the zone %p of an address is %s', (zone, timeZone) => {
  expect(chosenIn(new URLSearchParams({ zone }), ZONES, NOW).timeZone).toBe(timeZone)
})

const suite = lacking ? describe.skip : describe
suite(lacking ? `the statistics (skipped: ${lacking})` : 'the statistics of the console', () => {
  let served: Awaited<ReturnType<typeof serveKeptCalls>>
  let browser: Visitor
  let page: Page
  beforeAll(async () => {
    served = await serveKeptCalls()
    await served.keep('izmir', twoWeeksOf('izmir', await extensionsOf('izmir')))
    await served.keep('prague', [
      ...twoWeeksOf('prague', await extensionsOf('prague')),
      // Clocks go from two to three on the 29th: half an hour before midnight, and after it.
      ...[-0.5, 0.5, 22.5].map((hours, at) =>
        call('prague', `night-${at}`, {
          startedAt: new Date(Date.parse('2026-03-28T23:00:00Z') + hours * 3_600_000).toISOString(),
        }),
      ),
    ])
    served.asked()
    browser = await startBrowser(() => served.url)
    page = await visit('/console/statistics')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const visit = (address: string, locale = 'en-GB') =>
    browser.visit(address, { locale, at: NOW, acceptDownloads: true, reducedMotion: 'reduce' })
  const settled = async (shown = page) => {
    await shown.locator('.results[aria-busy=false]').waitFor()
  }
  const choose = async (label: string, option: string) => {
    await page.getByRole('button', { name: label }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
    await settled()
  }
  const refresh = async () => {
    await page.clock.runFor(60_000)
    await page.getByRole('button', { name: 'Refresh' }).click()
  }
  const cells = (): Promise<string[][]> =>
    page.evaluate(`[...document.querySelectorAll('.figures tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent))`)

  interface Answered {
    readonly rows: readonly { readonly period: string; readonly calls: number; readonly missed: number }[]
    readonly total: { readonly calls: number }
  }
  /** What the graph answers for the week, asked as the page does not. */
  async function asked(): Promise<Answered> {
    const from = '2026-03-24T21:00:00Z'
    const until = new Date(NOW).toISOString()
    const query = `{ callStatistics(filter: { startedAt: { from: "${from}", until: "${until}" } }, groupBy: [DAY],
      timeZone: "Europe/Istanbul") { rows { period calls missed } total { calls } } }`
    return (await ask<{ callStatistics: Answered }>(query)).callStatistics
  }
  async function extensionsOf(account: string): Promise<readonly string[]> {
    const query = `{ extensions(first: 3, filter: { accountKeys: ["${account}"] }) { nodes { number } } }`
    const { extensions } = await ask<{ extensions: { nodes: { number: string }[] } }>(query)
    return extensions.nodes.map(({ number }) => number)
  }
  async function ask<Data>(query: string): Promise<Data> {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return ((await response.json()) as { data: Data }).data
  }

  test('a week of all accounts is shown day by day, as the graph adds it up, and no phone system is asked', async () => {
    await settled()
    const { rows, total } = await asked()
    expect(await cells().then((shown) => shown.map(([, calls, , missed]) => [Number(calls), Number(missed)]))).toEqual(
      rows.map(({ calls, missed }) => [calls, missed]),
    )
    expect(await page.locator('.sum-now').first().innerText()).toBe(String(total.calls))
    expect(await page.getByText('25 – 31 Mar 2026, compared with 18 – 24 Mar 2026').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Time zone' }).innerText()).toContain('Europe/Istanbul')
    expect(await page.getByText('Not counted').innerText()).toContain('mailings')
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.05)
    await page.clock.runFor(60_000)
    expect(served.asked()).toEqual([])
    expect(browser.complaints).toEqual([])
  })

  test('the plot draws a bar as high as the calls of its day', async () => {
    const { rows } = await asked()
    const most = Math.max(...rows.map(({ calls }) => calls))
    const heights = await page.evaluate<number[]>(BAR_HEIGHTS)
    const tallest = Math.max(...heights)
    expect(heights.map((height) => Math.round((height / tallest) * 20))).toEqual(
      rows.map(({ calls }) => Math.round((calls / most) * 20)),
    )
  })

  test('what has changed is said by a sign and in words', async () => {
    const [calls, answered] = await page.locator('.sum-change').allInnerTexts()
    expect(calls).toMatch(/^\+\d+, \d+% more$/)
    expect(answered).toMatch(/^[+−]\d+, \d+% (more|fewer)$/)
    const [first] = await cells()
    expect(first!.at(-1)).toMatch(/^([+−]\d+|0)$/)
    expect(Number(first!.at(-1)!.replace('−', '-'))).toBe(Number(first![1]) - Number(first!.at(-2)))
  })

  test('the figures and the plot are saved as files', async () => {
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ])
    const lines = (await readFile(await table.path(), 'utf8')).trimEnd().split('\r\n')
    expect(table.suggestedFilename()).toBe('calls-2026-03-25-2026-03-31-day.csv')
    expect(lines[0]).toBe(
      '\u{FEFF}Day,Calls,Answered,Missed,Median wait,90% waited at most,Answered within 20 s,Calls before',
    )
    const { rows } = await asked()
    expect(lines.slice(1, 8).map((line) => line.split(',').slice(0, 2))).toEqual(
      rows.map(({ calls }, at) => [WEEK[at], String(calls)]),
    )
    expect(lines.slice(8)).toEqual([
      '',
      'Time zone: Europe/Istanbul',
      '"Not counted, as no archive is kept of them: Ege Yelken, mailings and SMS."',
    ])
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download PNG' }).click(),
    ])
    const bytes = await readFile(await picture.path())
    expect(picture.suggestedFilename()).toBe('calls-2026-03-25-2026-03-31-day.png')
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
    expect({ isWide: width > 800, isHigh: height > 300 }).toEqual({ isWide: true, isHigh: true })
  })

  test('days are those of the zone that is chosen, also where clocks are set', async () => {
    const before = await cells()
    await choose('Time zone', 'Europe/Prague')
    const after = await cells()
    expect(after.map(([name]) => name)).toEqual(before.map(([name]) => name))
    const change = after.map(([, calls], at) => Number(calls) - Number(before[at]![1]))
    // Half past eleven at night of the 28th in Prague is the 29th in İzmir, and that of the 29th is the 30th.
    expect(change).toEqual([0, 0, 0, 1, 0, -1, 0])
    expect(new URL(page.url()).searchParams.get('zone')).toBe('Europe/Prague')
    await choose('Time zone', 'Europe/Istanbul')
  })

  test('everything is reached by the keyboard, and the choice stands in the address', async () => {
    await page.getByRole('button', { name: 'By' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('Ho')
    await page.keyboard.press('Enter')
    await page.getByRole('rowheader', { name: '09:00' }).waitFor()
    await settled()
    expect(new URL(page.url()).searchParams.get('by')).toBe('hour')
    expect(await cells().then((rows) => rows.length)).toBe(24)
    for (const name of ['Time zone', 'Download CSV', 'Download PNG']) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toContain(
        name === 'Time zone' ? 'Europe' : name,
      )
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('All figures')
    await choose('By', 'Weekday')
    expect(await cells().then((rows) => rows.map(([name]) => name))).toEqual([
      ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    ])
    served.asked()
  })

  test('by group and extension the lists of accounts are looked up, and what failed is named and asked again', async () => {
    await choose('By', 'Extension')
    expect(await cells().then((rows) => rows.length)).toBeGreaterThan(3)
    expect([...new Set(served.asked())].sort()).toEqual([
      'bulutfon GET /extensions',
      ...['ipex GET /ipbxapi/numbers', 'ipex GET /ipbxapi/pbx/users'],
    ])
    served.emulators.get('bulutfon')!.faults.next({ status: 503, times: 2 })
    await refresh()
    const note = page.locator('.note-warning')
    await note.filter({ hasText: 'is failing' }).waitFor()
    expect(await note.innerText()).toMatch(/These figures are not of everything[^]*could not be read/)
    served.emulators.get('bulutfon')!.faults.clear()
    await note.getByRole('button', { name: 'Try again' }).click()
    await note.filter({ hasText: 'is failing' }).waitFor({ state: 'detached' })
  })

  test('the periods that an archive does not have, and one without calls, are told apart', async () => {
    await choose('By', 'Day')
    await choose('Period', '90 days')
    const note = page.locator('.note-warning')
    expect(await note.innerText()).toContain('older calls are missing')
    await choose('Period', 'Own dates')
    await page.getByLabel('From').fill('2026-02-01')
    await page.getByLabel('To', { exact: true }).fill('2026-02-03')
    await page.getByText('No calls in this time.').waitFor()
    expect(await page.locator('.sum-now').first().innerText()).toBe('0')
    await page.getByLabel('From').fill('2026-02-09')
    await page.getByText('The dates must be in order').waitFor()
    await choose('Period', '7 days')
  })

  test('files say what is missing from them, account by account, and until when they know', async () => {
    await choose('Period', '90 days')
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ])
    const notes = [
      'These figures are not of everything.',
      ...['İzmir', 'Praha'].map(
        (city) =>
          `Ege Yelken ${city}: older calls are missing, or do not tell who took part (89% filled). Last read on 31 Mar 2026, 12:00 Türkiye Time.`,
      ),
      'Not counted, as no archive is kept of them: Ege Yelken, mailings and SMS.',
    ]
    const lines = (await readFile(await table.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines.slice(-5).map((line) => line.replaceAll('"', ''))).toEqual(['Time zone: Europe/Istanbul', ...notes])
    await page.evaluate(COLLECT_WRITTEN)
    await page.setViewportSize(NARROW)
    await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download PNG' }).click()])
    const [written, isWithin] = await page.evaluate<readonly [string, boolean]>('[written.join(" "), isWithin]')
    expect(written).toContain(notes.join(' '))
    expect(isWithin).toBe(true)
    await page.setViewportSize(WIDE)
    await choose('Period', '7 days')
  })

  test('own dates are asked for once they are whole, and what is shown stays meanwhile', async () => {
    await choose('Period', 'Own dates')
    const from = page.getByLabel('From')
    const dates = await page.locator('.view-head p').innerText()
    await from.focus()
    await page.keyboard.press('Backspace')
    // It is left as it is, and not filled in again.
    expect(await from.inputValue()).toBe('')
    expect(await page.locator('.plot canvas').count()).toBe(1)
    await page.keyboard.type('03032026')
    expect(await from.inputValue()).toBe('2026-03-03')
    expect(new URL(page.url()).searchParams.get('from')).toBe('2026-03-25')
    expect(await page.locator('.view-head p').innerText()).toBe(dates)
    await page.keyboard.press('Enter')
    await page.getByText('3 – 31 Mar 2026, compared with').waitFor()
    await from.focus()
    await page.keyboard.press('Backspace')
    await page.getByRole('button', { name: 'Period' }).focus()
    await page.getByText('This is not a day between 1970 and 9999.').waitFor()
    expect(await page.locator('.plot canvas').count()).toBe(1)
    await choose('Period', '7 days')
  })

  test.each([
    ['wide and light', WIDE, 'light'],
    ['wide and dark', WIDE, 'dark'],
    ['narrow and light', NARROW, 'light'],
    ['narrow and dark', NARROW, 'dark'],
  ] as const)('keeps nobody out, and fits the window: %s', async (_, viewport, colorScheme) => {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    await page.locator('.plot canvas').waitFor()
    expect(await violationsOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
  })

  test('what the bars mean is told by their colours, also where the system forces its own', async () => {
    await page.locator('.keys').waitFor()
    await page.emulateMedia({ forcedColors: 'active' })
    const colours = await page.evaluate<string[]>(`[...document.querySelectorAll('.keys li')].slice(0, 2).map((key) =>
      getComputedStyle(key, '::before').borderBlockEndColor)`)
    const own = await page.evaluate<string[]>(`['--accent', '--bad'].map((name) => {
      const swatch = document.body.appendChild(document.createElement('i'))
      swatch.style.cssText = 'forced-color-adjust: none; color: var(' + name + ')'
      const { color } = getComputedStyle(swatch)
      swatch.remove()
      return color
    })`)
    await page.emulateMedia({ forcedColors: 'none' })
    expect(colours).toEqual(own)
    expect(new Set(colours).size).toBe(2)
  })

  test('what was read stays with its own heading while something else is asked for, and while the server is away', async () => {
    await page.setViewportSize(WIDE)
    const heading = page.locator('.view-head p')
    const [dates, sum] = [await heading.innerText(), await page.locator('.sum-now').first().innerText()]
    let goOn = () => {}
    const isHeld = new Promise<void>((resolve) => (goOn = resolve))
    await page.route('**/graphql', async (route) => {
      await isHeld
      await route.abort()
    })
    await page.getByRole('button', { name: 'Period' }).click()
    await page.getByRole('option', { name: '30 days', exact: true }).click()
    await page.locator('.results[aria-busy=true]').waitFor()
    expect([await heading.innerText(), await page.locator('.sum-now').first().innerText()]).toEqual([dates, sum])
    goOn()
    const alert = page.getByRole('alert')
    await alert.getByText('These figures were read before.').waitFor()
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.results[aria-busy=false]').waitFor()
    expect([await heading.innerText(), await page.locator('.sum-now').first().innerText()]).toEqual([dates, sum])
    expect(await page.locator('.plot canvas').count()).toBe(1)
    expect(await alert.count()).toBe(1)
    await page.unroute('**/graphql')
    await page.clock.runFor(10_000)
    await alert.waitFor({ state: 'detached' })
    expect(await heading.innerText()).toContain('2 – 31 Mar 2026')
    await choose('Period', '7 days')
  })

  test('says what failed, of the period before, too, and that nothing is kept', async () => {
    await page.setViewportSize(WIDE)
    const change = (edit: (data: Record<string, never>) => object) =>
      page.route('**/graphql', async (route) => {
        const response = await route.fetch()
        const body = (await response.json()) as { data: Record<string, never> }
        await route.fulfill({ response, json: { ...body, data: { ...body.data, ...edit(body.data) } } })
      })
    await change(() => ({ before: null }))
    await refresh()
    await page.getByText('The period before could not be read').waitFor()
    expect(await page.locator('.sum-change').count()).toBe(0)
    await page.unroute('**/graphql')
    await change(({ during }) => {
      const { sources, ...rest } = during as unknown as { sources: object[] }
      return { during: { ...rest, sources: sources.map((source) => ({ ...source, state: 'UNSUPPORTED' })) } }
    })
    await refresh()
    await page.getByText('No account keeps an archive of its calls.').waitFor()
    await page.unroute('**/graphql')
    await page.route('**/graphql', (route) => route.abort())
    await refresh()
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.plot canvas').waitFor()
    await page.context().close()
  })

  test.each([
    ['tr-TR', 'İstatistik', /^\+\d+, %\d+ fazla$/],
    ['cs-CZ', 'Statistika', /^\+\d+, o \d+\s%\svíce$/],
  ])('speaks the language of the browser: %s', async (locale, title, more) => {
    const shown = await visit('/console/statistics', locale)
    await settled(shown)
    expect(await shown.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    expect(await shown.locator('.sum-change').first().innerText()).toMatch(more)
    await shown.context().close()
  })
})

/** Of each of the seven bars, how many dots high it is drawn, in whatever colour. */
const BAR_HEIGHTS = `(() => {
  const canvas = document.querySelector('.plot canvas')
  const over = document.querySelector('.u-over').getBoundingClientRect()
  const box = canvas.getBoundingClientRect()
  const scale = canvas.width / box.width
  const [left, width] = [(over.left - box.left) * scale, over.width * scale]
  const [top, height] = [(over.top - box.top) * scale, over.height * scale]
  const context = canvas.getContext('2d')
  return Array.from({ length: 7 }, (_, at) => {
    // Beside the middle, where the line of the period before has its corners.
    const x = Math.round(left + ((at + 0.6) / 7.2) * width + 8 * scale)
    const { data } = context.getImageData(x, top, 1, height)
    return Array.from({ length: Math.floor(height) }, (_, y) => data.slice(y * 4, y * 4 + 4))
      .filter(([red, green, blue, alpha]) => alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60).length
  })
})()`

/** Runs in the page: collects what is written on canvases, and whether it has room there. */
const COLLECT_WRITTEN = `
  window.written = []
  window.isWithin = true
  const { fillText } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    if (!this.canvas.isConnected) {
      written.push(text)
      isWithin &&= x + this.measureText(text).width <= this.canvas.width
    }
    return fillText.call(this, text, x, y)
  }
`
