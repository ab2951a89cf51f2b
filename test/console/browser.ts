import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

import { executablePath } from '../support/chromium.js'

/** What the build has made. */
export const BUILT = fileURLToPath(new URL('../../dist/console/', import.meta.url))
const isBuilt = existsSync(`${BUILT}index.html`)

/** Why there is nothing to look at; null where there is. */
export const lacking = isBuilt
  ? executablePath
    ? null
    : 'there is no Chromium on this machine'
  : '`npm run build` was not run'

export const WIDE = { width: 1280, height: 800 }
export const NARROW = { width: 390, height: 844 }

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface VisitOptions extends BrowserContextOptions {
  /** What time it is for the page, from which its clock goes on; default: what time it is. */
  readonly at?: number
  /** A script that runs before any of the page. */
  readonly initially?: string
}

/** A browser that can reach no other host, and what it complained of. */
export interface Visitor {
  /** Requests to other hosts, and errors and warnings of all pages. */
  readonly complaints: readonly string[]
  /** A browser that has never been here. */
  visit(address: string, options?: VisitOptions): Promise<Page>
  close(): Promise<void>
}

export async function startBrowser(origin: () => string): Promise<Visitor> {
  const browser: Browser = await chromium.launch({
    executablePath: executablePath!,
    // No sandbox: tests may run as root, in a container. No name but this machine's address resolves.
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  })
  const complaints: string[] = []
  return {
    complaints,
    async visit(address, { at, initially, ...options } = {}) {
      const context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', ...options })
      context.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(origin()) && !url.startsWith('data:')) complaints.push(`asked ${url}`)
      })
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      context.on('weberror', (error) => complaints.push(error.error().message))
      if (at !== undefined) await context.clock.install({ time: at })
      const page = await context.newPage()
      await page.addInitScript(WATCH_SHIFTS)
      if (initially !== undefined) await page.addInitScript(initially)
      await page.goto(`${origin()}${address}`)
      return page
    },
    close: () => browser.close(),
  }
}

/** How much the page has moved by itself so far, as browsers measure it. */
const WATCH_SHIFTS = `
  window.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
`
export const shiftOf = (page: Page): Promise<number> => page.evaluate('window.shifted')

/** What axe-core finds, as `rule: element`. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`)
}

/** Texts with a number of three digits or more of which something is hidden, as by an ellipsis. */
export const cutNumbersOn = (page: Page): Promise<readonly string[]> => page.evaluate(CUT_NUMBERS)
const CUT_NUMBERS = `(() => {
  const hides = (box, { left, right }) =>
    getComputedStyle(box).overflowX !== 'visible' &&
    (left < box.getBoundingClientRect().left - 1 || right > box.getBoundingClientRect().right + 1)
  const boxesOf = (element) => (element.id === 'content' ? [] : [element, ...boxesOf(element.parentElement)])
  const isCut = (text) => {
    const range = new Range()
    range.selectNodeContents(text)
    const boxes = boxesOf(text.parentElement).filter((box) => !box.matches('.visually-hidden'))
    return !text.parentElement.closest('.visually-hidden') &&
      [...range.getClientRects()].some((rect) => boxes.some((box) => hides(box, rect)))
  }
  const texts = document.createTreeWalker(document.getElementById('content'), NodeFilter.SHOW_TEXT)
  const cut = []
  while (texts.nextNode())
    if (/\\d{3}/.test(texts.currentNode.data) && isCut(texts.currentNode)) cut.push(texts.currentNode.data)
  return cut
})()`

/** Badges that reach out of the place that holds them, into what stands beside it. */
export const strayBadgesOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('#content .badge')]
    .filter((badge) => badge.getBoundingClientRect().right > badge.parentElement.getBoundingClientRect().right + 1)
    .map(({ textContent }) => textContent)`)

/** Whether anything is wider than the window. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
