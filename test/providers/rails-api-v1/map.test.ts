import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { identity, isExpired } from '../../../src/providers/rails-api-v1/auth.js'
import { toUser } from '../../../src/providers/rails-api-v1/map/account.js'

const documented = {
  id: 17,
  name: '',
  nickname: '',
  email: 'ada@mail.example',
  created_at: '2020-09-13T12:26:40.496Z',
  updated_at: '2020-09-14T12:26:40.496Z',
  role: 'default',
  gold_to_send: 50,
  gold_received: 0,
}

describe('a user', () => {
  test('becomes the profile of the account', () => {
    expect(toUser(documented)).toEqual({
      userId: '17',
      profile: {
        name: null,
        host: null,
        contactName: null,
        email: 'ada@mail.example',
        phone: null,
        role: 'default',
        status: 'UNKNOWN',
        nativeStatus: null,
        plan: null,
        customerType: null,
        balance: null,
        messageCredits: null,
        createdAt: '2020-09-13T12:26:40.496Z',
        updatedAt: '2020-09-14T12:26:40.496Z',
      },
    })
  })

  test.each([
    [{ name: 'Ada Lovelace', nickname: 'ada' }, 'Ada Lovelace'],
    [{ name: '', nickname: 'ada' }, 'ada'],
    [{ name: null, nickname: 'ada' }, 'ada'],
    [{ name: '', nickname: '' }, null],
    [{ name: undefined, nickname: undefined }, null],
  ])('named by %j is %j', (names, name) => {
    expect(toUser({ ...documented, ...names })?.profile).toMatchObject({ name, contactName: name })
  })

  test('of a deployment without the fields of another product is read as well', () => {
    const { id, email, role, created_at, updated_at } = documented
    expect(toUser({ id, email, role: 'admin', created_at, updated_at })).toMatchObject({
      userId: '17',
      profile: { role: 'admin', name: null },
    })
    expect(role).toBe('default')
  })

  test('never fails on what is sent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(documented)),
        fc.anything(),
        (key, value) => void toUser({ ...documented, [key]: value }),
      ),
    )
    for (const wrong of [null, [], 'text', {}, { id: '' }]) expect(toUser(wrong)).toBeNull()
  })
})

describe('the login tells whose it is', () => {
  const token = (claims: unknown) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

  test.each([
    [{ user_id: 17, access_token: 'opaque' }, { userId: '17' }],
    [
      { access_token: token({ user: { id: 17, email: 'ada@mail.example' } }) },
      { userId: '17', email: 'ada@mail.example' },
    ],
    [{ user_id: 18, access_token: token({ user: { id: 17 } }) }, { userId: '18' }],
    [{ access_token: 'opaque' }, {}],
    [{ access_token: token(null) }, {}],
    [{ access_token: token({ user: 'ada' }) }, {}],
    [{ access_token: 'a.%%%.c' }, {}],
    [{}, {}],
  ])('%#', (body, expected) => {
    expect(identity(body)).toEqual(expected)
  })

  test('only 401 means that a token has run out', () => {
    expect([200, 400, 401, 403, 404, 500].filter((status) => isExpired({ status }))).toEqual([401])
  })
})
