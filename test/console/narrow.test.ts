import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { cutNumbersOn, isTooWide, lacking, NARROW, startBrowser, type Visitor } from './browser.js'

const suite = lacking ? describe.skip : describe
suite(lacking ? `the console on a phone (skipped: ${lacking})` : 'the console on a phone', () => {
  let harness: Harness
  let browser: Visitor
  beforeAll(async () => {
    harness = await startHarness()
    browser = await startBrowser(() => harness.url)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  test.each(['en-GB', 'tr-TR', 'cs-CZ'])('cuts no number of a call, nor of a list: %s', async (locale) => {
    const page = await browser.visit('/console/calls', { at: NOW, locale, viewport: NARROW })
    await page.locator('.call-line').nth(49).waitFor({ state: 'attached' })
    expect(await cutNumbersOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
    await page.goto(`${harness.url}/console/numbers`)
    for (const at of [0, 1, 2]) await page.locator('.section').nth(at).locator('.entry').first().waitFor()
    for (const at of [0, 1, 2]) await page.locator('.section').nth(at).getByRole('button').first().click()
    await page.locator('.entry-panel dd').nth(2).waitFor()
    expect(await cutNumbersOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
    await page.context().close()
  })
})
