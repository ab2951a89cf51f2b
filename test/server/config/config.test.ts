import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ConfigurationError } from '../../../src/errors.js'
import { checkConfig, findConfigFile, readConfig } from '../../../src/server/config/config.js'
import { railsApiV1 } from '../../../src/providers/rails-api-v1/index.js'
import { acme } from '../acme.js'
import { cases } from '../../support/proof.js'

const CANARY = 'canary-7d1f'
const KEY = Buffer.alloc(32, 7).toString('base64')

const good = () => ({
  id: 'istanbul',
  provider: 'acme',
  urls: { api: 'https://api.acme.example' } as Record<string, unknown>,
  auth: { flow: 'static_token', token: CANARY } as Record<string, unknown>,
})

const problemsOf = (document: unknown, environment = {}): readonly string[] => {
  try {
    checkConfig(document, [acme], { environment })
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

const read = (text: string, name = 'dialgraph.config.yaml') => {
  const directory = mkdtempSync(join(tmpdir(), 'dialgraph-'))
  const file = join(directory, name)
  writeFileSync(file, text)
  return { directory, file }
}

describe('a good file', () => {
  test('gets the defaults of the page', () => {
    const config = checkConfig({ accounts: [good()] }, [acme], { environment: {} })
    expect(config.server).toEqual({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: null,
      trustProxy: false,
      explore: true,
      console: true,
      federation: false,
      cors: { origins: [], maxAgeSeconds: 600, loopbackPages: false },
    })
    expect(config.limits).toMatchObject({
      pageSize: 100,
      providerRequestsPerOperation: 200,
      providerTimeoutMs: 4000,
      tokenTimeoutMs: 8000,
    })
    expect(config.accounts).toEqual([
      {
        facts: { key: 'istanbul', country: 'TR', timeZone: 'Europe/Istanbul' },
        provider: acme,
        label: 'istanbul',
        workspace: 'default',
        allowInsecure: false,
        live: { webhook: false, basic: null, pollSeconds: 3, always: false, keys: {} },
        archive: null,
        settings: {
          urls: { api: 'https://api.acme.example', gateway: 'http://gateway.acme.example/v1' },
          auth: { flow: 'static_token', token: CANARY },
          options: { pageSize: 100, strict: false },
        },
      },
    ])
  })

  test('is the same as YAML and as JSON', () => {
    const yaml = read(
      'server: { port: 4100 }\nstore: { url: "memory:" }\naccounts:\n  - { id: a, provider: acme, urls: { api: https://x.example }, auth: { flow: static_token, token: t } }\n',
    )
    const json = read(
      JSON.stringify({
        server: { port: 4100 },
        store: { url: 'memory:' },
        accounts: [
          { id: 'a', provider: 'acme', urls: { api: 'https://x.example' }, auth: { flow: 'static_token', token: 't' } },
        ],
      }),
      'dialgraph.json',
    )
    expect({ ...readConfig(yaml.file, [acme], {}), file: null }).toEqual({
      ...readConfig(json.file, [acme], {}),
      file: null,
    })
  })

  test('turns GraphiQL and introspection off in production unless it asks for them', () => {
    const explore = (server: object, NODE_ENV: string) =>
      checkConfig({ server }, [acme], { environment: { NODE_ENV } }).server.explore
    expect(explore({}, 'production')).toBe(false)
    expect(explore({ explore: true }, 'production')).toBe(true)
    expect(explore({}, 'development')).toBe(true)
    expect(explore({ explore: false }, 'development')).toBe(false)
    const console = (server: object) =>
      checkConfig({ server }, [acme], { environment: { NODE_ENV: 'production' } }).server.console
    expect([{}, { console: true }, { explore: true }, { explore: true, console: false }].map(console)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('takes secrets, numbers and truth values from the environment', () => {
    const document = {
      server: { port: '${PORT:-4200}', explore: '${EXPLORE}' },
      accounts: [
        { ...good(), auth: { flow: 'static_token', token: 'Bearer-${TOKEN}' }, options: { pageSize: '${SIZE}' } },
      ],
    }
    const config = checkConfig(document, [acme], { environment: { TOKEN: '12345', EXPLORE: 'false', SIZE: '50' } })
    expect(config.server).toMatchObject({ port: 4200, explore: false })
    expect(config.accounts[0]!.settings).toMatchObject({ auth: { token: 'Bearer-12345' }, options: { pageSize: 50 } })
  })

  // A zero that goes (civitai/cli #513), and a `$` that is filled in once more (docker/compose #9716).
  test.each(['0042', 'true', '1e5', 'null', 'a$$b', '${HOME}', 'x: #y'])(
    'keeps the secret %s a text as it is',
    (TOKEN) => {
      const document = { accounts: [{ ...good(), auth: { flow: 'static_token', token: '${TOKEN}' } }] }
      const config = checkConfig(document, [acme], { environment: { TOKEN, HOME: 'elsewhere' } })
      expect(config.accounts[0]!.settings).toMatchObject({ auth: { token: TOKEN } })
    },
  )

  test('signs alike wherever the first encryption key is the same, and reads what was signed with any of them', () => {
    const OTHER = Buffer.alloc(32, 8).toString('base64')
    const keys = (...encryptionKeys: string[]) =>
      checkConfig({ store: { url: 'memory:', encryptionKeys } }, [acme], { environment: {} }).signingKeys
    expect(keys(KEY, OTHER)).toEqual([...keys(KEY), ...keys(OTHER)])
    expect(keys(OTHER)).not.toEqual(keys(KEY))
    expect(keys(KEY)[0]!.toString('base64')).not.toBe(KEY)
    expect(checkConfig({}, [acme], { environment: {} }).signingKeys).toEqual([])
  })

  test('keeps logins in a file beside it unless it says otherwise', () => {
    const key = 'store: { encryptionKeys: [' + KEY + '] }'
    const { directory, file } = read(key)
    expect(readConfig(file, [acme], {}).store).toEqual({
      url: `sqlite:${directory}/dialgraph.db`,
      encryptionKeys: [KEY],
    })
    const elsewhere = read(`store: { url: 'sqlite:../kept/here.db', encryptionKeys: [${KEY}] }`)
    expect(readConfig(elsewhere.file, [acme], {}).store.url).toBe(
      `sqlite:${resolve(elsewhere.directory, '../kept/here.db')}`,
    )
    const memory = read(`store: { url: 'memory:' }`)
    expect(readConfig(memory.file, [acme], {}).store).toEqual({ url: 'memory:', encryptionKeys: [] })
  })

  test('that was made in memory keeps nothing unless it says where', () => {
    expect(checkConfig({}, [acme], { environment: {} }).store).toEqual({ url: 'memory:', encryptionKeys: [] })
  })

  test('says whom nobody sees, and who could see everything', () => {
    const warnings = (document: object) => checkConfig(document, [acme], { environment: {} }).warnings.join('\n')
    const sales = { accounts: [{ ...good(), workspace: 'sales' }] }
    expect(warnings({ accounts: [good()] })).toBe('')
    expect(warnings(sales)).toMatch(/^accounts\[0\]\.workspace: /)
    expect(warnings({ ...sales, callers: {} })).toBe('')
    const open = { server: { publicUrl: 'https://phones.example.com' } }
    expect(warnings(open)).toMatch(
      /^server\.publicUrl: without `callers` whoever reaches this address may do everything/,
    )
    expect(warnings({ ...open, callers: {} })).toBe('')
    const bound = (workspace: string) => ({
      accounts: [good()],
      callers: {
        apiKeys: [
          { name: 'x', key: CANARY.repeat(2), workspace, scopes: ['telephony:read'], extension: `${good().id}/101` },
        ],
      },
    })
    expect(warnings(bound('default'))).toBe('')
    expect(warnings(bound('sales'))).toBe(
      'callers.apiKeys[0].extension: the workspace of this key has no such account in this file',
    )
    expect(warnings({ server: { publicUrl: 'http://localhost:4000' } })).toBe('')
  })

  test('says that an allow list keeps gateways out', () => {
    const allowList = fileURLToPath(new URL('../../generated/persisted-documents.json', import.meta.url))
    const warnings = (federation: boolean, only: boolean) =>
      checkConfig({ server: { federation }, operations: { allowList, only } }, [acme], { environment: {} }).warnings
    expect(warnings(true, true)).toEqual([expect.stringMatching(/^server\.federation: `operations\.only` refuses/)])
    expect([...warnings(true, false), ...warnings(false, true)]).toEqual([])
  })

  test('with callers may be reached from elsewhere, and shows none of their keys', () => {
    const document = {
      server: { host: '0.0.0.0' },
      callers: { apiKeys: [{ name: 'dashboard', key: '${KEY}', scopes: ['telephony:read'] }] },
    }
    const config = checkConfig(document, [acme], { environment: { KEY: `${CANARY}-and-some-more` } })
    expect(config.callers?.apiKeys).toMatchObject([{ name: 'dashboard', workspace: 'default' }])
    expect(config.callers?.apiKeys[0]?.key.reveal()).toBe(`${CANARY}-and-some-more`)
    expect(`${inspect(config.callers, { depth: 9 })}${JSON.stringify(config.callers)}`).not.toContain(CANARY)
    expect(config.callers?.jwt).toBeNull()
    expect(checkConfig({}, [acme], { environment: {} }).callers).toBeNull()
  })

  test('is not needed for a document of somebody else: its placeholders are left as they are', () => {
    const document = {
      accounts: [{ ...good(), label: '${HOME}', auth: { flow: 'static_token', token: '${SECRET:-x}' } }],
    }
    const [account] = checkConfig(document, [acme], { environment: null }).accounts
    expect(account).toMatchObject({ label: '${HOME}', settings: { auth: { token: '${SECRET:-x}' } } })
  })
})

describe('a mistake is told once, by its key and never by its value', () => {
  const caller = () => ({ name: 'dashboard', key: `${CANARY}-and-some-more`, scopes: ['telephony:read'] })
  const loginService = () => ({ issuer: 'https://login.example', audience: 'dialgraph', workspaceClaim: 'org' })
  const account = (changes: object) => ({ accounts: [{ ...good(), ...changes }] })
  const auth = (changes: object) => account({ auth: { ...good().auth, ...changes } })
  const urls = (changes: object) => account({ urls: { ...good().urls, ...changes } })

  test.each<[string, unknown, string]>([
    ['an unknown key', { servers: CANARY }, 'servers: is not a known key'],
    ['an unknown key below', { server: { prt: CANARY } }, 'server.prt: is not a known key'],
    ['an unknown key of an account', account({ tokn: CANARY }), 'accounts[0].tokn: is not a known key'],
    ['an unknown key of a login', auth({ secret: CANARY }), 'accounts[0].auth.secret: is not a known key'],
    ['an unknown address', urls({ apii: CANARY }), 'accounts[0].urls.apii: is not a known key'],
    ['an unknown option', account({ options: { page: CANARY } }), 'accounts[0].options.page: is not a known key'],
    ['an unknown limit', { limits: { pagesize: 3 } }, 'limits.pagesize: is not a known key'],
    ['a limit too high', { limits: { pageSize: 99_999 } }, 'limits.pageSize: must be at most 1000'],
    ['a limit too low', { limits: { pageSize: 0 } }, 'limits.pageSize: must be at least 1'],
    ['a limit that is no number', { limits: { pageSize: CANARY } }, 'limits.pageSize: must be a number'],
    ['a port that is none', { server: { port: 70_000 } }, 'server.port: must be at most 65535'],
    ['a port in pieces', { server: { port: 4000.5 } }, 'server.port: must be a whole number'],
    ['a section that is a text', { server: CANARY }, 'server: must be a mapping of keys'],
    ['a list that is a text', { accounts: CANARY }, 'accounts: must be a list'],
    ['a file that is a list', [CANARY], 'must be a mapping of keys'],
    [
      'a public address that is none',
      { server: { publicUrl: CANARY } },
      'server.publicUrl: must be an absolute address such as https://phones.example.com',
    ],
    [
      'a proxy switched on blindly',
      { server: { trustProxy: true } },
      'server.trustProxy: must be false or a list of proxy addresses',
    ],
    ['an open door', { server: { host: '0.0.0.0' } }, 'server.host: anything but loopback requires `callers`'],
    [
      'a key that is too short',
      { callers: { apiKeys: [{ ...caller(), key: 'short-canary' }] } },
      'callers.apiKeys[0].key: must have at least 16 characters',
    ],
    [
      'a key that no header can carry',
      { callers: { apiKeys: [{ ...caller(), key: `${CANARY} with spaces` }] } },
      'callers.apiKeys[0].key: must be letters, digits and . _ ~ + / - only',
    ],
    [
      'an extension without its account',
      { callers: { apiKeys: [{ ...caller(), extension: '101' }] } },
      'callers.apiKeys[0].extension: must be the key of an account, a slash, and an internal number, as in istanbul/101',
    ],
    [
      'a caller that sees what is its own, and has nothing of its own',
      { callers: { apiKeys: [{ ...caller(), scopes: ['telephony:read:own'] }] } },
      'callers.apiKeys[0].scopes: telephony:read:own needs the extension that the caller is bound to',
    ],
    [
      'a caller that sees one extension and manages all accounts',
      {
        callers: {
          apiKeys: [{ ...caller(), scopes: ['telephony:read:own', 'accounts:manage'], extension: 'istanbul/101' }],
        },
      },
      'callers.apiKeys[0].scopes: accounts:manage reaches all accounts, so it needs telephony:read and not telephony:read:own',
    ],
    [
      'one key for two callers',
      { callers: { apiKeys: [caller(), { ...caller(), name: 'other' }] } },
      'callers.apiKeys[1].key: is used by a caller before it',
    ],
    [
      'a scope that is none',
      { callers: { apiKeys: [{ ...caller(), scopes: [CANARY] }] } },
      'callers.apiKeys[0].scopes[0]: must be one of telephony:read, telephony:read:own, recordings:read, telephony:raw, telephony:write, accounts:manage',
    ],
    [
      'a caller who may do nothing',
      { callers: { apiKeys: [{ ...caller(), scopes: [] }] } },
      'callers.apiKeys[0].scopes: must have at least 1 entry',
    ],
    [
      'keys of a login service that anyone on the way can exchange',
      { callers: { jwt: { ...loginService(), jwksUrl: 'http://login.example/jwks.json' } } },
      'callers.jwt.jwksUrl: must begin with https: unless it is on this machine',
    ],
    [
      'a store of another kind',
      { store: { url: 'redis://x' } },
      'store.url: must be memory:, sqlite:<file> or postgres://<address>',
    ],
    [
      'a store without a key',
      { store: { url: 'sqlite:./x.db' } },
      'store.encryptionKeys: is required for a store that is not memory:, for example from `openssl rand -base64 32`',
    ],
    [
      'a short key',
      { store: { url: 'memory:', encryptionKeys: ['c2hvcnQ='] } },
      'store.encryptionKeys[0]: must be 32 bytes in base64, for example from `openssl rand -base64 32`',
    ],
    ['an account without an id', account({ id: undefined }), 'accounts[0].id: is required: a text'],
    [
      'an id with capitals',
      account({ id: 'Istanbul' }),
      'accounts[0].id: must be 1 to 64 small letters, digits or hyphens',
    ],
    [
      'an id too long',
      account({ id: 'a'.repeat(65) }),
      'accounts[0].id: must be 1 to 64 small letters, digits or hyphens',
    ],
    ['an id used twice', { accounts: [good(), good()] }, 'accounts[1].id: is used by an account before it'],
    ['a provider nobody knows', account({ provider: CANARY }), 'accounts[0].provider: must be acme'],
    ['no provider', account({ provider: undefined }), 'accounts[0].provider: must be acme'],
    [
      'a country that is none',
      account({ country: 'XX' }),
      'accounts[0].country: must be the two capital letters of a country, for example TR',
    ],
    [
      'a zone that is none',
      account({ timeZone: 'Mars/Base' }),
      'accounts[0].timeZone: must be a time zone of the IANA list, for example Europe/Istanbul',
    ],
    ['a flow nobody knows', auth({ flow: CANARY }), 'accounts[0].auth.flow: must be one of static_token, password'],
    ['no login', account({ auth: undefined }), 'accounts[0].auth: is required: a mapping of keys'],
    ['an empty secret', auth({ token: '' }), 'accounts[0].auth.token: must not be empty'],
    // As YAML reads 098765 (yaonyan/cea #5, cloudposse/atmos #410).
    ['a secret that is a number', auth({ token: 98765 }), 'accounts[0].auth.token: must be a text, in quotes'],
    ['a secret that is a flag', auth({ token: true }), 'accounts[0].auth.token: must be a text, in quotes'],
    ['a secret that is a list', auth({ token: ['x'] }), 'accounts[0].auth.token: must be a text'],
    [
      'an address that is none',
      urls({ api: CANARY }),
      'accounts[0].urls.api: must be an absolute address such as https://example.com',
    ],
    ['no address', account({ urls: {} }), 'accounts[0].urls.api: is required: a text'],
    [
      'an unencrypted address',
      urls({ api: 'http://api.acme.example' }),
      'accounts[0].urls.api: must begin with https: unless the account says allowInsecure: true',
    ],
    ['another scheme', urls({ api: 'ftp://api.acme.example' }), 'accounts[0].urls.api: must begin with https:'],
    [
      'a password in an address',
      urls({ api: `https://user:${CANARY}@x.example` }),
      'accounts[0].urls.api: must not hold a user name or password: they belong under auth',
    ],
    [
      'a token in an address',
      urls({ api: `https://x.example/?token=${CANARY}` }),
      'accounts[0].urls.api: must not hold a query or a fragment',
    ],
    [
      'an unencrypted default that is used',
      account({ auth: { flow: 'password', username: 'u', password: CANARY, gateway: true } }),
      'accounts[0].urls.gateway: must begin with https: unless the account says allowInsecure: true',
    ],
    [
      'a variable that is not set',
      auth({ token: '${NOWHERE}' }),
      'accounts[0].auth.token: the environment variable NOWHERE is not set',
    ],
    [
      'a number that is not set',
      { server: { port: '${NOWHERE}' } },
      'server.port: the environment variable NOWHERE is not set',
    ],
    ['a variable that is no number', { server: { port: '${WORD}' } }, 'server.port: must be a number'],
  ])('%s', (_name, document, message) => {
    const problems = problemsOf(document, { WORD: CANARY })
    expect(problems).toEqual([message])
    expect(problems.join()).not.toContain(CANARY)
  })

  test('several mistakes are told together, rules over several keys among them', () => {
    expect(
      problemsOf({
        server: { host: '10.0.0.1', port: 'x' },
        acounts: 1,
        accounts: [
          { ...good(), id: 'a', urls: {} },
          { ...good(), id: 'a', auth: {} },
        ],
      }).toSorted(),
    ).toEqual([
      'accounts[0].urls.api: is required: a text',
      'accounts[1].auth.flow: must be one of static_token, password',
      'accounts[1].id: is used by an account before it',
      'acounts: is not a known key',
      'server.host: anything but loopback requires `callers`',
      'server.port: must be a number',
    ])
  })

  test('loopback hosts may be unencrypted, others where the account says so', () => {
    for (const host of ['127.0.0.1:1', 'localhost:2', '[::1]:3', '127.9.9.9'])
      expect(problemsOf(urls({ api: `http://${host}` }))).toEqual([])
    for (const host of ['127.0.0.1.evil.example', 'localhost.evil.example', '128.0.0.1', '[::2]'])
      expect(problemsOf(urls({ api: `http://${host}` }))).toHaveLength(1)
    expect(
      problemsOf({ accounts: [{ ...good(), urls: { api: 'http://api.acme.example' }, allowInsecure: true }] }),
    ).toEqual([])
  })

  test('no value of any shape at any key is ever quoted', () => {
    const keys = [
      'server',
      'store',
      'callers',
      'accounts',
      'limits',
      'host',
      'port',
      'url',
      'auth',
      'urls',
      'token',
      'api',
      'flow',
      'provider',
      'id',
      'options',
      'encryptionKeys',
    ]
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.constant(CANARY),
        fc.constant(`${CANARY}://x`),
        fc.constant(`\${NONE}${CANARY}`),
        fc.constant('acme'),
        fc.constant('static_token'),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      tree: fc.oneof(
        { depthSize: 'medium' },
        tie('leaf'),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 6 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }))
    fc.assert(
      fc.property(tree, (document) => expect(problemsOf(document).join()).not.toContain(CANARY)),
      { numRuns: cases(500) },
    )
  })
})

describe('a refresh token', () => {
  const account = (id: string, more: object) => ({
    ...{ id, provider: 'rails-api-v1', urls: { api: 'https://shop.example' } },
    auth: { flow: 'authorization_code', clientId: 'c', clientSecret: 's', refreshToken: CANARY, ...more },
  })
  const warnings = (...accounts: object[]) =>
    checkConfig({ accounts }, [railsApiV1], { environment: {} }).warnings.filter((text) => text.includes('refresh'))

  test('of two accounts with the same client is named, and its value is not', () => {
    const named = warnings(account('a', {}), account('b', {}), account('c', {}))
    expect(named).toHaveLength(2)
    expect(named[0]).toMatch(/^accounts\[1\]\.auth\.refreshToken: accounts\[0\] has the same client and refresh token/)
    expect(named.join()).not.toContain(CANARY)
  })

  test.each([{ clientId: 'other' }, { refreshToken: 'other' }, { refreshToken: undefined }])(
    'of its own is fine (%j)',
    (more) => {
      expect(warnings(account('a', {}), account('b', more))).toEqual([])
    },
  )
})

describe('the file', () => {
  test("is the named one, else the environment's, else the usual one if it is there", () => {
    const { directory, file } = read('accounts: []')
    expect(findConfigFile({ file: 'x.yaml', environment: { DIALGRAPH_CONFIG: 'y.yaml' }, directory })).toBe(
      join(directory, 'x.yaml'),
    )
    expect(findConfigFile({ environment: { DIALGRAPH_CONFIG: 'y.yaml' }, directory })).toBe(join(directory, 'y.yaml'))
    expect(findConfigFile({ environment: {}, directory })).toBe(file)
    expect(findConfigFile({ environment: {}, directory: tmpdir() })).toBeNull()
  })

  test('that is not there, or not readable as YAML, is told without a line of it', () => {
    expect(() => readConfig('/nowhere/x.yaml', [acme], {})).toThrow(
      '/nowhere/x.yaml cannot be used:\n  - there is no such file',
    )
    const { file } = read(`accounts:\n  - id: a\n   token: "${CANARY}\n`)
    const attempt = () => readConfig(file, [acme], {})
    expect(attempt).toThrow(/line \d+, column \d+: not readable as YAML/)
    expect(attempt).not.toThrow(CANARY)
    const twice = read(`server: { port: 1 }\nserver: { host: ${CANARY} }\n`)
    expect(() => readConfig(twice.file, [acme], {})).toThrow(/line 2, column 1: not readable as YAML \(duplicate key\)/)
  })

  test('that is empty lacks nothing but the key of its store', () => {
    expect(() => readConfig(read('').file, [acme], {})).toThrow(/cannot be used:\n {2}- store\.encryptionKeys: [^\n]*$/)
  })
})
