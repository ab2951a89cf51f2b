import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import type { Provider } from '../../../src/providers/provider.js'
import { accountConfigOf } from '../../../src/server/accounts/registry.js'
import { checkConfig, type Config } from '../../../src/server/config/config.js'
import { Secret } from '../../../src/secret.js'
import { acme } from '../acme.js'

const CANARY = 'canary-3be7'
const KEY = Buffer.alloc(32, 7).toString('base64')

const webhook = { read: () => [], nameOf: () => null }
const hooked: Provider = { ...acme, slug: 'hooked', name: 'Hooked', webhook: { ...webhook, keyNames: ['From', 'To'] } }
const free: Provider = { ...acme, slug: 'free', name: 'Free', webhook }
const providers = [acme, hooked, free]

const account = (live?: unknown, provider = 'hooked') => ({
  id: 'praha',
  provider,
  urls: { api: 'https://api.acme.example' },
  auth: { flow: 'static_token', token: 't' },
  ...(live !== undefined && { live }),
})

const check = (live?: unknown, { provider, defaults, environment = {} }: Given = {}): Config =>
  checkConfig(
    {
      store: { encryptionKeys: [KEY] },
      ...(defaults !== undefined && { accountDefaults: { live: defaults } }),
      accounts: [account(live, provider)],
    },
    providers,
    { environment },
  )

interface Given {
  readonly provider?: string
  readonly defaults?: unknown
  readonly environment?: Record<string, string>
}

