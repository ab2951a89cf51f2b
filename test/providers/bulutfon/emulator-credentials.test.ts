import { request } from 'node:http'

import { describe, expect, test } from '@jest/globals'

import { story, bulutfon, start, master, get, read, refresh, firstToken, type Json } from './emulated.js'

describe('credentials', () => {
  test('a token rides as a parameter of query, form or JSON body; a Bearer header counts for nothing', async () => {
    await start()
    const { access_token } = await firstToken()
    expect((await get('/me', { access_token })).status).toBe(200)
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${bulutfon.url}/call_and_bridge`, { method: 'POST', headers, body })
    const inForm = await post({ 'content-type': 'application/x-www-form-urlencoded' }, `access_token=${access_token}`)
    const inJson = await post({ 'content-type': 'application/json' }, JSON.stringify({ access_token }))
    expect([inForm.status, inJson.status]).toEqual([422, 422])
    const bearer = await get('/me', {}, { headers: { authorization: `Bearer ${access_token}` } })
    expect(bearer.status).toBe(401)
    expect(await bearer.json()).toEqual({ error: 'Unauthorized' })
  })

  test('unknown and missing credentials are refused everywhere', async () => {
    await start()
    const uuid = story.calls[0] && bulutfon.addCall().uuid
    for (const path of [
      '/me',
      '/dids',
      '/dids/41',
      '/extensions',
      '/groups',
      '/cdrs',
      `/cdrs/${uuid}`,
      `/call-records/${uuid}`,
    ]) {
      for (const credential of [
        {},
        { access_token: 'f'.repeat(64) },
        { email: 'santral@egeyelken.example', password: 'wrong' },
      ]) {
        const answer = await get(path, credential as Record<string, string>)
        expect([path, answer.status, await answer.json()]).toEqual([path, 401, { error: 'Unauthorized' }])
      }
    }
  })

  test('e-mail and password on each call; the neighbour has the same e-mail and another password', async () => {
    await start()
    const [ours, theirs] = [bulutfon.accounts.password.auth, bulutfon.accounts.otherPassword.auth].map(
      ({ email, password }) => ({ email: String(email), password: String(password) }),
    )
    expect(ours?.email).toBe(theirs?.email)
    expect((await read('/me', ours))['pbx']['name']).toBe('egeyelken')
    expect((await read('/me', theirs))['pbx']['name']).toBe('mavideniz')
    expect(bulutfon.journal.apiRequests.map(({ account }) => account)).toEqual(['company', 'other'])
    bulutfon.changePassword('new')
    expect((await get('/me', ours)).status).toBe(401)
    expect((await get('/me', theirs)).status).toBe(200)
  })

  test('tokens open their own PBX and no other, and the journal knows whose they were', async () => {
    await start()
    const [ours, theirs] = [bulutfon.grant('company'), bulutfon.grant('other')]
    const numbers = async (access_token: string) =>
      (await read('/dids', { access_token }))['dids'].map(({ number }: Json) => number)
    const [here, there] = [await numbers(ours.accessToken), await numbers(theirs.accessToken)]
    expect(here.filter((number: string) => there.includes(number))).toEqual([])
    bulutfon.revokeAccessTokens('other')
    await numbers(ours.accessToken)
    await read('/dids', { access_token: theirs.accessToken })
    expect(bulutfon.journal.apiRequests.map(({ account }) => account)).toEqual(['company', 'other', 'company', null])
  })

  test('the master token does not run out, until another is made in the panel', async () => {
    await start()
    bulutfon.clock.advance(400 * 24 * 60 * 60 * 1000)
    expect((await get('/me')).status).toBe(200)
    bulutfon.changeMasterToken('another')
    expect((await get('/me')).status).toBe(401)
    expect((await get('/me', { access_token: 'another' })).status).toBe(200)
  })

  test.each([
    [401, 401, 'Unauthorized'],
    [400, 400, 'Bad Request'],
    [403, 403, 'Forbidden'],
    [200, 200, 'OK'],
    ['reason-phrase', 401, 'Token expired'],
  ] as const)(
    'an expired token is told so by its body, byte for byte, with %s',
    async (expiredStatus, status, statusText) => {
      await start({ expiredStatus })
      const { access_token } = await firstToken()
      bulutfon.clock.advance(7_200_000)
      expect((await get('/me', { access_token })).status).toBe(200)
      bulutfon.clock.advance(1)
      for (const path of ['/me', '/cdrs', `/call-records/${bulutfon.addCall({ recording: 'yes' }).uuid}`]) {
        const answer = await get(path, { access_token })
        expect([answer.status, answer.statusText, await answer.text()]).toEqual([
          status,
          statusText,
          '{"error": "Token expired"}',
        ])
        expect(answer.headers.get('content-type')).toMatch(/json/)
      }
      expect(bulutfon.journal.apiRequests.at(-1)?.account).toBeNull()
    },
  )

  test('tokens can be expired without moving the clock', async () => {
    await start()
    const token = await firstToken()
    bulutfon.expireAccessTokens()
    expect(await read('/me', { access_token: token['access_token'] })).toEqual({ error: 'Token expired' })
    expect((await refresh(token['refresh_token'])).status).toBe(200)
  })

  test('token-info tells how long a token lives, needs nothing else, and knows no dead ones', async () => {
    await start()
    const token = await firstToken()
    bulutfon.clock.advance(1_888_000)
    const info = (of: string) => get(`/token-info/${of}`, { access_token: '' })
    expect(await (await info(token['access_token'])).json()).toEqual({
      token: token['access_token'],
      expired: false,
      expires_in: 5312,
    })
    bulutfon.clock.advance(7_200_000)
    expect(await (await info(token['access_token'])).json()).toEqual({
      token: token['access_token'],
      expired: true,
      expires_in: 0,
    })
    expect(await (await info(master())).json()).toEqual({ token: master(), expired: false })
    expect((await info('unknown')).status).toBe(404)
  })
})

describe('paths', () => {
  test.each([
    '/me',
    '/me.json',
    '/me/',
    '/dids.json',
    '/dids/',
    '/extensions/',
    '/groups.json',
    '/cdrs.json',
    '/cdrs/',
  ])('%s is served', async (path) => {
    await start()
    expect((await get(path)).status).toBe(200)
  })

  test('details take .json and a slash too; unknown ids and paths are 404', async () => {
    await start()
    const { uuid } = bulutfon.addCall()
    for (const path of [`/cdrs/${uuid}`, '/dids/41', '/extensions/301', '/groups/7']) {
      expect((await get(`${path}.json`)).status).toBe(200)
      expect((await get(`${path}/`)).status).toBe(200)
    }
    for (const path of [
      '/cdrs/no-such',
      '/dids/1',
      '/extensions/1',
      '/groups/1',
      '/nothing',
      '/v2/cdr',
      '/dids/%E0%A4%A',
    ]) {
      const answer = await get(path)
      expect([path, answer.status, await answer.json()]).toEqual([path, 404, { error: 'Not found' }])
    }
  })
})

describe('limits', () => {
  test('so many requests a window and account, on the clock of the emulator, with Retry-After in seconds', async () => {
    await start({ rateLimit: { requests: 3, windowSeconds: 60, retryAfter: 'seconds' } })
    for (let request = 0; request < 3; request += 1) expect((await get('/me')).status).toBe(200)
    bulutfon.clock.advance(15_000)
    const answer = await get('/me')
    expect([answer.status, await answer.json()]).toEqual([429, { error: 'Too many requests' }])
    expect(answer.headers.get('retry-after')).toBe('45')
    const { accessToken } = bulutfon.grant('other')
    expect((await get('/me', { access_token: accessToken })).status).toBe(200)
    bulutfon.clock.advance(45_000)
    expect((await get('/me')).status).toBe(200)
  })

  test('Retry-After as a date, or not at all', async () => {
    await start({ rateLimit: { requests: 0, windowSeconds: 60, retryAfter: 'date' } })
    expect((await get('/me')).headers.get('retry-after')).toBe('Tue, 17 Mar 2026 15:31:00 GMT')
    await bulutfon.close()
    await start({ rateLimit: { requests: 0, windowSeconds: 60, retryAfter: 'none' } })
    const answer = await get('/me')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, null])
  })

  test('a request without a User-Agent is refused where that is asked for', async () => {
    const status = async (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const url = `${bulutfon.url}/me?access_token=${master()}`
        request(url, { headers }, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end()
      })
    await start()
    expect(await status({})).toBe(200)
    await bulutfon.close()
    await start({ requireUserAgent: true })
    expect(await status({})).toBe(400)
    expect(await status({ 'user-agent': 'dialgraph' })).toBe(200)
  })

  test('bursts of 5xx and slow answers come from the faults every emulator has', async () => {
    await start()
    bulutfon.faults.next({ path: /^\/dids/, status: 503, times: 2 })
    expect([(await get('/dids')).status, (await get('/groups')).status, (await get('/dids')).status]).toEqual([
      503, 200, 503,
    ])
    expect((await get('/dids')).status).toBe(200)
  })
})
