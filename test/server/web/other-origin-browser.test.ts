import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { example } from '../../clients/page.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { executablePath } from '../../support/chromium.js'

const KEY = 'a-key-of-a-caller-that-may-read-0123456789'
const HASTY = 'a-key-of-a-caller-in-a-hurry-0123456789'
const BURST = 40
/** Every account is asked at its provider. */
const QUERY = '{ accounts { nodes { profile { plan } } } }'
const RECORDINGS = '{ callRecords(first: 50) { nodes { recordings { link { url } } } } }'

/** What a page hands to `fetch`. */
interface Asked {
  readonly method?: 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  readonly mode?: 'no-cors'
}

/** What became of a request, as its page sees it. */
interface Seen {
  readonly status?: number
  readonly type?: string
  readonly text?: string
  readonly requestId?: string | null
  readonly retryAfter?: string | null
  readonly range?: string | null
  readonly bytes?: number
  /** The page may not know why. */
  readonly failed?: true
}

/** A page that shows nothing, on an origin of its own. */
async function startPages(): Promise<Server> {
  const pages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>app</p>'))
  await once(pages.listen(0, '127.0.0.1'), 'listening')
  return pages
}
const portOf = (server: Server) => (server.address() as AddressInfo).port

const suite = executablePath ? describe : describe.skip
suite(
  executablePath
    ? 'a page of another origin, in a browser,'
    : 'a page of another origin, in a browser (skipped: there is no Chromium on this machine)',
  () => {
    let pages: readonly Server[]
    /** Which asks who asks; and one where whoever gets through may do everything. */
    let harness: Harness
    let open: Harness
    let browser: Browser
    let listed: Page
    /** Another port of the same host, so the same site; and another site. */
    let foreign: Readonly<Record<'sameSite' | 'crossSite', Page>>

    beforeAll(async () => {
      pages = [await startPages(), await startPages()]
      const [app, other] = pages.map(portOf)
      const scopes = ['telephony:read', 'recordings:read']
      harness = await startHarness({
        accounts: { izmir: 'bulutfon/masterToken' },
        limits: { requestsPerSecond: 1, requestBurst: BURST },
        config: {
          server: { cors: { origins: [`http://localhost:${app}`] } },
          callers: {
            apiKeys: [
              { name: 'tests', key: KEY, scopes },
              { name: 'hasty', key: HASTY, scopes },
            ],
          },
        },
      })
      open = await startHarness({
        accounts: { izmir: 'bulutfon/masterToken' },
        config: { server: { cors: { origins: [`http://localhost:${app}`] } } },
      })
      browser = await chromium.launch({
        executablePath: executablePath!,
        // No sandbox: tests may run as root, in a container. No name but those of this machine resolves.
        args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
      })
      listed = await visit(`http://localhost:${app}/`)
      foreign = {
        sameSite: await visit(`http://127.0.0.1:${other}/`),
        crossSite: await visit(`http://localhost:${other}/`),
      }
    }, 60_000)
    afterEach(() => {
      harness.clear()
      harness.advance(BURST)
      open.clear()
    })
    afterAll(async () => {
      await browser?.close()
      await harness?.close()
      await open?.close()
      for (const server of pages ?? []) server.close()
    })

    async function visit(url: string): Promise<Page> {
      const page = await (await browser.newContext()).newPage()
      await page.goto(url)
      return page
    }

    const graphql = ({ url } = harness) => `${url}/graphql`

    /** Runs in the page. */
    const request = (page: Page, url: string, init: Asked) =>
      page.evaluate<Seen, [string, Asked]>(
        async ([url, init]) => {
          try {
            const response = await fetch(url, init)
            const body = await response.arrayBuffer()
            return {
              status: response.status,
              type: response.type,
              text: new TextDecoder().decode(body.slice(0, 2_000)),
              requestId: response.headers.get('x-request-id'),
              retryAfter: response.headers.get('retry-after'),
              range: response.headers.get('content-range'),
              bytes: body.byteLength,
            }
          } catch {
            return { failed: true }
          }
        },
        [url, init],
      )

    const JSON_POST: Asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, traceparent: '00-1-1-00' },
      body: JSON.stringify({ query: QUERY }),
    }
    const asGet = (of = harness) => `${graphql(of)}?${new URLSearchParams({ query: QUERY })}`
    /** With the credential that a page cannot know, everything is as for the listed one. */
    const AUTHORIZED: Asked = { headers: { authorization: `Bearer ${KEY}` } }

    describe('that is listed,', () => {
      test.each(['omit', 'same-origin', 'include'] as const)(
        'reads the graph, credentials: %s',
        async (credentials) => {
          for (const [url, init] of [[graphql(), JSON_POST] as const, [asGet(), AUTHORIZED] as const]) {
            const seen = await request(listed, url, { ...init, credentials })
            expect(seen).toMatchObject({ status: 200, type: 'cors', text: expect.stringContaining('ENTERPRISE') })
            expect(seen.requestId).toMatch(/^[0-9a-f-]{36}$/)
          }
          expect(harness.requests()).toHaveLength(2)
        },
      )

      test('reads by the code of the documentation', async () => {
        const code = example('other-origin.js')
          .replace('http://127.0.0.1:4000', harness.url)
          .replace('export async function ask', 'globalThis.ask = async function')
        const answer = await listed.evaluate(`${code}; ask(${JSON.stringify(QUERY)}, ${JSON.stringify(KEY)})`)
        expect(answer).toMatchObject({ data: { accounts: {} }, requestId: expect.stringMatching(/./) })
      })

      test('reads why it was refused, and how long to wait', async () => {
        const unknown = await request(listed, graphql(), {
          ...JSON_POST,
          headers: { 'content-type': 'application/json' },
        })
        expect(unknown).toMatchObject({ status: 401, text: expect.stringContaining('UNAUTHENTICATED') })
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${HASTY}` }
        const hasty = () => request(listed, graphql(), { method: 'POST', headers, body: '{"query":"{ __typename }"}' })
        const seen = await Promise.all(Array.from({ length: BURST + 1 }, hasty))
        expect(seen.filter(({ status }) => status === 200)).toHaveLength(BURST)
        const [limited] = seen.filter(({ status }) => status === 429)
        expect(limited).toMatchObject({ text: expect.stringContaining('RATE_LIMITED'), retryAfter: '1' })
        expect(limited!.text).toContain(limited!.requestId)
      })

      test('fetches a recording by its link, whole and by part, and may play it', async () => {
        const answer = await request(listed, graphql(), { ...JSON_POST, body: JSON.stringify({ query: RECORDINGS }) })
        const [, url] = /"url":"([^"]+)"/.exec(answer.text!)!
        const whole = await request(listed, url!, {})
        expect(whole).toMatchObject({ status: 200, type: 'cors' })
        const part = await request(listed, url!, { headers: { range: 'bytes=10-19' } })
        expect(part).toMatchObject({ status: 206, bytes: 10, range: `bytes 10-19/${whole.bytes}` })
        const blocked = await request(foreign.crossSite, url!, {})
        expect(blocked).toEqual({ failed: true })
        for (const attribute of ['', 'crossorigin']) {
          const duration = await listed.evaluate<number, string>(
            (html) =>
              new Promise((resolve, reject) => {
                document.body.innerHTML = html
                const player = document.querySelector('audio')!
                player.onloadedmetadata = () => resolve(player.duration)
                player.onerror = () => reject(new Error(player.error?.message))
              }),
            `<audio preload="metadata" ${attribute} src="${url}"></audio>`,
          )
          expect(duration).toBeGreaterThan(0)
        }
      })
    })

    const FORM = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } } as const

    describe.each(['sameSite', 'crossSite'] as const)('that is not listed (%s),', (site) => {
      test.each<readonly [string, () => readonly [string, Asked]]>([
        ['JSON with a credential: the preflight is refused', () => [graphql(open), JSON_POST]],
        ['JSON with cookies', () => [graphql(open), { ...JSON_POST, credentials: 'include' }]],
        ['text/plain', () => [graphql(open), { method: 'POST', body: JSON.stringify({ query: QUERY }) }]],
        ['a form', () => [graphql(open), { ...FORM, body: new URLSearchParams({ query: QUERY }).toString() }]],
        ['GET', () => [asGet(open), {}]],
        ['GET with cookies', () => [asGet(open), { credentials: 'include' }]],
        ['GET with a credential', () => [asGet(open), AUTHORIZED]],
      ])('reads nothing and executes nothing by %s', async (_how, asked) => {
        const [url, init] = asked()
        expect(await request(foreign[site], url, init)).toEqual({ failed: true })
        expect(open.requests()).toEqual([])
      })

      test('executes nothing by a request whose answer it does not ask for', async () => {
        for (const [url, init] of [
          [graphql(open), { method: 'POST', body: JSON.stringify({ query: QUERY }) }],
          [asGet(open), {}],
        ] as const) {
          const seen = await request(foreign[site], url, { ...init, mode: 'no-cors', credentials: 'include' })
          expect(seen).toMatchObject({ type: 'opaque', status: 0, bytes: 0 })
        }
        expect(open.requests()).toEqual([])
      })

      test('executes nothing by a form', async () => {
        for (const [type, name, value] of [
          ['application/x-www-form-urlencoded', 'query', QUERY],
          ['multipart/form-data', 'query', QUERY],
          ['text/plain', '{"query":"{ accounts { nodes { profile { plan } } } }","x":"', '"}'],
        ] as const) {
          const page = await visit(foreign[site].url())
          const [response] = await Promise.all([
            page.waitForResponse((response) => response.url() === graphql(open)),
            page.evaluate(
              ([action, type, name, value]) => {
                const form = document.createElement('form')
                const input = document.createElement('input')
                Object.assign(form, { action, method: 'POST', enctype: type })
                Object.assign(input, { name, value })
                form.append(input)
                document.body.append(form)
                form.submit()
              },
              [graphql(open), type, name, value] as const,
            ),
          ])
          expect(response.status()).toBe(403)
          await page.context().close()
        }
        expect(open.requests()).toEqual([])
      })

      test('opens no WebSocket', async () => {
        const opened = await foreign[site].evaluate<string, string>(
          (url) =>
            new Promise((resolve) => {
              const socket = new WebSocket(url, 'graphql-transport-ws')
              socket.onopen = () => resolve('open')
              socket.onclose = () => resolve('closed')
            }),
          graphql(open).replace('http:', 'ws:'),
        )
        expect(opened).toBe('closed')
      })
    })

    test('in a sandboxed frame, whose origin is null, is refused even inside a listed one', async () => {
      const frame = `<script>
        const told = (text) => parent.postMessage(text, '*')
        fetch(${JSON.stringify(graphql(open))}, ${JSON.stringify(JSON_POST)})
          .then((response) => told('read ' + response.status), () => told('failed'))
      </script>`
      const heard = await listed.evaluate<string, string>(
        (html) =>
          new Promise((resolve) => {
            addEventListener('message', ({ data }) => resolve(String(data)), { once: true })
            const frame = document.createElement('iframe')
            frame.setAttribute('sandbox', 'allow-scripts')
            frame.srcdoc = html
            document.body.append(frame)
          }),
        frame,
      )
      expect(heard).toBe('failed')
      expect(open.requests()).toEqual([])
    })
  },
)
