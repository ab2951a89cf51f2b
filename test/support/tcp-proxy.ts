import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be made slow, broken off, or silent, as networks are. */
export interface TcpProxy {
  /** The same address, through the proxy. */
  url(target: string): string
  /** Every answer comes so much later. */
  delay(milliseconds: number): void
  /** Nothing passes any more on the connections there are, and nobody tells; new ones pass once `healed`. */
  part(): void
  heal(): void
  /** Ends every connection. */
  cut(): void
  /** Takes no new connections until `accept`; those there are go on. */
  refuse(): Promise<void>
  accept(): Promise<void>
  close(): Promise<void>
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let delayMs = 0
  let parted = false
  /** Rises when the network is parted: connections of before stay silent. */
  let era = 0

  const server = createServer((near) => {
    const born = era
    const far = connect(Number(port), hostname)
    const isSilent = () => parted || era !== born
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => isSilent() || far.write(bytes))
    far.on('data', (bytes) => {
      const pass = () => isSilent() || near.write(bytes)
      if (delayMs > 0) setTimeout(pass, delayMs)
      else pass()
    })
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port: nearPort } = server.address() as AddressInfo

  return {
    url: (address) => Object.assign(new URL(address), { port: String(nearPort) }).href,
    delay: (milliseconds) => void (delayMs = milliseconds),
    part() {
      parted = true
      era += 1
    },
    heal: () => void (parted = false),
    cut: () => sockets.forEach((socket) => socket.destroy()),
    // It is not over before its last connection is, but takes no more from now on.
    refuse: async () => void server.close(),
    accept: () => listen(nearPort),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        sockets.forEach((socket) => socket.destroy())
      }),
  }
}
