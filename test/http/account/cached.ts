import type { Clock } from '../../../src/clock.js'
import { json, type EmulatedRequest, type EmulatedServer } from '../../../src/emulator/serve.js'
import { AccountClient } from '../../../src/http/account/account-client.js'
import type { Authorizer } from '../../../src/http/account/authorizer.js'
import type { Rest } from '../../../src/http/rest.js'
import { defaultHttpLimits, type HttpLimits } from '../../../src/http/limits.js'
import { OperationReads } from '../../../src/http/account/operation-reads.js'
import { Operation } from '../../../src/operation.js'
import type { Cached, ReadingOperation } from '../../../src/http/account/reading.js'
import type { Freshness } from '../../../src/http/rest.js'
import { ReplyCache } from '../../../src/http/account/reply-cache.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'
import { noLogin, upstream } from '../upstream.js'

/** A provider whose every answer is another one, with accounts that read from it through one cache, in a time that is moved. */
export interface CachedWorld {
  readonly server: EmulatedServer
  readonly cache: ReplyCache
  readonly clock: Clock
  /** Seconds pass. */
  advance(seconds: number): void
  client(authorizer?: Authorizer): AccountClient
  close(): Promise<void>
}

export const MINUTE: Freshness = { noun: 'things', seconds: 60 }

export interface CachedWorldOptions {
  readonly limits?: Partial<HttpLimits>
  /** What `/thing` answers besides a number that rises: default nothing. */
  readonly thing?: (request: EmulatedRequest, turn: number) => ReturnType<typeof json> | null
}

export async function cachedWorld({ limits = {}, thing }: CachedWorldOptions = {}): Promise<CachedWorld> {
  let turn = 0
  const server = await upstream([
    {
      method: 'GET',
      pattern: /\/thing/,
      handle: (request) => thing?.(request, ++turn) ?? json({ turn: thing ? turn : ++turn }),
    },
    { method: 'POST', pattern: /\/asked/, handle: ({ body }) => json({ turn: ++turn, body: body.toString() }) },
  ])
  const all = { ...defaultHttpLimits, attempts: 1, ...limits }
  let moved = 0
  const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
  const cache = new ReplyCache({ bytes: all.cacheBytes, staleMs: all.staleMs, clock })
  const sender = createSender(all, clock)
  const streamer = createStreamer(all, clock)
  return {
    server,
    cache,
    clock,
    advance: (seconds) => void (moved += seconds * 1000),
    client: (authorizer = noLogin) =>
      new AccountClient({
        source: { provider: 'acme', accountId: 'global-id' },
        origins: [server.url],
        authorizer,
        send: sender.send,
        openStream: streamer.open,
        limits: all,
        clock,
        cache,
      }),
    close: async () => void (await Promise.all([sender.close(), streamer.close(), server.close()])),
  }
}

export interface Reading {
  readonly rest: Rest
  /** What it was given that had been read before. */
  readonly cached: Cached[]
  /** Requests it paid for. */
  paid: number
}

/** A new operation of this client. */
export function reading(client: AccountClient, operation: Partial<ReadingOperation> = {}): Reading {
  const { signal = new AbortController().signal, ...demands } = operation
  const cached: Cached[] = []
  const made: Reading = {
    rest: new OperationReads(client, new Operation({ requestId: 'operation', signal, ...demands })).rest(
      () => void (made.paid += 1),
      (one) => cached.push(one),
    ),
    cached,
    paid: 0,
  }
  return made
}
