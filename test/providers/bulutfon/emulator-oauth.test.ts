import { createHash, randomBytes } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'

import {
  now,
  CALLBACK,
  bulutfon,
  start,
  auth,
  get,
  read,
  client,
  tokenRequest,
  refresh,
  firstToken,
  type Json,
} from './emulated.js'

describe('authorization code', () => {
  const parameters = (more: Record<string, string> = {}) => ({
    client_id: auth()['clientId'] ?? '',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'cdr',
    state: 'opaque & odd/state=',
    ...more,
  })

  /** What a person does: open the page, read the form, press a button. */
  async function decide(
    decision: 'approve' | 'refuse',
    asked: Record<string, string>,
    more: Record<string, string> = {},
  ) {
    const page = await get('/oauth/authorize', asked)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    const html = await page.text()
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) =>
        [name, value.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))] as const,
    )
    const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? ''
    return fetch(new URL(action, bulutfon.url), {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(fields), decision, ...more }),
      redirect: 'manual',
    })
  }
  const location = (answer: Response) => new URL(answer.headers.get('location') ?? '', bulutfon.url)
  const codeFor = async (asked = parameters(), more = {}) =>
    location(await decide('approve', asked, more)).searchParams.get('code') ?? ''
  const exchange = (code: string, more: Record<string, string> = {}) =>
    tokenRequest({ ...client(), grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...more })

  test('a person approves on a page, the code comes back with the state and buys tokens once', async () => {
    await start()
    const answer = await decide('approve', parameters())
    expect(answer.status).toBe(302)
    const back = location(answer)
    expect(back.origin + back.pathname).toBe(CALLBACK)
    expect(back.searchParams.get('state')).toBe('opaque & odd/state=')
    const code = back.searchParams.get('code') ?? ''
    expect(code).toMatch(/^[0-9a-f]{64}$/)

    const token = await exchange(code)
    expect(token.status).toBe(200)
    const body = (await token.json()) as Json
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      token_type: 'bearer',
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      scope: 'cdr',
      created_at: now / 1000,
    })
    expect((await get('/me', { access_token: body['access_token'] })).status).toBe(200)

    const again = await exchange(code)
    expect([again.status, ((await again.json()) as Json)['error']]).toEqual([401, 'invalid_grant'])
  })

  test('the page names the application, and chooses between the people who are signed in', async () => {
    await start()
    const html = await (await get('/oauth/authorize', parameters())).text()
    expect(html).toContain('Dialgraph')
    expect(html).toContain('value="other"')
    const { access_token } = (await (await exchange(await codeFor(parameters(), { account: 'other' }))).json()) as Json
    expect((await read('/me', { access_token }))['pbx']['name']).toBe('mavideniz')
  })

  test('what comes in the request is text on the page, never markup', async () => {
    await start()
    const html = await (await get('/oauth/authorize', parameters({ state: '"><script>alert(1)</script>' }))).text()
    expect(html).not.toContain('<script>')
  })

  test('a refusal comes back as access_denied with the state', async () => {
    await start()
    const back = location(await decide('refuse', parameters()))
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('opaque & odd/state=')
    expect(back.searchParams.has('code')).toBe(false)
  })

  test('without an address of its own the application has the person copy the code', async () => {
    await start()
    const answer = await decide('approve', parameters({ redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' }))
    const page = location(answer)
    const code = /^\/oauth\/authorize\/([0-9a-f]{64})$/.exec(page.pathname)?.[1] ?? ''
    expect(await (await fetch(page)).text()).toContain(code)
    expect((await exchange(code, { redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' })).status).toBe(200)
  })

  test.each<[string, Record<string, string>]>([
    ['an unknown application', { client_id: 'nobody' }],
    ['a foreign redirect address', { redirect_uri: 'https://evil.example/callback' }],
    ['a redirect address that is none', { redirect_uri: '//127.0.0.1' }],
    ['a redirect address that is a script', { redirect_uri: 'javascript://127.0.0.1/%0aalert(1)' }],
  ])('%s gets a page, no redirect', async (_, more) => {
    await start()
    for (const method of ['GET', 'POST']) {
      const asked = parameters(more)
      const url = new URL('/oauth/authorize', bulutfon.url)
      if (method === 'GET') url.search = new URLSearchParams(asked).toString()
      const body = method === 'POST' ? new URLSearchParams({ ...asked, decision: 'approve' }) : null
      const answer = await fetch(url, { method, body, redirect: 'manual' })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('location')).toBeNull()
      expect(await answer.text()).not.toContain('<form')
    }
  })

  test('registered redirect addresses are compared whole', async () => {
    await start({ redirectUris: [CALLBACK] })
    expect(await codeFor()).not.toBe('')
    const near = await get('/oauth/authorize', parameters({ redirect_uri: `${CALLBACK}/` }))
    expect(await near.text()).not.toContain('<form')
  })

  test('only codes are given out', async () => {
    await start()
    const answer = await get('/oauth/authorize', parameters({ response_type: 'token' }), { redirect: 'manual' })
    expect(location(answer).searchParams.get('error')).toBe('unsupported_response_type')
  })

  test('a code dies after ten minutes', async () => {
    await start()
    const code = await codeFor()
    const other = await codeFor()
    bulutfon.clock.advance(600_000)
    expect((await exchange(code)).status).toBe(200)
    bulutfon.clock.advance(1)
    expect((await exchange(other)).status).toBe(401)
  })

  test('a code is for the redirect address it was asked with, and a wrong try spends it', async () => {
    await start()
    const code = await codeFor()
    expect((await exchange(code, { redirect_uri: `${CALLBACK}?x=1` })).status).toBe(401)
    expect((await exchange(code)).status).toBe(401)
  })

  test('a challenge sent is a challenge kept: only its verifier redeems the code', async () => {
    await start()
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = parameters({ code_challenge: challenge, code_challenge_method: 'S256' })
    const wrongs: Record<string, string>[] = [{ code_verifier: verifier.slice(1) }, { code_verifier: challenge }, {}]
    for (const wrong of wrongs) {
      expect((await exchange(await codeFor(asked), wrong)).status).toBe(401)
    }
    expect((await exchange(await codeFor(asked), { code_verifier: verifier })).status).toBe(200)
  })
})

describe('token endpoint', () => {
  test('the refresh token given for the configuration is good for the first token', async () => {
    await start()
    const answer = await refresh(auth()['refreshToken'] ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(((await answer.json()) as Json)['scope']).toBe('cdr call_record')
    expect(bulutfon.journal.tokenRequests).toHaveLength(1)
    expect(bulutfon.journal.apiRequests).toHaveLength(0)
  })

  test('a form without a content type is understood, JSON is not', async () => {
    await start()
    const form = { ...client(), grant_type: 'refresh_token', refresh_token: auth()['refreshToken'] ?? '' }
    const url = `${bulutfon.url}/oauth/token`
    const asJson = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form),
    })
    expect([asJson.status, ((await asJson.json()) as Json)['error']]).toEqual([401, 'invalid_request'])
    const untyped = await fetch(url, { method: 'POST', body: Buffer.from(new URLSearchParams(form).toString()) })
    expect(untyped.status).toBe(200)
  })

  test.each<[string, Record<string, string>]>([
    ['invalid_client', { client_secret: 'wrong' }],
    ['invalid_client', { client_id: 'wrong' }],
    ['invalid_request', { grant_type: '' }],
    ['invalid_request', { refresh_token: '' }],
    ['unsupported_grant_type', { grant_type: 'password' }],
    ['unsupported_grant_type', { grant_type: 'client_credentials' }],
    ['invalid_grant', { refresh_token: 'unknown' }],
  ])('%s for %j, with 401 as every refusal', async (error, wrong) => {
    await start()
    const form = { ...client(), grant_type: 'refresh_token', refresh_token: auth()['refreshToken'] ?? '', ...wrong }
    const answer = await tokenRequest(form)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ error, error_description: expect.any(String) })
    // None of these spent the token.
    expect((await refresh(auth()['refreshToken'] ?? '')).status).toBe(200)
  })

  test('a refresh kills what it replaces at once', async () => {
    await start()
    const first = await firstToken()
    const second = (await (await refresh(first['refresh_token'])).json()) as Json
    expect(await read('/me', { access_token: first['access_token'] })).toEqual({ error: 'Unauthorized' })
    expect((await refresh(first['refresh_token'])).status).toBe(401)
    expect((await get('/me', { access_token: second['access_token'] })).status).toBe(200)
    expect(bulutfon.issued.at(-1)?.generation).toBe(3)
  })

  test('or when the new access token is first used', async () => {
    await start({ rotation: 'first-use' })
    const first = await firstToken()
    const lost = (await (await refresh(first['refresh_token'])).json()) as Json
    expect(lost['access_token']).toBeDefined()
    const second = (await (await refresh(first['refresh_token'])).json()) as Json
    expect((await get('/me', { access_token: first['access_token'] })).status).toBe(200)
    expect((await get('/me', { access_token: second['access_token'] })).status).toBe(200)
    expect((await get('/me', { access_token: first['access_token'] })).status).toBe(401)
    expect((await refresh(first['refresh_token'])).status).toBe(401)
  })

  test('a refused refresh after the grants are revoked, a good one after access tokens are', async () => {
    await start()
    const token = await firstToken()
    bulutfon.revokeAccessTokens()
    expect(await read('/me', { access_token: token['access_token'] })).toEqual({ error: 'Unauthorized' })
    const next = (await (await refresh(token['refresh_token'])).json()) as Json
    bulutfon.revokeGrants('company')
    expect((await get('/me', { access_token: next['access_token'] })).status).toBe(401)
    expect((await refresh(next['refresh_token'])).status).toBe(401)
    const other = bulutfon.accounts.other.auth as Record<string, string>
    expect((await refresh(other['refreshToken'] ?? '')).status).toBe(200)
  })

  test('answers can be altered, for servers that leave things out', async () => {
    await start()
    bulutfon.alterTokenAnswers(({ refresh_token: _, ...rest }) => ({ ...rest, expires_in: '300' }))
    expect(await firstToken()).toEqual(expect.not.objectContaining({ refresh_token: expect.anything() }))
  })

  test('a short life', async () => {
    await start({ accessTokenSeconds: 60 })
    const token = await firstToken()
    expect(token['expires_in']).toBe(60)
    bulutfon.clock.advance(60_001)
    expect(await read('/me', { access_token: token['access_token'] })).toEqual({ error: 'Token expired' })
  })
})
