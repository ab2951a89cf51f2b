import { afterEach } from '@jest/globals'

import {
  loginClient,
  startTokenServer,
  type LoginClient,
  type LoginClientOptions,
  type TokenServer,
} from './token-server.js'

/** The token server of the current test; its clients are closed with it. */
export let tokenServer: TokenServer
const clients: LoginClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await tokenServer.close()
})

export async function openTokenServer(lifetime?: unknown): Promise<TokenServer> {
  return (tokenServer = await startTokenServer(lifetime))
}

export function openClient(kind: Parameters<typeof loginClient>[1], options: LoginClientOptions = {}): LoginClient {
  const client = loginClient(tokenServer, kind, options)
  clients.push(client)
  return client
}

export { failure } from './failure.js'

/** Advances the clocks of the token server and of these clients. */
export function passSeconds(seconds: number, ...ofClients: readonly LoginClient[]): void {
  for (const clock of new Set(ofClients.map(({ clock }) => clock))) clock.advance(seconds * 1000)
  tokenServer.clock.advance(seconds * 1000)
}

export const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

export const outcomes = ({ events }: LoginClient): string[] => events.map(({ outcome }) => outcome)

export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open!: () => void
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
