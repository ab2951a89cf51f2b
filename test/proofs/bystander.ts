import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { startBuiltEmulators, startBuiltServer, type Started } from '../calls/built-server.js'
import { HOSTILE_DOCUMENTS } from '../support/hostile-documents.js'

/** How long each attack goes on, and how much longer a bystander may wait. */
const ATTACK_MS = 4_000
const BEARABLE_MS = 50

let emulators: Started<readonly object[]>
let server: Started<string>
let url: string
beforeAll(async () => {
  emulators = await startBuiltEmulators({ scale: 0.2 })
  server = await startBuiltServer({
    server: { port: 0, explore: false },
    store: { url: 'memory:' },
    accounts: emulators.said,
  })
  url = `${server.said}/graphql`
  for (let time = 0; time < 300; time += 1) await ask(BYSTANDER)
}, 60_000)
afterAll(async () => {
  await server.stop()
  await emulators.stop()
})

const BYSTANDER = JSON.stringify({ query: '{ accounts { nodes { label } } dids(first: 5) { nodes { number } } }' })
const post = (body: string, headers = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

async function ask(body: string): Promise<number> {
  const response = await post(body)
  await response.arrayBuffer()
  return response.status
}

const documents = Object.entries(HOSTILE_DOCUMENTS).map(
  ([name, query]) => [name, () => ask(JSON.stringify({ query }))] as const,
)
const accepted = {
  'the largest answers that pass': `{ ${[...'abcdef'].map((name) => `${name}: callRecords(first: 100) { nodes { id raw startedAt caller { number rawNumber } callee { number rawNumber } recordings { id } } }`).join(' ')} }`,
  'walks that find nothing': '{ callRecords(first: 1, filter: { durationSeconds: { min: 1000000 } }) { totalCount } }',
}
const deep = `${'[['.repeat(60_000)}1${']]'.repeat(60_000)}`
const bodies: Readonly<Record<string, () => Promise<unknown>>> = {
  'bodies that are too large': () => ask(JSON.stringify({ query: '{ a }', extensions: { x: 'x'.repeat(300_000) } })),
  'bodies as large as may be, of no JSON': () => ask('{"a":'.repeat(50_000)),
  'lists without an end in lists': () =>
    ask(`{"query":"query($v:[ID!]!){nodes(ids:$v){id}}","variables":{"v":${deep}}}`),
  'a hundred thousand ids': () =>
    ask(`{"query":"query($v:[ID!]!){nodes(ids:$v){id}}","variables":{"v":[${'"a",'.repeat(49_999)}"a"]}}`),
  'slow headers': () => slowly('POST /graphql HTTP/1.1\r\nHost: a\r\nX: '),
  'connections opened and left': () => slowly(''),
}

const attacks = [
  ...documents,
  ...Object.entries(accepted).map(([name, query]) => [name, () => ask(JSON.stringify({ query }))] as const),
  ...Object.entries(bodies),
]

test('a bystander hardly waits longer while others attack', async () => {
  for (const query of Object.values(accepted)) expect(await ask(JSON.stringify({ query }))).toBe(200)
  const alone = await waits(async () => {})
  const rows = [
    { attack: 'none', attempts: 0, 'p50 ms': alone.p50, 'p99 ms': alone.p99, 'more at p99': 0, 'CPU ms each': 0 },
  ]
  for (const [attack, strike] of attacks) {
    const { p50, p99, attempts, cpu } = await waits(strike)
    const each = round((cpu - alone.cpu) / attempts)
    rows.push({
      attack,
      attempts,
      'p50 ms': p50,
      'p99 ms': p99,
      'more at p99': round(p99 - alone.p99),
      'CPU ms each': each,
    })
  }
  console.table(rows)
  console.log(`the most memory it held: ${server.peakMemory()} MiB`)
  expect(rows.filter((row) => row['more at p99'] > BEARABLE_MS)).toEqual([])
}, 600_000)

/** How long a bystander waits, asking one question after the other, while an attacker strikes again and again. */
async function waits(strike: () => Promise<unknown>) {
  const ends = performance.now() + ATTACK_MS
  const used = cpuOf(server.pid)
  const found: number[] = []
  let attempts = 0
  const attacker = async () => {
    for (; performance.now() < ends; attempts += 1) {
      await strike().catch(() => {})
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const bystander = async () => {
    while (performance.now() < ends) {
      const began = performance.now()
      await ask(BYSTANDER)
      found.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await Promise.all([bystander(), attacker()])
  for (const socket of sockets.splice(0)) socket.destroy()
  found.sort((a, b) => a - b)
  const at = (share: number) => round(found[Math.min(found.length - 1, Math.floor(found.length * share))]!)
  return { p50: at(0.5), p99: at(0.99), attempts, cpu: cpuOf(server.pid) - used }
}

/** Milliseconds of work a process has done; hundredths of a second on every Linux. */
function cpuOf(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user, system] = fields.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) * 10
}

const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10

const sockets: Socket[] = []
async function slowly(text: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  sockets.push(socket)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(text)
}
