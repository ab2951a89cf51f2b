import { afterEach, describe, expect, test } from '@jest/globals'

import type { Group } from '../../../src/model/group.js'
import type { PostacellEmulator } from '../../../src/providers/postacell/emulator/emulator.js'
import { postacell } from '../../../src/providers/postacell/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createWorld, operation, type World, type WorldOptions } from '../../support/world.js'

let world: World<PostacellEmulator>
afterEach(() => world.close())

async function start(options: WorldOptions = {}): Promise<void> {
  world = await createWorld<PostacellEmulator>(postacell, options)
}

const source = (account = 'login') => world.account(account).source(operation())

async function lists(account = 'login', search: string | null = null): Promise<Group[]> {
  const groups: Group[] = []
  for await (const page of source(account).groups!.pages({ search })) groups.push(...page.items)
  return groups
}

const asked = () =>
  world.emulator.journal.apiRequests.map(
    ({ path, query }) => `${path}?${new URLSearchParams(query as Record<string, string>)}`,
  )
const logins = () => world.emulator.journal.tokenRequests.map(({ path }) => path)

describe('The source of a Postacell account', () => {
  test('reads the contact lists page by page to their end', async () => {
    await start({ knobs: { pageSize: 2 } })
    const pages: (number | null)[] = []
    let read = 0
    for await (const page of source().groups!.pages({})) {
      pages.push(page.totalCount)
      read += page.items.length
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(new Set(pages)).toEqual(new Set([read]))
    expect(asked()).toEqual(
      pages.map(
        (_, index) => `/api/v1/email/list-filter/?ordering=create_date${index > 0 ? `&page=${index + 1}` : ''}`,
      ),
    )
  })

  test('stops where somebody stops reading', async () => {
    await start({ knobs: { pageSize: 2 } })
    for await (const _ of source().groups!.pages({})) break
    expect(asked()).toHaveLength(1)
  })

  test.each([
    { strayNext: true },
    { strayNext: true, pageSize: 2 },
    { linkOrigin: 'http://inner.example:8000', pageSize: 2 },
  ])('is not led astray by the links of %j', async (knobs) => {
    await start()
    const expected = (await lists()).map(({ providerResourceId }) => providerResourceId)
    await world.close()
    await start({ knobs })
    expect((await lists()).map(({ providerResourceId }) => providerResourceId)).toEqual(expected)
  })

  test('takes a 404 after the first page for the end, and on the first page for a failure', async () => {
    await start({ knobs: { pageSize: 2 } })
    world.emulator.faults.next({
      path: /list-filter/,
      status: 200,
      body: JSON.stringify({
        count: 9,
        next: `${world.emulator.url}/?page=2`,
        previous: null,
        results: [{ id: 'a'.repeat(24) }],
      }),
    })
    world.emulator.faults.next({ path: /list-filter/, status: 404, body: '{"detail":"Invalid page."}' })
    expect(await lists()).toHaveLength(1)
    world.emulator.faults.next({ path: /list-filter/, status: 404, body: '{"detail":"Not found."}' })
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', reason: 'NOT_FOUND' })
  })

  // A proxy's page during a deployment (HubSpot/Singularity #85: pages in place of the API's word).
  test('takes no page of HTML with 404 for the end', async () => {
    await start({ knobs: { pageSize: 2 } })
    world.emulator.faults.next({
      path: /list-filter/,
      when: ({ query }) => query.has('page'),
      status: 404,
      body: '<html>',
    })
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', reason: 'HTTP_404' })
    expect((await lists()).length).toBeGreaterThan(2)
  })

  test('does not turn in circles', async () => {
    await start()
    const page = { count: 9, next: `${world.emulator.url}/?page=2`, previous: null, results: [{ id: 'a'.repeat(24) }] }
    world.emulator.faults.next({ path: /list-filter/, status: 200, times: 9, body: JSON.stringify(page) })
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'PAGINATION_LOOP' })
    expect(asked().length).toBeLessThan(4)
  })

  const answerPage = (ids: readonly string[], total: number, next: number | null) =>
    world.emulator.faults.next({
      path: /list-filter/,
      status: 200,
      body: JSON.stringify({
        count: total,
        next: next && `${world.emulator.url}/?page=${next}`,
        previous: null,
        results: ids.map((id) => ({ id: id.repeat(24), title: id, valid: 1, create_date: '2026-01-01T00:00:00Z' })),
      }),
    })

  test('misses none where lists are deleted while they are read', async () => {
    await start()
    answerPage(['a', 'b'], 5, 2)
    // `a` is gone, and `c` has moved to the page before.
    answerPage(['d', 'e'], 4, null)
    answerPage(['b', 'c'], 4, 2)
    expect((await lists()).map(({ name }) => name)).toEqual(['a', 'b', 'd', 'e', 'c'])
  })

  test.each([
    // Of the rest (supabase/pg_graphql #111), of one page (coleifer/peewee #346), and none though there are rows.
    [
      [5, 3, 1],
      [5, null, null],
    ],
    [
      [5, 2, 1],
      [5, null, null],
    ],
    [
      [0, 0, 0],
      [null, null, null],
    ],
    [
      [2, 2, 2],
      [null, null, null],
    ],
  ])('reads on where the totals of the pages are %j', async (totals, announced) => {
    await start()
    answerPage(['a', 'b'], totals[0]!, 2)
    answerPage(['c', 'd'], totals[1]!, 3)
    // Lists may have been deleted: the page before is looked at again.
    if (totals[1]! < totals[0]!) answerPage(['a', 'b'], totals[0]!, 2)
    answerPage(['e'], totals[2]!, null)
    if (totals[2]! < totals[1]!) answerPage(['c', 'd'], totals[1]!, 3)
    const names: (string | null)[] = []
    const counts: (number | null)[] = []
    for await (const { items, totalCount } of source().groups!.pages({})) {
      names.push(...items.map(({ name }) => name))
      if (items.length > 0) counts.push(totalCount)
    }
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(counts).toEqual(announced)
  })

  test('goes on after a page with nothing on it, and past one with fewer rows than asked', async () => {
    await start()
    answerPage(['a', 'b'], 5, 2)
    answerPage([], 5, 3)
    answerPage(['c'], 5, 4)
    answerPage(['d', 'e'], 5, null)
    expect((await lists()).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('comes to an end where there is none', async () => {
    await start({ limits: { providerRequestsPerOperation: 10_000 } })
    for (let page = 1; page <= 300; page += 1) answerPage([`${page}-`], 100_000, page + 1)
    const found: unknown[] = []
    const all = (async () => {
      for await (const { items } of source().groups!.pages({})) found.push(...items)
    })()
    await expect(all).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'TOO_MANY_PAGES' })
    expect(found).toHaveLength(200)
  })

  test('leaves out a row of the wrong shape alone, and says so', async () => {
    await start()
    world.emulator.faults.next({
      path: /list-filter/,
      status: 200,
      body: JSON.stringify({
        count: 3,
        next: null,
        previous: null,
        results: [{ id: 'a'.repeat(24) }, null, { title: 'x' }],
      }),
    })
    for await (const page of source().groups!.pages({}))
      expect(page).toMatchObject({ totalCount: 1, unreadable: 2, items: [{ providerResourceId: 'a'.repeat(24) }] })
    world.emulator.faults.next({ path: /list-filter/, status: 200, body: '[]' })
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'WRONG_SHAPE' })
  })

  test('leaves a search to the provider', async () => {
    await start()
    const [first] = await lists()
    const part = first!.name!.slice(0, 4)
    world.emulator.journal.clear()
    expect((await lists('login', part)).map(({ id }) => id)).toContain(first!.id)
    expect(world.emulator.journal.apiRequests[0]?.query).toMatchObject({ title: part })
    expect(source().groups!.pushdown).toEqual(['search'])
  })

  test('has no telephony, and asks nobody about it', async () => {
    await start()
    const { dids, extensions, callRecords } = source()
    expect([dids, extensions, callRecords]).toEqual([undefined, undefined, undefined])
    const unsupported = postacell.capabilities.filter(({ support }) => support === 'UNSUPPORTED')
    expect(new Set(unsupported.map(({ resource }) => resource))).toEqual(
      new Set(['GROUP', 'DID', 'EXTENSION', 'CALL_RECORD', 'RECORDING', 'LIVE_CALL']),
    )
    expect(unsupported.every(({ reason }) => reason)).toBe(true)
  })

  test('shows the login as the profile, after trying it', async () => {
    await start()
    expect(await source('email').profile()).toMatchObject({ email: expect.stringContaining('@'), messageCredits: null })
    expect(source('email').profileDetail).toBeUndefined()
    expect(asked()).toEqual([])
    expect(logins()).toEqual(['/api/token'])
    world.emulator.changePassword('login', 'another')
    await expect(source('login').profile()).rejects.toMatchObject({
      code: 'REAUTHORIZATION_REQUIRED',
      reason: 'CREDENTIALS_REJECTED',
    })
  })

  test('asks the gateway for message credits without the token of the account', async () => {
    await start()
    const from = source('gateway')
    expect((await from.profile()).messageCredits).toBeUndefined()
    expect(await from.profileDetail!()).toEqual({ messageCredits: expect.any(Number) })
    const [request] = world.emulator.journal.apiRequests
    expect(request).toMatchObject({ method: 'POST', path: '/gateway/v1/json/reply/GetBalance' })
    expect(request!.headers['authorization']).toBeUndefined()
  })

  test('believes the gateway only when its status is one that means success', async () => {
    await start({ knobs: { gatewaySuccessCode: 99 } })
    const error = await source('gateway').profileDetail!().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'PROVIDER_REJECTED', reason: 'GATEWAY_STATUS' })
    for (const secret of world.emulator.secrets()) expect(String((error as Error).message)).not.toContain(secret)
  })

  test.each([
    {},
    { authFailureStatus: 403 },
    { simpleJwt: '5.5', userId: 'string' },
    { rotateRefresh: true, blacklistAfterRotation: true },
  ])('refreshes a token that has run out once, and logs in again after a day, with %j', async (knobs) => {
    await start({ knobs })
    await lists()
    world.emulator.expireAccessTokens()
    expect((await lists()).length).toBeGreaterThan(0)
    expect(logins()).toEqual(['/api/token', '/api/token/refresh'])
    world.clock.advance(6 * 60)
    await lists()
    expect(logins().at(-1)).toBe('/api/token/refresh')
    world.clock.advance(25 * 60 * 60)
    await lists()
    expect(logins().at(-1)).toBe('/api/token')
    expect(logins()).toHaveLength(4)
  })

  test('does not refresh again and again for a user that is gone', async () => {
    await start()
    await lists()
    world.emulator.deleteUser('login')
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_FORBIDDEN' })
    await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_FORBIDDEN' })
    // One login, as the user may have been made anew; then none for hours.
    expect(logins()).toEqual(['/api/token', '/api/token'])
  })

  test.each([
    ['locked', 'deactivate', 'USER_INACTIVE', {}],
    ['locked, behind a class without a challenge', 'deactivate', 'USER_INACTIVE', { authFailureStatus: 403 }],
    ['gone', 'deleteUser', 'USER_NOT_FOUND', {}],
  ] as const)('says when its user is %s, and logs in for it a few times a day', async (_, happens, reason, knobs) => {
    await start({ knobs })
    await lists()
    world.emulator[happens]('login')
    const lastError = { code: 'PROVIDER_FORBIDDEN', reason }
    for (let quarter = 0; quarter < 24 * 4; quarter += 1) {
      await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_FORBIDDEN' })
      expect(await world.account('login').authorization()).toMatchObject({ status: 'BACKOFF', lastError })
      world.clock.advance(15 * 60)
    }
    expect(logins().filter((path) => path === '/api/token').length).toBeLessThanOrEqual(1 + 5)
  })

  test.each([0, 10 * 60, 5 * 3_600])(
    'works again with the next read once its user is back after %i s',
    async (seconds) => {
      await start()
      await lists()
      world.emulator.deactivate('login')
      await expect(lists()).rejects.toMatchObject({ code: 'PROVIDER_FORBIDDEN' })
      world.clock.advance(seconds)
      world.emulator.activate('login')
      await lists()
      await new Promise((resolve) => setImmediate(resolve))
      expect(await world.account('login').authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
    },
  )

  test.each(['5.2', '5.5'] as const)(
    'believes the end of a token, not the time of the login that its refreshes repeat (SimpleJWT %s)',
    async (simpleJwt) => {
      await start({ knobs: { simpleJwt, issuedAt: 'login', accessTokenSeconds: 35 } })
      await lists()
      for (let turn = 0; turn < 100; turn += 1) {
        world.clock.advance(31)
        await lists()
        while (world.events.length < world.emulator.journal.tokenRequests.length)
          await new Promise((resolve) => setImmediate(resolve))
      }
      expect(world.emulator.journal.apiRequests.every(({ status }) => status === 200)).toBe(true)
      const { expiresAt } = await world.account('login').authorization()
      expect(Date.parse(expiresAt!) - world.clock.now()).toBeLessThanOrEqual(35_000)
    },
  )

  test('never follows a redirect of the login, but can be told the exact path', async () => {
    await start({ knobs: { strictSlash: true } })
    await expect(source().profile()).rejects.toMatchObject({ code: 'PROVIDER_MISCONFIGURED' })
    const exact = { ...world.emulator.accounts.login, options: { tokenPath: 'token/', refreshPath: 'token/refresh/' } }
    const [account] = checkConfig({ accounts: [{ id: 'exact', ...exact }] }, [postacell]).accounts
    expect(postacell.connect(account!.settings, account!.facts).origins).toHaveLength(1)
  })
})
