import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'

import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'

import { systemClock } from '../../../src/clock.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { DIAL_ANYWHERE } from '../../../src/http/wire/dial.js'
import { createSender } from '../../../src/http/wire/send.js'
import { jsonWebTokens } from '../../../src/server/callers/json-web-tokens.js'
import { proxiesOf } from '../../../src/server/config/proxies.js'
import { canMakeCertificates, makeAuthority } from '../../http/wire/certificates.js'
import { startHttpProxy, type HttpProxy } from '../../support/http-proxy.js'
import { ask, startGate } from './gate.js'

const onlyWithOpenssl = canMakeCertificates ? test : test.skip
const ISSUER = { issuer: 'https://login.example', audience: 'dialgraph', workspaceClaim: 'org' }

let published: string
let token: string
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key: JWK = { ...(await exportJWK(publicKey)), kid: 'one' }
  published = JSON.stringify({ keys: [key] })
  token = await new SignJWT({ org: 'sales', scope: 'telephony:read' })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(ISSUER.issuer)
    .setAudience(ISSUER.audience)
    .setSubject('ada')
    .setExpirationTime('5 minutes')
    .sign(privateKey)
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const publish: RequestListener = (_request, response) => void response.end(published)

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

async function proxy(): Promise<HttpProxy> {
  const started = await startHttpProxy()
  open.push(started.close)
  return started
}

describe('the keys of the login service are read', () => {
  const startServer = async (jwksUrl: string, http: object, environment: Record<string, string> = {}) => {
    const jwt = { ...ISSUER, jwksUrl }
    const server = await startGate({ jwt }, { config: { http }, environment })
    open.push(() => server.close())
    return server
  }

  test('through the proxy of the configuration, once for all callers', async () => {
    const { lines, port } = await proxy()
    const keys = await listening(createServer(publish))
    const jwksUrl = `http://localhost:${keys}/jwks.json`
    const server = await startServer(jwksUrl, { proxy: `http://127.0.0.1:${port}` })
    for (let asked = 0; asked < 3; asked += 1)
      expect((await ask(server, token)).body.data?.viewer).toMatchObject({ workspace: 'sales' })
    expect(lines).toEqual([`GET ${jwksUrl}`])
  })

  test('through the proxy of the environment, unless the configuration says there is none', async () => {
    const { lines, port } = await proxy()
    const keys = await listening(createServer(publish))
    const jwksUrl = `http://localhost:${keys}/jwks.json`
    const environment = { HTTP_PROXY: `http://127.0.0.1:${port}` }
    for (const http of [{}, { proxy: false }]) {
      const server = await startServer(jwksUrl, http, environment)
      expect((await ask(server, token)).status).toBe(200)
    }
    expect(lines).toEqual([`GET ${jwksUrl}`])
  })

  test('without the proxy where NO_PROXY names the service', async () => {
    const { lines, port } = await proxy()
    const keys = await listening(createServer(publish))
    const environment = { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: 'localhost' }
    const server = await startServer(`http://localhost:${keys}/jwks.json`, {}, environment)
    expect((await ask(server, token)).status).toBe(200)
    expect(lines).toEqual([])
  })

  test('not at all where the proxy is gone: nobody is let in, and nobody is told that theirs is wrong', async () => {
    const keys = await listening(createServer(publish))
    const server = await startServer(`http://localhost:${keys}/jwks.json`, { proxy: 'http://127.0.0.1:1' })
    const { status, body } = await ask(server, token)
    expect(status).toBe(503)
    expect(body.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) }),
    ])
  })

  onlyWithOpenssl(
    'through a tunnel where they are at https:, from the service that its certificate names',
    async () => {
      const { lines, port } = await proxy()
      const authority = makeAuthority()
      const keys = await listening(createSecureServer(authority.issue('login.example'), publish))
      const sender = createSender(defaultHttpLimits, systemClock, {
        ...DIAL_ANYWHERE,
        proxies: proxiesOf(`http://127.0.0.1:${port}`, {}),
        authorities: authority.cert,
      })
      open.push(() => sender.close())
      const claims = { scopesClaim: 'scope', extensionClaim: null }
      const read = (host: string) =>
        jsonWebTokens(
          { ...ISSUER, ...claims, jwksUrl: `https://${host}:${keys}/jwks.json` },
          { clock: systemClock, send: sender.send },
        ).authenticate(token)
      expect(await read('login.example')).toMatchObject({ viewer: { workspace: 'sales' } })
      await expect(read('other.example')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
      expect(lines).toEqual([`CONNECT login.example:${keys}`, `CONNECT other.example:${keys}`])
    },
  )
})
