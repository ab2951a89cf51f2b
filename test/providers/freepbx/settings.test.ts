import { describe, expect, test } from '@jest/globals'

import { freepbx } from '../../../src/providers/freepbx/index.js'
import { checkConfig } from '../../../src/server/config/config.js'

const AUTH = { flow: 'client_credentials', clientId: 'c', clientSecret: 's' }
const check = (entry: object) =>
  checkConfig({ accounts: [{ id: 'pbx', provider: 'freepbx', auth: AUTH, ...entry }] }, [freepbx], { environment: {} })
const originsOf = (urls: object) => {
  const [account] = check({ urls }).accounts
  return freepbx.connect(account!.settings, { key: 'pbx', country: 'TR', timeZone: 'Europe/Istanbul' }).origins
}

describe('addresses of a FreePBX', () => {
  test('are one base, or three apart, as its ports may differ', () => {
    expect(originsOf({ base: 'https://pbx.example/admin/api/api/' })).toEqual(['https://pbx.example'])
    const apart = {
      token: 'https://pbx.example:2443/admin/api/api/token',
      gql: 'https://pbx.example:2443/admin/api/api/gql',
      rest: 'https://pbx.example:2444/admin/api/api/rest',
    }
    expect(originsOf(apart)).toEqual(['https://pbx.example:2443', 'https://pbx.example:2444'])
  })

  test('are needed: two of three are not enough, and there is no public one', () => {
    expect(() => check({})).toThrow(/urls/)
    expect(() => check({ urls: { token: 'https://a.example/token', gql: 'https://a.example/gql' } })).toThrow(/base/)
  })
})

describe('an account that is linked while the server runs', () => {
  const linked = (flow: 'OAUTH2_CLIENT_CREDENTIALS' | 'OAUTH2_PASSWORD' | 'STATIC_TOKEN') =>
    freepbx.linkAuth!({ flow, credentials: { username: 'u', password: 'p', clientId: 'c', clientSecret: 's' } })

  test('logs in by an application, or by a user of one, and by nothing else', () => {
    expect(linked('OAUTH2_CLIENT_CREDENTIALS')).toEqual(AUTH)
    expect(linked('OAUTH2_PASSWORD')).toEqual({ ...AUTH, flow: 'password', username: 'u', password: 'p' })
    expect(linked('STATIC_TOKEN')).toBeNull()
  })
})

test('what an account may change follows from its settings, and is told by its capabilities', () => {
  const updateOf = (options: object) => {
    const [account] = check({ urls: { base: 'https://pbx.example/api' }, options }).accounts
    const { capabilities = freepbx.capabilities } = freepbx.connect(account!.settings, {
      ...{ key: 'pbx', country: 'TR', timeZone: 'UTC' },
    })
    return capabilities.find(({ resource, operation }) => resource === 'EXTENSION' && operation === 'UPDATE')?.support
  }
  expect([updateOf({}), updateOf({ allowDestructiveUpdate: true })]).toEqual(['UNSUPPORTED', 'EMULATED'])
})
