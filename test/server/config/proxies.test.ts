import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import { guardedDialling } from '../../../src/server/accounts/private-origins.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { acme } from '../acme.js'

const read = (http: unknown, environment: Record<string, string> | null = {}) =>
  checkConfig({ ...(http !== undefined && { http }), accounts: [] }, [acme], { environment })

const shown = (http: unknown, environment: Record<string, string> | null = {}) => {
  const { proxies } = guardedDialling(read(http, environment), { warning: () => {} })
  return proxies && [proxies.http?.reveal() ?? null, proxies.https?.reveal() ?? null, proxies.except]
}

const problemsOf = (http: unknown, environment: Record<string, string> = {}): readonly string[] => {
  try {
    read(http, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

const ONE = 'http://one.example:3128'
const TWO = 'http://ada:p%40ss@two.example:3128'

describe('proxies', () => {
  test.each<[unknown, Record<string, string> | null, unknown]>([
    [undefined, {}, null],
    [undefined, null, null],
    [undefined, { HTTP_PROXY: '', NO_PROXY: '*' }, null],
    [undefined, { HTTP_PROXY: ONE }, [ONE, null, '']],
    [undefined, { HTTPS_PROXY: ONE, NO_PROXY: 'a.example' }, [null, ONE, 'a.example']],
    [undefined, { https_proxy: TWO, HTTPS_PROXY: ONE, no_proxy: 'b', NO_PROXY: 'a' }, [null, TWO, 'b']],
    [undefined, { http_proxy: 'one.example:3128' }, [ONE, null, '']],
    [{ proxy: TWO }, { HTTP_PROXY: ONE, NO_PROXY: 'a' }, [TWO, TWO, 'a']],
    [{ proxy: '${OUT}' }, { OUT: ONE }, [ONE, ONE, '']],
    [{ proxy: false }, { HTTP_PROXY: ONE }, null],
    [{}, { HTTP_PROXY: ONE }, [ONE, null, '']],
  ])('of %j and %j are %j', (http, environment, expected) => {
    expect(shown(http, environment)).toEqual(expected)
  })

  test.each([
    ['proxy.example', 'must be the address of a proxy'],
    ['socks5://proxy.example:1080', 'must be the address of a proxy'],
    ['http://proxy.example:3128/path', 'must be the address of a proxy'],
    ['http://ada:canary%@proxy.example:3128', 'percent-encode'],
    ['http://ada:canary@proxy.example:3128\n', 'ends with a line break'],
  ])('%j is refused by its key, and not shown', (proxy, message) => {
    const problems = problemsOf({ proxy })
    expect(problems.join()).toMatch(`http.proxy: ${message}`)
    expect(problems.join()).not.toMatch(/canary|proxy\.example:3128$/)
  })

  test('of the environment are refused by their variable', () => {
    expect(problemsOf(undefined, { HTTPS_PROXY: 'socks5://ada:canary@proxy.example' })).toEqual([
      expect.stringMatching(/^the environment variable HTTPS_PROXY: must be the address of a proxy/),
    ])
    expect(problemsOf({ proxy: false }, { HTTPS_PROXY: 'socks5://proxy.example' })).toEqual([])
  })

  test('show their password to nobody', () => {
    expect(inspect(read({ proxy: 'http://ada:canary@proxy.example' }), { depth: 20 })).not.toMatch(/canary/)
  })
})
