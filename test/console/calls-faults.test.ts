import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page, Request } from 'playwright-core'

import { gapText } from '../../src/console/calls/gap-text.js'
import { words } from '../../src/console/calls/words.js'
import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, NARROW, startBrowser, WIDE, type Visitor } from './browser.js'

const MINUTE = 60_000

test.each([
  ['2026-02-11T07:00:00Z', '2026-02-11T09:00:00Z', 'from 2026-02-11T07:00:00Z to 09:00:00'],
  ['2026-02-10T20:00:00Z', '2026-02-10T22:00:00Z', 'from 2026-02-10T20:00:00Z to 2026-02-10T22:00:00Z'],
  ['2025-02-11T07:00:00Z', '2026-02-11T09:00:00Z', 'from 2025-02-11T07:00:00Z to 2026-02-11T09:00:00Z'],
])('a gap from %s until %s has a date at both ends unless they are one day of its account', (from, until, text) => {
  const formats = { moment: (iso: string) => iso, clock: (iso: string) => iso.slice(11, -1) }
  expect(gapText({ from, until, cursors: [] }, 'Europe/Istanbul', words.en, formats)).toBe(`Missing ${text}.`)
})

const suite = lacking ? describe.skip : describe
suite(lacking ? `what fails in the calls (skipped: ${lacking})` : 'what fails in the calls of the console', () => {
  let harness: Harness
  let browser: Visitor
  let page: Page
  beforeAll(async () => {
    harness = await startHarness({
      limits: { attempts: 1, breakerFailures: 1_000, providerTimeoutMs: MINUTE, operationTimeoutMs: 2 * MINUTE },
    })
    browser = await startBrowser(() => harness.url)
    page = await browser.visit('/console/calls', { at: NOW })
    await lines().first().waitFor()
  }, MINUTE)
  afterEach(async () => {
    harness.clear()
    await page.unroute('**/graphql')
  })
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  const go = (path: string) => page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
  const lines = () => page.locator('.call-line')
  const alert = () => page.getByRole('alert')
  /** From now on the server is away for these questions. */
  const lose = (name: string, isMeant = (_variables: Readonly<Record<string, unknown>>) => true) =>
    page.route('**/graphql', (route, request) => {
      const { operationName, variables } = asked(request)
      return operationName === name && isMeant(variables) ? route.abort() : route.fallback()
    })

  test('a number that could not be looked up is not called wrong, and is looked up when the server is back', async () => {
    await lose('ConsoleSpelling')
    await go('/console/calls?number=0555%20000%2050%2013')
    await alert().getByText('could not be looked up').waitFor()
    expect(await alert().innerText()).toContain('The server cannot be reached.')
    expect(await page.getByText('not a phone number').count()).toBe(0)
    await page.unroute('**/graphql')
    await alert().getByRole('button', { name: 'Try again' }).click()
    await lines().filter({ hasText: '+905550005013' }).first().waitFor()
  })

  test('a file that could not be stopped is said to go on, and can be stopped after all', async () => {
    harness.emulators.ipex.faults.next({ path: /calls/, delayMs: 60 * MINUTE, times: Infinity })
    await go('/console/calls?account=prague&outcome=MISSED')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('button', { name: 'Make the file' }).click()
    await page.getByRole('progressbar').waitFor()
    await lose('ConsoleCancelExport')
    await page.getByRole('button', { name: 'Stop' }).click()
    await alert().getByText('The file could not be stopped.').waitFor()
    expect(await alert().innerText()).toContain('The server cannot be reached.')
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped. There is no file.').waitFor()
    expect(await alert().count()).toBe(0)
    await page.getByRole('button', { name: 'Another file' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('a file that is being made is found again when the page is loaded anew, and nothing is stored for that', async () => {
    harness.emulators.ipex.faults.next({ path: /calls/, delayMs: 60 * MINUTE, times: Infinity })
    await go('/console/calls?account=prague&outcome=MISSED')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('button', { name: 'Make the file' }).click()
    await page.getByRole('progressbar').waitFor()
    await page.keyboard.press('Escape')
    // Another filter is another entry of the history.
    await page.getByRole('button', { name: 'Direction' }).click()
    await page.getByRole('option', { name: 'Incoming' }).click()
    await page.waitForURL(/direction=INBOUND/)
    await page.reload()
    await page.getByRole('button', { name: 'Exporting…' }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped. There is no file.').waitFor()
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0)
    await page.getByRole('button', { name: 'Another file' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('button', { name: 'Make the file' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('how far a gap was fetched is forgotten when the list is read anew', async () => {
    harness.emulators.bulutfon.faults.next({ path: /^\/cdrs/, status: 500, times: Infinity })
    await go('/console/calls?account=izmir')
    const fetchGap = page.getByRole('button', { name: 'Fetch the gap' })
    await fetchGap.waitFor()
    harness.clear()
    // The first hundred come, what follows them does not.
    await lose('ConsoleCallGap', ({ after }) => after !== null)
    await fetchGap.click()
    await page.getByText('It failed again.').waitFor()
    expect(await lines().count()).toBe(100)
    harness.emulators.bulutfon.faults.next({ path: /^\/cdrs/, status: 500, times: Infinity })
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByText('No call could be read').waitFor()
    await page.getByText('It failed again.').waitFor({ state: 'detached' })
    harness.clear()
    await page.unroute('**/graphql')
    await fetchGap.click()
    await page.getByText('Ege Yelken İzmir: 240 missing calls are in the list now.').waitFor()
    expect(await lines().count()).toBe(240)
  })

  test('lists to choose from name the accounts that they lack, which are asked again when they are opened anew', async () => {
    harness.emulators.bulutfon.faults.next({ path: /^\/extensions/, status: 500, times: Infinity })
    const choice = page.getByRole('button', { name: 'Extension or group' })
    await choice.click()
    await page.getByRole('status').getByText('Not all of these could be loaded: Ege Yelken İzmir.').waitFor()
    await page.getByRole('option', { name: '0101' }).first().waitFor()
    await page.keyboard.press('Escape')
    harness.clear()
    await choice.click()
    await page.getByRole('option', { name: '1005' }).waitFor()
    expect(await page.getByText('could be loaded').count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  test('days in the wrong order are said to be, and put in order', async () => {
    harness.clear()
    await go('/console/calls?account=izmir&period=dates&from=2026-02-10&until=2026-02-09')
    const said = page.locator('.empty')
    await said.getByText('The first day is after the last.').waitFor()
    expect(harness.requests()).toEqual([])
    await page.setViewportSize(NARROW)
    expect(await said.isVisible()).toBe(true)
    await page.setViewportSize(WIDE)
    await said.getByRole('button', { name: 'Swap the dates' }).click()
    await lines().first().waitFor()
    expect(new URL(page.url()).search).toBe('?account=izmir&period=dates&from=2026-02-09&until=2026-02-10')
  })

  test('a day that is typed is looked for once it is whole, at Enter or when its field is left', async () => {
    await go('/console/calls?account=izmir&period=dates&from=2026-02-01')
    await lines().first().waitFor()
    const questions: unknown[] = []
    const listen = (request: Request) => {
      if (request.url().endsWith('/graphql')) questions.push(asked(request).variables['filter'])
    }
    page.on('request', listen)
    const steps = await page.evaluate<number>('history.length')
    const [from, until] = [page.getByLabel('From', { exact: true }), page.getByLabel('To', { exact: true })]
    const address = () => new URL(page.url()).search
    const before = address()
    // Day and month are the same, in whatever order this browser has them.
    await from.focus()
    await page.keyboard.type('02022026')
    expect(await from.inputValue()).toBe('2026-02-02')
    expect([address(), questions]).toEqual([before, []])
    await page.keyboard.press('Enter')
    await page.waitForURL(/from=2026-02-02/)
    await until.focus()
    await page.keyboard.type('0505202')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await page.getByRole('button', { name: 'Direction' }).focus()
    await page.getByText('This is not a day between 1970 and 9999.').waitFor()
    expect(await until.inputValue()).toBe('')
    await until.focus()
    await page.keyboard.type('05050202')
    await page.keyboard.press('Enter')
    await page.getByText('This is not a day between 1970 and 9999.').waitFor()
    expect([await until.inputValue(), new URL(page.url()).searchParams.get('until')]).toEqual(['0202-05-05', null])
    // As the calendar of the browser does it: without a key.
    await until.fill('2026-02-09')
    await page.waitForURL(/until=2026-02-09/)
    await lines().first().waitFor()
    expect(await page.getByText('not a day between').count()).toBe(0)
    const days = { from: '2026-02-01T21:00:00.000Z', until: '2026-02-09T21:00:00.000Z' }
    expect(questions).toEqual([
      { accountKeys: ['izmir'], startedAt: { from: days.from } },
      { accountKeys: ['izmir'], startedAt: days },
    ])
    expect(await page.evaluate('history.length')).toBe(steps + 2)
    page.off('request', listen)
  })

  test('whoever closes a call that is not in the list goes on at its first line, or at the title', async () => {
    const last = await lines().last().getAttribute('id')
    const id = last!.replace('call-', '')
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size)
      await go(`/console/calls?account=prague&call=${id}`)
      await lines().first().waitFor({ state: 'attached' })
      await page.locator('.call-panel .step').first().waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.call-panel').waitFor({ state: 'detached' })
      await page.locator('section:first-child > .call-lines > .call:first-child > .call-line:focus').waitFor()
    }
    await page.setViewportSize(WIDE)
    await go(`/console/calls?number=1003&call=${id}`)
    await page.locator('.empty').getByText('This is not a phone number.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.locator('.call-panel').waitFor({ state: 'detached' })
    await page.locator('h1:focus', { hasText: 'Calls' }).waitFor()
  })

  test('an account that there is not is said not to be, and all are offered in its place', async () => {
    await go('/console/calls?account=izmit')
    await page.getByText('There is no account “izmit”').waitFor()
    expect(await page.locator('.empty').count()).toBe(1)
    expect(await page.locator('.choice', { hasText: 'izmit' }).count()).toBe(1)
    await page.setViewportSize(NARROW)
    await page.getByRole('button', { name: 'Show all accounts' }).click()
    await lines().first().waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.setViewportSize(WIDE)
    await go('/console/live?account=izmit')
    await page.getByText('There is no account “izmit”').waitFor()
    await page.getByRole('button', { name: 'Show all accounts' }).click()
    await page.getByText('There is no account “izmit”').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'All accounts' }).waitFor()
  })

  test('an extension or group that there is not is said not to be, and everybody is offered in its place', async () => {
    const { extensions } = await harness.data<{ extensions: { nodes: readonly [{ id: string }] } }>(
      '{ extensions(first: 1, filter: { accountKeys: ["izmir"] }) { nodes { id } } }',
    )
    // As of an extension that was there once.
    const gone = Buffer.from('E:izmir:9999').toString('base64url')
    for (const [line, title] of [
      ['extension=nonsense', 'There is no such extension'],
      [`group=${extensions.nodes[0].id}`, 'There is no such group'],
      [`extension=${gone}`, 'There is no such extension'],
    ]) {
      await go(`/console/calls?account=izmir&${line}`)
      await page.locator('.empty').getByText(title!).waitFor()
      expect(await page.locator('.empty').count()).toBe(1)
      expect(await alert().count()).toBe(0)
      expect(await page.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: 'Show the calls of everybody' }).click()
      await lines().first().waitFor()
      expect(new URL(page.url()).search).toBe('?account=izmir')
    }
    // One that there is, with calls or without.
    await go(`/console/calls?extension=${extensions.nodes[0].id}&direction=INTERNAL&outcome=VOICEMAIL&recording=yes`)
    await page.locator('.empty').getByText('No call is like that').waitFor()
    await page.getByRole('button', { name: 'Export', exact: true }).waitFor()
  })

  test('what was read stays while the server is away, and is read anew by itself when the server is back', async () => {
    await go('/console/calls?account=prague')
    await lines().first().getByText('Kryštof Veselý').waitFor()
    const total = await page.locator('.view-head p').innerText()
    await lose('ConsoleCalls')
    await page.getByRole('button', { name: 'Reload' }).click()
    await alert().getByText('The newest calls could not be loaded.').waitFor()
    expect(await alert().innerText()).toContain('The server cannot be reached.')
    expect(await page.locator('.view-head p').innerText()).toBe(total)
    const shown = await lines().count()
    expect(shown).toBeGreaterThan(0)
    // What is there can be read on, and another try that fails takes nothing away.
    await alert().getByRole('button', { name: 'Try again' }).click()
    await alert().waitFor()
    expect(await lines().count()).toBe(shown)
    await page.unroute('**/graphql')
    await page.clock.runFor(10_000)
    await alert().waitFor({ state: 'detached' })
    expect(await lines().count()).toBe(shown)
  })

  test('what could not be read at first is read by itself when the server is back', async () => {
    await lose('ConsoleCalls')
    await go('/console/calls?account=prague&direction=INBOUND')
    await alert().getByText('The calls could not be loaded.').waitFor()
    await page.unroute('**/graphql')
    await page.clock.runFor(10_000)
    await lines().first().waitFor()
    expect(await alert().count()).toBe(0)
  })

  test('nothing is left to complain of', () => {
    expect(browser.complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
  })
})

/** What a request asks the graph for. */
const asked = (request: Request) =>
  request.postDataJSON() as { readonly operationName: string; readonly variables: Readonly<Record<string, unknown>> }
