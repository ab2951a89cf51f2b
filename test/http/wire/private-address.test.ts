import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { DIAL_ANYWHERE, type Dialling, type Resolve } from '../../../src/http/wire/dial.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { isPrivateAddress, isPrivateHost } from '../../../src/http/wire/private-address.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'

/** Listens on every address of this machine, and counts who comes. */
const trap = createServer((socket) => {
  connections += 1
  socket.on('error', () => {}).resume()
  socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
})
let connections = 0
let port = 0
beforeAll(async () => {
  trap.listen(0)
  await once(trap, 'listening')
  port = (trap.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => trap.close(resolve)))

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  connections = 0
})

const limits = { ...defaultHttpLimits, providerTimeoutMs: 250, tokenTimeoutMs: 300 }
const NOWHERE: Dialling = { mayBePrivate: () => false }

function both(dialling: Dialling) {
  const [sender, streamer] = [
    createSender(limits, systemClock, dialling),
    createStreamer(limits, systemClock, dialling),
  ]
  open.push(sender, streamer)
  const request = (host: string) => ({ method: 'GET', url: `http://${host}:${port}/`, headers: {} }) as const
  return {
    send: (host: string) => sender.send(request(host)),
    stream: (host: string) => streamer.open(request(host)),
  }
}

const REFUSED = { code: 'PROVIDER_MISCONFIGURED', reason: 'PRIVATE_ADDRESS' }

/** This machine, spelled in ways that all lead to it. */
const THIS_MACHINE = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7F.0.0.1',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
  ],
  ...['0177.0.0.0x1', '127.0.0.1.', '127.000.000.001', '127.255.255.254', '127.8.8.8', '0x7f000002', '2130706434'],
  ...['0', '0.0.0.0', '0x0', '00', '0.0.0.0.', 'localhost', 'LOCALHOST', 'LocalHost', 'localhost.'],
  ...['127。0。0。1', '１２７.0.0.1', '①②⑦.⓪.⓪.①', '%31%32%37.0.0.1', 'ⓛocalhost', '127%2e0%2e0%2e1', 'l%6fcalhost'],
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:127.0.0.1]'],
  ...['[0:0:0:0:0:ffff:127.0.0.1]', '[::]', '[::ffff:0:0]', 'user@127.0.0.1', 'example.com@127.0.0.1'],
]

/** What else no stranger may have us dial; some of it leads nowhere in this house, and to everything in another. */
const INSIDE = [
  ...[
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
  ],
  ...['[::ffff:a9fe:a9fe]', '169.254.0.1', '10.0.0.1', '10.1', '012.0.0.1', '0xa.0.0.1', '167772161', '10.255.255.255'],
  ...['172.16.0.1', '172.31.255.255', '2886729729', '192.168.0.1', '192.168.1', '3232235521', '192.168.255.255'],
  ...['100.64.0.1', '100.127.255.255', '198.18.0.1', '198.19.255.255', '192.0.0.1', '192.0.2.1', '198.51.100.7'],
  ...['203.0.113.9', '192.88.99.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '0.1.2.3'],
  ...[
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fdff:ffff::1]',
    '[fe80::1]',
    '[febf::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[ff0e::1]',
  ],
  ...['[64:ff9b::7f00:1]', '[64:ff9b::10.0.0.1]', '[64:ff9b::169.254.169.254]', '[64:ff9b:1::1]', '[2002:7f00:1::]'],
  ...['[2001::1]', '[2001:db8::1]', '[100::1]', '[::127.0.0.1]', '[::ffff:10.0.0.1]', '[::ffff:0:7f00:1]', '[3fff::1]'],
]

