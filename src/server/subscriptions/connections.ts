import type { Clock } from '../../clock.js'
import { AppError } from '../../errors.js'
import type { Caller } from '../callers/caller.js'
import type { IsStillAuthorized } from '../callers/authentication.js'
import type { LiveLimits } from '../config/live-limits.js'
import type { SubscriptionEngine, Transport } from './engine.js'

/** Why this server closes a connection. */
export type CloseReason = 'revoked' | 'expired' | 'stopping'

/** A connection that events are sent over. */
export interface StreamConnection {
  readonly transport: Transport
  /** Null until it has said who it is. */
  readonly caller: Caller | null
  /** Called about each second: keeps it alive, and notices that its client has gone. */
  beat(): void
  /** Closes it so that its client does what fits the reason. */
  close(reason: CloseReason): void
  /** Cuts it off. */
  terminate(): void
}

export interface ConnectionsOptions {
  readonly clock: Clock
  readonly limits: Pick<LiveLimits, 'connections'>
  readonly isStillAuthorized: IsStillAuthorized
  readonly engine: Pick<SubscriptionEngine, 'settle'>
  /** Makes sure that what is stored has been received. Default: nothing to do. */
  readonly receiveStored?: (() => Promise<void>) | undefined
  readonly onDefect: (error: unknown) => void
  /** Default: a second. */
  readonly beatMs?: number | undefined
}

/** All connections that events are sent over: their number, their rights and their end. */
export interface StreamConnections {
  /** @throws AppError SERVICE_UNAVAILABLE when there are too many, or the server is stopping */
  assertRoom(): void
  /** Watches a connection; the function returned is called when it is closed. */
  add(connection: StreamConnection): () => void
  count(transport: Transport): number
  /** Closes all, once what is stored is delivered or `deadlineMs` are over. */
  stop(deadlineMs: number): Promise<void>
}

const BEAT_MS = 1_000
/**
 * A key that is looked up by no request is read anew within three of these: see `storedKeys`. A
 * revoked one is refused within a minute.
 */
const RIGHTS_CHECKED_MS = 15_000

export function streamConnections(options: ConnectionsOptions): StreamConnections {
  const { clock, limits, isStillAuthorized, engine, onDefect } = options
  const open = new Set<StreamConnection>()
  let beating: NodeJS.Timeout | null = null
  let checkedAt = clock.monotonic()
  let isStopping = false

  function beat(): void {
    const now = clock.now()
    for (const connection of open) {
      const expiresAt = connection.caller?.expiresAt ?? null
      if (expiresAt !== null && expiresAt <= now) connection.close('expired')
      else connection.beat()
    }
    if (clock.monotonic() - checkedAt < RIGHTS_CHECKED_MS) return
    checkedAt = clock.monotonic()
    checkRights().catch(onDefect)
  }

  /** Each caller once, however many connections it has. */
  async function checkRights(): Promise<void> {
    const identities = new Set([...open].flatMap(({ caller }) => (caller ? [caller.identity] : [])))
    await Promise.all(
      [...identities].map(async (identity) => {
        // While the store cannot be read nobody is shut out; the next look tells.
        const isAuthorized = await Promise.resolve(isStillAuthorized(identity)).catch(() => true)
        if (isAuthorized) return
        for (const connection of [...open]) if (connection.caller?.identity === identity) connection.close('revoked')
      }),
    )
  }

  return {
    assertRoom() {
      if (isStopping) throw unavailable('This server is stopping. Subscribe again: another one may answer.')
      if (open.size >= limits.connections) throw unavailable('This server has as many subscribers as it may.')
    },
    add(connection) {
      open.add(connection)
      beating ??= setInterval(beat, options.beatMs ?? BEAT_MS).unref()
      return () => {
        open.delete(connection)
        if (open.size > 0 || beating === null) return
        clearInterval(beating)
        beating = null
      }
    },
    count: (transport) => [...open].filter((one) => one.transport === transport).length,
    async stop(deadlineMs) {
      isStopping = true
      const settled = (async () => {
        await options.receiveStored?.()
        await engine.settle()
      })()
      await within(deadlineMs / 2, settled).catch(onDefect)
      const closing = [...open]
      for (const connection of closing) connection.close('stopping')
      await within(deadlineMs / 2, untilEmpty(open))
      for (const connection of [...open]) connection.terminate()
    },
  }
}

const unavailable = (message: string): AppError => new AppError('SERVICE_UNAVAILABLE', message, { retryAfterMs: 1_000 })

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const POLL_MS = 10

/** Closed connections leave the set by themselves. */
async function untilEmpty(open: ReadonlySet<unknown>): Promise<void> {
  while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}
