import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { isTooWide, lacking, NARROW, shiftOf, startBrowser, WIDE, type Visitor } from './browser.js'

/** What stands in each view once it has what it asks for. */
const DRAWN = {
  accounts: '.account-fact',
  live: '.live-call',
  calls: '.call-line time',
  numbers: '.entry',
  statistics: '.sum-now',
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const addressIn = (line: string) => line.replace(/^\S+ +/, '')

const suite = lacking ? describe.skip : describe
suite(lacking ? `the first look (skipped: ${lacking})` : 'the first look at the console', () => {
  let server: ChildProcess
  let firstLine: string
  let browser: Visitor
  beforeAll(async () => {
    // As `npm start` does: offices that live on, and archives that fill.
    server = spawn(process.execPath, [MAIN, 'start', '--sandbox', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = (await once(createInterface(server.stdout!), 'line')) as [string]
    firstLine = line
    browser = await startBrowser(() => new URL(addressIn(line)).origin)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    if (!server) return
    server.kill()
    await once(server, 'exit')
  })

  test('is one click away: the first thing that the sandbox says is its address', () => {
    expect(firstLine).toMatch(/^Console: +http:\/\/127\.0\.0\.1:\d+\/console$/)
  })

  test.each(
    Object.entries(DRAWN).flatMap(([view, drawn]) => [
      [view, 'wide', drawn, WIDE] as const,
      [view, 'narrow', drawn, NARROW] as const,
    ]),
  )('at %s, %s, moves nothing, fits the window and complains of nothing', async (view, _, drawn, viewport) => {
    const page = await browser.visit(`/console/${view}`, { viewport })
    await page.locator(drawn).first().waitFor()
    // Not a function that is polled: the page's own policy forbids to evaluate one again.
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    expect(await shiftOf(page)).toBeLessThanOrEqual(0.05)
    expect(await isTooWide(page)).toBe(false)
    expect(browser.complaints).toEqual([])
    await page.context().close()
  })

  // What takes time before something is there, as figures that are the same on every machine; `npm run bench -- console` has the time.
  test('needs the files of one view, and two questions one after the other', async () => {
    const page = await browser.visit('/console')
    await page.locator(DRAWN.accounts).first().waitFor()
    const { files, questions, kilobytes } = await page.evaluate<Record<string, number>>(SENT)
    expect(questions).toBe(2)
    expect(files).toBeLessThanOrEqual(20)
    expect(kilobytes).toBeLessThanOrEqual(200)
    await page.context().close()
  })
})

/** Files and answers so far, as they were sent. */
const SENT = `(() => {
  const entries = performance.getEntriesByType('resource')
  const files = entries.filter(({ name }) => name.includes('/assets/'))
  return {
    questions: entries.length - files.length,
    files: files.length,
    kilobytes: files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize / 1024, 0),
  }
})()`
