import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../../src/store/memory.js'
import {
  agree,
  beginLogin,
  decide,
  startEmulators,
  startLoginServer,
  Browser,
  type LoginServer,
} from './login-servers.js'
import { cases } from '../../support/proof.js'

let emulators: Awaited<ReturnType<typeof startEmulators<'bulutfon' | 'rails-api-v1'>>>
let server: LoginServer
let browser: Browser

const entries = () => [
  { id: 'shop', ...emulators.bulutfon.accounts.unlinked, label: 'Corner <b>shop</b>' },
  { id: 'desk', ...emulators['rails-api-v1'].accounts.unlinked },
  { id: 'token', ...emulators.bulutfon.accounts.masterToken },
]

const exchanges = () =>
  [...emulators.bulutfon.journal.tokenRequests, ...emulators['rails-api-v1'].journal.tokenRequests].length
const stateOf = async (key = 'shop') =>
  (await server.accounts.find((account) => account.key === key)!.authorization()).status
const titleOf = async (page: Response) => /<h1>([^<]*)<\/h1>/.exec(await page.text())?.[1]
const open = async (callback: string, from = browser) => from.follow(await from.get(callback), callback)
const refusals = () =>
  server.logLines
    .map((line) => JSON.parse(line) as { msg: string; reason: string })
    .filter(({ msg }) => msg === 'connect refused')

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon', 'rails-api-v1'], { bulutfon: {} })
})
beforeEach(async () => {
  emulators.bulutfon.reset()
  emulators['rails-api-v1'].reset()
  server = await startLoginServer({ accounts: entries() })
  browser = new Browser()
})
afterEach(() => server.close())
afterAll(() => emulators.close())

