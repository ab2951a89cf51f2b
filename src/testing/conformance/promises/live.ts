import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { LiveCall, LiveOffice } from '../../../emulator/live/live.js'
import type { CallFact } from '../../../providers/live.js'
import type { Bench, Trial } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { mustBe, some } from '../reading.js'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

interface Told {
  readonly trial: Trial
  readonly call: LiveCall
  /** The bodies of the deliveries, in order. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[]
}

/** Plays one call from its beginning to its end, and takes what is delivered of it. */
async function toldCall(bench: Bench): Promise<Told> {
  claimed(bench.provider.webhook, 'it delivers nothing')
  const trial = await bench.start()
  const { live } = trial.emulator
  claimed(live, 'its emulator has no calls under way')
  const bodies: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(parsed(String(request.headers['content-type']), Buffer.concat(chunks).toString('utf8')))
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    live.deliverTo({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` })
    const call = await answeredCall(live)
    await call.hangUp()
    await live.settled()
    return { trial, call, bodies }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** A call from outside that somebody has answered. */
export async function answeredCall(live: LiveOffice): Promise<LiveCall> {
  const call = await live.call()
  await call.ring()
  await call.answer()
  return call
}

function parsed(type: string, text: string): Record<string, unknown> {
  if (type.includes('json')) return JSON.parse(text) as Record<string, unknown>
  return Object.fromEntries(new URLSearchParams(text))
}

const factsOf = (bench: Bench, { trial, bodies }: Told): readonly CallFact[] =>
  bodies.flatMap((body) => bench.provider.webhook!.read(body, trial.account().facts, {}) ?? [])

/** What is told of calls under way. */
export const live: readonly ProviderPromise[] = [
  {
    id: 'live.events',
    name: 'the events of one call are facts of one call, which begins, is answered and ends',
    async keep(bench) {
      const told = await toldCall(bench)
      const facts = factsOf(bench, told).filter(({ type }) => type !== 'RECORD_WRITTEN')
      must(facts.length > 0, `${told.bodies.length} deliveries tell nothing`)
      must(new Set(facts.map(({ callId }) => callId)).size === 1, 'they are facts of several calls')
      const types = facts.map(({ type }) => type)
      must(types.includes('STARTED') || types.includes('RINGING'), `it never begins: ${types.join()}`)
      must(types.includes('ENDED'), `it never ends: ${types.join()}`)
      const ending = facts.find(({ type }) => type === 'ENDED')
      must(types.includes('ANSWERED') || ending?.answeredAt, `it is never answered: ${types.join()}`)
    },
  },
  {
    id: 'live.times',
    name: 'what happened to a call happened at a time, in UTC, and no later than it is told',
    async keep(bench) {
      const told = await toldCall(bench)
      const now = told.trial.emulator.clock.now()
      const facts = factsOf(bench, told)
      const saysWhen = told.bodies.some((body) => Object.values(body).some((value) => isMomentNear(value, now)))
      const isTold = facts.some(({ occurredAt }) => occurredAt !== null)
      must(isTold || !saysWhen, 'deliveries say when it was, and nothing of it is told')
      for (const { occurredAt, type } of facts) {
        if (occurredAt === null) continue
        must(INSTANT.test(occurredAt), `the time of ${type} is no time`)
        const isNow = Math.abs(Date.parse(occurredAt) - now) < 120_000
        must(isNow, `${type} happened ${Math.round((Date.parse(occurredAt) - now) / 1000)} seconds from now`)
      }
    },
  },
  {
    id: 'live.parties',
    name: 'who calls is told with the number in E.164',
    async keep(bench) {
      const told = await toldCall(bench)
      const outside = told.call.told.outside
      const callers = factsOf(bench, told).flatMap(({ caller }) => caller?.number ?? [])
      claimed(outside !== null, 'the caller hides the number')
      must(callers.includes(outside), `${some([...new Set(callers)])} calls, and ${outside} is who did`)
    },
  },
  {
    id: 'live.repeated',
    name: 'a delivery that comes twice says the same twice, and other facts have other keys',
    async keep(bench) {
      const told = await toldCall(bench)
      const keys = (told_: Told) => factsOf(bench, told_).map(({ callId, key }) => `${callId} ${key}`)
      must(keys(told).join() === keys(told).join(), 'it says something else the second time')
      must(new Set(keys(told)).size === keys(told).length, 'two facts of the call have one key')
    },
  },
  {
    id: 'live.unknown',
    name: 'a delivery of a name nobody knows says nothing, and one that lost its call is refused',
    async keep(bench) {
      const told = await toldCall(bench)
      const { webhook } = bench.provider
      const { facts } = told.trial.account()
      const [first] = told.bodies
      must(first, 'nothing was delivered')
      const name = webhook!.nameOf(first, {})
      must(name, 'its events have no name')
      const renamed = Object.fromEntries(
        Object.entries(first).map(([key, value]) => [key, value === name ? 'conformance_event' : value]),
      )
      must(webhook!.read(renamed, facts, {}) === null, 'an event of another name is taken for one')
      must(webhook!.read({}, facts, {}) === null, 'a delivery of nothing is taken for an event')
      const broken = Object.fromEntries(
        Object.entries(first).map(([key, value]) => [key, value === name ? value : null]),
      )
      const thrown = attempt(() => webhook!.read(broken, facts, {}))
      mustBe(thrown, 'PROVIDER_BAD_RESPONSE', 'an event without its call')
    },
  },
  {
    id: 'live.current',
    name: 'a call under way is listed while it lasts, and no longer',
    async keep(bench) {
      const trial = await bench.start()
      const { live: office } = trial.emulator
      claimed(trial.source().currentCalls, 'it lists no calls under way')
      claimed(office, 'its emulator has no calls under way')
      const list = () => trial.source().currentCalls!()
      must((await list()).calls.length === 0, 'a call is listed that nobody made')
      const call = await answeredCall(office)
      const during = await list()
      must(during.calls.length === 1 && during.unreadable === 0, `${during.calls.length} calls are listed`)
      const [shown] = during.calls
      must(shown!.state === 'ANSWERED', `it is ${shown!.state}`)
      must(shown!.caller.number === call.told.outside, 'another number calls')
      must(shown!.startedAt === null || INSTANT.test(shown!.startedAt), 'its beginning is no time')
      await call.hangUp()
      must((await list()).calls.length === 0, 'it is listed although it is over')
    },
  },
]

const WHOLE = /^\d{10}(?:\d{3})?$/
const DAY_MS = 24 * 60 * 60_000

/** Whether a value of a delivery is a moment of that day, in whole seconds or milliseconds: a text may be of any zone. */
const isMomentNear = (value: unknown, now: number): boolean =>
  WHOLE.test(String(value)) && [Number(value), Number(value) * 1000].some((one) => Math.abs(one - now) < DAY_MS)

function attempt(work: () => unknown): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}
