import { afterEach, describe, expect, test } from '@jest/globals'

import type { FreepbxEmulator } from '../../../src/providers/freepbx/emulator/emulator.js'
import { freepbx } from '../../../src/providers/freepbx/index.js'
import type { Collection } from '../../../src/providers/provider.js'
import { createWorld, newOperation, type World } from '../../../src/testing/world.js'

let world: World<FreepbxEmulator>
afterEach(() => world.close())

const start = async (knobs: object = {}, limits = {}) =>
  (world = await createWorld<FreepbxEmulator>(freepbx, { scale: 0.02, knobs: { ...knobs }, limits }))
const source = (account = 'machine') => world.account(account).source(newOperation())
const all = async <T>(collection: Collection<T>): Promise<readonly T[]> => {
  const items: T[] = []
  for await (const page of collection.pages({})) items.push(...page.items)
  return items
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code: string; reason?: string }) => `${error.code} ${error.reason ?? ''}`.trim(),
  )
const grants = () => world.emulator.journal.tokenRequests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
const scopes = () => world.emulator.journal.tokenRequests.map(({ body }) => new URLSearchParams(body).get('scope'))

describe.each(['16', '17'])('at a FreePBX %s', (profile) => {
  test('five hundred queries at a token that has run out cost one token request', async () => {
    await start({ profile }, { providerTimeoutMs: 60_000 })
    await all(source().dids!)
    world.clock.advance(3_601)
    world.emulator.journal.clear()
    await Promise.all(Array.from({ length: 500 }, () => all(source().dids!)))
    expect(grants()).toEqual(['client_credentials'])
  })

  test('a token that was deleted in the web interface is one new login, whatever the status says', async () => {
    await start({ profile }, { providerTimeoutMs: 60_000 })
    await all(source().dids!)
    world.emulator.journal.clear()
    world.emulator.revokeAccessTokens()
    await Promise.all(Array.from({ length: 60 }, () => all(source().dids!)))
    expect(grants()).toEqual(['client_credentials'])
    expect(world.emulator.journal.apiRequests.map(({ status }) => status)).toContain(profile === '16' ? 401 : 500)
  })

  test('a dead refresh token, which is a 401 invalid_request, leads to the password at once', async () => {
    await start({ profile })
    await all(source('native').dids!)
    world.clock.advance(3_601)
    world.emulator.revokeGrants()
    world.emulator.journal.clear()
    await all(source('native').dids!)
    expect(grants()).toEqual(['refresh_token', 'password'])
  })

  test('a wrong password ends the login, by either word, and is not tried again', async () => {
    await start({ profile })
    world.emulator.changePassword('another')
    expect(await codeOf(all(source('native').dids!))).toBe('REAUTHORIZATION_REQUIRED CREDENTIALS_REJECTED')
    await codeOf(all(source('native').dids!))
    expect(grants()).toEqual(['password'])
  })

  test('a wrong client secret ends the login, and is not tried again', async () => {
    await start({ profile })
    world.emulator.changeClientSecret('machine', 'another')
    expect(await codeOf(all(source().dids!))).toBe('REAUTHORIZATION_REQUIRED CREDENTIALS_REJECTED')
    await codeOf(all(source().dids!))
    expect(grants()).toEqual(['client_credentials'])
  })

  test('what the application may not have is left out of the login, and is forbidden, not absent', async () => {
    await start({ profile, allowedScopes: ['gql:core:read', 'gql:cdr'] })
    expect((await all(source().extensions!)).length).toBeGreaterThan(0)
    expect(await codeOf(all(source().groups!))).toBe('PROVIDER_FORBIDDEN FIELD_HIDDEN')
    expect(scopes().at(-1)).toBe('gql:core:read gql:cdr:read')
    expect(new Set(grants())).toEqual(new Set(['client_credentials']))
  })

  test('a scope that opens nothing is told as what it is, not as a switchboard without extensions', async () => {
    await start({ profile, allowedScopes: ['gql:core:read:extension', 'gql:cdr:read'] })
    expect(await codeOf(all(source().extensions!))).toBe('PROVIDER_FORBIDDEN FIELD_HIDDEN')
  })
})

test('a 500 that is no dead token is an outage, and no login', async () => {
  await start({ profile: '17' })
  await all(source().dids!)
  world.emulator.journal.clear()
  world.emulator.faults.next({
    status: 500,
    body: '{"error":{"type":"PDOException","message":"gone","code":9}}',
    times: 3,
  })
  expect(await codeOf(all(source().dids!))).toBe('PROVIDER_UNAVAILABLE HTTP_500')
  expect(grants()).toEqual([])
})

test('a write at a dead token of 17 is sent again after a login: the exception came before any work', async () => {
  await start({ profile: '17', reloadPolls: 0 })
  await all(source().extensions!)
  world.emulator.revokeAccessTokens()
  const [extension] = await all(source().extensions!)
  world.emulator.journal.clear()
  world.emulator.revokeAccessTokens()
  await source().writes!.extensions!.delete!.send({ extension: extension! })
  expect(world.emulator.tables.users.has(extension!.number)).toBe(false)
  expect(grants()).toEqual(['client_credentials'])
})

test('the login is a form, with every scope that is used', async () => {
  await start()
  await all(source().dids!)
  const { headers, body } = world.emulator.journal.tokenRequests[0]!
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(new URLSearchParams(body).get('scope')).toBe(
    'gql:core:read gql:cdr:read gql:ringgroups:read rest:queues:read gql:core:write gql:framework',
  )
})

test('no error and no log says where the server keeps its files', async () => {
  await start({ profile: '17' })
  world.emulator.faults.next({
    status: 500,
    body: '{"error":{"type":"Error","file":"/var/www/secret.php"}}',
    times: Infinity,
    path: /gql/,
  })
  const error: unknown = await all(source().dids!).catch((thrown: unknown) => thrown)
  expect(`${(error as Error).message} ${JSON.stringify(error)} ${JSON.stringify(world.events)}`).not.toContain(
    '/var/www',
  )
})