describe('a login in the browser', () => {
  test('links the account with one exchange, and tells so on a page without code and state', async () => {
    const callback = await agree(browser, server)
    const { page, way } = await open(callback)
    expect(page.status).toBe(200)
    expect(await titleOf(page)).toBe('Linked')
    expect(way.map((address) => address.replace(/\?.*/, '?…'))).toEqual([
      `${server.url}/connect/callback/bulutfon?…`,
      `${server.url}/connect/callback/bulutfon`,
    ])
    expect(exchanges()).toBe(1)
    expect(await stateOf()).toBe('ACTIVE')
    const { data } = await server.ask<{ account: { profile: { email: string } } }>(
      '{ account(key: "shop") { profile { email } } }',
    )
    expect(data.account.profile.email).toContain('@')
  })

  test('sends S256 and a verifier of 256 bits, which the provider checks', async () => {
    const authorize = await beginLogin(browser, server, 'shop')
    expect(Object.fromEntries(authorize.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${server.url}/connect/callback/bulutfon`,
    })
    await open(await decide(browser, authorize))
    const [request] = emulators.bulutfon.journal.tokenRequests
    const form = new URLSearchParams(request!.body)
    expect(form.get('code_verifier')).toMatch(/^[\w-]{43}$/)
    expect(form.get('redirect_uri')).toBe(`${server.url}/connect/callback/bulutfon`)
  })

  test.each([
    ['of another login', { code_challenge: 'A'.repeat(43) }],
    ['made weaker on the way', { code_challenge_method: 'plain' }],
  ])('whose PKCE challenge is %s is refused by the provider, and changes nothing', async (_, changes) => {
    const authorize = await beginLogin(browser, server, 'shop')
    for (const [name, value] of Object.entries(changes)) authorize.searchParams.set(name, value)
    const { page } = await open(await decide(browser, authorize))
    expect(page.status).toBe(400)
    expect(await page.text()).toContain('href="/connect/shop"')
    expect(emulators.bulutfon.journal.tokenRequests.map(({ status }) => status)).toEqual([401])
    expect(await stateOf()).toBe('NEW')
  })

  test('works again for an account that is linked already, and stores what it got anew', async () => {
    await open(await agree(browser, server))
    const first = (await server.store.read('shop'))!.accessToken!.reveal()
    await open(await agree(browser, server))
    expect((await server.store.read('shop'))!.accessToken!.reveal()).not.toBe(first)
  })

  test('shows pages that no script, frame or other host can touch, and that name nobody', async () => {
    const callback = await agree(browser, server)
    const { page } = await open(callback)
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'/,
      ),
      'content-type': 'text/html; charset=utf-8',
    })
    const text = await page.text()
    expect(text).toContain('Corner &#60;b&#62;shop&#60;/b&#62;')
    expect(text).not.toMatch(/<script|<iframe|<img|http:|https:|\son\w+=/i)
  })

  test('leaves no code, state, verifier or token in the log', async () => {
    const callback = new URL(await agree(browser, server))
    await open(callback.href)
    await open(callback.href, new Browser())
    const [request] = emulators.bulutfon.journal.tokenRequests
    const secrets = [
      ...emulators.bulutfon.secrets(),
      callback.searchParams.get('code')!,
      callback.searchParams.get('state')!,
      new URLSearchParams(request!.body).get('code_verifier')!,
      browser.cookie(server.url, 'dialgraph-connect')!,
    ]
    for (const secret of secrets) expect(server.logLines.join('')).not.toContain(secret)
    expect(refusals().length).toBeGreaterThan(0)
  })
})

interface Forgery {
  /** Changes the callback of a login that a person has consented to. */
  readonly forge: (callback: URL) => void | Promise<void>
  /** The browser the callback arrives from; default: the one that began. */
  readonly returnsIn?: () => Browser | Promise<Browser>
  /** Logged, and shown nowhere else. */
  readonly reason: string
  readonly title?: string
}

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'without state': { forge: ({ searchParams }) => searchParams.delete('state'), reason: 'no state' },
  'with an empty state': { forge: ({ searchParams }) => searchParams.set('state', ''), reason: 'no state' },
  'with a state that was never given out': {
    forge: ({ searchParams }) => searchParams.set('state', 'A'.repeat(43)),
    reason: 'unknown state',
  },
  'with a state that is almost right': {
    forge: ({ searchParams }) => searchParams.set('state', `${searchParams.get('state')!} `),
    reason: 'unknown state',
  },
  'with two states': {
    forge: ({ searchParams }) => searchParams.append('state', 'A'.repeat(43)),
    reason: 'no state',
  },
  'with a state that was used, and came to nothing': {
    forge: async (callback) => {
      const refusal = new URL(callback)
      refusal.search = new URLSearchParams({
        error: 'access_denied',
        state: callback.searchParams.get('state')!,
      }).toString()
      await open(refusal.href)
    },
    reason: 'used before',
  },
  'with a state that was used in another browser': {
    forge: async (callback) => void (await open(callback.href, new Browser())),
    reason: 'used before',
  },
  'from another browser': { forge: () => {}, returnsIn: () => new Browser(), reason: 'another browser' },
  'from another browser that has begun a login, too': {
    forge: () => {},
    returnsIn: async () => {
      const other = new Browser()
      await other.get(`${server.url}/connect/shop`)
      return other
    },
    reason: 'another browser',
  },
  'from a browser whose cookie was made up': {
    forge: () => {},
    returnsIn: () => {
      const other = new Browser()
      other.setCookie(server.url, 'dialgraph-connect', 'A'.repeat(43))
      return other
    },
    reason: 'another browser',
  },
  'at the address of another provider': {
    forge: (callback) => void (callback.pathname = '/connect/callback/rails-api-v1'),
    reason: 'another provider',
  },
  'with the state of another provider': {
    forge: async ({ searchParams }) => {
      const theirs = await beginLogin(browser, server, 'desk')
      searchParams.set('state', theirs.searchParams.get('state')!)
    },
    reason: 'another provider',
  },
  'that says it is from another issuer': {
    forge: ({ searchParams }) => searchParams.set('iss', emulators['rails-api-v1'].url),
    reason: 'unreadable answer',
  },
  'without a code': { forge: ({ searchParams }) => searchParams.delete('code'), reason: 'no code' },
  'that comes after ten minutes': {
    forge: () => server.clock.advance(601),
    reason: 'too late',
    title: 'Too late',
  },
}

describe('no token request is made for a callback', () => {
  test.each(Object.entries(FORGERIES))(
    '%s',
    async (_, { forge, returnsIn = () => browser, reason, title = 'This login could not be completed' }) => {
      const callback = new URL(await agree(browser, server))
      await forge(callback)
      const { page, way } = await open(callback.href, await returnsIn())
      expect([page.status, await titleOf(page)]).toEqual([400, title])
      expect(way.at(-1)).not.toContain('?')
      expect(exchanges()).toBe(0)
      expect([await stateOf('shop'), await stateOf('desk')]).toEqual(['NEW', 'NEW'])
      const given = callback.searchParams.getAll('state')
      expect(refusals().at(-1)).toMatchObject({ reason, stateDigest: expect.stringMatching(/^[\w-]{12}$/) })
      for (const state of given.filter(Boolean)) expect(server.logLines.join('')).not.toContain(state)
    },
  )

  test('with a state that was used: the account stays as it was linked', async () => {
    const callback = await agree(browser, server)
    await open(callback)
    emulators.bulutfon.journal.clear()
    const { page } = await open(callback)
    expect([page.status, await titleOf(page)]).toEqual([200, 'Already linked'])
    expect(exchanges()).toBe(0)
  })

  test('whose head alone is asked for', async () => {
    const callback = await agree(browser, server)
    const cookie = `dialgraph-connect=${browser.cookie(server.url, 'dialgraph-connect')}`
    expect((await fetch(callback, { method: 'HEAD', headers: { cookie }, redirect: 'manual' })).status).toBe(404)
    expect(exchanges()).toBe(0)
    expect(await titleOf((await open(callback)).page)).toBe('Linked')
  })
})

test('an answer that names its right issuer is taken', async () => {
  const callback = new URL(await agree(browser, server))
  callback.searchParams.set('iss', emulators.bulutfon.url)
  expect(await titleOf((await open(callback.href)).page)).toBe('Linked')
})

test('twenty callbacks at once are one exchange; the others say that it is linked already', async () => {
  const callback = await agree(browser, server)
  emulators.bulutfon.faults.next({ path: /token/, delayMs: 100 })
  const cookie = `dialgraph-connect=${browser.cookie(server.url, 'dialgraph-connect')}`
  const shown = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const answer = await fetch(callback, { redirect: 'manual', headers: { cookie } })
      const outcome = answer.headers.getSetCookie()[0]!.split(';')[0]!
      return titleOf(await fetch(`${server.url}/connect/callback/bulutfon`, { headers: { cookie: outcome } }))
    }),
  )
  expect(exchanges()).toBe(1)
  expect(shown.sort()).toEqual([...Array<string>(19).fill('Already linked'), 'Linked'])
})

test('a person who says no changes nothing, and reads nothing the provider wrote', async () => {
  const callback = new URL(await decide(browser, await beginLogin(browser, server, 'shop'), 'refuse'))
  callback.searchParams.set('error_description', `<script>alert(1)</script>${'x'.repeat(5_000)}`)
  const { page } = await open(callback.href)
  const text = await page.text()
  expect([page.status, /<h1>([^<]*)/.exec(text)?.[1]]).toEqual([400, 'Not linked'])
  expect(text).not.toMatch(/alert|xxxx/)
  expect(exchanges()).toBe(0)
  expect(await stateOf()).toBe('NEW')
})

test.each(['server_error', 'temporarily_unavailable', 'invalid_scope', '<b>nonsense</b>'])(
  'the provider’s error %s asks to try again',
  async (error) => {
    const callback = new URL(await agree(browser, server))
    callback.search = new URLSearchParams({ error, state: callback.searchParams.get('state')! }).toString()
    const { page } = await open(callback.href)
    expect(await titleOf(page)).toBe('Not linked yet')
    expect(refusals().at(-1)).toEqual(expect.objectContaining({ reason: 'refused by the provider' }))
  },
)

test('a code that has grown old at the provider is refused, with a way to begin again', async () => {
  const callback = await agree(browser, server)
  emulators.bulutfon.clock.advance(601_000)
  const { page } = await open(callback)
  expect(page.status).toBe(400)
  expect(await page.text()).toContain('href="/connect/shop"')
  expect(await stateOf()).toBe('NEW')
})

test.each([
  ['does not answer', { reset: true as const }],
  ['answers a page', { html: true }],
  ['is overloaded', { status: 503 }],
])('a provider that %s while the code is exchanged asks to try again', async (_, fault) => {
  const callback = await agree(browser, server)
  emulators.bulutfon.faults.next({ path: /token/, ...fault })
  expect(await titleOf((await open(callback)).page)).toBe('Not linked yet')
  await open(await agree(browser, server))
  expect(await stateOf()).toBe('ACTIVE')
})

test('a page of a login that is over stays what it was when it is loaded again', async () => {
  const { way } = await open(await agree(browser, server))
  expect(await titleOf(await browser.get(way.at(-1)!))).toBe('Linked')
  expect(await titleOf(await new Browser().get(way.at(-1)!))).toBe('No login is under way')
})

test.each(['nobody', 'token', 'constructor', '..%2Fgraphql', '%00'])(
  'there is nothing to link at /connect/%s',
  async (account) => {
    const page = await browser.get(`${server.url}/connect/${account}`)
    expect([page.status, await titleOf(page)]).toEqual([404, 'Nothing to link here'])
  },
)

test('the account may also be named by its global id', async () => {
  const { id } = server.accounts.find(({ key }) => key === 'shop')!
  expect((await beginLogin(browser, server, id)).searchParams.get('state')).toBeTruthy()
})

test('a begun login counts for five at most, and beginning more forgets the oldest', async () => {
  const states: string[] = []
  for (let count = 0; count < 200; count++) {
    const { searchParams } = await beginLogin(browser, server, 'shop')
    states.push(searchParams.get('state')!)
  }
  const { createHash } = await import('node:crypto')
  const known = await Promise.all(
    states.map(
      async (state) => (await server.store.take(createHash('sha256').update(state).digest('base64url'))) !== null,
    ),
  )
  expect(known.map((isKnown, index) => (isKnown ? index : -1)).filter((index) => index >= 0)).toEqual([
    195, 196, 197, 198, 199,
  ])
})

test.each([5, 20, 90])(
  'a login still completes when %i previews open its link after the person did',
  async (previews) => {
    const callback = await (async () => {
      const authorize = await beginLogin(browser, server, 'shop')
      for (let count = 0; count < previews; count += 1) await beginLogin(new Browser(), server, 'shop')
      return decide(browser, authorize)
    })()
    const { page } = await browser.follow(await browser.get(callback), callback)
    expect([page.status, await titleOf(page)]).toEqual([200, 'Linked'])
  },
)

test('a store that is gone is told on a page, too', async () => {
  const store = { ...memoryStore(), begin: () => Promise.reject(new Error('the disk is gone')) }
  const sick = await startLoginServer({ accounts: entries(), store })
  const page = await browser.get(`${sick.url}/connect/shop`)
  expect([page.status, await titleOf(page)]).toEqual([503, 'Not linked yet'])
  expect(page.headers.get('content-security-policy')).toBeTruthy()
  await sick.close()
})

describe('the browser is sent nowhere but to the provider and back to us', () => {
  const HOSTILE = [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/%5cevil.example',
      '/%2f%2fevil.example',
    ],
    ...['https://evil.example', 'https:evil.example', 'http:/evil.example', 'javascript:alert(1)', 'data:text/html,x'],
    ...[
      '@evil.example',
      'shop@evil.example',
      'user:pass@evil.example',
      '127.0.0.1@evil.example',
      '127.0.0.1.evil.example',
    ],
    ...['.evil.example', '..%2f..%2fevil.example', '%2e%2e/evil.example', '/..//evil.example', './/evil.example'],
    ...[
      'evil.example%00',
      'evil%E3%80%82example',
      '／／evil.example',
      '//evil。example',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ...[
      '%09//evil.example',
      '%0d%0aLocation:%20//evil.example',
      '%0aset-cookie:a=b',
      '?//evil.example',
      '#//evil.example',
    ],
    ...[
      'bulutfon//evil.example',
      'bulutfon%2f%2fevil.example',
      'bulutfon?returnTo=//evil.example',
      'bulutfon@evil.example',
    ],
    ...[
      'bulutfon%23@evil.example',
      'bulutfon;//evil.example',
      'bulutfon%3f//evil.example',
      '[::1]',
      '0x7f000001',
      '2130706433',
    ],
  ]

  const ours = (location: string | null) => {
    if (location === null) return
    const { origin } = new URL(location, server.url)
    expect([server.url, emulators.bulutfon.url, emulators['rails-api-v1'].url]).toContain(origin)
    expect(location).toMatch(/^(\/(?![/\\])|http:\/\/127\.0\.0\.1:\d+\/)/)
  }

  test('whatever stands in the path or the query', async () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(40)
    for (const text of HOSTILE) {
      const paths = [
        `/connect/${text}`,
        `/connect/callback/${text}?state=x&code=y`,
        `/connect/shop?returnTo=${encodeURIComponent(text)}&redirect_uri=${encodeURIComponent(text)}`,
        `/connect/callback/bulutfon?state=x&returnTo=${encodeURIComponent(text)}&error_uri=${encodeURIComponent(text)}`,
      ]
      for (const path of paths) ours((await browser.get(server.url + path)).headers.get('location'))
    }
  })

  test('whatever a browser could send', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.webQueryParameters(), async (name, query) => {
        const path = encodeURIComponent(name)
        for (const at of [`/connect/${path}?${query}`, `/connect/callback/${path}?${query}`]) {
          const response = await browser.get(server.url + at)
          expect(response.status).toBeLessThan(500)
          ours(response.headers.get('location'))
        }
      }),
      { numRuns: cases(100) },
    )
  })
})

test('what became of logins is counted, without saying whose', async () => {
  await open(await agree(browser, server))
  emulators.bulutfon.revokeGrants()
  await server.ask('{ account(key: "shop") { profile { email } } }')
  const figures = await fetch(`${server.url}/metrics`)
  expect(figures.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await figures.text()
  expect(text.split('\n').filter((line) => line.startsWith('dialgraph_login_events_total'))).toEqual([
    'dialgraph_login_events_total{flow="OAUTH2_AUTHORIZATION_CODE",reason="person",outcome="logged in"} 1',
    'dialgraph_login_events_total{flow="OAUTH2_AUTHORIZATION_CODE",reason="refused",outcome="reauthorization required"} 1',
  ])
  expect(text).not.toContain('shop')
})

test('behind a proxy, the address is the public one, and cookies go over TLS and nowhere else on that host', async () => {
  const config = { server: { port: 0, publicUrl: 'https://phones.example/dial/' } }
  const proxied = await startLoginServer({ accounts: entries(), config })
  const begun = await fetch(`${proxied.url}/connect/shop`, { redirect: 'manual' })
  const authorize = new URL(begun.headers.get('location')!)
  expect(authorize.searchParams.get('redirect_uri')).toBe('https://phones.example/dial/connect/callback/bulutfon')
  expect(begun.headers.get('set-cookie')).toMatch(/; Path=\/dial\/connect; HttpOnly; Secure; SameSite=Lax$/)
  const { data } = await proxied.ask<{ account: { authorization: { authorizeUrl: string } } }>(
    '{ account(key: "shop") { authorization { authorizeUrl } } }',
  )
  expect(data.account.authorization.authorizeUrl).toBe('https://phones.example/dial/connect/shop')
  const back = await fetch(`${proxied.url}/connect/callback/bulutfon?error=access_denied&state=x`, {
    redirect: 'manual',
  })
  expect(back.headers.get('location')).toBe('/dial/connect/callback/bulutfon')
  await proxied.close()
})
