import { describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { providers } from '../../../src/providers/index.js'
import { accountLinking } from '../../../src/server/accounts/linking.js'
import { ANYONE } from '../../../src/server/callers/caller.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { privateOrigins, servesThisMachineOnly } from '../../../src/server/accounts/private-origins.js'

const nothing = {} as never

/**
 * The result of linking an account at this address; no upstream exists, so any request would show.
 */
function linked(api: string, mayNameThisMachine: boolean) {
  const linking = accountLinking({
    ...{ providers, mayNameThisMachine, registry: { find: () => null } as never },
    ...{ revocations: nothing, store: nothing, connectLinks: nothing, changesPerMinute: 10 },
    services: { clock: systemClock } as never,
  })
  const credentials = { username: 'a@b.example', password: 'c', clientId: 'd', clientSecret: 'e' }
  const input = {
    provider: 'rails-api-v1',
    key: 'new-one',
    label: 'New',
    flow: 'OAUTH2_PASSWORD',
    credentials,
    urls: { api },
  }
  return linking(ANYONE, nothing).link(input as never)
}

const REFUSED = { userErrors: [{ code: 'INVALID_INPUT', field: expect.arrayContaining(['input', 'urls']) }] }

const PRIVATE = [
  ...[
    'https://127.0.0.1',
    'https://127.1:8443',
    'https://2130706433',
    'https://0x7f.1',
    'https://0',
    'https://localhost.',
  ],
  ...['https://a.localhost', 'https://[::1]', 'https://[::ffff:127.0.0.1]', 'https://10.0.0.1', 'https://172.16.9.9'],
  ...['https://192.168.1.1', 'https://169.254.169.254', 'https://100.64.0.1', 'https://[fc00::1]', 'https://[fe80::1]'],
  ...['https://[64:ff9b::7f00:1]', 'https://224.0.0.1', 'https://255.255.255.255'],
]
const UNUSABLE = [
  ...[
    'http://pbx.example',
    'file:///etc/passwd',
    'gopher://pbx.example',
    'data:application/json,{}',
    'ftp://pbx.example',
  ],
  ...['unix:/var/run/docker.sock', 'javascript:1', 'ws://pbx.example', '//pbx.example', 'pbx.example', ''],
  ...[
    'https://user:secret@pbx.example',
    'https://user@pbx.example',
    'https://pbx.example/?a=b',
    'https://pbx.example/#a',
  ],
  ...['https://pbx.example:22', 'https://pbx.example:25', 'https://pbx.example:80', 'https://pbx.example:1023'],
  ...['https://pbx.example:99999', 'https://', 'https://pbx exa mple', 'https://[::1'],
]

describe('an address that a caller names', () => {
  test.each([...PRIVATE, ...UNUSABLE])('%j is refused before anybody is asked', async (api) => {
    expect(await linked(api, false)).toMatchObject(REFUSED)
  })

  test.each(PRIVATE.filter((api) => !/127\.0\.0\.1|127\.1|2130706433|0x7f|\[::1\]/.test(api)))(
    '%j is refused also on a server that only its own machine reaches',
    async (api) => {
      expect(await linked(api, true)).toMatchObject(REFUSED)
    },
  )

  test.each(['https://pbx.example', 'https://pbx.example:8443/v1', 'https://8.8.8.8'])('%j is tried', async (api) => {
    // Ends at the missing credentials.
    await expect(linked(api, false)).rejects.toThrow(TypeError)
  })
})

describe('an origin may be at a private address', () => {
  const account = (api: string, more: object = {}) => ({
    ...{ id: `a-${Math.abs(hash(api))}`, provider: 'rails-api-v1', urls: { api }, ...more },
    auth: { flow: 'password', username: 'a', password: 'b', clientId: 'c', clientSecret: 'd' },
  })
  const hash = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 0)
  const may = (server: object, ...accounts: object[]) =>
    privateOrigins(checkConfig({ server, store: { url: 'memory:' }, accounts }, providers, { environment: {} }))
  const PUBLIC = { publicUrl: 'https://graph.example' }

  test('where an account of the configuration names it as one, and nowhere beside it', () => {
    const is = may(PUBLIC, account('http://127.0.0.1:5001'), account('https://10.0.0.5:8443/pbx'))
    expect(['http://127.0.0.1:5001', 'https://10.0.0.5:8443'].map(is)).toEqual([true, true])
    expect(
      ['http://127.0.0.1:5002', 'http://localhost:5001', 'https://10.0.0.5', 'https://10.0.0.6:8443'].map(is),
    ).toEqual([false, false, false, false])
  })

  test('not where the configuration only gives a name, unless it says that it trusts it', () => {
    expect(may(PUBLIC, account('https://pbx.example'))('https://pbx.example')).toBe(false)
    expect(may(PUBLIC, account('https://pbx.example', { allowInsecure: true }))('https://pbx.example')).toBe(true)
  })

  test('on this machine, where only its own people call', () => {
    expect(may({})('http://127.0.0.1:7777')).toBe(true)
    expect(may({})('https://10.0.0.5')).toBe(false)
    expect(may(PUBLIC)('http://127.0.0.1:7777')).toBe(false)
  })

  test.each([
    ['127.0.0.1', null, true],
    ['127.0.0.1', 'http://localhost:4000', true],
    ['127.0.0.1', 'https://graph.example', false],
    ['0.0.0.0', null, false],
  ])('a server on %s that is called %s is for its own machine alone: %s', (host, publicUrl, expected) => {
    expect(servesThisMachineOnly({ server: { host, publicUrl } as never })).toBe(expected)
  })
})
