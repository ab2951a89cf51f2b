import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens at any free port and says where, as the bench wants to hear it. */
export function listen(handler: RequestListener): void {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1', () => {
    console.log(`GraphQL: http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
  })
}
