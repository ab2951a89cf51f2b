import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { startEmulators, startLoginServer, type LoginServer } from './login-servers.js'
import { executablePath } from '../../support/chromium.js'

const suite = executablePath ? describe : describe.skip

suite(
  executablePath
    ? 'a person with a browser'
    : 'a person with a browser (skipped: there is no Chromium on this machine)',
  () => {
    let emulators: Awaited<ReturnType<typeof startEmulators<'bulutfon' | 'rails-api-v1'>>>
    let server: LoginServer
    let browser: Browser
    let page: Page
    /** Requests of the pages, with their referrers. */
    let asked: { readonly url: string; readonly referrer: string | undefined }[]
    const complaints: string[] = []

    beforeAll(async () => {
      emulators = await startEmulators(['bulutfon', 'rails-api-v1'])
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
      })
    }, 60_000)
    beforeEach(async () => {
      emulators.bulutfon.reset()
      emulators['rails-api-v1'].reset()
      server = await startLoginServer({
        accounts: [
          { id: 'shop', ...emulators.bulutfon.accounts.unlinked, label: 'Corner shop' },
          { id: 'desk', ...emulators['rails-api-v1'].accounts.unlinked, label: 'Front desk' },
        ],
      })
      // A context of its own, without any session.
      page = await (await browser.newContext()).newPage()
      asked = []
      page.on('request', (request) => asked.push({ url: request.url(), referrer: request.headers()['referer'] }))
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
    })
    afterEach(async () => {
      await page.context().close()
      await server.close()
    })
    afterAll(async () => {
      await browser?.close()
      await emulators?.close()
    })

    const heading = () => page.getByRole('heading', { level: 1 }).innerText()
    const stateOf = async (key: string) =>
      (await server.accounts.find((account) => account.key === key)!.authorization()).status
    const linkOf = async (key: string) =>
      (await server.accounts.find((account) => account.key === key)!.authorization()).authorizeUrl!

    /** Neither the address, the history, nor any referrer holds code or state. */
    async function nothingLeftBehind(path: string): Promise<void> {
      expect(page.url()).toBe(server.url + path)
      expect(await page.evaluate('document.referrer')).toBe('')
      expect(await page.evaluate('document.cookie')).toBe('')
      // A provider's pages may send referrers to each other; ours send none.
      expect(asked.filter(({ referrer = '' }) => referrer.startsWith(server.url))).toEqual([])
      for (const { url } of asked) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)
      await page.goBack()
      expect(page.url()).not.toMatch(/[?&]code=/)
      await page.goForward()
      expect(page.url()).toBe(server.url + path)
    }

    test('opens the link of an account that is new, agrees at Bulutfon, and is told that it is linked', async () => {
      expect(await stateOf('shop')).toBe('NEW')
      await page.goto(await linkOf('shop'))
      expect(await heading()).toContain('allow Dialgraph?')
      await page.getByRole('button', { name: 'Allow' }).click()
      expect(await heading()).toBe('Linked')
      expect(await page.getByRole('main').innerText()).toContain(
        '“Corner shop” (Bulutfon) is linked. You can close this window.',
      )
      expect(await stateOf('shop')).toBe('ACTIVE')
      expect(emulators.bulutfon.journal.tokenRequests).toHaveLength(1)
      await nothingLeftBehind('/connect/callback/bulutfon')
      await page.reload()
      expect(await heading()).toBe('Linked')
      expect(emulators.bulutfon.journal.tokenRequests).toHaveLength(1)
    })

    test('refuses, reads that nothing was changed, tries again from that page and agrees', async () => {
      await page.goto(await linkOf('shop'))
      await page.getByRole('button', { name: 'Refuse' }).click()
      expect(await heading()).toBe('Not linked')
      expect(emulators.bulutfon.journal.tokenRequests).toHaveLength(0)
      await page.getByRole('link', { name: 'Try again' }).click()
      await page.getByRole('button', { name: 'Allow' }).click()
      expect(await heading()).toBe('Linked')
    })

    test('signs in at Rails on the way, agrees there, and is told that it is linked', async () => {
      const { email, password } = emulators['rails-api-v1'].people.unlinked
      await page.goto(await linkOf('desk'))
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password').fill('not this one')
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('button', { name: 'Authorize' }).click()
      expect(await heading()).toBe('Linked')
      expect(await stateOf('desk')).toBe('ACTIVE')
      expect(emulators['rails-api-v1'].journal.tokenRequests).toHaveLength(1)
      await nothingLeftBehind('/connect/callback/rails-api-v1')
      const { data, errors } = await server.ask<{ account: { profile: { email: string } } }>(
        '{ account(key: "desk") { profile { email } } }',
      )
      expect(errors).toBeUndefined()
      expect(data.account.profile.email).toBe(email)
    })

    test('follows the link of a grant that was revoked, and everything works again', async () => {
      await page.goto(await linkOf('shop'))
      await page.getByRole('button', { name: 'Allow' }).click()
      emulators.bulutfon.revokeGrants()
      const profile = '{ account(key: "shop") { profile { email } authorization { status authorizeUrl } } }'
      const { errors } = await server.ask(profile)
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'REAUTHORIZATION_REQUIRED',
        authorizeUrl: `${server.url}/connect/shop`,
      })
      await page.goto(String(errors![0]!.extensions['authorizeUrl']))
      await page.getByRole('button', { name: 'Allow' }).click()
      expect(await heading()).toBe('Linked')
      expect((await server.ask(profile)).errors).toBeUndefined()
    })

    test('reads a page that fits a phone and says its language', async () => {
      await page.setViewportSize({ width: 360, height: 640 })
      await page.goto(`${server.url}/connect/nobody`)
      expect(await page.evaluate('document.documentElement.lang')).toBe('en')
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).fontSize`)).not.toBe('32px')
      expect(complaints.filter((text) => !/404|400/.test(text))).toEqual([])
    })
  },
)
