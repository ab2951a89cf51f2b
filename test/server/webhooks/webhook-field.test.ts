import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { KEYS, startHooked, type HookedServer } from './hooked.js'

const KEY = {
  manager: 'manager-0123456789',
  reader: 'reader-01234567890',
  stranger: 'stranger-0123456789',
  own: 'own-0123456789abcd',
}
const bearer = (who: keyof typeof KEY) => `Bearer ${KEY[who]}`

let server: HookedServer
beforeAll(async () => {
  const own = { scopes: ['telephony:read:own'], extension: 'praha/101' }
  server = await startHooked({
    accounts: [
      { id: 'praha', live: { webhook: true, basic: { username: 'hook', password: 'canary-9a9a' } } },
      { id: 'closed' },
    ],
    encryptionKeys: KEYS,
    config: {
      callers: {
        apiKeys: [
          { name: 'manager', key: KEY.manager, scopes: ['telephony:read', 'accounts:manage'] },
          { name: 'reader', key: KEY.reader, scopes: ['telephony:read'] },
          { name: 'stranger', key: KEY.stranger, workspace: 'other', scopes: ['telephony:read', 'accounts:manage'] },
          { name: 'own', key: KEY.own, ...own },
        ],
      },
    },
  })
})
afterAll(() => server.close())

const ASKED = '{ account(key: "praha") { key webhook { url username accepted } } }'

describe('Account.webhook', () => {
  test('shows managers the address, and never the password', async () => {
    const { data, headers } = await server.query(ASKED, bearer('manager'))
    expect(data['account']).toEqual({
      key: 'praha',
      webhook: { url: expect.stringMatching(/\/webhooks\/praha\/[\w-]{43}$/), username: 'hook', accepted: 0 },
    })
    expect(JSON.stringify(data)).not.toContain('canary')
    expect([headers.get('etag'), headers.get('cache-control')]).toEqual([null, expect.stringContaining('no-store')])
  })

  test('is null where the webhook is closed', async () => {
    const { data } = await server.query('{ account(key: "closed") { webhook { url } } }', bearer('manager'))
    expect(data).toEqual({ account: { webhook: null } })
  })

  test.each(['reader', 'own'] as const)('is forbidden to the %s, who sees the rest', async (who) => {
    const { data, errors } = await server.query(ASKED, bearer(who))
    expect(data).toEqual({ account: { key: 'praha', webhook: null } })
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })])
  })

  test('of another workspace is not there', async () => {
    expect((await server.query(ASKED, bearer('stranger'))).data).toEqual({ account: null })
  })
})
