import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A minimal round-robin proxy over the ready replicas; it retries nothing. */
export interface Proxy {
  readonly url: string
  /** Resolves once it receives requests. */
  add(backend: string): Promise<void>
  remove(backend: string): void
  close(): Promise<void>
}

/** Interval of the readiness checks. */
const ASK_EVERY_MS = 50

export async function startProxy(): Promise<Proxy> {
  const ready = new Map<string, boolean>()
  const agent = new Agent({ keepAlive: true })
  let turn = 0

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const backends = [...ready].filter(([, isReady]) => isReady).map(([url]) => url)
    const backend = backends[turn++ % backends.length]
    if (!backend) return void outgoing.writeHead(503).end('no replica is ready')
    const { method, headers, url } = incoming
    const upstream = request(backend + url, { method, headers: { ...headers, connection: 'keep-alive' }, agent })
    upstream.on('response', (answer) => {
      // Connection headers are hop-by-hop, RFC 9110 §7.6.1.
      const { connection: _ours, 'keep-alive': _too, ...kept } = answer.headers
      outgoing.writeHead(answer.statusCode!, kept)
      answer.pipe(outgoing)
    })
    upstream.on('error', (error) => outgoing.writeHead(502).end(`the replica was gone: ${error.message}`))
    incoming.pipe(upstream)
  }

  async function watch(backend: string): Promise<void> {
    while (ready.has(backend)) {
      const answer = await fetch(`${backend}/readyz`, { headers: { connection: 'close' } }).catch(() => null)
      await answer?.arrayBuffer()
      if (ready.has(backend)) ready.set(backend, answer?.status === 200)
      await sleep(ASK_EVERY_MS)
    }
  }

  const server = createServer(pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(backend) {
      ready.set(backend, false)
      void watch(backend)
      while (!ready.get(backend)) await sleep(ASK_EVERY_MS / 5)
    },
    remove: (backend) => void ready.delete(backend),
    async close() {
      ready.clear()
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
