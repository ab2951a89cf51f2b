import { describe, expect, test } from '@jest/globals'

import { originPolicy } from '../../../src/server/web/origin-policy.js'

const policy = (server: { publicUrl?: string; loopbackPages?: boolean } = {}) =>
  originPolicy({
    publicUrl: server.publicUrl ?? null,
    cors: {
      origins: ['https://app.example.com', 'https://other.example.com:8443', 'capacitor://localhost'],
      maxAgeSeconds: 600,
      loopbackPages: server.loopbackPages ?? false,
    },
  })

/** Near to a listed origin, and none. */
const NEARLY = [
  'null',
  '',
  '*',
  'https://app.example.com.evil.com',
  'https://app.example.com.',
  'https://evil.com/https://app.example.com',
  'https://evilapp.example.com',
  'https://sub.app.example.com',
  'https://example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com:443',
  'https://other.example.com',
  'HTTPS://APP.EXAMPLE.COM',
  'https://App.example.com',
  'https://user@app.example.com',
  'https://app.example.com@evil.com',
  'https://app.example.com/',
  'https://app.example.com, https://evil.com',
  'https://app.example.com, https://app.example.com',
  'https://app.example.com https://evil.com',
  'app.example.com',
  'capacitor://localhost:1',
  'file://',
  '__proto__',
]

describe('the origin of a request', () => {
  test.each(['https://app.example.com', 'https://other.example.com:8443', 'capacitor://localhost'])(
    '%s is listed',
    (origin) => expect(policy()({ origin, host: '127.0.0.1:4000' })).toBe('listed'),
  )

  test.each(NEARLY)('%j is foreign', (origin) => {
    expect(policy()({ origin, host: '127.0.0.1:4000' })).toBe('foreign')
    expect(policy({ publicUrl: 'https://phones.example.com' })({ origin, host: 'phones.example.com' })).toBe('foreign')
  })

  test('is none when there is no such header', () => {
    expect(policy()({ host: '127.0.0.1:4000' })).toBe('none')
    expect(policy()({ host: '127.0.0.1:4000', 'sec-fetch-site': 'cross-site' })).toBe('none')
  })
})

describe('our own origin', () => {
  test('is that of the public URL, whatever host the request names, and nothing else then', () => {
    const of = policy({ publicUrl: 'https://phones.example.com/graph' })
    expect(of({ origin: 'https://phones.example.com', host: '10.0.0.5:4000' })).toBe('listed')
    expect(of({ origin: 'http://phones.example.com', host: 'phones.example.com' })).toBe('foreign')
    expect(of({ origin: 'https://phones.example.com:8443', host: 'phones.example.com:8443' })).toBe('foreign')
  })

  test('is without one wherever the browser has found us', () => {
    const of = policy()
    expect(of({ origin: 'http://localhost:4000', host: 'localhost:4000' })).toBe('listed')
    expect(of({ origin: 'http://localhost:4001', host: 'localhost:4000' })).toBe('foreign')
    expect(of({ origin: 'https://localhost:4000', host: 'localhost:4000' })).toBe('foreign')
    expect(of({ origin: 'http://undefined' })).toBe('foreign')
  })

  test('may be one we do not know, when the browser says that page and address share it', () => {
    const proxied = { origin: 'http://localhost:5173', host: '127.0.0.1:4000' }
    const of = policy()
    expect(of({ ...proxied, 'sec-fetch-site': 'same-origin' })).toBe('same')
    expect(of({ host: '127.0.0.1:4000', 'sec-fetch-site': 'same-origin' })).toBe('same')
    for (const site of ['same-site', 'cross-site', 'none', 'same-origin, cross-site', '']) {
      expect(of({ ...proxied, 'sec-fetch-site': site })).toBe('foreign')
    }
  })
})

describe('a page of this machine', () => {
  const PAGES = ['http://localhost', 'http://localhost:5173', 'https://localhost:5173', 'http://127.0.0.1:3000']

  test.each([...PAGES, 'http://[::1]:8080'])('at %s may call the sandbox, and no other server', (origin) => {
    expect(policy({ loopbackPages: true })({ origin, host: '127.0.0.1:4000' })).toBe('listed')
    expect(policy()({ origin, host: '127.0.0.1:4000' })).toBe('foreign')
  })

  test.each([
    ...NEARLY,
    'http://localhost.evil.com',
    'http://localhost:3000.evil.com',
    'http://127.0.0.1.evil.com',
    'http://evil.com:localhost',
    'http://localhost:',
    'http://LOCALHOST:3000',
    'http://localhost:3000/',
    'http://128.0.0.1:3000',
    'ftp://localhost',
    'http://evil.com#http://localhost',
    'http://localhost\nhttp://evil.com',
  ])('is not %j', (origin) => {
    expect(policy({ loopbackPages: true })({ origin, host: '127.0.0.1:4000' })).toBe('foreign')
  })
})
