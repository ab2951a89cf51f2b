import { describe, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import { has, ResourceKind, ResourceOperation } from '../../../src/model/capability.js'
import type { Provider } from '../../../src/providers/provider.js'
import { accountConfigOf } from '../../../src/server/accounts/registry.js'
import { checkConfig, type Config } from '../../../src/server/config/config.js'
import { millisecondsOf } from '../../../src/server/config/duration.js'
import { Secret } from '../../../src/secret.js'
import { acme } from '../acme.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const logged: Provider = {
  ...acme,
  slug: 'logged',
  name: 'Logged',
  capabilities: has(ResourceKind.CALL_RECORD, [ResourceOperation.LIST]),
}
const silent: Provider = { ...acme, slug: 'silent', name: 'Silent', capabilities: [] }
const providers = [logged, silent]

interface Given {
  readonly provider?: string
  readonly defaults?: unknown
  readonly environment?: Record<string, string>
}

const account = (archive?: unknown, provider = 'logged') => ({
  id: 'praha',
  provider,
  urls: { api: 'https://api.acme.example' },
  auth: { flow: 'static_token', token: 't' },
  ...(archive !== undefined && { archive }),
})

const check = (archive?: unknown, { provider, defaults, environment = {} }: Given = {}): Config =>
  checkConfig(
    {
      store: { url: 'memory:' },
      ...(defaults !== undefined && { accountDefaults: { archive: defaults } }),
      accounts: [account(archive, provider)],
    },
    providers,
    { environment },
  )

const archiveOf = (archive?: unknown, given?: Given) => check(archive, given).accounts[0]!.archive

