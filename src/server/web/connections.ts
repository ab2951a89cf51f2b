import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Knows which connections of a server have a request under way, so that the others need not be waited for. */
export interface Connections {
  /** Closes every connection without a request, those included that never had one: a browser opens some ahead of need. */
  closeUnused(): void
  /** Closes all of them; answers whether a request was cut off by it. */
  closeAll(): boolean
}

export function watchConnections(server: Server): Connections {
  const open = new Set<Socket>()
  const busy = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket)
    response.once('close', () => busy.delete(socket))
  })
  return {
    closeUnused: () => open.forEach((socket) => busy.has(socket) || socket.destroy()),
    closeAll() {
      const wasCut = busy.size > 0
      open.forEach((socket) => socket.destroy())
      return wasCut
    },
  }
}
