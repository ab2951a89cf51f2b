import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chromium, type Browser } from 'playwright-core'

import { pageExamples } from '../../support/page-examples.js'
import { followCalls } from './followed-calls.js'
import { executablePath } from '../../support/chromium.js'

const suite = executablePath ? describe : describe.skip
suite(
  executablePath ? 'the wallboard of the docs' : 'the wallboard of the docs (skipped: there is no Chromium here)',
  () => {
    let pages: Server
    let calls: Awaited<ReturnType<typeof followCalls>>
    let browser: Browser
    let origin: string

    beforeAll(async () => {
      const page = pageExamples('live.md').example('wallboard.html')
      pages = createServer((_request, response) => {
        const here = page.replace('http://127.0.0.1:4000', calls.server.url)
        response.setHeader('content-type', 'text/html').end(here)
      })
      await once(pages.listen(0, '127.0.0.1'), 'listening')
      origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
      calls = await followCalls({ origins: [origin] })
      browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await calls?.close()
      pages?.close()
    })

    test('shows the calls of now, and follows what happens to them', async () => {
      const url = calls.server.webhookUrl('izmir')!
      const post = (event_type: string, uuid: string, more: object = {}) =>
        calls.deliver(url, {
          ...{ event_type, uuid, caller: '905321112233', callee: '902320000041', direction: 'IN' },
          ...{ timestamp: Date.now() * 1000, ...more },
        })
      const [first, second] = ['11111111-2222-4333-8444-555555555501', '11111111-2222-4333-8444-555555555502']
      await post('call_init', first!)
      const page = await browser.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(String(error)))
      await page.goto(origin)
      const states = async (...expected: string[]) =>
        page.waitForFunction(
          (wanted) =>
            JSON.stringify([...document.querySelectorAll('#board tr')].map((row) => row.firstChild?.textContent)) ===
            JSON.stringify(wanted),
          expected,
        )
      await states('RINGING')
      await post('call_init', second!)
      await states('RINGING', 'RINGING')
      await post('call_init_group', first!, { destination: 101 })
      await states('QUEUED', 'RINGING')
      await post('call_hangup', first!, { talk_duration: 0, result_disposition: '' })
      await states('RINGING')
      expect(errors).toEqual([])
    })
  },
)
