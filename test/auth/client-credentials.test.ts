import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import { failure, openClient, openTokenServer, outcomes, passSeconds, times, tokenServer, until } from './clients.js'
import type { LoginClientOptions } from './token-server.js'

const start = async (options?: LoginClientOptions, lifetime?: unknown) => {
  await openTokenServer(lifetime)
  return openClient('client credentials', options)
}

const lastTokenRequest = () => tokenServer.journal.tokenRequests.at(-1)!

describe('client credentials', () => {
  test('go as a form with the scope, and nothing else', async () => {
    const client = await start({ scope: 'phones:read calls:read' })
    await client.get()
    const { headers, body } = lastTokenRequest()
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(headers['authorization']).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'shop',
      client_secret: 'shop',
      scope: 'phones:read calls:read',
    })
  })

  test('go by HTTP Basic where a server wants that: encoded, and not in the body', async () => {
    const client = await start({ clientAuthentication: 'basic', clientSecret: 'a:b c+ü' })
    tokenServer.changeClientSecret('a:b c+ü')
    expect(await client.get()).toEqual({ fine: true })
    const { headers, body } = lastTokenRequest()
    expect(headers['authorization']).toBe(`Basic ${Buffer.from('shop:a%3Ab+c%2B%C3%BC').toString('base64')}`)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ grant_type: 'client_credentials' })
  })
})

describe('one login', () => {
  test('serves five hundred requests that come first', async () => {
    const client = await start()
    await times(500, () => client.get())
    expect(tokenServer.grants()).toEqual(['client_credentials'])
  })

  test('serves five hundred requests that find the token run out: there is nothing to refresh', async () => {
    const client = await start()
    await client.get()
    passSeconds(301, client)
    await times(500, () => client.get())
    expect(tokenServer.grants()).toEqual(['client_credentials', 'client_credentials'])
    expect(client.events.map(({ reason, outcome }) => `${reason}: ${outcome}`)).toEqual([
      'first use: logged in',
      'expired: logged in',
    ])
  })

  test('follows for a crowd whose token was revoked early, each request sent again once', async () => {
    const client = await start()
    await client.get()
    passSeconds(30, client)
    tokenServer.revokeAccess()
    await times(100, () => client.get())
    expect(tokenServer.grants()).toHaveLength(2)
    expect(tokenServer.journal.apiRequests.length).toBeLessThanOrEqual(1 + 2 * 100)
  })

  test('is made in the background while the token still serves, shortly before it ends', async () => {
    const client = await start()
    await client.get()
    passSeconds(245, client)
    await client.get()
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-1')
    await until(() => client.events.some(({ reason, outcome }) => `${reason}: ${outcome}` === 'due: logged in'))
    await client.get()
    expect(tokenServer.journal.apiRequests.at(-1)?.headers['authorization']).toBe('Bearer access-2')
    expect(tokenServer.grants()).toHaveLength(2)
  })

  test('serves two replicas over one store, at first and when the token has run out', async () => {
    await openTokenServer()
    const store = memoryStore()
    const replicas = [openClient('client credentials', { store }), openClient('client credentials', { store })]
    await Promise.all(replicas.flatMap((replica) => [replica.get(), replica.get()]))
    expect(tokenServer.grants()).toHaveLength(1)
    passSeconds(301, ...replicas)
    await Promise.all(replicas.flatMap((replica) => [replica.get(), replica.get()]))
    expect(tokenServer.grants()).toHaveLength(2)
    expect(replicas.flatMap(outcomes).filter((outcome) => outcome === 'logged in')).toHaveLength(2)
  })

  test('is all that is kept: a refresh token that comes against RFC 6749 §4.4.3 is dropped', async () => {
    const client = await start()
    tokenServer.alterAnswers((answer) => ({ ...answer, refresh_token: 'refresh-0' }))
    await client.get()
    expect((await client.store.read('account'))?.refreshToken).toBeNull()
    passSeconds(301, client)
    await client.get()
    expect(tokenServer.grants()).toEqual(['client_credentials', 'client_credentials'])
  })
})

describe('a refused client', () => {
  test('ends the login at once, and is remembered: no further request asks again', async () => {
    const client = await start({ clientSecret: 'wrong' })
    const first = await Promise.all([failure(client.get()), failure(client.get())])
    expect(first.map(({ code }) => code)).toEqual(['REAUTHORIZATION_REQUIRED', 'REAUTHORIZATION_REQUIRED'])
    passSeconds(3600, client)
    expect((await failure(client.get())).code).toBe('REAUTHORIZATION_REQUIRED')
    expect(tokenServer.grants()).toHaveLength(1)
    expect(await client.state()).toMatchObject({
      status: 'REAUTHORIZATION_REQUIRED',
      lastError: { reason: 'CREDENTIALS_REJECTED' },
    })
  })

  test('is remembered by every replica of the store', async () => {
    await openTokenServer()
    const store = memoryStore()
    const [one, two] = [
      openClient('client credentials', { store, clientSecret: 'wrong' }),
      openClient('client credentials', { store, clientSecret: 'wrong' }),
    ]
    await failure(one.get())
    expect((await failure(two.get())).code).toBe('REAUTHORIZATION_REQUIRED')
    expect(tokenServer.grants()).toHaveLength(1)
  })

  test('works again with the first look after it is let in, and at once with another secret', async () => {
    const client = await start({ clientSecret: 'later' })
    await failure(client.get())
    tokenServer.changeClientSecret('later')
    passSeconds(2 * 3600 + 1, client)
    expect(await client.get()).toEqual({ fine: true })
    tokenServer.changeClientSecret('newest')
    const changed = openClient('client credentials', { store: client.store, clientSecret: 'newest' })
    passSeconds(301, client, changed)
    expect(await changed.get()).toEqual({ fine: true })
  })

  test('is not what a broken endpoint is: that backs off, and ends nothing', async () => {
    const client = await start()
    tokenServer.faults.next({ path: /token/, status: 503 })
    expect((await failure(client.get())).code).toBe('PROVIDER_UNAVAILABLE')
    expect((await failure(client.get())).code).toBe('PROVIDER_UNAVAILABLE')
    expect(tokenServer.grants()).toHaveLength(1)
    passSeconds(10, client)
    expect(await client.get()).toEqual({ fine: true })
  })

  test('tells nobody its secret', async () => {
    const client = await start({ clientSecret: 'hunter2-of-the-shop' })
    const { message, ...rest } = await failure(client.get())
    expect(message + JSON.stringify([rest, client.events, await client.state()])).not.toContain('hunter2')
  })
})
