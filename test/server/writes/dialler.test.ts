import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser, type Page } from 'playwright-core'

import { globalId } from '../../../src/model/id.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { pageExamples } from '../../support/page-examples.js'
import { followCalls } from '../live/followed-calls.js'
import { executablePath } from '../../support/chromium.js'

const suite = executablePath ? describe : describe.skip
suite(
  executablePath ? 'the dialler of the docs' : 'the dialler of the docs (skipped: there is no Chromium here)',
  () => {
    let pages: Server
    let calls: Awaited<ReturnType<typeof followCalls>>
    let ipex: IpexEmulator
    let browser: Browser
    let page: Page
    const errors: string[] = []

    beforeAll(async () => {
      const example = pageExamples('writing.md').example('dialler.html')
      pages = createServer((_request, response) => {
        const here = example
          .replace('http://127.0.0.1:4000', calls.server.url)
          .replace('RTpwcmFndWU6OTMwMQ', globalId('Extension', 'izmir', '9301'))
        response.setHeader('content-type', 'text/html').end(here)
      })
      await once(pages.listen(0, '127.0.0.1'), 'listening')
      const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
      calls = await followCalls({ provider: 'ipex', live: { pollSeconds: 1 }, origins: [origin] })
      ipex = calls.sandbox.emulators.get('ipex') as IpexEmulator
      browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
      page = await browser.newPage()
      page.on('pageerror', (error) => errors.push(String(error)))
      await page.goto(origin)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await calls?.close()
      pages?.close()
    })

    const shows = (state: string) =>
      page.waitForFunction((wanted) => document.querySelector('output')!.value === wanted, state)
    const placed = () => ipex.journal.apiRequests.filter(({ method }) => method === 'POST')

    test('places a call from its line, and shows what becomes of it', async () => {
      await page.getByRole('button').click()
      await shows('RINGING')
      expect(placed().map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
        ['/ipbxapi/calls', { to: '420222333444', fromUser: { identityType: 'line', identityValue: '0101' } }],
      ])
      const [call] = ipex.live.calls
      await call!.ring()
      await call!.answer()
      await shows('ANSWERED')
      await call!.hangUp()
      await shows('ENDED')
      expect(errors).toEqual([])
    }, 30_000)

    test('calls once, however often somebody presses over a line that loses the answer', async () => {
      ipex.journal.clear()
      await page.route(
        `${calls.server.url}/graphql`,
        async (route) => {
          await route.fetch()
          await route.abort()
        },
        { times: 1 },
      )
      const lost = page.waitForEvent('pageerror')
      await page.getByRole('button').click()
      expect(String(await lost)).toMatch(/fetch/)
      await page.getByRole('button').click()
      await shows('RINGING')
      expect(placed()).toHaveLength(1)
      errors.length = 0
      for (const call of ipex.live.calls) if (!call.isOver) await call.hangUp()
      await shows('ENDED')
    }, 30_000)

    test('calls when somebody presses again after the provider took no more for a while', async () => {
      ipex.faults.next({ method: 'POST', path: /\/calls$/, status: 429, headers: { 'retry-after': '1' } })
      await page.getByRole('button').click()
      await page.waitForFunction(() => /Try again later/.test(document.querySelector('output')!.value))
      await page.getByRole('button').click()
      await shows('RINGING')
      for (const call of ipex.live.calls) if (!call.isOver) await call.hangUp()
      await shows('ENDED')
    }, 30_000)

    test('says what is wrong with a number, and calls nobody', async () => {
      ipex.journal.clear()
      await page.locator('input').fill('+0')
      await page.getByRole('button').click()
      await page.waitForFunction(() => /number/i.test(document.querySelector('output')!.value))
      expect(placed()).toEqual([])
      expect(errors).toEqual([])
    }, 30_000)
  },
)
