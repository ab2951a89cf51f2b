import { Socket } from 'node:net'

import { Client, type ClientConfig } from 'pg'

/** Where appending notifies; the message is empty, as it only wakes. */
export const CHANNEL = 'dialgraph_events'

export interface ListenOptions extends ClientConfig {
  /** How often it is asked whether the connection still works. */
  readonly heartbeatMs?: number
}

/** Under this name the connection stands in pg_stat_activity. */
export const LISTENING = 'dialgraph listening'

const HEARTBEAT_MS = 5_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

/**
 * Calls `wake` when a process has appended, over a connection of its own that is opened again
 * whenever it breaks; ended by what it returns. Behind a pooler it listens to nothing.
 */
export function listenForEvents(options: ListenOptions, wake: () => void): () => void {
  const ending = new AbortController()
  void listenAgainAndAgain(options, wake, ending.signal)
  return () => ending.abort()
}

async function listenAgainAndAgain(options: ListenOptions, wake: () => void, end: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS
  while (!end.aborted) {
    const session = await listenOnce(options, wake, end)
    if (session === 'pooled') return
    pauseMs = session === 'listened' ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    await pause(pauseMs, end)
  }
}

/** One connection, from its beginning to its end. */
async function listenOnce(
  { heartbeatMs = HEARTBEAT_MS, ...options }: ListenOptions,
  wake: () => void,
  end: AbortSignal,
): Promise<'listened' | 'failed' | 'pooled'> {
  const socket = new Socket()
  const ended = new AbortController()
  socket.once('close', () => ended.abort())
  const close = () => void socket.destroy()
  end.addEventListener('abort', close)
  const client = new Client({
    ...options,
    fallback_application_name: LISTENING,
    keepAlive: true,
    stream: () => socket,
  })
  // pg emits several for one connection that ends; one that nothing handles ends the process.
  client.on('error', close)
  client.on('notification', wake)
  let outcome: 'listened' | 'failed' = 'failed'
  try {
    await client.connect()
    socket.unref()
    if (!(await isDirect(client))) return 'pooled'
    await client.query(`listen ${CHANNEL}`)
    outcome = 'listened'
    // For what was appended while nobody listened.
    wake()
    while (!ended.signal.aborted) {
      await pause(heartbeatMs, ended.signal)
      await client.query('select 1')
    }
  } catch {
    // The next connection makes up for it.
  } finally {
    end.removeEventListener('abort', close)
    close()
  }
  return outcome
}

/**
 * Whether nothing shares out the server's connections in between: a pooler such as PgBouncer
 * introduces itself by a process id of its own. Through it, LISTEN would be on a connection that
 * others are given next.
 */
async function isDirect(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid === (client as Client & { readonly processID: number | null }).processID
}

/** Over at once when the signal is aborted. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds).unref()
    signal.addEventListener('abort', done)
  })
