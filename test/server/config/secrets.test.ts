import { describe, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { acme } from '../acme.js'

const CANARY = 'canary-7d1f'

const account = (
  auth: Record<string, unknown>,
  urls: Record<string, unknown> = { api: 'https://api.acme.example' },
) => ({
  accounts: [{ id: 'istanbul', provider: 'acme', label: ' Istanbul ', urls, auth: { flow: 'static_token', ...auth } }],
})

const problemsOf = (document: unknown, environment: Record<string, string> | null = {}): readonly string[] => {
  try {
    checkConfig(document, [acme], { environment })
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

describe('a secret whose end nobody sees', () => {
  test.each([
    [`${CANARY}\n`, 'ends with a line break'],
    [`${CANARY}\r\n`, 'ends with a line break'],
    [`${CANARY}\r`, 'ends with a line break'],
    [`${CANARY}\u2028`, 'ends with a line break'],
    [`\n${CANARY}`, 'begins with a line break'],
    [`${CANARY} `, 'ends with white space'],
    [`\t${CANARY}`, 'begins with white space'],
    [`${CANARY}\u00a0`, 'ends with white space'],
    [`${CANARY}\0`, 'ends with a character that cannot be seen'],
    [`${CANARY}\u200b`, 'ends with a character that cannot be seen'],
    [`\ufeff${CANARY}`, 'begins with a character that cannot be seen'],
    [`\u202a${CANARY}`, 'begins with a character that cannot be seen'],
  ])('%j is named by its key, and not shown', (secret, message) => {
    for (const problems of [
      problemsOf(account({ token: '${TOKEN}' }), { TOKEN: secret }),
      problemsOf(account({ token: secret })),
      // As a caller gives it who links an account.
      problemsOf(account({ token: secret }), null),
    ]) {
      expect(problems).toEqual([expect.stringMatching(`^accounts\\[0\\]\\.auth\\.token: ${message}`)])
      expect(problems.join()).not.toContain(CANARY)
    }
  })

  test('is looked for wherever a secret or an address stands', () => {
    const value = 'x'.repeat(20)
    const jwt = {
      issuer: 'https://login.example',
      audience: 'a',
      jwksUrl: 'https://login.example/jwks',
      workspaceClaim: 'org',
    }
    expect(
      problemsOf({
        store: {
          url: 'postgres://db.example/dialgraph\n',
          encryptionKeys: [`${Buffer.alloc(32, 7).toString('base64')}\n`],
        },
        callers: {
          apiKeys: [{ name: 'a', key: `${value}\n`, scopes: ['telephony:read'] }],
          jwt: { ...jwt, audience: 'a\n' },
        },
        ...account({ token: 't' }, { api: 'https://api.acme.example\n' }),
      })
        .filter((problem) => problem.includes('line break'))
        .map((problem) => problem.split(':')[0]),
    ).toEqual([
      'store.url',
      'store.encryptionKeys[0]',
      'callers.apiKeys[0].key',
      'callers.jwt.audience',
      'accounts[0].urls.api',
    ])
  })

  test('may have anything in its middle', () => {
    expect(problemsOf(account({ token: 'a b\nc\u200bd' }))).toEqual([])
  })
})

describe('the address of a PostgreSQL', () => {
  const urlProblems = (url: string) =>
    problemsOf({ store: { url, encryptionKeys: [Buffer.alloc(32, 7).toString('base64')] } })

  test.each(['p#ss', 'p?ss', 'p/ss', 'p@ss', '#', 'p%ss', '100%', 'p#s?s/w@rd', '12#34'])(
    'with the password "%s" as it is says how to write it',
    (password) => {
      for (const scheme of ['postgres', 'postgresql']) {
        const problems = urlProblems(`${scheme}://dialgraph:${password}@db.example:5432/dialgraph`)
        expect(problems).toEqual([expect.stringMatching(/^store\.url: percent-encode the password/)])
        expect(problems.join()).not.toContain('db.example')
      }
    },
  )

  test.each([
    'postgres://dialgraph:p%23s%3Fs%2Fw%40rd%25@db.example:5432/dialgraph',
    'postgres://db.example/dialgraph',
    'postgres://db.example:5432/dialgraph?application_name=a@b',
    'postgres://db.example:5432?user=a@b',
    'postgresql://u@db.example/dialgraph?sslmode=require#x',
    'postgres://u:p@db.example/dialgraph?host=/var/run/postgresql',
    'postgres://u:p:q@[::1]:5432/d',
  ])('%s is taken as it is', (url) => {
    expect(urlProblems(url)).toEqual([])
  })

  test.each(['postgres://u:p@host:port/d', 'postgres://u:p@[::1/d'])('%s is no address', (url) => {
    expect(urlProblems(url)).toEqual([expect.stringMatching(/^store\.url: must be an address such as/)])
  })
})
