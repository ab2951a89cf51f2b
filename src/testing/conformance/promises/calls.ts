import { isDeepStrictEqual } from 'node:util'

import type { BookedObject } from '../../../emulator/conformance-facts.js'
import { parseGlobalId } from '../../../model/id.js'
import type { CallRecord } from '../../../model/call-record.js'
import { EVERY_CALL } from '../../../providers/every-call.js'
import type { Bench, Trial } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, logOf, some } from '../reading.js'
import { callProblems } from '../shapes.js'
import { withoutFirstRecord } from '../tampering.js'
import { callFilters } from './call-filters.js'
import { LEADING_ELSEWHERE } from './hostile-ids.js'

const start = async (bench: Bench, options?: Parameters<Bench['start']>[0]): Promise<Trial> => {
  bench.claims('CALL_RECORD', 'LIST')
  return bench.start(options)
}
const positionOf = ({ startedAt, id }: CallRecord): string => `${startedAt} ${id}`

/** What the call log promises. */
export const calls: readonly ProviderPromise[] = [
  {
    id: 'calls.order',
    name: 'the call log reads to its end, newest first, each call once',
    async keep(bench) {
      const { calls } = await callsOf(logOf((await start(bench)).source()))
      must(calls.length > 0, 'it is empty')
      const positions = calls.map(positionOf)
      must(new Set(positions).size === positions.length, 'a call is in it twice')
      must(isDeepStrictEqual(positions, [...positions].sort().reverse()), 'its calls are not in the order of time')
    },
  },
  {
    id: 'calls.backwards',
    name: 'the call log reads oldest first as the exact reverse',
    async keep(bench) {
      const trial = await start(bench)
      const newest = (await callsOf(logOf(trial.source()))).calls.map(positionOf)
      const oldest = (await callsOf(logOf(trial.source()), { order: 'ASC' })).calls.map(positionOf)
      must(isDeepStrictEqual(oldest.reverse(), newest), `${newest.length} newest first, ${oldest.length} oldest first`)
    },
  },
  {
    id: 'calls.whole',
    name: "the call log has every call of the provider's own books, at its time",
    async keep(bench) {
      const trial = await start(bench)
      const history = trial.emulator.history?.calls().map(({ id, story: { startedAt } }) => ({ id, startedAt }))
      const booked: readonly BookedObject[] | undefined = trial.facts.contents?.().calls ?? history
      claimed(booked, 'the emulator does not tell what calls there are')
      const found = new Map((await callsOf(logOf(trial.source()))).calls.map((call) => [call.providerResourceId, call]))
      const missing = booked.filter(({ id }) => !found.has(id))
      must(
        missing.length === 0,
        `${missing.length} of ${booked.length} are missing: ${some(missing.map(({ id }) => id))}`,
      )
      must(found.size === booked.length, `there are ${booked.length}, and ${found.size} are listed`)
      for (const { id, startedAt, endedAt } of booked) {
        const call = found.get(id)!
        const late = startedAt === undefined ? 0 : secondsFrom(startedAt, call.startedAt)
        must(late === 0, `call ${id} is listed ${late} seconds from its time`)
        if (endedAt === undefined) continue
        must(call.endedAt !== null, `call ${id} has ended, and is listed without an end`)
        const longer = secondsFrom(endedAt, call.endedAt)
        must(longer === 0, `call ${id} ends ${longer} seconds from its end`)
      }
    },
  },
  {
    id: 'calls.identity',
    name: "every call tells where it is from: type, account, the provider's id, when it was read",
    async keep(bench) {
      const trial = await start(bench)
      const { key } = trial.account()
      for (const call of (await callsOf(logOf(trial.source()), {}, { most: 200 })).calls) {
        const expected = { type: 'CallRecord', account: key, native: call.providerResourceId }
        must(isDeepStrictEqual(parseGlobalId(call.id), expected), `${call.id} is not the id of its call`)
        must(call.__typename === 'CallRecord' && call.accountKey === key, 'a call is of another account')
      }
    },
  },
  {
    id: 'calls.shape',
    name: 'values of calls are what the schema says, and no call is answered or over before it could be',
    async keep(bench) {
      const { calls } = await callsOf(logOf((await start(bench)).source()))
      const problems = calls.flatMap(callProblems)
      must(problems.length === 0, some(problems))
    },
  },
  ...(['DESC', 'ASC'] as const).map((order): ProviderPromise => {
    const [id, way] = order === 'DESC' ? ['calls.after.newest', 'newest'] : ['calls.after.oldest', 'oldest']
    return {
      id,
      name: `reading goes on after any call of the log, ${way} first, without a gap and with none twice`,
      async keep(bench) {
        const trial = await start(bench)
        const whole = (await callsOf(logOf(trial.source()), { order })).calls
        const places = [0, Math.floor(whole.length / 3), whole.length - 2, closestToNext(whole)]
        for (const at of places.filter((one) => one in whole)) {
          const after = { startedAt: whole[at]!.startedAt, id: whole[at]!.id }
          const rest = (await callsOf(logOf(trial.source()), { order, after })).calls.map(positionOf)
          const expected = whole.slice(at + 1).map(positionOf)
          must(isDeepStrictEqual(rest, expected), `after call ${at + 1} of ${whole.length} come ${rest.length} others`)
        }
      },
    }
  }),
  {
    id: 'calls.hint',
    name: 'a hint of an earlier page leads to the same calls, and a wrong hint does no harm',
    async keep(bench) {
      const trial = await start(bench)
      const read: CallRecord[] = []
      let hint: string | null = null
      for await (const page of logOf(trial.source()).pages({ ...WHOLE, expected: 10 })) {
        read.push(...page.calls)
        hint = page.hint
        if (read.length >= 10) break
      }
      const last = read.at(-1)
      must(last, 'it is empty')
      const after = { startedAt: last.startedAt, id: last.id }
      const without = (await callsOf(logOf(trial.source()), { after }, { most: 20 })).calls.slice(0, 20)
      for (const one of [hint, 'no hint of ours', '{"page":999999}']) {
        const found = (await callsOf(logOf(trial.source()), { after, hint: one }, { most: 20 })).calls.slice(0, 20)
        const isSame = isDeepStrictEqual(found.map(positionOf), without.map(positionOf))
        must(isSame, `with ${one === hint ? 'its own' : 'a wrong'} hint other calls come`)
      }
    },
  },
  ...callFilters,
  {
    id: 'calls.by-id',
    name: 'a call of the log is found by its id, as it is listed',
    async keep(bench) {
      const trial = await start(bench)
      bench.claims('CALL_RECORD', 'READ')
      const [call] = (await callsOf(logOf(trial.source()), {}, { most: 1 })).calls
      must(call, 'it is empty')
      const found = await logOf(trial.source()).byId(call.providerResourceId)
      must(found, 'it is not found')
      must(positionOf(found) === positionOf(call), 'another call is found')
      must(
        found.disposition === call.disposition,
        `it is ${call.disposition} in the log, and ${found.disposition} by its id`,
      )
    },
  },
  {
    id: 'calls.unknown',
    name: 'the id of a call that does not exist is null',
    async keep(bench) {
      const trial = await start(bench)
      bench.claims('CALL_RECORD', 'READ')
      const found = await logOf(trial.source()).byId(trial.facts.unknownCall ?? '999999999')
      must(found === null, 'a call is found')
    },
  },
  {
    id: 'calls.hostile-ids',
    name: 'an id of a call that would lead to another path leads nowhere',
    async keep(bench) {
      const trial = await start(bench)
      bench.claims('CALL_RECORD', 'READ')
      const log = logOf(trial.source())
      const [call] = (await callsOf(log, {}, { most: 1 })).calls
      trial.forget()
      await logOf(trial.source()).byId(call?.providerResourceId ?? '1')
      const depth = Math.max(...trial.emulator.journal.apiRequests.map(({ path }) => path.split('/').length))
      const first = trial.emulator.journal.apiRequests.map(({ path }) => path.split('/').slice(0, 2).join('/'))
      trial.forget()
      for (const id of LEADING_ELSEWHERE) {
        const found = await logOf(trial.source()).byId(id)
        must(found === null, `${JSON.stringify(id.slice(0, 20))} finds a call`)
      }
      const strange = trial.emulator.journal.apiRequests
        .map(({ path }) => path)
        .filter((path) => path.split('/').length > depth || !first.some((begin) => path.startsWith(begin)))
      must(strange.length === 0, `it leads to ${some(strange.map((path) => path.slice(0, 40)))}`)
    },
  },
  {
    id: 'calls.detail',
    name: 'whatever the call log leaves out is in the detail of a call, for one request',
    async keep(bench) {
      const trial = await start(bench)
      const log = logOf(trial.source())
      const { calls } = await callsOf(log, {}, { most: 100 })
      const open = (call: object) => Object.entries(call).flatMap(([key, value]) => (value === undefined ? [key] : []))
      const call = calls.find((one) => open(one).length > 0)
      claimed(call, 'its log has every field')
      must(log.detail, `${open(call).join(', ')} are left out, and there is no detail`)
      trial.forget()
      const detail = (await log.detail(call)) as Record<string, unknown>
      const absent = open(call).filter((key) => detail[key] === undefined)
      must(absent.length === 0, `the detail leaves out ${absent.join(', ')}`)
      must(trial.apiRequests <= 1, `one detail costs ${trial.apiRequests} requests`)
      const isTold = bench.provider.costs?.eachObject.some((field) => field.startsWith('CallRecord.'))
      must(isTold, '`costs` does not say that it costs a request')
    },
  },
  {
    id: 'calls.count',
    name: 'as many calls are counted as are listed',
    async keep(bench) {
      const trial = await start(bench)
      const log = logOf(trial.source())
      claimed(log.count, 'it does not count')
      const listed = (await callsOf(log)).calls
      const query = { filter: EVERY_CALL, expected: 50, matches: () => true, seconds: null }
      const counted = await logOf(trial.source()).count!(query)
      must(counted === null || counted === listed.length, `${counted} are counted, and ${listed.length} listed`)
    },
  },
  {
    id: 'calls.shifting',
    name: 'a call that is written while the log is read loses none of the others, and none comes twice',
    async keep(bench) {
      const trial = await start(bench)
      const { emulator, facts } = trial
      const missed = emulator.history?.calls().at(-1)?.story
      const ours =
        emulator.history && missed ? () => void emulator.history!.add(newCall(missed, emulator.clock.now())) : null
      const grow = facts.grow?.calls ?? ours
      claimed(grow, 'the emulator cannot write one while the log is read')
      const before = (await callsOf(logOf(trial.source()))).calls.map(positionOf)
      const { calls, pages } = await callsOf(
        logOf(trial.source()),
        {},
        { afterPage: (page) => (page <= 2 ? grow() : undefined) },
      )
      claimed(pages > 1, 'its log is one page')
      const positions = calls.map(positionOf)
      must(new Set(positions).size === positions.length, 'a call is in it twice')
      const lost = before.filter((position) => !positions.includes(position))
      must(lost.length === 0, `${lost.length} of ${before.length} were lost`)
    },
  },
  {
    id: 'calls.unreadable',
    name: 'a call that cannot be read costs that call alone, and is told',
    async keep(bench) {
      const trial = await start(bench)
      const before = await callsOf(logOf(trial.source()), {}, { most: 20 })
      trial.emulator.faults.next({ kind: 'api', rewrite: withoutFirstRecord, times: Infinity })
      const after = await callsOf(logOf(trial.source()), {}, { most: 20 })
      const isLost = before.calls.some(({ id }) => !after.calls.some((call) => call.id === id))
      must(after.calls.length > 0, 'all others were lost with it')
      must(!isLost || after.unreadable > 0, 'one was lost, and nothing told of it')
    },
  },
]

const WHOLE = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL } as const

const newCall = <Story extends { startedAt: number; endedAt: number }>(story: Story, now: number) => ({
  ...story,
  ...{ steps: [], outcome: 'missed' as const, answeredAt: null, recording: 'no' as const, price: null },
  startedAt: Math.floor(now / 1000) * 1000 - 60_000,
  endedAt: Math.floor(now / 1000) * 1000 - 40_000,
})

/** Whole seconds from a moment (ms) to a time that is listed. */
const secondsFrom = (moment: number, listed: string): number =>
  Math.floor(Date.parse(listed) / 1000) - Math.floor(moment / 1000)

/** The call whose successor began nearest to it: a bound that is a second off shows there. */
function closestToNext(calls: readonly CallRecord[]): number {
  const gap = (at: number) => Math.abs(Date.parse(calls[at + 1]!.startedAt) - Date.parse(calls[at]!.startedAt))
  let closest = 0
  for (let at = 1; at < calls.length - 1; at += 1) if (gap(at) < gap(closest)) closest = at
  return closest
}
