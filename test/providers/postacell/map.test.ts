import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { globalId } from '../../../src/model/id.js'
import { isExpired } from '../../../src/providers/postacell/auth.js'
import { toBalance, toProfile } from '../../../src/providers/postacell/map/account.js'
import { toGroup } from '../../../src/providers/postacell/map/group.js'
import { postacellSettings } from '../../../src/providers/postacell/settings.js'

const ACCOUNT = { key: 'sms', country: 'TR', timeZone: 'Europe/Istanbul', redirectUri: 'http://127.0.0.1/' }
const READ_AT = '2026-02-11T15:00:00.000Z'
/** The published row. */
const LIST = {
  id: '65c0a1b2c3d4e5f601234567',
  title: 'Bayiler',
  user_id: 77,
  valid: 312,
  update_date: '2026-01-08T10:11:12.345000Z',
  create_date: '2025-12-01T07:00:00Z',
}

describe('A contact list', () => {
  test('is a group of people to write to', () => {
    expect(toGroup(ACCOUNT, LIST, READ_AT)).toEqual({
      __typename: 'Group',
      id: globalId('Group', 'sms', LIST.id),
      accountKey: 'sms',
      providerResourceId: LIST.id,
      fetchedAt: READ_AT,
      payload: LIST,
      kind: 'CONTACT_LIST',
      name: 'Bayiler',
      ringTimeoutSeconds: null,
      internalNumber: null,
      memberships: null,
      countedMembers: 312,
    })
  })

  test('without an id is none; any other field may be missing', () => {
    expect(toGroup(ACCOUNT, { ...LIST, id: null }, READ_AT)).toBeNull()
    expect(toGroup(ACCOUNT, 'list', READ_AT)).toBeNull()
    expect(toGroup(ACCOUNT, { id: LIST.id, valid: -1, title: 7 }, READ_AT)).toMatchObject({
      name: '7',
      countedMembers: null,
    })
    fc.assert(fc.property(fc.anything(), (value) => void toGroup(ACCOUNT, value, READ_AT)))
  })
})

describe('The profile', () => {
  test('is the login, and an e-mail address when the login is one', () => {
    expect(toProfile('acme', null)).toMatchObject({
      name: 'acme',
      email: null,
      status: 'UNKNOWN',
      balance: null,
      messageCredits: null,
    })
    expect(toProfile('acme@example.com.tr', undefined)).toMatchObject({
      name: 'acme@example.com.tr',
      email: 'acme@example.com.tr',
      messageCredits: undefined,
    })
  })

  test.each([
    [
      { Response: { Balance: { Limit: 0, Main: 1520 }, Status: { Code: 200, Description: 'OK' } } },
      { code: 200, credits: 1520 },
    ],
    [{ Response: { Status: { Code: 17, Description: 'no' } } }, { code: 17, credits: null }],
    [{ Response: null }, { code: null, credits: null }],
    ['<html>', { code: null, credits: null }],
  ])('has the credits the gateway tells: %j', (body, expected) => {
    expect(toBalance(body)).toEqual(expected)
  })
})

describe('An answer says that the token has run out', () => {
  const notValid = {
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is expired' }],
  }
  test.each([
    ['401 with token_not_valid', 401, notValid, true],
    ['403 with token_not_valid, from a server whose first authentication has no challenge', 403, notValid, true],
    ['401 in Turkish', 401, { detail: 'Geçersiz', code: 'token_not_valid' }, true],
    ['401 without a code', 401, { detail: 'Authentication credentials were not provided.' }, true],
    ['401 as a page', 401, '<html>', true],
    ['403 about rights', 403, { detail: 'You do not have permission to perform this action.' }, false],
    ['403 without credentials', 403, { detail: 'Authentication credentials were not provided.' }, false],
    ['a user that is gone', 401, { detail: 'User not found', code: 'user_not_found' }, false],
    ['a user that is gone, as 403', 403, { detail: 'User not found', code: 'user_not_found' }, false],
    ['a user that is locked', 401, { detail: 'User is inactive', code: 'user_inactive' }, false],
    ['a list whose title speaks of it', 200, { results: [{ title: '"code":"token_not_valid"' }] }, false],
    ['404', 404, { detail: 'Invalid page.' }, false],
  ])('%s: %s', (_, status, body, expected) => {
    expect(isExpired({ status, body: typeof body === 'string' ? body : JSON.stringify(body) })).toBe(expected)
  })
})

describe('The settings', () => {
  const auth = { flow: 'jwt_login', username: 'acme', password: 's3cret' }

  test('need no more than a login', () => {
    expect(postacellSettings.parse({ auth })).toMatchObject({
      urls: { api: 'https://app.postacell.com.tr/api' },
      auth: { loginField: 'username' },
      options: { version: 'v1', gatewaySuccessCodes: [0, 200], searchByTitle: true },
    })
  })

  test('refuse what they do not know', () => {
    expect(postacellSettings.safeParse({ auth: { ...auth, pasword: 'x' } }).success).toBe(false)
    expect(postacellSettings.safeParse({ auth, option: {} }).success).toBe(false)
    expect(postacellSettings.safeParse({ auth: { ...auth, loginField: 'phone' } }).success).toBe(false)
  })
})
