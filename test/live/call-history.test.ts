import { describe, expect, test } from '@jest/globals'

import { addFacts, addRecord, endInferred } from '../../src/live/call-history.js'
import { CallDirection } from '../../src/model/call-record.js'
import type { CallFact } from '../../src/providers/live.js'
import { at, fact, group, hear, menu, phone } from './facts.js'

const started = fact('STARTED', 0)
const rings = fact('RINGING', 10, phone('101'))
const answered = fact('ANSWERED', 15, phone('101'))
const ended = fact('ENDED', 60)
/** A provider that tells no answers: its end says when there was one. */
const endedAfterAnswer = fact('ENDED', 60, null, { answeredAt: at(20) })

/** Each event with the state and target right after it. */
const storyOf = (...deliveries: CallFact[][]): string[] =>
  hear(deliveries).events.map(({ type, inferred, call }) => {
    const target = call.targetRef as { number?: string } | null
    return [type, inferred ? 'inferred' : '', call.state, target?.number ?? ''].filter(Boolean).join(' ')
  })

describe('a call in its own order', () => {
  test('goes through menu, group and phones to its answer and end', () => {
    expect(
      storyOf(
        [started],
        [fact('ENTERED_MENU', 1, menu('10'))],
        [fact('ENTERED_GROUP', 5, group('200'))],
        [rings],
        [fact('RINGING', 12, phone('102'))],
        [answered],
        [ended],
      ),
    ).toEqual([
      'STARTED RINGING',
      'ENTERED_MENU IN_MENU 10',
      'ENTERED_GROUP QUEUED 200',
      'RINGING RINGING 101',
      'RINGING RINGING 102',
      'ANSWERED ANSWERED 101',
      'ENDED ENDED',
    ])
  })

  test('is transferred from one who talks to another', () => {
    expect(
      storyOf(
        [started],
        [rings],
        [answered],
        [fact('RINGING', 30, phone('103'))],
        [fact('TRANSFERRED', 35, phone('103'))],
      ),
    ).toEqual([
      'STARTED RINGING',
      'RINGING RINGING 101',
      'ANSWERED ANSWERED 101',
      'RINGING ANSWERED 101',
      'TRANSFERRED ANSWERED 103',
    ])
  })

  test('is missed and then over', () => {
    expect(storyOf([started], [rings], [fact('MISSED', 40)], [fact('ENDED', 40, null, { answeredAt: null })])).toEqual([
      'STARTED RINGING',
      'RINGING RINGING 101',
      'MISSED RINGING 101',
      'ENDED ENDED',
    ])
  })

  test('goes back to a menu after phones have rung in vain', () => {
    expect(storyOf([rings], [fact('ENTERED_MENU', 30, menu('11'))])).toEqual([
      'RINGING RINGING 101',
      'ENTERED_MENU IN_MENU 11',
    ])
  })

  test('at one moment is told by what its events mean', () => {
    const moment = [
      fact('ENDED', 0),
      fact('ANSWERED', 0, phone('101')),
      fact('RINGING', 0, phone('101')),
      fact('ENTERED_GROUP', 0, group('200')),
      fact('STARTED', 0),
    ]
    expect(hear([moment]).events.map(({ type }) => type)).toEqual([
      'STARTED',
      'ENTERED_GROUP',
      'RINGING',
      'ANSWERED',
      'ENDED',
    ])
    expect(hear([moment.slice(1, 4).reverse()]).call.state).toBe('ANSWERED')
  })
})

