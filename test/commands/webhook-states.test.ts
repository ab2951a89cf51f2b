import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from '@jest/globals'

import { listWebhookStates, queryWebhookStates, storedWebhookStates } from '../../src/commands/webhook-states.js'
import { Secret } from '../../src/secret.js'
import { checkConfig } from '../../src/server/config/config.js'
import { openConfiguredStore } from '../../src/server/config/open-store.js'
import { createLog } from '../../src/server/observing/log.js'
import { acme } from '../server/acme.js'
import { accountOf, hooked, KEYS, startHooked } from '../server/webhooks/hooked.js'

const providers = [acme, hooked]
const log = createLog({ write: () => {} })
const ACCOUNTS = [
  { id: 'open', live: { webhook: true, basic: { username: 'hook', password: 'canary-1c1c' } } },
  { id: 'closed', live: { webhook: false } },
  { id: 'deaf', provider: 'acme' },
]

describe('dialgraph accounts --webhooks', () => {
  test('shows the addresses that servers with the same keys serve, of configured and linked accounts', async () => {
    const server = await startHooked({ accounts: ACCOUNTS, encryptionKeys: KEYS })
    const served = await queryWebhookStates(server.url)
    expect(served).toEqual([
      { id: 'open', provider: 'hooked', url: await server.address('open'), username: 'hook' },
      { id: 'closed', provider: 'hooked', url: null, username: null },
      { id: 'deaf', provider: 'acme', url: null, username: null },
    ])

    const url = `sqlite:${join(mkdtempSync(join(tmpdir(), 'dialgraph-')), 'dialgraph.db')}`
    const document = { store: { url, encryptionKeys: KEYS }, accounts: ACCOUNTS.map(accountOf) }
    const config = checkConfig({ ...document, accountDefaults: { live: { webhook: true } } }, providers, {
      environment: {},
    })
    const store = await openConfiguredStore(config)
    const { urls, auth } = accountOf({ id: 'desk' })
    const settings = new Secret(JSON.stringify({ urls, auth }))
    const desk = { link: 'l1', key: 'desk', workspace: 'default', provider: 'hooked', label: 'Desk', settings }
    await store.link({ ...desk, pendingUntil: null }, new Map(), 5, Date.now())
    await store.close()
    const known = await storedWebhookStates(config, providers, log, server.url)
    expect(known).toEqual([
      ...served!,
      {
        ...{ id: 'desk', provider: 'hooked', username: null },
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/webhooks\/desk\/[\w-]{43}$/),
      },
    ])
    await server.close()
  })

  test('says that random addresses are known to the server alone', async () => {
    const config = checkConfig({ store: { url: 'memory:' }, accounts: ACCOUNTS.map(accountOf) }, providers, {
      environment: {},
    })
    await expect(storedWebhookStates(config, providers, log, 'http://x')).rejects.toThrow(
      'only the server that runs knows them',
    )
  })

  test('prints fields for a pipe, and sentences for a person', () => {
    const open = { id: 'open', provider: 'hooked', url: 'https://x/webhooks/open/t', username: 'hook' }
    const closed = { id: 'closed', provider: 'hooked', url: null, username: null }
    expect(listWebhookStates([open, closed], false)).toBe(
      'open\thooked\thttps://x/webhooks/open/t\thook\nclosed\thooked\t\t',
    )
    expect(listWebhookStates([open, closed], true)).toBe(
      'open: https://x/webhooks/open/t (as hook, with its password)\nclosed: closed',
    )
    expect(listWebhookStates([closed], true)).toContain('opens its webhook')
  })
})
