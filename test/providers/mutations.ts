import { expect } from '@jest/globals'
import fc from 'fast-check'

import { TokenManager } from '../../src/auth/token-manager.js'
import { systemClock } from '../../src/clock.js'
import { AppError } from '../../src/errors.js'
import type { HttpResponse, Send } from '../../src/http/http.js'
import { createSender } from '../../src/http/wire/send.js'
import { createStreamer } from '../../src/http/wire/stream.js'
import type { CallFilter, Provider, Source } from '../../src/providers/provider.js'
import { connectAccount } from '../../src/server/accounts/connect-account.js'
import { checkConfig } from '../../src/server/config/config.js'
import { driftWatch } from '../../src/server/observing/drift-watch.js'
import { memoryStore } from '../../src/store/memory.js'
import { operation } from '../support/world.js'

/** By provider, the account whose answers show most. */
export const RECORDED: Readonly<Record<string, string>> = {
  ...{ bulutfon: 'authorizationCode', ipex: 'password', postacell: 'login', 'rails-api-v1': 'password' },
  freepbx: 'machine',
}

const EVERY_CALL: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null, numbers: null },
  ...{ callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}

/** What was read of one account: ids of each noun, and what kept a part of it from being read. */
export interface Reading {
  readonly ids: Readonly<Record<string, readonly string[]>>
  readonly failures: readonly unknown[]
}

/** An account with recorded responses that can be replayed with one of them changed. */
export interface RecordedAccount {
  /** Answers as JSON, by the request they answered. */
  readonly answers: ReadonlyMap<string, unknown>
  /** Fields reported as drift so far, `Type.field`. */
  readonly drifted: Set<string>
  /** Reads everything, from the provider itself without `changed`. */
  read(changed?: { readonly request: string; readonly body: unknown }): Promise<Reading>
  close(): Promise<void>
}

export async function recordAccount(provider: Provider, name: string, knobs: object = {}): Promise<RecordedAccount> {
  const emulator = await (
    await provider.emulator()
  )({ scale: 0.02, now: Date.parse('2026-02-11T09:30:00Z'), knobs: knobs as Record<string, unknown> })
  const config = checkConfig({ accounts: [{ id: 'recorded', ...emulator.accounts[name] }] }, [provider])
  const { limits } = config
  const sender = createSender(limits, systemClock)
  const streamer = createStreamer(limits, systemClock)
  const recorded = new Map<string, HttpResponse>()
  const drifted = new Set<string>()
  let changed: Parameters<RecordedAccount['read']>[0]
  const send: Send = async (request, options) => {
    const url = new URL(request.url)
    url.searchParams.delete('access_token')
    const key = `${request.method} ${url.pathname}${url.search} ${request.body ?? ''}`
    const known = recorded.get(key) ?? (await sender.send(request, options))
    // A question in GraphQL is a POST.
    const isRead = request.method === 'GET' || /"query":"query /.test(request.body ?? '')
    if (known.status === 200 && isRead) recorded.set(key, known)
    return changed?.request === key ? { ...known, body: JSON.stringify(changed.body) ?? '' } : known
  }
  const manager = new TokenManager({
    store: memoryStore(),
    send: sender.send,
    clock: systemClock,
    limits,
    random: () => 0.5,
  })
  const driftOf = driftWatch({ warning: () => {} }, (_, noun, field) => drifted.add(`${noun}.${field}`))
  const account = connectAccount(config.accounts[0]!, {
    ...{ manager, send, openStream: streamer.open, limits, clock: systemClock, driftOf },
  })
  await account.source(operation()).profile()
  const read: RecordedAccount['read'] = (change) => {
    changed = change
    return readAll(account.source(operation()))
  }
  await read()
  return {
    get answers() {
      return new Map([...recorded].map(([key, { body }]) => [key, JSON.parse(body) as unknown]))
    },
    drifted,
    read,
    async close() {
      await Promise.all([sender.close(), streamer.close()])
      await emulator.close()
    },
  }
}

async function readAll(source: Source): Promise<Reading> {
  const failures: unknown[] = []
  const ids: Record<string, string[]> = {}
  const attempt = async (work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => void failures.push(error))
  }
  await attempt(() => source.profile())
  for (const noun of ['dids', 'extensions', 'groups'] as const) {
    const found: string[] = (ids[noun] = [])
    await attempt(async () => {
      for await (const { items } of source[noun]?.pages({}) ?? []) {
        found.push(...items.map(({ id }) => id))
        const [first] = items
        if (first) await attempt(async () => source[noun]?.detail?.(first as never))
      }
    })
  }
  const calls: string[] = (ids['callRecords'] = [])
  await attempt(async () => {
    const query = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 50 } as const
    for await (const page of source.callRecords?.pages(query) ?? []) {
      calls.push(...page.calls.map(({ id }) => id))
      const [first] = page.calls
      if (first) await attempt(async () => source.callRecords?.detail?.(first))
      if (calls.length >= 50) return
    }
  })
  return { ids, failures }
}

/** What a field may hold that it should not. */
const absurd = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, [], {}, [[]], -1, 0.5, 1e308, 2 ** 53 + 1, '9007199254740993'),
  fc.constantFrom<unknown>('', ' ', 'NaN', 'Infinity', '\ud800', '9999-12-31T23:59:59Z', '-1', 'null', '__proto__'),
  fc.constantFrom<unknown>('SOMETHING_NEW', 'x'.repeat(50_000), { toString: 1 }, { id: { id: 1 } }, [1, '2', null]),
  fc.anything({ maxDepth: 2 }),
)

type Path = readonly (string | number)[]

/** Every place in an answer. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  copy[key] = replaced(copy[key], rest, by)
  return copy
}

/** The record of a list that a place is in: everything up to the first number. */
function recordOf(path: Path): Path | null {
  const at = path.findIndex((key) => /^\d+$/.test(String(key)))
  return at === -1 ? null : path.slice(0, at + 1)
}

/**
 * Changes one place of one recorded answer at a time. Whatever it is: nothing but errors made on purpose, and of a list no other record
 * than the changed one is lost.
 */
export async function testMutations(account: RecordedAccount, runs: number): Promise<void> {
  const healthy = await account.read()
  expect(healthy.failures).toEqual([])
  const answers = [...account.answers]
  const paths = new Map(answers.map(([request, body]) => [request, pathsOf(body)]))
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), absurd, async (which, where, value) => {
      const [request, body] = answers[which % answers.length]!
      const places = paths.get(request)!
      const path = places[where % places.length]!
      const { ids, failures } = await account.read({ request, body: replaced(body, path, value) })
      for (const failure of failures) expect(failure).toBeInstanceOf(AppError)
      if (recordOf(path) === null) return
      for (const noun of ['dids', 'extensions'] as const) {
        const lost = (healthy.ids[noun] ?? []).filter((id) => !ids[noun]?.includes(id))
        expect({ request, path, lost: lost.slice(1) }).toEqual({ request, path, lost: [] })
      }
    }),
    { numRuns: runs },
  )
}
