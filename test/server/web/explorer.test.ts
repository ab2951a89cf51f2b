import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { leakIn } from '../../support/leaks.js'
import { startSandboxedServer, type SandboxedServer } from '../sandboxed-server.js'

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]
const executablePath = BROWSERS.find((path) => existsSync(path))
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
      server = await startSandboxedServer()
      browser = await chromium.launch({
        executablePath: executablePath!,
        // No sandbox: tests may run as root, in a container. No name but this machine's address resolves, in workers neither.
        args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
      })
      page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) strangers.push(request.url())
      })
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
    })
    afterAll(async () => {
      await browser?.close()
      await server?.close()
    })

    test('opens on the first worked example, with all of them in reach', async () => {
      await page.goto(`${server.url}/`)
      await expect(page.getByRole('button', { name: titles[0]! }).waitFor()).resolves.toBeUndefined()
      for (const title of titles)
        expect({ title, shown: await page.getByRole('button', { name: title }).count() }).toEqual({ title, shown: 1 })
      await page.locator('.graphiql-query-editor .view-line', { hasText: titles[0]!.slice(0, 20) }).waitFor()
    })

    test('runs it, and the answer is on the page', async () => {
      await page.locator('.graphiql-execute-button').click()
      const answer = page.locator('.graphiql-response')
      await answer.locator('.view-line', { hasText: '"accounts"' }).waitFor()
      const shown = (await answer.innerText()).replaceAll('\u00a0', ' ')
      expect(shown).toContain('"data"')
      expect(shown).toContain(server.accounts[0]!.label)
      expect(shown).not.toContain('"errors"')
    })

    test('opens another example in a tab of its own, once', async () => {
      const before = await page.locator('.graphiql-tab').count()
      await page.getByRole('button', { name: titles[1]! }).click()
      await page.getByRole('button', { name: titles[0]! }).click()
      await page.getByRole('button', { name: titles[1]! }).click()
      expect(await page.locator('.graphiql-tab').count()).toBe(before + 1)
    })

    test("keeps no header in the browser's storage", async () => {
      await page.getByRole('button', { name: 'Headers' }).click()
      await page.locator('.monaco-editor[data-uri$="request-headers.json"]').click()
      await page.keyboard.type('{"authorization": "Bearer canary-5b1e"')
      await page.locator('.graphiql-execute-button').click()
      await page.locator('.graphiql-response .view-line').first().waitFor()
      await page.reload()
      await page.locator('.graphiql-query-editor .view-line').first().waitFor()
      const stored = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')
      expect(stored).toContain('graphiql:')
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

    test('met no other host and no complaint of the content policy on the way', () => {
      expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] })
    })
  },
)