const problemsOf = (live: unknown, given: Given = {}): readonly string[] => {
  try {
    check(live, given)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

const PAGE_DEFAULTS = { webhook: false, basic: null, pollSeconds: 3, always: false, keys: {} }
const BASIC = { username: 'hook', password: CANARY }

describe('the live settings of an account', () => {
  test('are those of the page where it states none', () => {
    expect(check().accounts[0]!.live).toEqual(PAGE_DEFAULTS)
    expect(check({}).accounts[0]!.live).toEqual(PAGE_DEFAULTS)
  })

  test('are what it states, and its password is a secret', () => {
    const { live } = check({ webhook: true, basic: BASIC, pollSeconds: 0, keys: { From: 'caller' } }).accounts[0]!
    expect(live).toEqual({
      webhook: true,
      basic: { username: 'hook', password: expect.any(Secret) },
      pollSeconds: 0,
      always: false,
      keys: { From: 'caller' },
    })
    expect(live.basic!.password.reveal()).toBe(CANARY)
    expect(JSON.stringify(live) + inspect(live, { depth: 9 })).not.toContain(CANARY)
  })

  test('are no settings of the provider', () => {
    expect(check({ webhook: true }).accounts[0]!.settings).not.toHaveProperty('live')
  })

  test('may come from the environment', () => {
    const stated = { webhook: '${HOOK}', basic: { username: 'hook', password: '${PASSWORD}' }, pollSeconds: '${PAUSE}' }
    const { live } = check(stated, { environment: { HOOK: 'true', PASSWORD: '12345', PAUSE: '10' } }).accounts[0]!
    expect(live).toMatchObject({ webhook: true, pollSeconds: 10 })
    expect(live.basic!.password.reveal()).toBe('12345')
  })

  test.each<[unknown, string, string]>([
    [{ webhook: 'yes' }, 'webhook', 'must be true or false'],
    [{ webhok: true }, 'webhok', 'is not a known key'],
    [{ pollSeconds: -1 }, 'pollSeconds', 'must be at least 0'],
    [{ pollSeconds: 3_601 }, 'pollSeconds', 'must be at most 3600'],
    [{ pollSeconds: 0.5 }, 'pollSeconds', 'must be a whole number'],
    [{ always: 1 }, 'always', 'must be true or false'],
    [{ basic: { username: 'hook' } }, 'basic.password', 'is required: a text'],
    [{ basic: { ...BASIC, password: '' } }, 'basic.password', 'must not be empty'],
    [{ basic: { ...BASIC, password: `${CANARY}\n` } }, 'basic.password', 'ends with a line break'],
    [{ basic: { ...BASIC, username: `${CANARY}:x` } }, 'basic.username', 'must not be empty, nor hold a colon'],
    [{ basic: { ...BASIC, realm: CANARY } }, 'basic.realm', 'is not a known key'],
    [{ basic: CANARY }, 'basic', 'must be a mapping of keys'],
    [{ keys: { From: 7 } }, 'keys.From', 'must be a text, in quotes'],
    [{ keys: { From: '' } }, 'keys.From', 'must not be empty'],
    [{ keys: { Form: CANARY } }, 'keys.Form', 'Hooked has no such name; it has From, To'],
    [{ keys: { From: CANARY, To: CANARY } }, 'keys', 'must not give two names the same text'],
    [null, '', 'must be a mapping of keys'],
  ])('%j is refused by its key, and not shown', (live, key, message) => {
    const problems = problemsOf(live)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`accounts[0].live${key && `.${key}`}: ${message}`)
    expect(problems.join()).not.toContain(CANARY)
  })

  test('cannot open a webhook at a provider that has none', () => {
    expect(problemsOf({ webhook: true }, { provider: 'acme' })).toEqual([
      'accounts[0].live.webhook: Acme has no webhooks',
    ])
    expect(problemsOf({ webhook: false, pollSeconds: 5 }, { provider: 'acme' })).toEqual([])
  })

  test('take any names where the provider does not list its own', () => {
    expect(check({ webhook: true, keys: { uuid: 'id' } }, { provider: 'free' }).accounts[0]!.live.keys).toEqual({
      uuid: 'id',
    })
  })
})

describe('accountDefaults', () => {
  test('are what an account has that does not state it itself', () => {
    const defaults = { webhook: true, basic: BASIC, pollSeconds: 10 }
    expect(check({ pollSeconds: 1 }, { defaults }).accounts[0]!.live).toMatchObject({
      webhook: true,
      basic: { username: 'hook' },
      pollSeconds: 1,
    })
    expect(check({ webhook: false }, { defaults }).accounts[0]!.live.webhook).toBe(false)
  })

  test('open no webhook at a provider that has none, and rename nothing that it does not have', () => {
    const defaults = { webhook: true, keys: { From: 'a', uuid: 'b' } }
    expect(check(undefined, { defaults, provider: 'acme' }).accounts[0]!.live.webhook).toBe(false)
    expect(check(undefined, { defaults }).accounts[0]!.live.keys).toEqual({ From: 'a' })
  })

  test('are those of linked accounts, too', () => {
    const stored = {
      ...{ key: 'desk', workspace: 'default', provider: 'hooked', label: 'Desk' },
      settings: new Secret(JSON.stringify({ urls: account().urls, auth: account().auth })),
    }
    const { accountDefaults } = check(undefined, { defaults: { webhook: true, basic: BASIC, always: true } })
    const { live } = accountConfigOf(stored, providers, accountDefaults)
    expect(live).toMatchObject({ webhook: true, always: true, pollSeconds: 3 })
    expect(live.basic!.password.reveal()).toBe(CANARY)
    expect(accountConfigOf(stored, providers).live).toEqual(PAGE_DEFAULTS)
  })

  test.each([
    [{ pollSeconds: 9_999 }, 'accountDefaults.live.pollSeconds: must be at most 3600'],
    [{ poll: 1 }, 'accountDefaults.live.poll: is not a known key'],
    [{ basic: { ...BASIC, password: ` ${CANARY}` } }, 'accountDefaults.live.basic.password: begins with white space'],
  ])('%j are refused by their key', (defaults, problem) => {
    const problems = problemsOf(undefined, { defaults })
    expect(problems).toEqual([expect.stringContaining(problem)])
    expect(problems.join()).not.toContain(CANARY)
  })
})

describe('a warning', () => {
  test.each<[unknown, readonly string[]]>([
    [{ webhook: true, basic: BASIC, keys: { From: 'x' } }, []],
    [{ basic: BASIC }, ['accounts[0].live.basic: has no effect without `webhook: true`']],
    [{ keys: { From: 'x' } }, ['accounts[0].live.keys: has no effect without `webhook: true`']],
    [{ always: true, pollSeconds: 0 }, ['accounts[0].live.always: has no effect with `pollSeconds: 0`']],
    [{ always: true }, []],
  ])('%j: %j', (live, warnings) => expect(check(live).warnings).toEqual(warnings))

  test('says that addresses are random where no key makes them', () => {
    const warningsOf = (live: object) =>
      checkConfig({ store: { url: 'memory:' }, accounts: [account(live)] }, providers, { environment: {} }).warnings
    expect(warningsOf({ webhook: true })).toEqual([expect.stringContaining('the addresses of webhooks are random')])
    expect(warningsOf({})).toEqual([])
    const linkedOnly = { store: { url: 'memory:' }, accountDefaults: { live: { webhook: true } } }
    expect(checkConfig(linkedOnly, providers, { environment: {} }).warnings).toHaveLength(1)
  })
})
