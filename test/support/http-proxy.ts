import { once } from 'node:events'
import { createServer, request as ask } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface HttpProxy {
  /** What it was asked for, such as `CONNECT pbx.example:443`. */
  readonly lines: readonly string[]
  readonly port: number
  close(): Promise<void>
}

/**
 * A proxy that hands on and tunnels to 127.0.0.1, whatever the name, and writes down what for. With
 * a password it serves `ada` alone.
 */
export async function startHttpProxy({ password }: { readonly password?: string } = {}): Promise<HttpProxy> {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const isRefused = (header: string | undefined) =>
    password !== undefined && header !== `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`
  const server = createServer((incoming, response) => {
    lines.push(`${incoming.method} ${incoming.url}`)
    if (isRefused(incoming.headers['proxy-authorization'])) return response.writeHead(407).end()
    const { port, pathname, search } = new URL(incoming.url!)
    const { 'proxy-authorization': _, ...headers } = incoming.headers
    const onward = ask(
      { host: '127.0.0.1', port, path: pathname + search, method: incoming.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
      },
    )
    return incoming.pipe(onward)
  })
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})))
  server.on('connect', (incoming, socket: Socket) => {
    lines.push(`CONNECT ${incoming.url}`)
    if (isRefused(incoming.headers['proxy-authorization'])) return socket.end('HTTP/1.1 407 No\r\n\r\n')
    const onward = connect(Number(incoming.url!.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    }).on('error', () => socket.destroy())
    return sockets.add(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    lines,
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