describe('what comes late', () => {
  test('is told with its own time and moves nothing back', () => {
    const { events } = hear([[answered], [rings], [ended], [fact('ENTERED_GROUP', 5, group('200'))], [started]])
    expect(events.map(({ type, occurredAt, call }) => [type, occurredAt, call.state])).toEqual([
      ['ANSWERED', at(15), 'ANSWERED'],
      ['RINGING', at(10), 'ANSWERED'],
      ['ENDED', at(60), 'ENDED'],
      ['ENTERED_GROUP', at(5), 'ENDED'],
      ['STARTED', at(0), 'ENDED'],
    ])
    expect(events.at(-1)!.call).toMatchObject({
      startedAt: at(0),
      answeredAt: at(15),
      endedAt: at(60),
      targetRef: null,
    })
    expect(events.at(-1)!.receivedAt).toBe(at(1_004))
  })

  test('after the end does not open the call again', () => {
    expect(hear([[started], [ended], [fact('RINGING', 90, phone('102'))]])).toMatchObject({
      isOpen: false,
      call: { state: 'ENDED', endedAt: at(60) },
    })
  })

  test('leaves the call with the one it was transferred to', () => {
    const transferred = fact('TRANSFERRED', 35, phone('103'))
    expect(hear([[started], [transferred], [answered]]).call).toMatchObject({
      targetRef: phone('103'),
      answeredAt: at(15),
    })
    expect(
      hear([[fact('TRANSFERRED', null, phone('103'))], [fact('ANSWERED', null, phone('101'))]]).call.targetRef,
    ).toEqual(phone('103'))
  })

  test('of a time that is still to come happened when it came, but for clocks that differ', () => {
    const receipt = { accountKey: 'izmir', receivedAt: at(0) }
    const told = (seconds: number) => {
      const { history, events } = addFacts(null, [fact('STARTED', seconds)], receipt)
      return [history.call.startedAt, events[0]!.occurredAt]
    }
    const [day, years] = [86_400, 8_000_000_000]
    expect([told(years), told(day + 1)]).toEqual([
      [at(0), at(0)],
      [at(0), at(0)],
    ])
    expect(told(3_600)).toEqual([at(3_600), at(3_600)])
  })

  test('without a time happened when it came, and an end never lies before the answer', () => {
    const call = hear([[fact('ENDED', null)], [fact('ANSWERED', null, phone('101'))], [fact('STARTED', null)]]).call
    expect(call).toMatchObject({ startedAt: at(1_000), answeredAt: at(1_000), endedAt: at(1_000) })
  })
})

describe('a repetition', () => {
  test('makes no event, however it is spelt and whoever sends it', () => {
    const { events, repeated } = hear([
      [started, started],
      [started],
      [{ ...started, key: 'another key of a start' }],
      [rings],
      [{ ...rings, key: 'seen in the list of current calls', nativeType: 'Ringing' }],
      [{ ...rings, targetRef: { kind: 'Extension', number: '101', zerosLost: true } }],
      [answered],
      [answered],
      [ended],
      [endInferred('call-1', at(70))],
    ])
    expect(events.map(({ type }) => type)).toEqual(['STARTED', 'RINGING', 'ANSWERED', 'ENDED'])
    expect(repeated).toBe(7)
  })

  test('leaves the very history that was given', () => {
    const receipt = { accountKey: 'office', receivedAt: at(1_000) }
    const { history } = addFacts(null, [started, rings], receipt)
    expect(addFacts(history, [rings], { ...receipt, receivedAt: at(2_000) }).history).toBe(history)
  })

  test('without a time of its own does not bring the call back to where it was', () => {
    const first = fact('RINGING', null, phone('101'))
    const { call } = hear([[first], [fact('RINGING', null, phone('102'))], [first], [fact('ENDED', null)]])
    expect(
      hear([[first], [fact('RINGING', null, phone('102'))], [first], [fact('STARTED', null)]]).call.targetRef,
    ).toEqual(phone('102'))
    expect(call.endedAt).toBe(at(1_003))
  })

  test('with a later time says where the call is now, though it is no event', () => {
    const again = fact('RINGING', 40, phone('101'))
    const { events, call } = hear([[rings], [fact('RINGING', 20, phone('102'))], [again], [fact('MISSED', 50)]])
    expect(events).toHaveLength(3)
    expect(call.targetRef).toEqual(phone('101'))
  })
})

