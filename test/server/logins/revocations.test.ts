import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { TokenManager } from '../../../src/auth/token-manager.js'
import { createSender, type Sender } from '../../../src/http/wire/send.js'
import { providers } from '../../../src/providers/index.js'
import { Secret } from '../../../src/secret.js'
import { connectAccount } from '../../../src/server/accounts/connect-account.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { Revocations } from '../../../src/server/accounts/revocations.js'
import type { StoredAccount } from '../../../src/store/account-store.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import { startEmulators } from './login-servers.js'

const HOUR = 3_600

let emulators: Awaited<ReturnType<typeof startEmulators<'rails-api-v1' | 'bulutfon'>>>
let sender: Sender
let store: Store
let revocations: Revocations
let moved: number
let outcomes: string[]

const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
const { limits } = checkConfig({}, providers, { environment: {} })

beforeAll(async () => {
  emulators = await startEmulators(['rails-api-v1', 'bulutfon'])
  sender = createSender(limits, clock)
})
beforeEach(() => {
  emulators['rails-api-v1'].reset()
  moved = 0
  outcomes = []
  store = memoryStore()
  const log = createLog({ write: (line: string) => outcomes.push((JSON.parse(line) as { outcome: string }).outcome) })
  revocations = new Revocations({ store, providers, services: services(), log })
})
afterAll(async () => {
  await sender.close()
  await emulators.close()
})

const services = () => ({
  manager: new TokenManager({ store, send: sender.send, clock, limits }),
  ...{ send: sender.send, openStream: () => Promise.reject(new Error('no')), limits, clock },
})
const pass = (seconds: number) => {
  moved += seconds * 1_000
  emulators['rails-api-v1'].clock.advance(seconds * 1_000)
}
const revoked = () => emulators['rails-api-v1'].journal.entries.filter(({ path }) => path === '/oauth/revoke')
const left = () => store.dueRevocations(Number.MAX_SAFE_INTEGER)

/** An unlinked account with a login at Rails. */
async function unlinked(name: 'password' | 'authorizationCode' = 'password'): Promise<void> {
  const { urls, auth } = emulators['rails-api-v1'].accounts[name]
  const account: StoredAccount = {
    ...{ link: 'mark', key: 'desk', workspace: 'default', provider: 'rails-api-v1', label: 'Desk', pendingUntil: null },
    settings: new Secret(JSON.stringify({ urls, auth })),
  }
  await store.link(account, new Map(), 5, 0)
  const document = { accounts: [{ id: 'desk', provider: 'rails-api-v1', urls, auth }] }
  const [config] = checkConfig(document, providers, { environment: null }).accounts
  const joined = connectAccount(config!, services(), 'mark')
  await joined.login.token()
  await store.unlink('mark', (logins) => revocations.of(account, joined.login.flow, logins))
}

test('a provider is told at once, and nothing is left of the tokens', async () => {
  await unlinked()
  await revocations.wake()
  expect(revoked().map(({ status }) => status)).toEqual([200])
  expect([await left(), outcomes]).toEqual([[], ['revoked']])
})

test('a token that has run out is renewed first, and what it was renewed to is kept before it is used', async () => {
  await unlinked()
  pass(120)
  emulators['rails-api-v1'].faults.next({ path: /revoke/, status: 503, times: 1 })
  await revocations.wake()
  const [kept] = await left()
  expect(kept?.accessToken?.reveal()).toBe(new URLSearchParams(revoked()[0]!.body).get('token'))
  expect(outcomes).toEqual(['revocation put off'])
  pass(61)
  await revocations.wake()
  expect(await left()).toEqual([])
  expect(outcomes.at(-1)).toBe('revoked')
})

test('a provider that fails is asked again later and later, for a day, and then left alone', async () => {
  await unlinked()
  emulators['rails-api-v1'].faults.next({ path: /oauth/, status: 503, times: Infinity })
  const asked: number[] = []
  const before = () => emulators['rails-api-v1'].journal.entries.length
  for (let minute = 0; minute < 26 * 60; minute++) {
    const count = before()
    await revocations.wake()
    if (before() > count) asked.push(minute)
    pass(60)
  }
  expect(asked.slice(0, 6)).toEqual([0, 1, 2, 4, 8, 16])
  expect(asked.length).toBeLessThanOrEqual(35)
  expect(asked.at(-1)! / 60).toBeGreaterThan(22)
  expect(asked.at(-1)! / 60).toBeLessThanOrEqual(25.1)
  expect(await left()).toEqual([])
  expect(outcomes.at(-1)).toBe('revocation given up')
})

test.each([
  ['does not know the token any more', async () => emulators['rails-api-v1'].revokeGrants()],
  ['has forgotten the person', async () => emulators['rails-api-v1'].deleteOwner('password')],
])('a provider that %s needs no telling', async (_, change) => {
  await unlinked()
  pass(120)
  await change()
  await revocations.wake()
  pass(24 * HOUR + 3_700)
  await revocations.wake()
  expect(await left()).toEqual([])
})

test('two processes tell it once', async () => {
  await unlinked()
  const other = new Revocations({ store, providers, services: services(), log: createLog({ write: () => true }) })
  await Promise.all([revocations.wake(), other.wake(), revocations.wake(), other.wake()])
  expect(revoked()).toHaveLength(1)
})

describe('what is to be told', () => {
  test('is nothing where the provider cannot be told', () => {
    const [config] = checkConfig(
      { accounts: [{ id: 'shop', ...emulators.bulutfon.accounts.masterToken }] },
      providers,
      { environment: {} },
    ).accounts
    const { login } = connectAccount(config!, services())
    const grant = { accessToken: new Secret('a'), refreshToken: null } as never
    expect(revocations.of({} as StoredAccount, login.flow, [grant])).toEqual([])
  })

  test('of a provider this version does not know is given up', async () => {
    const settings = new Secret('{"auth":{}}')
    await store.keepRevocation({
      ...{ id: 'one', account: 'old', provider: 'gone', settings, accessToken: new Secret('a'), refreshToken: null },
      ...{ accessExpiresAt: null, attempts: 0, nextAttemptAt: 0, giveUpAt: Number.MAX_SAFE_INTEGER },
    })
    await revocations.wake()
    expect([await left(), outcomes]).toEqual([[], ['revocation given up']])
  })
})
