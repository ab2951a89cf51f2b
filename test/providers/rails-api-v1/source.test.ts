import { afterEach, describe, expect, test } from '@jest/globals'

import { railsApiV1 } from '../../../src/providers/rails-api-v1/index.js'
import { createWorld, operation, type World } from '../../support/world.js'

let world: World
afterEach(() => world.close())

describe('the profile', () => {
  test.each(['password', 'authorizationCode'])('of a login by %s is one request, for its own user', async (name) => {
    world = await createWorld(railsApiV1)
    const account = world.account(name)
    const profile = await account.source(operation()).profile()
    expect(profile).toMatchObject({
      email: expect.stringContaining('@'),
      role: expect.any(String),
      createdAt: expect.stringMatching(/Z$/),
    })
    const userId = (await world.store.read(account.key))!.identity['userId']
    expect(userId).toMatch(/^\d+$/)
    expect(world.emulator.journal.lines()).toEqual([`GET /api/v1/users/${userId}`])
  })

  // Devise (heartcombo/devise #2328, doorkeeper-gem/doorkeeper #366) and oauth2-proxy (#1393) redirect to their page.
  test.each(['/users/sign_in', 'https://sso.example/oauth2/sign_in?rd=%2F', '/accounts/login/?next=/api', '/login'])(
    'is read with a new token where the old one is answered by a redirect to %s',
    async (location) => {
      world = await createWorld(railsApiV1, { knobs: { accessTokenSeconds: 7_200 } })
      const account = world.account('password')
      await account.source(operation()).profile()
      world.clock.advance(600)
      world.emulator.journal.clear()
      world.emulator.faults.next({ path: /users/, status: 302, headers: { location }, body: '<html>' })
      expect(await account.source(operation()).profile()).toMatchObject({ role: expect.any(String) })
      expect(world.emulator.journal.tokenRequests).toHaveLength(1)
    },
  )

  test('is an error that names the address where a redirect leads anywhere else', async () => {
    world = await createWorld(railsApiV1)
    world.emulator.faults.next({ path: /users/, status: 301, headers: { location: '/api/v1/users/1/' }, body: '' })
    await expect(world.account('password').source(operation()).profile()).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'REDIRECT',
    })
    expect(world.emulator.journal.tokenRequests).toHaveLength(1)
  })

  test('of another user than the one who logged in is refused', async () => {
    world = await createWorld(railsApiV1)
    world.emulator.faults.next({
      path: /users/,
      status: 200,
      body: JSON.stringify({ id: 999_999, email: 'eve@mail.example', role: 'admin' }),
    })
    await expect(world.account('password').source(operation()).profile()).rejects.toMatchObject({
      code: 'PROVIDER_BAD_RESPONSE',
      reason: 'WRONG_USER',
    })
  })

  test('is all there is: no telephony is offered, and none is asked for', async () => {
    world = await createWorld(railsApiV1)
    const { dids, extensions, groups, callRecords, recordings } = world.account('password').source(operation())
    expect([dids, extensions, groups, callRecords, recordings].filter((noun) => noun !== undefined)).toEqual([])
  })
})
