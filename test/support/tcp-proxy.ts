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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: (address) => Object.assign(new URL(address), { port: String((server.address() as AddressInfo).port) }).href,
    delay: (milliseconds) => void (delayMs = milliseconds),
    part() {
      parted = true
      era += 1
    },
    heal: () => void (parted = false),
    cut: () => sockets.forEach((socket) => socket.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        sockets.forEach((socket) => socket.destroy())
      }),
  }
}
