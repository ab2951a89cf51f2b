import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, startBrowser, violationsOn, type Visitor } from './browser.js'

const MINUTE = 60_000
/** Refuses to open windows, as browsers do where people have said so. */
const BLOCKS_WINDOWS = 'window.open = () => null'

const suite = lacking ? describe.skip : describe
suite(lacking ? `the accounts of the console (skipped: ${lacking})` : 'the accounts of the console', () => {
  let harness: Harness
  let browser: Visitor
  let page: Page
  beforeAll(async () => {
    harness = await startHarness({
      accounts: {
        izmir: { of: 'bulutfon/authorizationCode', live: { webhook: true } },
        prague: 'ipex/password',
        browser: 'bulutfon/unlinked',
      },
      limits: { attempts: 1, breakerFailures: 1_000 },
    })
    browser = await startBrowser(() => harness.url)
    page = await browser.visit('/console', { at: NOW })
    await page.locator('.account-fact').first().waitFor()
  }, MINUTE)
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  const cards = (of = page) => of.locator('.account')
  /** The card whose key this is. */
  const card = (key: string, of = page) =>
    cards(of).filter({ has: of.locator('.account-name .fixed', { hasText: key }) })
  const dialog = (of = page) => of.getByRole('dialog')
  const field = (name: string) => dialog().getByLabel(name, { exact: true })

  test('cost the phone systems nothing, at the first look and in a minute of watching', async () => {
    let questions = 0
    page.on('request', (request) => (questions += request.url().endsWith('/graphql') ? 1 : 0))
    // By seconds: what is asked every so often is asked again only after its answer.
    for (let second = 0; second < 60; second += 1) await page.clock.runFor(1_000)
    expect(harness.requests()).toEqual([])
    expect(harness.tokenRequests()).toEqual({})
    // The server was asked, which knows.
    expect(questions).toBeGreaterThan(2)
  })

  test('are linked by what their login needs; what is wrong is said, and nothing that was typed is lost', async () => {
    const { urls, auth } = harness.emulators.bulutfon.accounts.masterToken
    await page.getByRole('button', { name: 'Link an account' }).click()
    await choose('Phone system', 'Bulutfon')
    await choose('How it logs in', 'Permanent token')
    await field('Name').fill('Şube Bursa')
    expect(await field('Key').inputValue()).toBe('sube-bursa')
    const addresses = Object.entries(urls).map((pair) => pair.join(' '))
    const typed = {
      Name: 'Şube Bursa',
      Token: 'a-wrong-token-of-the-console',
      'Addresses, where they are not the public ones': addresses.join('\n'),
    }
    for (const [name, text] of Object.entries(typed)) await field(name).fill(text)
    expect(await violationsOn(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Link', exact: true }).click()
    await dialog().getByText('The phone system refuses this login.').waitFor()
    for (const [name, text] of Object.entries(typed)) expect(await field(name).inputValue()).toBe(text)
    await field('Token').fill((auth as { token: string }).token)
    await page.keyboard.press('Enter')
    await dialog().waitFor({ state: 'detached' })
    await card('sube-bursa').getByText('Logged in').waitFor()
    expect(await card('sube-bursa').getByRole('heading', { level: 2 }).innerText()).toBe('Şube Bursa')
  })

  test('are not linked under a key that is taken, nor at what is no address', async () => {
    await page.getByRole('button', { name: 'Link an account' }).click()
    await choose('How it logs in', 'Permanent token')
    await field('Name').fill('Another')
    await field('Key').fill('izmir')
    await field('Token').fill('any')
    await field('Addresses, where they are not the public ones').fill('api')
    await dialog().getByText('Each line is a name, a space and an address.').waitFor()
    await field('Addresses, where they are not the public ones').fill('')
    await field('Token').press('Enter')
    await dialog().getByText('Another account has this key.').waitFor()
    expect(await field('Key').getAttribute('aria-invalid')).toBe('true')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  test('are unlinked by whoever says so twice', async () => {
    await card('sube-bursa').getByRole('button', { name: 'Unlink' }).click()
    // React Aria announces a busy button until some seconds after, in an element that axe finds fault with.
    await page.clock.runFor(10_000)
    expect(await violationsOn(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    await dialog().waitFor({ state: 'detached' })
    expect(await card('sube-bursa').count()).toBe(1)
    await card('sube-bursa').getByRole('button', { name: 'Unlink' }).click()
    await dialog().getByRole('button', { name: 'Unlink' }).click()
    await card('sube-bursa').waitFor({ state: 'detached' })
    // Those of the configuration file are changed there.
    expect(await page.getByRole('button', { name: 'Unlink' }).count()).toBe(0)
  })

  test('give the address of their webhook, which is shown only where the browser forbids to copy it', async () => {
    const [secret] = await webhookAddresses()
    await card('izmir').getByRole('button', { expanded: false }).click()
    const copy = card('izmir').getByRole('button', { name: 'Copy the address of the webhook' })
    await copy.waitFor()
    expect(await page.locator('body').innerText()).not.toContain(secret)
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))')
    await copy.click()
    await page.locator('.copy-by-hand input').waitFor()
    expect(await page.evaluate('getSelection().toString()')).toBe(secret)
    await page.evaluate('navigator.clipboard.writeText = (text) => Promise.resolve(void (window.copied = text))')
    await copy.click()
    await page.locator('.copy-by-hand').waitFor({ state: 'detached' })
    expect(await page.evaluate('copied')).toBe(secret)
  })

  test('say that a login is tried again and why, and try it at once on demand', async () => {
    harness.emulators.ipex.faults.next({ kind: 'token', status: 503, times: 1 })
    await harness.query('{ extensions(first: 1, filter: { accountKeys: ["prague"] }) { nodes { id } } }')
    await card('prague').getByText('Trying again').waitFor()
    await card('prague').getByText('The phone system cannot be reached, or is failing.').waitFor()
    await card('prague').getByText('1 failed attempt in a row').waitFor()
    // The other is the one that nobody has logged in.
    await page.getByText('3 accounts, 2 to look after').waitFor()
    harness.clear()
    await card('prague').getByRole('button', { name: 'Try again now' }).click()
    await card('prague').getByText('Logged in').waitFor()
    expect(await card('prague').locator('.account-error').count()).toBe(0)
    expect(harness.tokenRequests()).toEqual({ ipex: 1 })
  })

  test('offer the login page where the browser blocks its window', async () => {
    const blocked = await browser.visit('/console', { initially: BLOCKS_WINDOWS })
    await card('browser', blocked).getByRole('button', { name: 'Log in' }).click()
    const link = card('browser', blocked).getByRole('link', { name: 'Open the login page' })
    const [consent] = await Promise.all([blocked.context().waitForEvent('page'), link.click()])
    await consent.getByRole('button', { name: 'Allow' }).click()
    await consent.getByRole('heading', { name: 'Linked' }).waitFor()
    await card('browser', blocked).getByText('Logged in').waitFor()
    // The page that anybody else has open has seen it too.
    await card('browser').getByText('Logged in').waitFor()
    await blocked.context().close()
  })

  async function choose(label: string, option: string): Promise<void> {
    await dialog()
      .getByRole('button', { name: new RegExp(label) })
      .click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  /** What nobody sees on the page before they ask for it. */
  async function webhookAddresses(): Promise<readonly string[]> {
    const { accounts } = await harness.data<{ accounts: { nodes: { webhook: { url: string } | null }[] } }>(
      '{ accounts { nodes { webhook { url } } } }',
    )
    return accounts.nodes.flatMap(({ webhook }) => webhook?.url ?? [])
  }
})