describe('an answer that nobody tells', () => {
  test('is concluded from the end, before it', () => {
    expect(storyOf([started], [rings], [endedAfterAnswer])).toEqual([
      'STARTED RINGING',
      'RINGING RINGING 101',
      'ANSWERED inferred ANSWERED 101',
      'ENDED ENDED',
    ])
    expect(hear([[rings], [endedAfterAnswer]]).events.map(({ occurredAt }) => occurredAt)).toEqual([
      at(10),
      at(20),
      at(60),
    ])
  })

  test('is nobody of several phones that rang', () => {
    expect(storyOf([rings], [fact('RINGING', 12, phone('102'))], [endedAfterAnswer])[2]).toBe(
      'ANSWERED inferred ANSWERED',
    )
  })

  test('is concluded from a transfer', () => {
    expect(storyOf([rings], [fact('TRANSFERRED', 30, phone('103'))])).toEqual([
      'RINGING RINGING 101',
      'ANSWERED inferred ANSWERED 101',
      'TRANSFERRED ANSWERED 103',
    ])
  })

  test('is not told again when the provider tells it after all, and has its time then', () => {
    for (const first of [endedAfterAnswer, fact('TRANSFERRED', 30, phone('103'))]) {
      const { events, call } = hear([[started], [first], [answered], [fact('RINGING', 1, phone('109'))]])
      expect(events.filter(({ type }) => type === 'ANSWERED')).toHaveLength(1)
      expect(call.answeredAt).toBe(at(15))
    }
    expect(hear([[answered], [endedAfterAnswer]]).events.map(({ type }) => type)).toEqual(['ANSWERED', 'ENDED'])
  })

  test('is told where the end had been concluded before the provider told it', () => {
    expect(storyOf([rings], [endInferred('call-1', at(50))], [endedAfterAnswer])).toEqual([
      'RINGING RINGING 101',
      'ENDED inferred ENDED',
      'ANSWERED inferred ENDED',
    ])
    expect(hear([[rings], [endInferred('call-1', at(50))], [endedAfterAnswer]]).call).toMatchObject({
      answeredAt: at(20),
      endedAt: at(60),
    })
  })

  test('was a menu’s where the call was missed', () => {
    const missed = fact('MISSED', 59)
    expect(hear([[rings], [missed], [endedAfterAnswer]])).toMatchObject({ call: { answeredAt: null, state: 'ENDED' } })
    expect(storyOf([rings], [missed], [endedAfterAnswer])).not.toContain('ANSWERED inferred ANSWERED 101')
    expect(hear([[rings], [endedAfterAnswer], [missed]]).call.answeredAt).toBeNull()
  })

  test('makes an incoming call missed, once', () => {
    const unanswered = fact('ENDED', 60, null, { answeredAt: null })
    expect(storyOf([rings], [unanswered], [fact('MISSED', 60)])).toEqual([
      'RINGING RINGING 101',
      'MISSED inferred RINGING 101',
      'ENDED ENDED',
    ])
    const outgoing = { ...unanswered, direction: CallDirection.OUTBOUND }
    expect(storyOf([rings], [outgoing])).toEqual(['RINGING RINGING 101', 'ENDED ENDED'])
    expect(storyOf([answered], [unanswered])).toEqual(['ANSWERED ANSWERED 101', 'ENDED ENDED'])
  })
})

describe('two who answer', () => {
  test('are two answers, and the call is with the last', () => {
    const second = fact('ANSWERED', 40, phone('102'))
    expect(storyOf([answered], [second])).toEqual(['ANSWERED ANSWERED 101', 'ANSWERED ANSWERED 102'])
    expect(storyOf([second], [answered])).toEqual(['ANSWERED ANSWERED 102', 'ANSWERED ANSWERED 102'])
  })

  test('are one where one of them is not named', () => {
    const somebody = fact('ANSWERED', 16)
    expect(storyOf([answered], [somebody])).toEqual(['ANSWERED ANSWERED 101'])
    expect(storyOf([somebody], [answered])).toEqual(['ANSWERED ANSWERED'])
  })
})