describe('an address that a stranger gave', () => {
  test('is never dialled when it is of this machine or of a private network, however it is spelled', async () => {
    const forms = [...THIS_MACHINE, ...INSIDE]
    expect(forms.length).toBeGreaterThanOrEqual(80)
    const { send, stream } = both(NOWHERE)
    for (const form of forms) {
      await expect(send(form)).rejects.toMatchObject(REFUSED)
      await expect(stream(form)).rejects.toMatchObject(REFUSED)
    }
    expect(connections).toBe(0)
  })

  test('would have led to this machine', async () => {
    const { send } = both(DIAL_ANYWHERE)
    const led: string[] = []
    for (const form of THIS_MACHINE) {
      const before = connections
      // Not every machine has an IPv6 of its own.
      await send(form).catch(() => {})
      if (connections > before) led.push(form)
    }
    expect(led.length).toBeGreaterThanOrEqual(30)
  })

  const named = (...answers: string[][]): Resolve => {
    let asked = 0
    return async () =>
      answers[asked++ % answers.length]!.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }

  test.each<[string, string[]]>([
    ['this machine', ['127.0.0.1']],
    ['this machine, by IPv6', ['::1']],
    ['a public address and this machine', ['2600::1', '127.0.0.1']],
    ['this machine and a public address', ['127.0.0.1', '2600::1']],
    ['this machine, mapped', ['::ffff:127.0.0.1']],
    ['a private network', ['10.0.0.7']],
    ['the metadata service of a cloud', ['169.254.169.254']],
    ['nonsense', ['not an address']],
  ])('is looked at again when its name is dialled, and leads to %s', async (_, addresses) => {
    const refused: string[] = []
    const onRefused = (host: string) => void refused.push(host)
    const { send, stream } = both({ ...NOWHERE, onRefused, resolve: named(addresses) })
    await expect(send('pbx.example')).rejects.toMatchObject(REFUSED)
    await expect(stream('pbx.example')).rejects.toMatchObject(REFUSED)
    expect([connections, refused]).toEqual([0, ['pbx.example', 'pbx.example']])
  })

  test('may change with every answer of its resolver: what was checked is what is dialled', async () => {
    // 2600::1 is public, and nobody can be reached there from a test.
    const { send } = both({ ...NOWHERE, resolve: named(['2600::1'], ['127.0.0.1']) })
    const codes: unknown[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const error: unknown = await send('pbx.example').catch((thrown: unknown) => thrown)
      codes.push((error as { code?: string }).code)
    }
    expect(codes.filter((code) => code === 'PROVIDER_MISCONFIGURED')).toHaveLength(2)
    expect(codes.filter((code) => code === 'PROVIDER_UNAVAILABLE' || code === 'PROVIDER_TIMEOUT')).toHaveLength(2)
    expect(connections).toBe(0)
  })

  test('does not tell the address it led to', async () => {
    const { send } = both({ ...NOWHERE, resolve: named(['10.9.8.7']) })
    const error: unknown = await send('pbx.example').catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('pbx.example')
    expect(String(error)).not.toContain('10.9.8.7')
  })
})

describe('an address that the operator gave', () => {
  test('is dialled wherever it is, and no other at its side', async () => {
    const trusted = { mayBePrivate: (origin: string) => origin === `http://127.0.0.1:${port}` }
    const { send } = both(trusted)
    expect((await send('127.0.0.1')).status).toBe(200)
    await expect(send('127.0.0.2')).rejects.toMatchObject(REFUSED)
    await expect(send('localhost')).rejects.toMatchObject(REFUSED)
    expect(connections).toBe(1)
  })
})

test.each([
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['100.128.0.1', false],
  ['2606:4700::1111', false],
  ['64:ff9b::8.8.8.8', false],
  ['::ffff:8.8.8.8', false],
  ['172.15.255.255', false],
  ['::ffff:192.168.0.1', true],
  ['nothing', true],
])('%s is private: %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate)
})

test('a name is private only where it says so itself', () => {
  expect(['pbx.example', 'localhost.example', '127.0.0.1.example'].map(isPrivateHost)).toEqual([false, false, false])
  expect(['localhost', 'localhost.', 'a.localhost', '[::1]', '10.0.0.1'].map(isPrivateHost)).toEqual(
    Array(5).fill(true),
  )
})
