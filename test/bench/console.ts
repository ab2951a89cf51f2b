/** `npm run bench -- console`: how soon the console is there for somebody whose browser has never seen it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { chromium, type Browser } from 'playwright-core'

import { listeningAt, SERVER_CORE, startChild } from './child.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { ratios, spreadOf } from './statistics.js'
import { figure, spread, table } from './table.js'

/** One look at a page, ms since the browser was sent there. */
interface Look {
  /** When the first text was drawn. */
  readonly drawnMs: number
  /** When what the page is for stood there. */
  readonly readyMs: number
}

export interface ConsoleResults extends Circumstances {
  /** By the page, one for each round. */
  readonly looks: Readonly<Record<string, readonly Look[]>>
}

const SERVER = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const ROUNDS = 9

/** What all others are held against: GraphiQL, of the same server. */
const MEASURE = 'GraphiQL'

/** Where each page is, and what stands in it once it is there. */
const PAGES: Readonly<Record<string, readonly [path: string, selector: string]>> = {
  [MEASURE]: ['/', '.graphiql-query-editor .monaco-editor'],
  accounts: ['/console/accounts', '.account-fact'],
  live: ['/console/live', '.live-call'],
  calls: ['/console/calls', '.call-line time'],
  numbers: ['/console/numbers', '.entry'],
  statistics: ['/console/statistics', '.sum-now'],
}

export async function run(): Promise<void> {
  const executablePath = BROWSERS.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error(`There is no browser at ${BROWSERS.join(', ')}.`)
  // In production, pages are served on demand alone.
  const server = startChild({
    core: SERVER_CORE,
    args: [SERVER, 'start', '--sandbox', '--port', '0'],
    environment: { NODE_ENV: 'development' },
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const { origin } = new URL(await listeningAt(server))
    const looks = Object.fromEntries(Object.keys(PAGES).map((name) => [name, [] as Look[]]))
    // The first round is for the server: its code has not run yet.
    for (let round = -1; round < ROUNDS; round++)
      for (const [name, [path, selector]] of Object.entries(PAGES)) {
        const look = await lookAt(browser, `${origin}${path}`, selector)
        if (round < 0) continue
        looks[name]!.push(look)
        console.error(`round ${round + 1}: ${name}, ${figure(look.readyMs)} ms`)
      }
    const results: ConsoleResults = { ...circumstances('npm run bench -- console'), looks }
    console.log(`${consoleReport(results)}\n\n${keep('console', results)}`)
  } finally {
    await browser.close()
    await server.stop()
  }
}

/** By a browser that keeps nothing of an earlier look. */
async function lookAt(browser: Browser, address: string, selector: string): Promise<Look> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  try {
    const page = await context.newPage()
    await page.addInitScript(watchFor(selector))
    await page.goto(address)
    await page.locator(selector).first().waitFor({ state: 'attached' })
    return await page.evaluate<Look>('window.look')
  } finally {
    await context.close()
  }
}

/** Looks at every frame, as a person would: what is there has been laid out and is about to be drawn. */
const watchFor = (selector: string) => `
  window.look = new Promise((resolve) => {
    const look = () => {
      const [drawn] = performance.getEntriesByName('first-contentful-paint')
      if (drawn && document.querySelector(${JSON.stringify(selector)}))
        resolve({ drawnMs: drawn.startTime, readyMs: performance.now() })
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
`

export function consoleReport({ command, date, machine, node, looks }: ConsoleResults): string {
  const measure = looks[MEASURE]!.map(({ readyMs }) => readyMs)
  const rows = Object.entries(looks).map(([name, all]) => {
    const ready = all.map(({ readyMs }) => readyMs)
    return [
      name,
      spread(spreadOf(all.map(({ drawnMs }) => drawnMs))),
      spread(spreadOf(ready)),
      `${spread(ratios(ready, measure))} ×`,
    ]
  })
  return (
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}. The sandbox of \`npm start\`; a browser that keeps nothing, at ` +
    `1280 × 800, on the machine of the server; ms since it was sent to the page: medians of ${ROUNDS}, and in brackets the ` +
    `least and the most.\n\n` +
    table([['page', 'first text', 'with its data', `to ${MEASURE}`], ...rows])
  )
}
