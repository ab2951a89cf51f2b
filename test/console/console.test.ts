import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import { startSandboxedServer, type SandboxedServer } from '../server/sandboxed-server.js'
import {
  isTooWide,
  lacking,
  NARROW,
  shiftOf,
  startBrowser,
  strayBadgesOn,
  violationsOn,
  WIDE,
  type Visitor,
} from './browser.js'

const suite = lacking ? describe.skip : describe
suite(lacking ? `the console (skipped: ${lacking})` : 'the console in a browser that can reach no other host', () => {
  let server: SandboxedServer
  let browser: Visitor
  beforeAll(async () => {
    server = await startSandboxedServer({ unlinked: true })
    browser = await startBrowser(() => server.url)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const accountsOf = async (locale: string): Promise<Page> => {
    const page = await browser.visit('/console', { locale })
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }

  test('opens on the accounts, moves nothing while they come, and complains of nothing', async () => {
    const page = await browser.visit('/console')
    for (const { label } of server.accounts) await page.getByRole('button', { name: label, exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/accounts')
    expect(await page.title()).toBe('Accounts · Dialgraph')
    expect(await page.locator('.connection-connected').count()).toBe(1)
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.05)
    expect(browser.complaints).toEqual([])
    await page.context().close()
  })

  test.each([
    ['wide and light', WIDE, 'light'],
    ['wide and dark', WIDE, 'dark'],
    ['narrow and light', NARROW, 'light'],
    ['narrow and dark', NARROW, 'dark'],
  ] as const)(
    'has nothing that keeps anybody out, and fits the window: %s',
    async (_, viewport, colorScheme) => {
      const page = await browser.visit('/console', { viewport, colorScheme, reducedMotion: 'reduce' })
      await page.getByRole('button', { name: server.accounts[0]!.label, exact: true }).click()
      await page.getByText('Call log').first().waitFor()
      expect(await violationsOn(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
      await page.getByRole('button', { name: 'Settings' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await violationsOn(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'Numbers' }).click()
      await page.getByRole('searchbox').waitFor()
      await page.locator('.entry').first().waitFor()
      expect(await violationsOn(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
      await page.context().close()
    },
    60_000,
  )

  test('logs an account in by the consent of a person, and sees by itself that it is', async () => {
    const page = await browser.visit('/console')
    const waiting = page.locator('.account').filter({ has: page.getByRole('button', { name: 'Log in' }) })
    await waiting.waitFor()
    const [consent] = await Promise.all([
      page.context().waitForEvent('page'),
      waiting.getByRole('button', { name: 'Log in' }).click(),
    ])
    await consent.getByRole('button', { name: 'Allow' }).click()
    await consent.getByRole('heading', { name: 'Linked' }).waitFor()
    await waiting.waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('is used by the keyboard alone', async () => {
    const page = await browser.visit('/console')
    const focused = () =>
      page.evaluate<string>('document.activeElement.textContent || document.activeElement.ariaLabel')
    await page.getByRole('button', { name: server.accounts[0]!.label, exact: true }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Go to the content')
    while ((await focused()) !== 'Numbers') await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('searchbox').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    await page.keyboard.press('Tab')
    await page.keyboard.type('105')
    await page.locator('.entry-number', { hasText: '105' }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('search')).toBe('105')
    // Past the choice of an account, to the first thing found.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.entry[data-expanded]').waitFor()
    await page.context().close()
  })

  test.each([
    ['en-GB', 'Accounts', 'Answering'],
    ['tr-TR', 'Hesaplar', 'Yanıt veriyor'],
    ['cs-CZ', 'Účty', 'Odpovídá'],
    ['de-DE', 'Accounts', 'Answering'],
  ])('speaks the language of the browser: %s', async (locale, title, health) => {
    const page = await accountsOf(locale)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    await page.locator('.badge', { hasText: health }).first().waitFor()
    expect(await strayBadgesOn(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.lang')).toBe(locale === 'de-DE' ? 'en' : locale.slice(0, 2))
    await page.context().close()
  })

  test('speaks another language on demand, and remembers it only on demand', async () => {
    const page = await accountsOf('en-GB')
    const chooseTurkish = async () => {
      await page.getByRole('button', { name: /Settings|Ayarlar/ }).click()
      await page.getByRole('button', { name: /English|Türkçe/ }).click()
      await page.getByRole('option', { name: 'Türkçe' }).click()
    }
    const title = () => page.locator('h1').innerText()
    await chooseTurkish()
    await page.locator('h1', { hasText: 'Hesaplar' }).waitFor()
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).toBe('{}')
    await page.reload()
    await page.locator('h1', { hasText: 'Accounts' }).waitFor()
    await chooseTurkish()
    await page.getByText('Seçimimi bu tarayıcıda hatırla').click()
    await page.reload()
    await page.locator('h1', { hasText: 'Hesaplar' }).waitFor()
    expect(await title()).toBe('Hesaplar')
    await page.context().close()
  })

  test('finds a number however it is spelt, and says where it leads', async () => {
    const page = await browser.visit('/console/numbers')
    const first = page.locator('.section').first().locator('.entry-number').first()
    const number = (await first.innerText()).trim()
    expect(number).toMatch(/^\+\d{8,}$/)
    const home = number.replace(/^\+\d\d/, '0')
    for (const typed of [number, home, number.replace('+', '00'), home.replace(/(\d{4})(\d{3})/, '($1) $2 ')]) {
      await page.getByRole('searchbox').fill(typed)
      expect(await page.locator('.section').first().locator('.entry-number').allInnerTexts()).toContain(number)
    }
    await page.getByRole('searchbox').fill('no such name')
    const nothing = page.getByText('Nothing is called “no such name”')
    await nothing.nth(2).waitFor()
    expect(await nothing.count()).toBe(3)
    await page.context().close()
  })

  test('takes an address with a stroke too many, and knows what is no view', async () => {
    const page = await browser.visit('/console/calls/?direction=INBOUND')
    await page.locator('h1', { hasText: 'Calls' }).waitFor()
    expect(page.url()).toBe(`${server.url}/console/calls?direction=INBOUND`)
    for (const address of ['/console/nowhere', '/console/calls/nowhere']) {
      await page.goto(server.url + address)
      await page.getByText('There is no such page.').waitFor()
    }
    await page.goto(`${server.url}/console/`)
    await page.locator('h1', { hasText: 'Accounts' }).waitFor()
    await page.context().close()
  })

  test('shows which view it is where the system has its own colours', async () => {
    const page = await browser.visit('/console', { forcedColors: 'active' })
    const backgroundOf = (name: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('.view-link[href$="${name}"]')).backgroundColor`)
    await page.locator('.account').first().waitFor()
    expect(await backgroundOf('accounts')).not.toBe(await backgroundOf('calls'))
    await page.context().close()
  })

  test('stands while a view cannot be loaded, and loads the page again', async () => {
    const page = await browser.visit('/console')
    await page.locator('.account').first().waitFor()
    await page.route('**/assets/**', (route) => route.abort())
    await page.getByRole('link', { name: 'Statistics' }).click()
    await page.getByText('This view could not be shown.').waitFor()
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.locator('.account').first().waitFor()
    await page.goBack()
    await page.unroute('**/assets/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('h1', { hasText: 'Statistics' }).waitFor()
    await page.context().close()
  })

  test('says what failed, and tries again', async () => {
    const page = await browser.visit('/console')
    await page.getByRole('button', { name: server.accounts[0]!.label, exact: true }).waitFor()
    await page.route('**/graphql', (route) => route.abort())
    await page.getByRole('link', { name: 'Numbers' }).click()
    await page.getByText('The server cannot be reached.').first().waitFor()
    await page.unroute('**/graphql')
    // From the last: each of them goes with its list's coming.
    for (const button of (await page.getByRole('button', { name: 'Try again' }).all()).reverse()) await button.click()
    await page.locator('.entry').first().waitFor()
    await page.context().close()
  })
})
