import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of a server, for shutting down without waiting for idle ones. */
export interface Connections {
  /**
   * Closes every idle connection, including those that browsers open ahead of need and never use.
   */
  closeUnused(): void
  /** Closes all connections; gives whether a request was cut off. */
  closeAll(): boolean
}

const upgraded = new WeakSet<object>()

/** Its connection is in use from now on, though no request is being answered. */
export const markUpgraded = (socket: object): void => void upgraded.add(socket)

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
    closeUnused: () => open.forEach((socket) => busy.has(socket) || upgraded.has(socket) || socket.destroy()),
    closeAll() {
      const wasCut = busy.size > 0
      open.forEach((socket) => socket.destroy())
      return wasCut
    },
  }
}
