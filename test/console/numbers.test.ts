import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page, Request, Route } from 'playwright-core'

import { NOW, startHarness, type Harness } from '../sandbox/harness.js'
import { lacking, startBrowser, type Visitor } from './browser.js'

const MINUTE = 60_000

interface List {
  readonly sources: { state: string }[]
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null }
  edges: { readonly cursor: string; readonly node: { readonly id: string } }[]
}

const suite = lacking ? describe.skip : describe
suite(lacking ? `the numbers of the console (skipped: ${lacking})` : 'the numbers of the console', () => {
  let harness: Harness
  let browser: Visitor
  let page: Page
  beforeAll(async () => {
    harness = await startHarness({ limits: { attempts: 1, breakerFailures: 1_000, cacheBytes: 32 * 1024 * 1024 } })
    browser = await startBrowser(() => harness.url)
    page = await browser.visit('/console/numbers', { at: NOW })
  }, MINUTE)
  afterEach(async () => {
    harness.clear()
    await page.unroute('**/graphql')
  })
  afterAll(async () => {
    await browser?.close()
    await harness?.close()
  })

  const section = (name: string) => page.getByRole('region', { name, exact: true })
  const entries = (name: string) => section(name).locator('.entry')
  /** The view as somebody meets it who opens it now. */
  const open = async (path = '') => {
    await page.goto(`${harness.url}/console/numbers${path}`)
    await entries('Extensions').first().waitFor()
  }
  /** From now on lists come in pages of so many, each of which passes here. */
  const turnPages = (size: number, pass: (route: Route, body: string, variables: Variables) => Promise<void>) =>
    page.route('**/graphql', (route, request) => {
      const { variables, body } = asked(request)
      return pass(route, body.replaceAll('first: 100', `first: ${size}`), variables)
    })

  test('cost each list of each phone system once at the first look, and nothing while they are looked at', async () => {
    for (const name of ['Numbers', 'Groups', 'Extensions']) await entries(name).first().waitFor()
    expect(harness.requests()).toEqual([
      ...['bulutfon GET /dids', 'bulutfon GET /extensions', 'bulutfon GET /groups'],
      // Bulutfon tells the number of a group only beside the group itself.
      ...['bulutfon GET /groups/7', 'bulutfon GET /groups/8', 'bulutfon GET /groups/9'],
      'freepbx GET /admin/api/api/rest/queues/',
      'freepbx GET /admin/api/api/rest/queues/members',
      ...['allCoreUsers', 'allInboundRoutes', 'fetchAllRingGroups'].map(
        (question) => `freepbx POST /admin/api/api/gql ${question}`,
      ),
      ...['calls/transfer/destinations', 'members', 'numbers', 'pbx/users'].map((path) => `ipex GET /ipbxapi/${path}`),
      'postacell GET /api/v1/email/list-filter/?ordering=create_date',
    ])
    harness.clear()
    // Nothing that was answered is fresh any more.
    harness.advance(60 * 60)
    await page.clock.runFor(MINUTE)
    expect(harness.requests()).toEqual([])
  })

  test('name the zone of business hours as people call it', async () => {
    for (const entry of (await entries('Numbers').all()).slice(0, 4)) await entry.getByRole('button').click()
    await section('Numbers').locator('.hours').first().waitFor()
    expect(await section('Numbers').locator('.hours').first().locator('li').last().innerText()).toBe('Türkiye Time')
  })

  test('stay when a later page fails, and the rest comes when it is asked for again', async () => {
    let isAway = true
    await turnPages(5, (route, postData, { after }) => (after && isAway ? route.abort() : route.continue({ postData })))
    await open()
    const failed = section('Extensions').getByRole('alert')
    await failed.getByText('The rest of the list could not be loaded.').waitFor()
    expect(await failed.innerText()).toContain('The server cannot be reached.')
    expect(await entries('Extensions').count()).toBe(5)
    isAway = false
    await failed.getByRole('button', { name: 'Try again' }).click()
    const { extensions } = await harness.data<{ readonly extensions: { readonly totalCount: number } }>(
      '{ extensions(first: 1) { totalCount } }',
    )
    await section('Extensions').locator('.section-head').getByText(String(extensions.totalCount)).waitFor()
    expect(await entries('Extensions').count()).toBe(extensions.totalCount)
    expect(await failed.count()).toBe(0)
  })

  test('lack what the first page lacked when the next has come', async () => {
    // Longer than this server remembers anything.
    harness.advance(7 * 86_400)
    harness.emulators.bulutfon.faults.next({ path: /^\/(extensions|groups)/, status: 500, times: Infinity })
    const first = page.waitForResponse((response) => asked(response.request()).operationName === 'ConsoleDids')
    await turnPages(5, async (route, postData, { after }) => {
      if (after) {
        await first
        harness.emulators.bulutfon.faults.clear()
      }
      await route.continue({ postData })
    })
    await open()
    for (const name of ['Numbers', 'Extensions']) await entries(name).nth(10).waitFor()
    // Its groups are where some of its numbers lead.
    const failed = section('Numbers').getByRole('alert')
    expect(await failed.innerText()).toContain('Not everything about the list could be loaded.')
    const partial = section('Extensions').getByRole('status')
    expect(await partial.innerText()).toContain('Ege Yelken İzmir: The phone system cannot be reached')
    await failed.getByRole('button', { name: 'Try again' }).click()
    await failed.waitFor({ state: 'detached' })
    await partial.getByRole('button', { name: 'Try again' }).click()
    await partial.waitFor({ state: 'detached' })
    await entries('Extensions').filter({ hasText: 'İzmir' }).first().waitFor()
  })

  test('are those that the server remembers while a phone system is away', async () => {
    harness.advance(30 * 60)
    harness.emulators.bulutfon.faults.next({ path: /^\/extensions/, status: 500, times: Infinity })
    await open()
    await section('Extensions').getByText('As this server remembers them').waitFor()
    expect(await section('Extensions').locator('.section-note').innerText()).toMatch(/: Ege Yelken İzmir\.$/)
  })

  test('are counted as the language writes counts, and are said to be cut where there are too many', async () => {
    await page.route('**/graphql', async (route, request) => {
      if (asked(request).operationName !== 'ConsoleExtensions') return route.fallback()
      const response = await route.fetch()
      const answer = (await response.json()) as { readonly data: { readonly extensions: List } }
      const { extensions: list } = answer.data
      const [first] = list.edges
      list.edges = Array.from({ length: 2_000 }, (_, at) => ({
        cursor: String(at),
        node: { ...first!.node, id: `${first!.node.id}${at}` },
      }))
      list.pageInfo.hasNextPage = true
      await route.fulfill({ response, json: answer })
    })
    await page.goto(`${harness.url}/console/numbers?search=no%20such%20name`)
    await section('Extensions').getByText('Only the first 2,000 are listed and searched.').waitFor()
    expect(await section('Extensions').locator('.section-head .muted').innerText()).toBe('0 of 2,000')
  })

  test('of an account that there is not are not looked for, and of one without any there is nothing', async () => {
    await page.goto(`${harness.url}/console/numbers?account=izmit`)
    await page.getByText('There is no account “izmit”').waitFor()
    await page.getByRole('button', { name: 'Show all accounts' }).click()
    await entries('Numbers').first().waitFor()
    await page.goto(`${harness.url}/console/numbers?account=mailings`)
    await section('Extensions').getByText('Nothing is listed here').waitFor()
  })

  test('give the browser nothing to complain of', () => {
    expect(browser.complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
  })
})

type Variables = Readonly<Record<string, unknown>>

/** What a request asks the graph for, and as it was written. */
const asked = (request: Request) => {
  const body = request.postData() ?? '{}'
  const { variables, operationName } = JSON.parse(body) as { variables: Variables; operationName: string }
  return { variables, operationName, body }
}
