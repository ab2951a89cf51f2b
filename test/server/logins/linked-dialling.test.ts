import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { afterEach, expect, test } from '@jest/globals'

import { providers } from '../../../src/providers/index.js'
import { Secret } from '../../../src/secret.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { memoryStore } from '../../../src/store/memory.js'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/**
 * A server with an account linked at an address of this machine, and the number of connections to
 * it.
 */
async function serverWithLinked(server: object) {
  let connections = 0
  const trap = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).destroy()
  }).listen(0, '127.0.0.1')
  await once(trap, 'listening')
  open.push(() => new Promise((resolve) => trap.close(resolve)))
  const settings = {
    urls: { api: `http://127.0.0.1:${(trap.address() as AddressInfo).port}` },
    auth: { flow: 'password', username: 'a', password: 'b', clientId: 'c', clientSecret: 'd' },
  }
  const store = memoryStore()
  const account = {
    ...{ link: 'a-link', key: 'linked', workspace: 'default', provider: 'rails-api-v1', label: 'Linked' },
    ...{ settings: new Secret(JSON.stringify(settings)), pendingUntil: null },
  }
  await store.link(account, new Map(), 5, Date.now())
  const lines: string[] = []
  const log = createLog({ write: (line: string) => void lines.push(line) })
  const document = { server: { port: 0, ...server }, store: { url: 'memory:' }, accounts: [] }
  const config = checkConfig(document, providers, { environment: {} })
  const running = await startServer(config, { providers, store, log })
  open.push(() => running.close())
  const response = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ account(key: "linked") { profile { name } } }' }),
  })
  const { errors } = (await response.json()) as { errors: { extensions: { code: string; reason: string } }[] }
  return { connections: () => connections, code: errors[0]!.extensions, lines: lines.join('') }
}

test('a server that others reach sends nothing to this machine for an account that somebody linked, and writes that down', async () => {
  const { connections, code, lines } = await serverWithLinked({ publicUrl: 'https://graph.example' })
  expect(code).toMatchObject({ code: 'PROVIDER_MISCONFIGURED', reason: 'PRIVATE_ADDRESS' })
  expect(connections()).toBe(0)
  expect(lines).toContain('nothing is sent to 127.0.0.1')
})

test('a server that only this machine reaches does', async () => {
  const { connections, code } = await serverWithLinked({})
  expect(code).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(connections()).toBeGreaterThan(0)
})
