import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { LiveCallState, StoredCallEvent } from '../../src/live/call-event.js'
import type { Reference } from '../../src/model/reference.js'
import type { CallFact, CallFactType } from '../../src/providers/live.js'
import { cases } from '../support/proof.js'
import { at, fact, group, hear, menu, phone } from './facts.js'

/** A call as it took place; steps are in order, `gap` seconds after the step before. */
interface Script {
  readonly isStarted: boolean
  readonly waits: readonly {
    readonly kind: 'menu' | 'group' | 'phone'
    readonly target: number
    readonly gap: number
  }[]
  readonly answer: { readonly by: 'TOLD' | 'END' | 'NOBODY'; readonly target: number; readonly gap: number }
  readonly transfers: readonly { readonly target: number; readonly gap: number }[]
  readonly end: { readonly isTold: boolean; readonly gap: number }
}

const gap = fc.nat(30).map((seconds) => seconds + 1)
const target = fc.nat(4)
const scripts: fc.Arbitrary<Script> = fc.record({
  isStarted: fc.boolean(),
  waits: fc.array(fc.record({ kind: fc.constantFrom('menu', 'group', 'phone'), target, gap }), {
    minLength: 1,
    maxLength: 8,
  }),
  answer: fc.record({ by: fc.constantFrom('TOLD', 'END', 'NOBODY'), target, gap }),
  transfers: fc.array(fc.record({ target, gap }), { maxLength: 3 }),
  end: fc.record({ isTold: fc.boolean(), gap }),
})

const PLACES = {
  menu: { type: 'ENTERED_MENU', state: 'IN_MENU', reference: (n: number) => menu(`1${n}`) },
  group: { type: 'ENTERED_GROUP', state: 'QUEUED', reference: (n: number) => group(`20${n}`) },
  phone: { type: 'RINGING', state: 'RINGING', reference: (n: number) => phone(`10${n}`) },
} as const

/** What the provider says of it, and what is true of it in the end. */
function play({ isStarted, waits, answer, transfers, end }: Script) {
  let now = 0
  const facts: CallFact[] = []
  let state: LiveCallState = 'RINGING'
  let where: Reference | null = null
  let groupRef: Reference | null = null
  let answeredAt: string | null = null
  const say = (type: CallFactType, seconds: number, to: Reference | null = null, more: Partial<CallFact> = {}) =>
    facts.push(fact(type, seconds, to, { nativeType: `${type} ${JSON.stringify(to)}`, ...more }))

  if (isStarted) say('STARTED', now)
  const startedAt = at(isStarted ? 0 : waits[0]!.gap)
  for (const wait of waits) {
    const { type, reference, state: waiting } = PLACES[wait.kind]
    say(type, (now += wait.gap), reference(wait.target))
    state = waiting
    where = reference(wait.target)
    if (wait.kind === 'group') groupRef = where
  }
  const isAnswered = answer.by === 'TOLD' || (answer.by === 'END' && end.isTold)
  if (answer.by !== 'NOBODY') now += answer.gap
  if (isAnswered) answeredAt = at(now)
  if (answer.by === 'TOLD') {
    state = 'ANSWERED'
    where = phone(`10${answer.target}`)
    say('ANSWERED', now, where)
  }
  // Nobody can hand over a call that nobody took.
  for (const transfer of answer.by === 'TOLD' ? transfers : []) {
    where = phone(`11${transfer.target}`)
    say('RINGING', (now += transfer.gap), where)
    say('TRANSFERRED', ++now, where)
  }
  if (end.isTold) {
    const told = answer.by === 'TOLD' ? {} : { answeredAt }
    say('ENDED', (now += end.gap), null, told)
    state = 'ENDED'
    where = null
  }
  const endedAt = end.isTold ? at(now) : null
  const events = new Set(facts.map(({ nativeType, type }) => (type === 'ANSWERED' ? 'ANSWERED' : nativeType)))
  if (answer.by === 'END' && end.isTold) events.add('ANSWERED')
  if (answer.by === 'NOBODY' && end.isTold) events.add('MISSED')
  return {
    facts,
    events: [...events].sort(),
    call: { state, targetRef: where, groupRef, startedAt, answeredAt, endedAt },
  }
}

/** Everything three times over, in some order, cut into deliveries. */
const deliveriesOf = (facts: readonly CallFact[]): fc.Arbitrary<CallFact[][]> => {
  const tripled = [...facts, ...facts, ...facts]
  return fc
    .tuple(
      fc.shuffledSubarray(tripled, { minLength: tripled.length, maxLength: tripled.length }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: tripled.length, maxLength: tripled.length }),
    )
    .map(([shuffled, sizes]) => {
      const deliveries: CallFact[][] = []
      for (let from = 0, index = 0; from < shuffled.length; from += sizes[index++]!)
        deliveries.push(shuffled.slice(from, from + sizes[index]!))
      return deliveries
    })
}

const heardScripts = (prepare: (facts: readonly CallFact[]) => readonly CallFact[] = (facts) => facts) =>
  scripts
    .map(play)
    .chain(({ facts, ...truth }) => fc.record({ truth: fc.constant(truth), deliveries: deliveriesOf(prepare(facts)) }))

/** What each event says; of an answer or a missed call not how it became known. */
const toldBy = (events: readonly StoredCallEvent[]): (string | null)[] =>
  events.map(({ type, nativeType }) => (type === 'ANSWERED' || type === 'MISSED' ? type : nativeType)).sort()

const FURTHER: Readonly<Record<LiveCallState, number>> = {
  UNKNOWN: 0,
  RINGING: 1,
  IN_MENU: 1,
  QUEUED: 1,
  ANSWERED: 2,
  ENDED: 3,
}

test('a call told three times over in any order is the call that took place, and each event is told once', () => {
  fc.assert(
    fc.property(heardScripts(), ({ truth, deliveries }) => {
      const { events, call, isOpen, repeated, history } = hear(deliveries)
      expect(toldBy(events)).toEqual(truth.events)
      expect(call).toMatchObject(truth.call)
      expect(isOpen).toBe(truth.call.endedAt === null)
      expect(repeated).toBeGreaterThan(0)
      expect(history.told.length).toBeLessThan(60)
    }),
    { numRuns: cases(2_000) },
  )
})

test('the states of a call never go back, in any order, with and without times', () => {
  const someUntimed = (facts: readonly CallFact[]) =>
    facts.map((one, index) => (index % 2 === 0 ? { ...one, occurredAt: null } : one))
  fc.assert(
    fc.property(fc.oneof(heardScripts(), heardScripts(someUntimed)), ({ deliveries }) => {
      const states = hear(deliveries).events.map(({ call }) => FURTHER[call.state])
      expect(states).toEqual([...states].sort((a, b) => a - b))
    }),
    { numRuns: cases(2_000) },
  )
})

test('a call without times, told in order with repetitions, is the call that took place', () => {
  fc.assert(
    fc.property(scripts.map(play), fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }), (played, again) => {
      const { facts, events, call } = played
      // Without a time a second ring of one phone is no other than the first one told again.
      fc.pre(new Set(facts.map(({ key }) => key)).size === facts.length)
      const untimed = facts.map((one) => ({ ...one, occurredAt: null }))
      const deliveries = untimed.flatMap((one, index) =>
        [one, ...untimed.slice(0, index).slice(-again[index]!)].map((repeated) => [repeated]),
      )
      const heard = hear(deliveries)
      expect(toldBy(heard.events)).toEqual(events)
      expect(heard.call).toMatchObject({ state: call.state, targetRef: call.targetRef, groupRef: call.groupRef })
    }),
    { numRuns: cases(2_000) },
  )
})
