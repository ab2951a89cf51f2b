import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { makeApiKey } from '../../src/server/callers/api-key.js'
import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, startBrowser, violationsOn, type Visitor } from './browser.js'

const KEY = 'canary-of-the-console-all'
const OWN = 'canary-of-the-console-own'
const MANAGER = 'canary-of-the-console-manager'

/** As a browser answers whoever has forbidden pages to keep anything. */
const FORBID_STORAGE = `for (const kind of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, kind, { get() { throw new DOMException('forbidden', 'SecurityError') } })`

const suite = lacking ? describe.skip : describe
suite(lacking ? `the console and its callers (skipped: ${lacking})` : 'the console and its callers', () => {
  let harness: Harness
  let browser: Visitor
  beforeAll(async () => {
    harness = await startHarness({
      config: {
        callers: {
          apiKeys: [
            { name: 'operator', key: KEY, workspace: 'default', scopes: ['telephony:read', 'accounts:manage'] },
            { name: 'ayşe', key: OWN, workspace: 'default', scopes: ['telephony:read:own'], extension: 'izmir/105' },
            { name: 'manager', key: MANAGER, workspace: 'default', scopes: ['accounts:manage'] },
          ],
        },
      },
    })
    browser = await startBrowser(() => harness.url)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  test('a key is asked for, is refused where it is wrong, and is kept nowhere but in the page', async () => {
    const page = await browser.visit('/console')
    const key = page.getByLabel('Key', { exact: true })
    await key.waitFor()
    expect(await violationsOn(page)).toEqual([])
    await key.fill('not one of ours')
    await page.keyboard.press('Enter')
    await page.getByText('This key is not valid.').waitFor()
    await key.fill(KEY)
    await page.keyboard.press('Enter')
    await page.locator('.account').first().waitFor()
    await page.getByText('As operator').waitFor()
    await page.locator('.connection-connected').waitFor()
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href')).not.toContain(
      'canary',
    )
    await page.reload()
    await key.waitFor()
    await page.context().close()
  })

  test('a key is kept until the tab is closed where that was asked for, and is forgotten on demand', async () => {
    const page = await browser.visit('/console')
    await page.getByLabel('Key', { exact: true }).fill(KEY)
    await page.getByText('Keep it until this tab is closed').click()
    await page.keyboard.press('Enter')
    await page.locator('.account').first().waitFor()
    await page.reload()
    await page.locator('.account').first().waitFor()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Forget the key' }).click()
    await page.getByLabel('Key', { exact: true }).waitFor()
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).toBe('{}')
    await page.context().close()
  })

  test('a key that shows no phone system is told so, and not that it is somebody’s', async () => {
    const page = await browser.visit('/console/calls')
    await page.getByLabel('Key', { exact: true }).fill(MANAGER)
    await page.keyboard.press('Enter')
    await page.getByText('Your key shows no phone system.').waitFor()
    expect(await page.locator('.who').innerText()).toBe('As manager')
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.context().close()
  })

  test('a browser that keeps nothing of pages is no obstacle, and is not asked to keep a key', async () => {
    const page = await browser.visit('/console', { initially: FORBID_STORAGE })
    await page.getByLabel('Key', { exact: true }).fill(KEY)
    expect(await page.getByRole('checkbox').count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.locator('.account').first().waitFor()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await page.getByRole('checkbox').count()).toBe(0)
    await page.context().close()
  })

  test('a key that is taken back is asked for again, over the socket as by an answer, and nothing that it showed stays', async () => {
    const made = makeApiKey()
    await harness.store.keepApiKey({
      ...{ id: made.id, digest: made.digest, name: 'made', workspace: 'default', scopes: ['telephony:read'] },
      ...{ extension: null, createdAt: 1, revokedAt: null },
    })
    const pages = [await browser.visit('/console/live'), await browser.visit('/console/numbers')]
    for (const page of pages) {
      await page.getByLabel('Key', { exact: true }).fill(made.key.reveal())
      await page.keyboard.press('Enter')
      await page.getByText('As made').waitFor()
    }
    const [live, numbers] = pages
    await live!.locator('.connection-connected').waitFor()
    await numbers!.locator('.entry').first().waitFor()
    await harness.store.revokeApiKey(made.id, NOW)
    harness.advance(60)
    await numbers!.getByRole('link', { name: 'Statistics' }).click()
    for (const page of pages) {
      await page.getByText('This key is not valid.').waitFor()
      expect(await page.locator('.view-head').count()).toBe(0)
      expect(await page.getByText('As made').count()).toBe(0)
      await page.context().close()
    }
  })

  test('a caller bound to an extension sees what is theirs, and is offered nothing else', async () => {
    const page = await browser.visit('/console')
    await page.getByLabel('Key', { exact: true }).fill(OWN)
    await page.keyboard.press('Enter')
    await page.getByText('You see what belongs to your extension.').waitFor()
    await page.locator('.account').first().waitFor()
    expect(await page.locator('.account-fact').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Link an account' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Numbers' }).click()
    await page.locator('.entry').first().waitFor()
    await page.context().close()
  })
})
