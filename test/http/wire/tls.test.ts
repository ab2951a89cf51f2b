import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerOptions } from 'node:https'
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net'
import { promisify } from 'node:util'

import { afterEach, beforeAll, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'
import { processScript } from '../../support/processes/bundles.js'
import { canMakeCertificates, makeAuthority, type Authority } from './certificates.js'

const onlyWithOpenssl = canMakeCertificates ? test : test.skip
const why = canMakeCertificates ? '' : ' (skipped: there is no openssl to make certificates with)'

let trusted: Authority
beforeAll(() => {
  if (canMakeCertificates) trusted = makeAuthority()
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => new Promise((resolve) => server.close(resolve)))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/me?access_token=canary`
}

/** A server behind this certificate, and what it was asked. */
async function secured(options: ServerOptions): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer(options, (request, response) => {
    requests.push(request.url ?? '')
    response.setHeader('connection', 'close').end('{}')
  })
  return { url: await listening(server), requests }
}

function clients(authorities: string | undefined) {
  const dialling = { mayBePrivate: () => true, ...(authorities && { authorities }) }
  const sender = createSender(defaultHttpLimits, systemClock, dialling)
  const streamer = createStreamer(defaultHttpLimits, systemClock, dialling)
  open.push(() => Promise.all([sender.close(), streamer.close()]))
  return [sender.send, streamer.open]
}

onlyWithOpenssl(`a certificate that is good is believed${why}`, async () => {
  const { url, requests } = await secured(trusted.issue('127.0.0.1'))
  for (const ask of clients(trusted.cert))
    expect(await ask({ method: 'GET', url, headers: {} })).toMatchObject({ status: 200 })
  expect(requests).toHaveLength(2)
})

const BAD: Record<string, () => ServerOptions> = {
  'that ran out': () => trusted.issue('127.0.0.1', -1),
  'for another host': () => trusted.issue('pbx.example'),
  'of an authority nobody trusts': () => makeAuthority().issue('127.0.0.1'),
  'and nothing newer than TLS 1.1': () => ({
    ...trusted.issue('127.0.0.1'),
    ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  }),
}

for (const [kind, options] of Object.entries(BAD)) {
  onlyWithOpenssl(`nothing is sent to a server with a certificate ${kind}${why}`, async () => {
    const { url, requests } = await secured(options())
    for (const ask of clients(trusted.cert)) {
      await expect(ask({ method: 'GET', url, headers: { authorization: 'Bearer canary' } })).rejects.toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        reason: 'TLS',
        message: expect.not.stringContaining('canary'),
      })
    }
    expect(requests).toEqual([])
  })
}

onlyWithOpenssl(`no variable of the environment makes a bad certificate a good one${why}`, async () => {
  const servers = await Promise.all(
    Object.values(BAD)
      .slice(0, 3)
      .map((options) => secured(options())),
  )
  const { script, execArgv } = await processScript('send-process')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', ...execArgv, script, ...servers.map(({ url }) => url)],
    { env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  )
  expect(JSON.parse(stdout)).toEqual(Array(3).fill('PROVIDER_UNAVAILABLE TLS'))
  expect(servers.flatMap(({ requests }) => requests)).toEqual([])
})

onlyWithOpenssl(`a certificate that signed itself is not believed${why}`, async () => {
  const { url, requests } = await secured(trusted.issue('127.0.0.1'))
  for (const ask of clients(undefined))
    await expect(ask({ method: 'GET', url, headers: {} })).rejects.toMatchObject({ reason: 'TLS' })
  expect(requests).toEqual([])
})

test('a server that hangs up before the connection is secure is not sent anything', async () => {
  const heard: Buffer[] = []
  const url = await listening(
    createPlainServer((socket) =>
      socket
        .on('error', () => {})
        .once('data', (hello) => {
          heard.push(hello)
          socket.destroy()
        }),
    ),
  )
  for (const ask of clients(undefined))
    await expect(ask({ method: 'GET', url, headers: {} })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      reason: 'TLS',
    })
  expect(Buffer.concat(heard).includes('canary')).toBe(false)
})
