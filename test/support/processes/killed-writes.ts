import { randomBytes } from 'node:crypto'
import { on, once } from 'node:events'

import type { Emulator } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { startBulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { startIpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import type { WriteCase, WriteKind, WrittenEmulators } from '../../server/writes/write-cases.js'
import { forkProcess } from './fork-process.js'
import { endLeases } from './scenarios.js'
import { isAtProvider, type WritePoint } from './write-point.js'
import type { WriteProcessSaid, WriteProcessSettings } from './write-process.js'

/** A write whose process was killed, once another server was asked for it again with the same key. */
export interface KilledWrite {
  readonly kind: WriteKind
  readonly point: WritePoint
  /** `DONE`, or the code of the error. */
  readonly told: string
  /** Whether it was told the same when it was asked for once more; otherwise both answers. */
  readonly isToldAgain: boolean | readonly [string, string]
  /** Whether the provider has done it. */
  readonly isDone: boolean
  /** Requests for it at the provider, of both processes. */
  readonly requests: number
  /** ms until the other server had answered. */
  readonly tookMs: number
}

/** What is right for a write whose process was killed there. */
export function rightOutcome(
  { isSeenLater }: WriteKind,
  point: WritePoint,
): Pick<KilledWrite, 'told' | 'isToldAgain' | 'isDone' | 'requests'> {
  const done = { told: 'DONE', isToldAgain: true, isDone: true, requests: 1 }
  switch (point) {
    case 'before it is sent':
      return { ...done, told: 'OUTCOME_UNKNOWN', isDone: false, requests: 0 }
    case 'before it is done':
      return { ...done, told: 'OUTCOME_UNKNOWN', isDone: false }
    case 'before its answer':
    case 'before its record':
      return { ...done, told: isSeenLater ? 'DONE' : 'OUTCOME_UNKNOWN' }
    default:
      return done
  }
}

interface Planned {
  readonly kind: WriteKind
  readonly point: WritePoint
  readonly one: WriteCase
  readonly text: string
  readonly emulator: Emulator
}

/**
 * One process has a write at each point for each kind, and is killed when each stands there. Then
 * another server with the same store is asked for them. `waits`: for the leases, too.
 */
export async function killWrites(
  kinds: readonly WriteKind[],
  points: readonly WritePoint[],
  { store, waits = false }: { readonly store: string; readonly waits?: boolean },
): Promise<readonly KilledWrite[]> {
  // In a time that stands still no call ends by itself before it is looked for.
  const emulated = { scale: 0.02, now: Date.now() }
  const bulutfon = await startBulutfonEmulator(emulated)
  // A user has one call at a time, so each kind has lines of its own.
  const offices = new Map<WriteKind, WrittenEmulators>()
  const entries: object[] = [{ id: 'izmir', ...bulutfon.accounts.masterToken }]
  for (const [index, kind] of kinds.entries()) {
    if (kind.slug === 'bulutfon') {
      offices.set(kind, { bulutfon } as WrittenEmulators)
      continue
    }
    const [ipex, ipexAccount] = [await startIpexEmulator(emulated), `praha${index}`]
    offices.set(kind, { bulutfon, ipex, ipexAccount })
    entries.push({ id: ipexAccount, ...ipex.accounts.password })
  }
  const planned: Planned[] = []
  for (const kind of kinds)
    for (const point of points.filter((wanted) => !isTaken(kind, wanted))) {
      const office = offices.get(kind)!
      const one = await kind.make(office, planned.length)
      planned.push({ kind, point, one, text: textOf(one), emulator: office[kind.slug] })
    }
  const settings = { store, keys: [randomBytes(32).toString('base64')], accounts: entries }
  try {
    await standAndDie(planned, settings)
    if (!waits) await endLeases(store)
    return await askedAgain(planned, settings)
  } finally {
    for (const { ipex } of offices.values()) await ipex?.close()
    await bulutfon.close()
  }
}

/** IPEX has eight lines and there are nine points, of which the first two are alike. */
const isTaken = ({ slug }: WriteKind, point: WritePoint): boolean => point === 'before the claim' && slug === 'ipex'

/** What only this write's input says. */
function textOf({ input: { email, to, toNumber, forwarding, id } }: WriteCase): string {
  const [rule] = (forwarding ?? []) as readonly { readonly externalNumber?: string }[]
  return String(email ?? to ?? toNumber ?? rule?.externalNumber ?? id)
}

/** All of them come to their points, and their process is killed. */
async function standAndDie(planned: readonly Planned[], settings: Omit<WriteProcessSettings, 'points'>): Promise<void> {
  const points = Object.fromEntries(planned.map(({ text, point }) => [text, point]))
  const told: WriteProcessSettings = { ...settings, points }
  const child = await forkProcess('write-process', JSON.stringify(told))
  const died = once(child, 'exit')
  const ended = new AbortController()
  void died.then(() => ended.abort())
  const said = on(child, 'message', { signal: ended.signal })
  const next = async () => ((await said.next()).value as [WriteProcessSaid])[0]
  try {
    const { url } = (await next()) as { url: string }
    for (const one of planned) {
      const arrival = isAtProvider(one.point) ? holdAtProvider(one) : next()
      // Answers come only from those that did not stand still; the others' connections break.
      const answer = ask(url, one).catch(() => new Promise<string>(() => {}))
      const went = await Promise.race([arrival.then(() => null), answer])
      if (went !== null) throw new Error(`${one.kind.name} went on ${one.point}: ${went}`)
    }
  } finally {
    child.kill('SIGKILL')
    await died
  }
}

/** Resolves when its request has come; it is never answered. */
function holdAtProvider({ point, one, emulator }: Planned): Promise<void> {
  return new Promise<void>((resolve) => {
    const afterProcessing = point === 'before its answer'
    const when = () => (afterProcessing ? setImmediate(resolve) : resolve(), true)
    emulator.faults.next({ ...one.request, when, afterProcessing, until: new Promise(() => {}) })
  })
}

async function askedAgain(
  planned: readonly Planned[],
  { store, keys, accounts }: Omit<WriteProcessSettings, 'points'>,
): Promise<readonly KilledWrite[]> {
  const config = checkConfig(
    {
      server: { port: 0, explore: false },
      store: { url: store, encryptionKeys: keys },
      // As much time as a machine takes that is busy with other things.
      limits: { operationTimeoutMs: 60_000, providerTimeoutMs: 30_000 },
      accounts,
    },
    providers,
    { environment: {} },
  )
  const server = await startServer(config, { providers, log: createLog({ write: () => true }) })
  try {
    return await Promise.all(
      planned.map(async (plan): Promise<KilledWrite> => {
        const { kind, point, one, emulator } = plan
        const began = performance.now()
        const answer = await ask(server.url, plan)
        const tookMs = performance.now() - began
        const again = await ask(server.url, plan)
        const isToldAgain = again === answer || ([answer, again] as const)
        const { data } = JSON.parse(answer) as { data: { write: { userErrors: { code: string }[] } | null } }
        const requests = emulator.journal.apiRequests.filter(
          ({ method, path, query, body }) =>
            method === one.request.method &&
            one.request.path.test(path) &&
            `${path} ${JSON.stringify(query)} ${body}`.includes(one.mark),
        ).length
        const told = data.write ? (data.write.userErrors[0]?.code ?? 'DONE') : answer
        return { kind, point, told, isToldAgain, isDone: await one.isDone(), requests, tookMs }
      }),
    )
  } finally {
    await server.close()
  }
}

/** Asks until the store takes part: a busy machine may keep it away for a moment, which says nothing of the write. */
async function ask(url: string, { one, kind, point }: Planned): Promise<string> {
  const input = { ...one.input, idempotencyKey: `${kind.name} ${kind.account} ${point}` }
  const body = JSON.stringify({ query: one.document, variables: { input } })
  const headers = { 'content-type': 'application/json' }
  for (;;) {
    const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text()
    if (!answer.includes('"code":"SERVICE_UNAVAILABLE"')) return answer
  }
}
