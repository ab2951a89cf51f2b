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
