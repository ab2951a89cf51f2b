import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { leakIn } from '../../support/leaks.js'
import { startSandboxedServer, type SandboxedServer } from '../sandboxed-server.js'
import { executablePath } from '../../support/chromium.js'

const isBuilt = existsSync(fileURLToPath(new URL('../../../dist/explorer/index.html', import.meta.url)))
const lacking = isBuilt
  ? executablePath
    ? null
    : 'there is no Chromium on this machine'
  : '`npm run build` was not run'

const operationsFolder = fileURLToPath(new URL('../../../schema/operations/', import.meta.url))
const titles = readdirSync(operationsFolder)
  .sort()
  .map((file) =>
    readFileSync(operationsFolder + file, 'utf8')
      .split('\n', 1)[0]!
      .replace(/^#\s*/, ''),
  )

const suite = lacking ? describe.skip : describe
suite(
  lacking ? `GraphiQL in a browser (skipped: ${lacking})` : 'GraphiQL in a browser that can reach no other host',
  () => {
    let server: SandboxedServer
    let browser: Browser
    let page: Page
    const strangers: string[] = []
    const complaints: string[] = []

    beforeAll(async () => {
      server = await startSandboxedServer({ unlinked: true })
      browser = await chromium.launch({
        executablePath: executablePath!,
        // No sandbox: tests may run as root, in a container. No name but this machine's address resolves, in workers neither.
        args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
      })
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await server?.close()
    })

    /** A browser that has never been here, with a window of this size. */
    async function visit(viewport: { width: number; height: number }, phone = false, address = '/'): Promise<Page> {
      const context = await browser.newContext({ viewport, isMobile: phone, hasTouch: phone })
      context.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) strangers.push(request.url())
      })
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      context.on('weberror', (error) => complaints.push(error.error().message))
      const visited = await context.newPage()
      await visited.goto(`${server.url}${address}`)
      await editor(visited).locator('.view-line').first().waitFor()
      return visited
    }

    const editor = (of: Page) => of.locator('.graphiql-query-editor')
    const runButton = (of: Page) => of.locator('.graphiql-execute-button')
    const tabs = (of: Page) => of.locator('.graphiql-tab')
    const example = (of: Page, title: string) => of.getByRole('button', { name: title })
    const showsQuery = (of: Page, text: string) => editor(of).locator('.view-line', { hasText: text }).first().waitFor()
    const showsAnswer = (of: Page, text: string) =>
      of.locator('.graphiql-response .view-line', { hasText: text }).first().waitFor()

    /** Runs what is in the editor; returns what the server answered. */
    async function run(of: Page): Promise<{ data?: object; errors?: object[] }> {
      const [response] = await Promise.all([
        of.waitForResponse((response) => response.request().method() === 'POST'),
        runButton(of).click(),
      ])
      return (await response.json()) as { data?: object; errors?: object[] }
    }

    describe.each([
      { viewport: { width: 1280, height: 800 }, phone: false },
      { viewport: { width: 390, height: 844 }, phone: true },
    ])('in a window of $viewport.width × $viewport.height', ({ viewport, phone }) => {
      beforeAll(async () => {
        page = await visit(viewport, phone)
      }, 60_000)
      afterAll(() => page.context().close())

      test('says Dialgraph, and opens on the first worked example', async () => {
        expect(await page.title()).toBe('Dialgraph')
        expect(await page.locator('.graphiql-logo').innerText()).toMatch(/^Dialgraph\s+Docs$/)
        await showsQuery(page, titles[0]!.slice(0, 20))
      })

      test('has the button that runs it, and everything else, inside the window', async () => {
        for (const shown of [runButton(page), page.locator('.graphiql-logo'), page.locator('.graphiql-response')]) {
          const { x, y, width, height } = (await shown.boundingBox())!
          expect({
            left: x >= 0,
            top: y >= 0,
            right: x + width <= viewport.width,
            bottom: y + height <= viewport.height,
          }).toEqual({ left: true, top: true, right: true, bottom: true })
        }
        const scrolled = await page.evaluate(
          '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
        )
        expect(scrolled).toEqual([viewport.width, viewport.height])
      })

      test('answers the first click with data and without an error', async () => {
        const { data, errors } = await run(page)
        expect(errors).toBeUndefined()
        expect(JSON.stringify(data)).toContain(server.accounts[0]!.label)
        await showsAnswer(page, '"accounts"')
        const { height } = (await page.locator('.graphiql-response').boundingBox())!
        expect(height).toBeGreaterThan(200)
      })

      test('has all examples in reach, opens one in the same tab, and runs it', async () => {
        if (phone) await page.getByRole('button', { name: 'Show Examples' }).click()
        for (const title of titles)
          expect({ title, shown: await example(page, title).count() }).toEqual({ title, shown: 1 })
        await example(page, titles[1]!).click()
        await showsQuery(page, titles[1]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(1)
        expect((await page.locator('.graphiql-response .view-lines').innerText()).trim()).toBe('')
        const { errors, data } = await run(page)
        expect({ errors, fields: Object.keys(data!) }).toEqual({ errors: undefined, fields: ['callRecords'] })
        await showsAnswer(page, '"callRecords"')
      })

      test('remembers what ran, and opens it again', async () => {
        await page.getByRole('button', { name: 'Show History' }).click()
        const entries = page.locator('.graphiql-history-item-label')
        expect(await entries.allInnerTexts()).toEqual(['MissedCalls', 'SwitchboardOverview'])
        await entries.last().click()
        await showsQuery(page, titles[0]!.slice(0, 20))
        // On a phone the panel lies over the editors: it has gone.
        expect(await entries.count()).toBe(phone ? 0 : 2)
        if (!phone) await page.getByRole('button', { name: 'Show Examples' }).click()
      })

      test('links to the documentation, which needs no other host and fits the window', async () => {
        const [docs] = await Promise.all([
          page.context().waitForEvent('page'),
          page.getByRole('link', { name: 'Docs' }).click(),
        ])
        await docs.getByRole('link', { name: 'Failures and freshness' }).first().click()
        expect(docs.url()).toMatch(/#failures$/)
        expect(await docs.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(
          expect.arrayContaining(['Configuration', 'Logins', 'Words']),
        )
        const broken = await docs.evaluate(
          `[...document.querySelectorAll('a')].map((a) => a.getAttribute('href')).filter((href) => href[0] === '#' && !document.getElementById(href.slice(1)))`,
        )
        expect(broken).toEqual([])
        expect(await docs.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
        await docs.close()
      }, 60_000)
    })

    describe('examples and tabs', () => {
      beforeAll(async () => {
        page = await visit({ width: 1280, height: 800 })
      }, 60_000)
      afterAll(() => page.context().close())

      test('a link that carries a query opens it, also for whoever has never been here', async () => {
        const query = encodeURIComponent('query FromALink { viewer { scopes } }')
        const linked = await visit({ width: 1280, height: 800 }, false, `/?query=${query}`)
        await showsQuery(linked, 'FromALink')
        await linked.context().close()
      })

      test('an example takes the place of one that nobody has edited', async () => {
        for (const title of [titles[1]!, titles[2]!, titles[0]!]) await example(page, title).click()
        await showsQuery(page, titles[0]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(1)
      })

      test('an example leaves an edited tab alone, and what was edited is kept', async () => {
        await editor(page).locator('.view-line').first().click()
        await page.keyboard.press('Control+Home')
        await page.keyboard.type('# mine ')
        await example(page, titles[1]!).click()
        await showsQuery(page, titles[1]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(2)
        await example(page, titles[2]!).click()
        await showsQuery(page, titles[2]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(2)
        await tabs(page).first().locator('.graphiql-tab-button').click()
        await showsQuery(page, '# mine')
        // From the edited tab, too, the one that is not edited is found again.
        await example(page, titles[3]!).click()
        await showsQuery(page, titles[3]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(2)
      })

      test('a tab with variables of its own counts as edited', async () => {
        await page.getByRole('button', { name: 'Variables' }).click()
        await page.locator('.monaco-editor[data-uri$="variables.json"]').click()
        await page.keyboard.type('{"first": 1')
        await example(page, titles[4]!).click()
        await showsQuery(page, titles[4]!.slice(0, 20))
        expect(await tabs(page).count()).toBe(3)
      })

      test('an answer that is late is not shown below another example', async () => {
        let release!: () => void
        const held = new Promise<void>((resolve) => (release = resolve))
        await page.route('**/graphql', async (route) => {
          await held
          await route.continue()
        })
        const late = page.waitForResponse((response) => response.request().method() === 'POST')
        await example(page, titles[0]!).click()
        await showsQuery(page, titles[0]!.slice(0, 20))
        await runButton(page).click()
        await example(page, titles[1]!).click()
        await showsQuery(page, titles[1]!.slice(0, 20))
        release()
        await (await late).finished()
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
        expect((await page.locator('.graphiql-response .view-lines').innerText()).trim()).toBe('')
        await page.unroute('**/graphql')
        const { data } = await run(page)
        expect(Object.keys(data!)).toEqual(['callRecords'])
        await showsAnswer(page, '"callRecords"')
      })

      test('the account that waits for a person is logged in by the examples that are its own', async () => {
        const [step1, step2] = titles.filter((title) => title.startsWith('Log in an account'))
        await example(page, step1!).click()
        const before = await run(page)
        expect(before.errors).toBeUndefined()
        expect(JSON.stringify(before)).toContain('"errorCode":"REAUTHORIZATION_REQUIRED"')
        await example(page, step2!).click()
        const { data } = (await run(page)) as { data: { accountAuthorizationBegin: { authorizeUrl: string } } }
        const provider = await browser.newPage()
        await provider.goto(data.accountAuthorizationBegin.authorizeUrl)
        await provider.getByRole('button', { name: 'Allow' }).click()
        await provider.getByRole('heading', { name: 'Linked' }).waitFor()
        await provider.close()
        await example(page, step1!).click()
        const after = await run(page)
        expect(JSON.stringify(after)).not.toMatch(/REAUTHORIZATION_REQUIRED|FAILED/)
      })
    })

    describe("keys in the browser's hands", () => {
      beforeAll(async () => {
        page = await visit({ width: 1280, height: 800 })
      }, 60_000)
      afterAll(() => page.context().close())

      test("keeps no header in the browser's storage", async () => {
        await page.getByRole('button', { name: 'Headers' }).click()
        await page.locator('.monaco-editor[data-uri$="request-headers.json"]').click()
        await page.keyboard.type('{"authorization": "Bearer canary-5b1e"')
        await page.locator('.graphiql-execute-button').click()
        await page.locator('.graphiql-response .view-line').first().waitFor()
        await page.reload()
        await page.locator('.graphiql-query-editor .view-line').first().waitFor()
        const stored = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')
        expect(stored).toContain('graphiql:queries')
        expect(stored).not.toContain('canary-5b1e')
      })

      test('explains what a question cost at the press of a button, beside whatever header is there', async () => {
        await page.getByRole('button', { name: 'Headers' }).click()
        await page.locator('.monaco-editor[data-uri$="request-headers.json"]').click()
        await page.keyboard.type('{"authorization": "Bearer canary-a11e"')
        await page.getByRole('button', { name: 'Explain what questions cost' }).click()
        const asked = page.waitForRequest((request) => 'x-dialgraph-explain' in request.headers())
        await page.locator('.graphiql-execute-button').click()
        const request = await asked
        expect(request.headers()).toMatchObject({ 'x-dialgraph-explain': '1', authorization: 'Bearer canary-a11e' })
        const { extensions } = (await (await request.response())!.json()) as { extensions?: { explain?: object } }
        expect(Object.keys(extensions?.explain ?? {})).toContain('reads')
        const stored = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')
        expect(stored).not.toMatch(/canary-a11e|Explain/)
      })

      test('begins without a header, takes none from its address, and puts nothing of a question there', async () => {
        expect(page.url()).toBe(`${server.url}/graphql`)
        const given = new URLSearchParams({
          headers: '{"authorization": "Bearer canary-77aa"}',
          variables: '{"token": "canary-77aa"}',
        })
        await page.goto(`${server.url}/graphql?${given}`)
        await page.locator('.graphiql-query-editor .view-line').first().waitFor()
        await page.getByRole('button', { name: 'Headers' }).click()
        const headers = page.locator('.monaco-editor[data-uri$="request-headers.json"] .view-lines')
        await headers.waitFor()
        expect((await headers.innerText()).replaceAll('\u00a0', ' ').trim()).toBe('')
        const everywhere =
          'JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + document.documentElement.outerHTML'
        expect(await page.evaluate(everywhere)).not.toMatch(/canary-|Bearer/)
        expect(leakIn((await page.evaluate(everywhere)) as string)).toBeNull()
      })
    })

    test('met no other host and no complaint of the content policy on the way', () => {
      expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] })
    })
  },
)
