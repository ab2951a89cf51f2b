import { createClient, type Client } from 'graphql-ws'

import { SOCKET_ADDRESS } from './addresses.js'
import { callerKey, callerKeyIsOver, onCallerKey } from './caller-key.js'
import { setConnection } from './connection.js'

/** Ends with the key: 4401 says that it will not come back. */
const KEY_IS_OVER = 4401

/** The longest pause between two attempts to come back, ms. */
const LONGEST_PAUSE_MS = 10_000

/** How often the server is asked whether it is there, ms: a network that has gone tells nobody. */
const ASKED_EVERY_MS = 10_000

/** How long that answer, or a new connection, may take, ms. */
const PATIENCE_MS = 8_000

let client: Client | null = null

/** The one connection of all subscriptions; another key opens another. */
export const socket = (): Client => (client ??= connect())

onCallerKey(() => {
  void client?.dispose()
  client = null
  setConnection('idle')
})

function connect(): Client {
  let patience: ReturnType<typeof setTimeout> | undefined
  const heard = () => clearTimeout(patience)
  const wait = () => {
    heard()
    patience = setTimeout(() => mine.terminate(), PATIENCE_MS)
  }
  const mine: Client = createClient({
    url: SOCKET_ADDRESS,
    connectionParams: () => {
      const key = callerKey()
      return key === null ? {} : { authorization: `Bearer ${key}` }
    },
    // A server that restarts is away for a while, and comes back.
    shouldRetry: (event) => (event as { code?: number }).code !== KEY_IS_OVER,
    keepAlive: ASKED_EVERY_MS,
    retryAttempts: Infinity,
    retryWait: (attempts) => pause(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempts) * (0.5 + Math.random() / 2)),
    on: {
      connecting(isRetry) {
        wait()
        if (client === mine) setConnection(isRetry ? 'lost' : 'connecting')
      },
      connected() {
        heard()
        if (client === mine) setConnection('connected')
      },
      ping: (isReceived) => isReceived || wait(),
      pong: (isReceived) => isReceived && heard(),
      closed(event) {
        heard()
        if (client !== mine) return
        const { code } = event as { code?: number }
        if (code === KEY_IS_OVER) callerKeyIsOver()
        else setConnection(code === 1000 ? 'idle' : 'lost')
      },
    },
  })
  return mine
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
