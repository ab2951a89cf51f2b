import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import type { IpexEmulator } from '../../src/providers/ipex/emulator/emulator.js'
import { followCalls } from '../server/live/followed-calls.js'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js'
import {
  cutNumbersOn,
  isTooWide,
  lacking,
  NARROW,
  shiftOf,
  startBrowser,
  violationsOn,
  WIDE,
  type Visitor,
} from './browser.js'

const KEYS = { operator: 'canary-of-live-operator', reader: 'canary-of-live-reader', own: 'canary-of-live-own' }
/** Whoever calls in a test calls in no other: a call stays on the board for a while after its end. */
const callers = Array.from({ length: 20 }, (_, at) => `+4206000090${at + 10}`)
const COLLEAGUE = '0102'

interface Heard {
  readonly data: { readonly callEvents: { readonly id: string } }
}

const suite = lacking ? describe.skip : describe
suite(lacking ? `live calls (skipped: ${lacking})` : 'the live calls of the console', () => {
  let followed: Awaited<ReturnType<typeof followCalls>>
  let ipex: IpexEmulator
  let proxy: TcpProxy
  let browser: Visitor
  let page: Page
  let lastLine: string
  beforeAll(async () => {
    const keys = [
      { name: 'operator', key: KEYS.operator, scopes: ['telephony:read', 'telephony:write'] },
      { name: 'reader', key: KEYS.reader, scopes: ['telephony:read'] },
      {
        name: 'own',
        key: KEYS.own,
        scopes: ['telephony:read:own', 'telephony:write'],
        extension: `izmir/${COLLEAGUE}`,
      },
    ]
    followed = await followCalls({
      provider: 'ipex',
      callers: { apiKeys: keys.map((key) => ({ ...key, workspace: 'default' })) },
    })
    ipex = followed.sandbox.emulators.get('ipex') as IpexEmulator
    ipex.live.deliverTo({ url: followed.server.webhookUrl('izmir')! })
    proxy = await startTcpProxy(followed.server.url)
    const { origin } = new URL(proxy.url(followed.server.url))
    browser = await startBrowser(() => origin)
    page = await enter(KEYS.operator)
    await page.getByText('Nobody is on the phone').waitFor()
    const { data } = await followed.ask<{ data: { extensions: { nodes: { number: string }[] } } }>(
      '{ extensions(first: 100) { nodes { number } } }',
      {},
      { authorization: `Bearer ${KEYS.operator}` },
    )
    lastLine = data.extensions.nodes.at(-1)!.number
  }, 60_000)
  afterEach(async () => {
    for (const call of ipex.live.calls) if (!call.isOver) await call.hangUp()
  })
  afterAll(async () => {
    await browser?.close()
    await proxy?.close()
    await followed?.close()
  })

  async function enter(key: string, options: Parameters<Visitor['visit']>[1] = {}): Promise<Page> {
    const shown = await browser.visit('/console/live', { reducedMotion: 'reduce', ...options })
    await identify(shown, key)
    return shown
  }
  async function identify(shown: Page, key: string): Promise<void> {
    await shown.locator('input[type=password]').fill(key)
    await shown.keyboard.press('Enter')
    await shown.locator('.view-head h1').waitFor()
  }
  const row = (text: string, of = page) => of.locator('.live-call', { hasText: text })
  const stands = (text: string, stage: string, of = page) =>
    row(text, of).locator('.badge', { hasText: stage }).waitFor()
  const asked = (method: string) => ipex.journal.apiRequests.filter((request) => request.method === method)
  const headers = { authorization: `Bearer ${KEYS.operator}` }

  // First, while no record of an earlier call is looked for.
  test('looking on costs one look each three seconds where calls are listed and nothing else, and nothing moves by itself', async () => {
    const caller = callers.pop()!
    await ipex.live.call({ outside: caller })
    const watching = await enter(KEYS.operator, { viewport: NARROW, at: Date.now() })
    await stands(caller, 'Ringing', watching)
    ipex.journal.clear()
    const began = performance.now()
    for (let second = 0; second < 60; second += 1) {
      await watching.clock.runFor(1_000)
      // The server's answers keep up with the time of the page: it would take the connection for a lost one.
      await watching.evaluate('fetch(location.href).then((response) => response.text())')
    }
    const looks = ipex.journal.apiRequests.map(({ method, path }) => `${method} ${path}`)
    expect(looks.filter((request) => request !== 'GET /ipbxapi/calls/current')).toEqual([])
    // The minute is the page's: the server looks by its own clock, for all who watch together.
    expect(looks.length).toBeLessThanOrEqual(Math.ceil((performance.now() - began) / 3_000))
    expect(await shiftOf(watching)).toBeLessThanOrEqual(0.05)
    await watching.context().close()
  }, 60_000)

  test('who may write sees at once where calls are made, and who may not has no room kept for it', async () => {
    const place = (of: Page) => of.getByRole('button', { name: 'Make a call' })
    for (const [key, count] of [
      [KEYS.operator, 1],
      [KEYS.reader, 0],
    ] as const) {
      const shown = await browser.visit('/console/live', { viewport: NARROW })
      let answer: () => void = () => {}
      const isAsked = new Promise<void>((asked) => {
        void shown.route('**/graphql', (route) => {
          if (!route.request().postData()?.includes('ConsoleLiveAccounts')) return route.continue()
          answer = () => void route.continue()
          asked()
        })
      })
      await identify(shown, key)
      await isAsked
      const top = await shown.getByRole('searchbox').boundingBox()
      expect(await place(shown).and(shown.locator(':disabled')).count()).toBe(count)
      answer()
      await shown.locator('.live-untold, .live-call, .empty').first().waitFor()
      if (count > 0) await place(shown).and(shown.locator(':enabled')).waitFor()
      expect(await place(shown).count()).toBe(count)
      expect(await shown.getByRole('searchbox').boundingBox()).toEqual(top)
      await shown.context().close()
    }
  })

  // React Aria announces a pending button for some seconds after it is gone; nobody has pressed one yet.
  test('nobody is left out at any width, in light or dark, and no number is cut', async () => {
    const caller = callers.pop()!
    const call = await ipex.live.call({ outside: caller })
    // With all that can be done to it.
    await call.ring(COLLEAGUE)
    await call.answer(COLLEAGUE)
    await stands(caller, 'Talking')
    for (const viewport of [WIDE, NARROW])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme })
        expect({ viewport, colorScheme, found: await violationsOn(page) }).toEqual({ viewport, colorScheme, found: [] })
        expect(await isTooWide(page)).toBe(false)
        expect(await cutNumbersOn(page)).toEqual([])
      }
    await page.setViewportSize(WIDE)
  }, 60_000)

  test('a call is followed from its ring to its record', async () => {
    const caller = callers.pop()!
    const call = await ipex.live.call({ outside: caller })
    await stands(caller, 'Ringing')
    await call.enterGroup()
    const lane = page.locator('.live-lane', { has: page.locator('.live-waiting') })
    await lane.getByText('1 waiting').waitFor()
    expect(await lane.locator('.live-waiting').innerText()).toMatch(/1 waiting\s+longest \d+:\d\d/)
    await call.ring(COLLEAGUE)
    await call.answer(COLLEAGUE)
    await stands(caller, 'Talking')
    await row(caller).getByText(`(${COLLEAGUE})`).waitFor()
    await call.hangUp()
    await stands(caller, 'Finished')
    await row(caller).getByRole('link', { name: 'See it in the log' }).click()
    await page.locator('.call-panel').getByText(caller).first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/calls')
    await page.goBack()
    await page.locator('.view-head h1', { hasText: 'Live' }).waitFor()
  }, 60_000)

  test('a lost connection is told, and comes back by itself: every event has come once', async () => {
    const caller = callers.pop()!
    interface Now {
      readonly data: { readonly liveCalls: { readonly cursor: string } }
    }
    const { cursor } = (await followed.ask<Now>('{ liveCalls { cursor } }', {}, headers)).data.liveCalls
    const events = followed.subscribe(
      'subscription ($after: String) { callEvents(resumeAfter: $after) { id } }',
      { after: cursor },
      headers,
    )
    const watching = await browser.visit('/console/live')
    const received: string[] = []
    watching.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const id = /"callEvents":\{[^}]*?"id":"([\w-]+)"/.exec(String(payload))?.[1]
        if (id) received.push(id)
      }),
    )
    await identify(watching, KEYS.operator)
    await watching.locator('.connection-connected').waitFor()
    const [first, second] = [
      await ipex.live.call({ outside: caller }),
      await ipex.live.call({ outside: '+420600005003' }),
    ]
    await stands(caller, 'Ringing', watching)
    await stands('+420600005003', 'Ringing', watching)
    await proxy.refuse()
    proxy.cut()
    await watching.getByText('Connection lost: this is how it was at').waitFor()
    await first.ring(COLLEAGUE)
    await first.answer(COLLEAGUE)
    await second.hangUp()
    await ipex.live.call({ outside: '+420600005004' })
    expect(await row(caller, watching).locator('.badge').innerText()).toBe('Ringing')
    await proxy.accept()
    await stands('+420600005004', 'Ringing', watching)
    await stands(caller, 'Talking', watching)
    await stands('+420600005003', 'Missed', watching)
    await watching.getByText('Connection lost').waitFor({ state: 'detached' })
    const told: string[] = []
    for (const { data } of await events.next<Heard>(received.length)) told.push(data.callEvents.id)
    await events.end()
    expect(received.length).toBeGreaterThan(5)
    expect(received).toEqual(told)
    await watching.context().close()
  }, 60_000)

  test('a call is ended, once somebody has said so twice, and moved to a colleague', async () => {
    const caller = callers.pop()!
    const call = await ipex.live.call({ outside: caller })
    await call.ring()
    await call.answer()
    await stands(caller, 'Talking')
    ipex.journal.clear()
    await row(caller).getByRole('button', { name: 'Transfer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox').fill(COLLEAGUE)
    await page.getByRole('option').first().click()
    // Whoever is in a hurry sends it twice.
    await page.evaluate('[1, 2].forEach(() => document.querySelector("[role=dialog] form").requestSubmit())')
    await dialog.waitFor({ state: 'detached' })
    await row(caller).getByText(`(${COLLEAGUE})`).waitFor()
    await stands(caller, 'Talking')
    expect(asked('PUT').map(({ path }) => path)).toEqual(['/ipbxapi/calls/transfer'])
    await row(caller).getByRole('button', { name: 'End' }).click()
    expect(await dialog.innerText()).toContain(caller)
    await dialog.getByRole('button', { name: 'End the call' }).click()
    await stands(caller, 'Finished')
    expect(call.isOver).toBe(true)
  }, 60_000)

  test('a call is placed by a click, and only one', async () => {
    ipex.journal.clear()
    await page.getByRole('button', { name: 'Make a call' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox').fill(COLLEAGUE)
    await page.getByRole('option').first().click()
    await dialog.getByLabel('To', { exact: true }).fill('+0')
    await dialog.getByRole('button', { name: 'Call', exact: true }).click()
    await dialog.getByText('This is no phone number.').waitFor()
    await dialog.getByLabel('To', { exact: true }).fill('+420 222 333 444')
    await page.route('**/graphql', (route) => route.abort())
    await dialog.getByRole('button', { name: 'Call', exact: true }).click()
    await dialog.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    // The call is placed, but its answer gets lost on the way: whoever presses again has called once.
    await page.route('**/graphql', async (route, request) => {
      if (!request.postData()!.includes('ConsolePlaceCall')) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await dialog.getByRole('button', { name: 'Call', exact: true }).click()
    await dialog.getByRole('alert').getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    await dialog.getByRole('button', { name: 'Call', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('+420222333444').waitFor()
    expect(asked('POST').map(({ path, body }) => [path, (JSON.parse(body) as { to: string }).to])).toEqual([
      ['/ipbxapi/calls', '420222333444'],
    ])
  }, 60_000)

  test('a network that has gone without a word is noticed, and what is shown stands still', async () => {
    const caller = callers.pop()!
    await ipex.live.call({ outside: caller })
    const watching = await enter(KEYS.operator, { at: Date.now() })
    await stands(caller, 'Ringing', watching)
    proxy.part()
    for (let second = 0; second < 30; second += 1) await watching.clock.runFor(1_000)
    // Long before the server, whose clock has not moved, notices it and ends the connection.
    await watching.getByText('Connection lost: this is how it was at').waitFor({ timeout: 10_000 })
    const duration = () => row(caller, watching).locator('.live-time').innerText()
    const then = await duration()
    await watching.clock.runFor(5_000)
    expect(await duration()).toBe(then)
    proxy.heal()
    const later = callers.pop()!
    await ipex.live.call({ outside: later })
    for (let second = 0; second < 30; second += 1) await watching.clock.runFor(1_000)
    await stands(later, 'Ringing', watching)
    await watching.getByText('Connection lost').waitFor({ state: 'detached' })
    expect(await shiftOf(watching)).toBeLessThanOrEqual(0.05)
    await watching.context().close()
  }, 60_000)

  test('a call may come from any line there is, however many pages they are', async () => {
    await page.route('**/graphql', (route, request) =>
      route.continue({ postData: request.postData()!.replaceAll('first: 100', 'first: 2') }),
    )
    await page.getByRole('button', { name: 'Make a call' }).click()
    const lines = page.getByRole('dialog').getByRole('combobox')
    await lines.fill('no such name')
    await page.getByText('No extension is called that.').waitFor()
    await lines.fill(lastLine)
    await page.getByRole('option', { name: lastLine }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.unroute('**/graphql')
  })

  test('a window stays until it is known how it went, and says it; opened again it has forgotten that', async () => {
    const caller = callers.pop()!
    await ipex.live.call({ outside: caller })
    await row(caller).getByRole('button', { name: 'End' }).click()
    const sent = page.waitForRequest('**/graphql')
    let fail: () => void = () => {}
    await page.route('**/graphql', (route) => void (fail = () => void route.abort()))
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'End the call' }).click()
    await sent
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':disabled')).waitFor()
    fail()
    await dialog.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/graphql')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await row(caller).getByRole('button', { name: 'End' }).click()
    await dialog.getByRole('button', { name: 'End the call' }).waitFor()
    expect(await dialog.getByRole('alert').count()).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('who may only read is offered nothing to do, and one person sees the calls of that person', async () => {
    const caller = callers.pop()!
    const [mine, other] = [
      await ipex.live.call({ outside: caller }),
      await ipex.live.call({ outside: '+420600005003' }),
    ]
    await mine.ring(COLLEAGUE)
    await mine.answer(COLLEAGUE)
    await other.ring('0101')
    await other.answer('0101')
    const reading = await enter(KEYS.reader)
    await stands('+420600005003', 'Talking', reading)
    expect(await reading.getByRole('button', { name: /^(End|Transfer|Make a call)$/ }).count()).toBe(0)
    await reading.context().close()
    const own = await enter(KEYS.own)
    await stands(caller, 'Talking', own)
    expect(await own.locator('.live-call').count()).toBe(1)
    // Only from their own line may they call.
    await own.getByRole('button', { name: 'Make a call' }).click()
    const from = own.getByRole('dialog').getByRole('combobox')
    await from.waitFor()
    expect(await from.inputValue()).toMatch(new RegExp(`^${COLLEAGUE}\\b`))
    await from.fill('')
    await own.getByRole('option').first().waitFor()
    expect(await own.getByRole('option').count()).toBe(1)
    await own.context().close()
  }, 60_000)

  test.each([
    ['tr-TR', 'Canlı', 'Çalıyor'],
    ['cs-CZ', 'Živě', 'Vyzvání'],
  ])('speaks the language of the browser: %s', async (locale, title, stage) => {
    const caller = callers.pop()!
    await ipex.live.call({ outside: caller })
    const shown = await enter(KEYS.reader, { locale })
    await stands(caller, stage, shown)
    expect(await shown.locator('.view-head h1').innerText()).toBe(title)
    await shown.context().close()
  })

  test('the keyboard alone ends a call', async () => {
    const caller = callers.pop()!
    const call = await ipex.live.call({ outside: caller })
    await stands(caller, 'Ringing')
    await row(caller).getByRole('button', { name: 'End' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // It is given back a moment after the dialog has gone.
    await row(caller).getByRole('button', { name: 'End' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[role=dialog] :focus, [role=dialog]:focus').waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent')
    for (let at = 0; at < 4 && (await focused()) !== 'End the call'; at += 1) await page.keyboard.press('Tab')
    expect(await focused()).toBe('End the call')
    await page.keyboard.press('Enter')
    await stands(caller, 'Missed')
    expect(call.isOver).toBe(true)
  }, 60_000)
})