describe('a call that is first heard of in the middle', () => {
  test('begins where it was heard of, and earlier when its start comes', () => {
    expect(hear([[rings]]).call).toMatchObject({ state: 'RINGING', startedAt: at(10) })
    expect(hear([[endedAfterAnswer]]).call).toMatchObject({ startedAt: at(20), answeredAt: at(20), endedAt: at(60) })
    expect(hear([[endedAfterAnswer], [started]]).call.startedAt).toBe(at(0))
  })

  test('has nobody as its parties until somebody says who they are', () => {
    const nobody = { number: null, rawNumber: null, displayName: null, endpointRef: null, accountKey: 'office' }
    expect(hear([[{ ...rings, direction: null }]]).call).toMatchObject({
      direction: CallDirection.UNKNOWN,
      caller: nobody,
      callee: nobody,
      didRef: null,
    })
  })

  test('keeps the parties it began with, whatever a transfer says', () => {
    const party = (rawNumber: string) => ({
      number: null,
      rawNumber,
      displayName: null,
      endpointRef: phone(rawNumber),
      accountKey: 'office',
    })
    const transferred = fact('TRANSFERRED', 30, phone('103'), { caller: party('101'), callee: party('103') })
    const { call } = hear([[transferred], [{ ...started, caller: party('109'), callee: party('150') }]])
    expect([call.caller.rawNumber, call.callee.rawNumber]).toEqual(['109', '150'])
    expect(call.involved).toEqual(['101', '103', '109', '150'].map(phone))
  })
})

describe('the record of a call', () => {
  const receipt = { accountKey: 'office', receivedAt: at(2_000) }
  const written = fact('RECORD_WRITTEN', 61)

  test('is noted when the provider says it is written, and is no event', () => {
    const { events, isOpen, history, repeated } = addFacts(null, [written], receipt)
    expect({ events, isOpen, repeated }).toEqual({ events: [], isOpen: false, repeated: 0 })
    expect(history.call.isRecordWritten).toBe(true)
    expect(addFacts(history, [written], receipt).repeated).toBe(1)
    expect(addFacts(history, [started], receipt).isOpen).toBe(true)
  })

  test('is told once', () => {
    const { history } = hear([[started], [ended]])
    const told = addRecord(history, { answeredAt: null, endedAt: at(60) }, receipt)
    expect(told.events.map(({ type, occurredAt, call }) => [type, occurredAt, call.state])).toEqual([
      ['RECORDED', at(2_000), 'ENDED'],
    ])
    expect(addRecord(told.history, { answeredAt: null, endedAt: at(60) }, receipt)).toMatchObject({
      events: [],
      repeated: 1,
    })
  })

  test('ends a call whose end nobody told', () => {
    const { history } = hear([[started], [rings]])
    const { events, isOpen } = addRecord(history, { answeredAt: at(20), endedAt: at(60) }, receipt)
    expect(events.map(({ type, occurredAt, inferred }) => [type, occurredAt, inferred])).toEqual([
      ['ANSWERED', at(20), true],
      ['ENDED', at(60), true],
      ['RECORDED', at(2_000), false],
    ])
    expect(isOpen).toBe(false)
  })
})

test('a queue that rings for ever fills no history, and nothing is told twice', () => {
  const many = Array.from({ length: 2_000 }, (_, index) => fact('RINGING', index + 1, phone(`p${index}`)))
  const { events, history, repeated } = hear([[started], many, many, [answered, ended], many])
  expect(JSON.stringify(history).length).toBeLessThan(25_000)
  expect(new Set(events.map(({ type, occurredAt }) => `${type} ${occurredAt}`)).size).toBe(events.length)
  expect(events.length).toBeGreaterThan(240)
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['ANSWERED', 'ENDED'])
  expect(events.length + repeated).toBe(1 + 3 * many.length + 2)
  expect(hear([[started], many, [fact('MISSED', 3_000)]]).call.targetRef).toEqual(phone('p1999'))
})

test('a call without facts has no history', () => {
  expect(() => addFacts(null, [], { accountKey: 'office', receivedAt: at(0) })).toThrow(RangeError)
})
