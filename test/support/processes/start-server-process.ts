import { once } from 'node:events'

import { forkProcess } from './fork-process.js'
import type { ServerProcessSettings } from './server-process.js'

export interface ServerProcess {
  readonly url: string
  /**
   * Sends the same query so many times at once, over HTTP; each `ok`, or code and reason of the
   * error.
   */
  query(times: number): Promise<readonly string[]>
  advance(seconds: number): Promise<void>
  kill(): Promise<void>
}

const QUERY = '{ account(key: "shared") { profile { email name } } }'

interface Answer {
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly reason?: string } }[]
}

/** Starts a server in another process, and waits until it listens. */
export async function startServerProcess(settings: ServerProcessSettings): Promise<ServerProcess> {
  const child = await forkProcess('server-process', JSON.stringify(settings))
  const died = once(child, 'exit')
  const said = async () => (await Promise.race([once(child, 'message'), died.then(() => fail())]))[0] as unknown
  const { url } = (await said()) as { url: string }
  const ask = async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
    })
    const [error] = ((await response.json()) as Answer).errors ?? []
    return error ? [error.extensions.code, error.extensions.reason].filter(Boolean).join(' ') : 'ok'
  }
  return {
    url,
    query: (times) => Promise.all(Array.from({ length: times }, ask)),
    async advance(seconds) {
      child.send(seconds)
      await said()
    },
    async kill() {
      child.kill('SIGKILL')
      await died
    },
  }
}

function fail(): never {
  throw new Error('the server has ended')
}
