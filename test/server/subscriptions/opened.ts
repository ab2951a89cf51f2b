import { afterEach } from '@jest/globals'

import { openSocket, type RawSocket, type SocketOptions } from './raw-socket.js'
import { startTickerServer, type TickerServer, type TickerServerOptions } from './ticker-server.js'

/** What a test has opened, closed after it, the last first. */
export const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

export async function start(options?: TickerServerOptions): Promise<TickerServer> {
  const server = await startTickerServer(options)
  open.push(server)
  return server
}

export async function socketAt(server: TickerServer, options?: SocketOptions): Promise<RawSocket> {
  const opened = await openSocket(server.url, options)
  open.push({ close: () => opened.socket.terminate() })
  return opened
}
