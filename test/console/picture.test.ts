import { readFileSync, writeFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'

import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, startBrowser, type Visitor } from './browser.js'

const PICTURE = new URL('../../docs/console.webp', import.meta.url)
/** What can be read on it. */
const READ = new URL('./picture.txt', import.meta.url)
const SIZE = { width: 1280, height: 760 }
/** A call that was answered and recorded. */
const OPENED = 5

const suite = lacking ? describe.skip : describe
suite(lacking ? `the picture (skipped: ${lacking})` : 'the picture that the README begins with', () => {
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

  test('shows the console as it is today, and is small (UPDATE_PICTURES=1 draws it anew)', async () => {
    const page = await browser.visit('/console/calls', { at: NOW, viewport: SIZE })
    await page.locator('.call-line').nth(OPENED).click()
    await page.locator('.call-panel .step').first().waitFor()
    await page.mouse.move(0, 0)
    await page.evaluate('scrollTo(0, 0)')
    const read = await page.evaluate<string>(READABLE)
    if (process.env['UPDATE_PICTURES']) {
      writeFileSync(READ, read)
      writeFileSync(PICTURE, await asWebp(page))
    }
    expect(read).toBe(readFileSync(READ, 'utf8'))
    const picture = readFileSync(PICTURE)
    expect(picture.toString('latin1', 8, 12)).toBe('WEBP')
    expect(picture.length).toBeLessThanOrEqual(120_000)
    await page.context().close()
  })
})

/** The lines of the frame, of the calls in sight and of the one that is open. */
const READABLE = `[...document.querySelectorAll('nav, .view-head, .call-line, .call-panel')]
  .filter((one) => one.getBoundingClientRect().top < innerHeight)
  .map((one) => one.innerText.replace(/\\s*\\n\\s*/g, ' | ') + '\\n')
  .join('')`

/** What the page shows, as WebP: half of what PNG takes. */
async function asWebp(page: Page): Promise<Buffer> {
  const png = (await page.screenshot({ animations: 'disabled' })).toString('base64')
  // On a page of its own: the policy of the console allows no pictures but its own.
  const easel = await page.context().newPage()
  const address = await easel.evaluate<string>(`new Promise((resolve, reject) => {
    const picture = new Image()
    picture.onerror = reject
    picture.onload = () => {
      const canvas = document.createElement('canvas')
      canvas.width = picture.width
      canvas.height = picture.height
      canvas.getContext('2d').drawImage(picture, 0, 0)
      resolve(canvas.toDataURL('image/webp', 1))
    }
    picture.src = 'data:image/png;base64,${png}'
  })`)
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}
