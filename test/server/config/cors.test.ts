import { describe, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { acme } from '../acme.js'

const check = (cors: unknown) => checkConfig({ server: { cors } }, [acme], { environment: {} })

const problemsOf = (cors: unknown): readonly string[] => {
  try {
    check(cors)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

const FORM = 'must be scheme, host and port in small letters, and no path, such as https://app.example.com'
const AS_SENT = 'must be as a browser sends it: no default port, and names beyond a to z in their xn-- form'
const WILDCARD = 'must name one origin in full: there are no wildcards'

describe('server.cors', () => {
  test.each([
    'https://app.example.com',
    'https://app.example.com:8443',
    'http://localhost:5173',
    'http://[::1]:5173',
    'https://xn--mnchen-3ya.example',
    'capacitor://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  ])('takes %s, and keeps it as it is', (origin) => {
    expect(check({ origins: [origin] })).toMatchObject({
      server: { cors: { origins: [origin], maxAgeSeconds: 600, loopbackPages: false } },
      warnings: [],
    })
  })

  test.each([
    ['*', WILDCARD],
    ['https://*.example.com', WILDCARD],
    ['http://localhost:*', WILDCARD],
    ['null', 'must not be null: any page can get this origin, in a sandboxed frame'],
    ['https://app.example.com/', FORM],
    ['https://app.example.com/app', FORM],
    ['https://app.example.com?x=1', FORM],
    ['https://App.example.com', FORM],
    ['HTTPS://app.example.com', FORM],
    ['https://user@app.example.com', FORM],
    ['app.example.com', FORM],
    ['//app.example.com', FORM],
    ['file://', FORM],
    ['https://münchen.example', FORM],
    [' https://app.example.com', FORM],
    ['', FORM],
    ['https://app.example.com:443', AS_SENT],
    ['http://app.example.com:80', AS_SENT],
    ['https://app.example.com:99999', AS_SENT],
    ['https://127.1', AS_SENT],
  ])('does not take %j, says where it stands, and does not repeat it', (origin, message) => {
    expect(problemsOf({ origins: ['https://app.example.com', origin] })).toEqual([`server.cors.origins[1]: ${message}`])
  })

  test.each([
    [{ origins: 'https://app.example.com' }, 'server.cors.origins: must be a list'],
    [{ origins: [7] }, 'server.cors.origins[0]: must be a text, in quotes'],
    [{ maxAgeSeconds: -1 }, 'server.cors.maxAgeSeconds: must be at least 0'],
    [{ maxAgeSeconds: 100_000 }, 'server.cors.maxAgeSeconds: must be at most 86400'],
    [{ loopbackPages: true }, 'server.cors.loopbackPages: is not a known key'],
    [true, 'server.cors: must be a mapping of keys'],
  ])('%j is a mistake', (cors, problem) => {
    expect(problemsOf(cors)).toEqual([problem])
  })

  test('is empty by default', () => {
    const { cors } = checkConfig({}, [acme], { environment: {} }).server
    expect(cors).toEqual({ origins: [], maxAgeSeconds: 600, loopbackPages: false })
  })

  test('warns of a page that comes without TLS from another machine', () => {
    const origins = ['http://localhost:3000', 'https://app.example.com', 'http://intranet.example.com:8080']
    expect(check({ origins }).warnings).toEqual([
      'server.cors.origins[2]: a page without TLS can be changed on its way, by anybody there',
    ])
  })
})
