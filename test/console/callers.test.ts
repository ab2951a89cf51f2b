import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, startBrowser, violationsOn, type Visitor } from './browser.js'

const KEY = 'canary-of-the-console-all'
const OWN = 'canary-of-the-console-own'

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