const problemsOf = (archive: unknown, given: Given = {}): readonly string[] => {
  try {
    check(archive, given)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

const PAGE_DEFAULTS = {
  sinceMs: 90 * DAY,
  everySeconds: 60,
  recheckMs: 2 * DAY,
  retentionMs: 90 * DAY,
  sealed: false,
}

describe('the archive of an account', () => {
  test('is none where nobody states one', () => {
    expect(archiveOf()).toBeNull()
    expect(archiveOf(false)).toBeNull()
  })

  test('has the values of the page where it states no others', () => {
    expect(archiveOf({})).toEqual(PAGE_DEFAULTS)
  })

  test('is what it states', () => {
    expect(
      archiveOf({ since: 'P365D', everySeconds: 300, recheck: 'PT12H', retention: 'P104W', sealed: true }),
    ).toEqual({
      sinceMs: 365 * DAY,
      everySeconds: 300,
      recheckMs: 12 * HOUR,
      retentionMs: 728 * DAY,
      sealed: true,
    })
  })

  test('keeps what it fetches, and reads no more again than it fetches', () => {
    expect(archiveOf({ since: 'P1D' })).toEqual({
      ...PAGE_DEFAULTS,
      sinceMs: DAY,
      recheckMs: DAY,
      retentionMs: DAY,
    })
  })

  test('is no setting of the provider', () => {
    expect(check({}).accounts[0]!.settings).not.toHaveProperty('archive')
  })

  test('may come from the environment', () => {
    const stated = { since: '${SINCE}', everySeconds: '${PAUSE}', sealed: '${SEALED}' }
    const environment = { SINCE: 'P7D', PAUSE: '120', SEALED: 'true' }
    expect(archiveOf(stated, { environment })).toMatchObject({ sinceMs: 7 * DAY, everySeconds: 120, sealed: true })
  })

  test.each<[unknown, string, string]>([
    [{ everySeconds: 9 }, '.everySeconds', 'must be at least 10'],
    [{ everySeconds: 3_601 }, '.everySeconds', 'must be at most 3600'],
    [{ everySeconds: 'often' }, '.everySeconds', 'must be a number'],
    [{ since: '90d' }, '.since', 'must be a duration such as P90D, PT12H or P2W'],
    [{ since: 'P3M' }, '.since', 'must be a duration such as P90D, PT12H or P2W'],
    [{ since: 'P0D' }, '.since', 'must be a duration such as P90D, PT12H or P2W'],
    [{ since: 90 }, '.since', 'must be a text, in quotes'],
    [{ recheck: 'P91D' }, '.recheck', 'must not be longer than `since`'],
    [{ since: 'P30D', retention: 'P29D' }, '.retention', 'must not be shorter than `since`'],
    [{ sealed: 'yes' }, '.sealed', 'must be true or false'],
    [{ sinse: 'P90D' }, '.sinse', 'is not a known key'],
    [true, '', 'must be a mapping of keys such as {}, or false'],
    // As YAML has it where all keys below are commented out.
    [null, '', 'must be a mapping of keys such as {}, or false'],
  ])('%j is refused by its key', (archive, key, message) => {
    expect(problemsOf(archive)).toEqual([`accounts[0].archive${key}: ${message}`])
  })

  test('cannot be had of a provider without a call log', () => {
    expect(problemsOf({}, { provider: 'silent' })).toEqual(['accounts[0].archive: Silent has no call log'])
    expect(problemsOf(false, { provider: 'silent' })).toEqual([])
  })
})

describe('accountDefaults', () => {
  const defaults = { since: 'P30D', everySeconds: 120, sealed: true }

  test('are what an account has that does not state it itself', () => {
    const common = { sinceMs: 30 * DAY, everySeconds: 120, recheckMs: 2 * DAY, retentionMs: 30 * DAY, sealed: true }
    expect(archiveOf(undefined, { defaults })).toEqual(common)
    expect(archiveOf({ everySeconds: 30 }, { defaults })).toEqual({ ...common, everySeconds: 30 })
  })

  test('give no archive to an account that says it is to have none', () => {
    expect(archiveOf(false, { defaults })).toBeNull()
  })

  test('give none to an account without a call log, which a warning says', () => {
    const config = check(undefined, { defaults, provider: 'silent' })
    expect(config.accounts[0]!.archive).toBeNull()
    expect(config.warnings).toEqual([
      'accounts[0]: Silent has no call log, so `accountDefaults.archive` gives it no archive',
    ])
    expect(check(false, { defaults, provider: 'silent' }).warnings).toEqual([])
    expect(check(undefined, { defaults }).warnings).toEqual([])
  })

  test('are those of linked accounts, too', () => {
    const stored = (provider: string) => ({
      ...{ key: 'desk', workspace: 'default', provider, label: 'Desk' },
      settings: new Secret(JSON.stringify({ urls: account().urls, auth: account().auth })),
    })
    const { accountDefaults } = check(undefined, { defaults })
    const archive = (provider: string) => accountConfigOf(stored(provider), providers, accountDefaults).archive
    expect(archive('logged')).toMatchObject({ sinceMs: 30 * DAY, everySeconds: 120, sealed: true })
    expect(archive('silent')).toBeNull()
    expect(accountConfigOf(stored('logged'), providers).archive).toBeNull()
  })

  test('that contradict themselves are told once, and not at each account', () => {
    expect(problemsOf({}, { defaults: { since: 'P1D', recheck: 'P2D' } })).toEqual([
      'accountDefaults.archive.recheck: must not be longer than `since`',
    ])
    expect(problemsOf({ since: 'PT24H' }, { defaults: { recheck: 'P2D' } })).toEqual([
      'accounts[0].archive.recheck: must not be longer than `since`',
    ])
    expect(problemsOf(undefined, { defaults: false })).toEqual(['accountDefaults.archive: must be a mapping of keys'])
  })
})

test.each([
  ['P90D', 90 * DAY],
  ['PT12H', 12 * HOUR],
  ['P2W', 14 * DAY],
  ['P1DT6H', 30 * HOUR],
  ['P', 0],
  ['P1Y', null],
  ['P1.5D', null],
  ['P1W2D', null],
  ['-P1D', null],
  ['p1d', null],
])('%s is %j ms', (text, milliseconds) => expect(millisecondsOf(text)).toBe(milliseconds))
