import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { afterEvent, boardOf, STAYS_MS, withoutPast, type Board, type Call } from '../../src/console/live/board.js'
import type { StoredCallEvent } from '../../src/live/call-event.js'
import { addFacts, type CallHistory } from '../../src/live/call-history.js'
import { snapshotOf } from '../../src/live/known-call.js'
import type { CallFact } from '../../src/providers/live.js'
import { at, fact, group, menu, phone } from '../live/facts.js'
import { cases } from '../support/proof.js'

interface Its extends Call {
  readonly currentTarget: unknown
}

const toldOf = (position: number, { type, call }: StoredCallEvent) => ({
  id: `event-${position}`,
  type: String(type),
  call: callOf(call),
})
/** When it began is left out: of a call that was met in the middle that may be learned late, and no event tells it. */
const callOf = ({ providerCallId, state, targetRef }: StoredCallEvent['call']): Its => ({
  ...{ id: providerCallId, state, startedAt: at(0), currentTarget: targetRef },
})
const underWay = (board: Board<Its>) =>
  [...board.values()].flatMap(({ call, endedAt }) => (endedAt === null ? [call] : [])).sort(byId)
const byId = (one: Call, other: Call) => (one.id < other.id ? -1 : 1)

const facts: fc.Arbitrary<CallFact> = fc
  .record({
    call: fc.nat(4),
    kind: fc.constantFrom(
      fact('STARTED', 0),
      fact('ENTERED_MENU', 1, menu('10')),
      fact('ENTERED_GROUP', 2, group('200')),
      fact('RINGING', 3, phone('101')),
      fact('RINGING', 4, phone('102')),
      fact('ANSWERED', 5, phone('102')),
      fact('TRANSFERRED', 6, phone('103')),
      fact('MISSED', 7),
      fact('ENDED', 8),
    ),
  })
  .map(({ call, kind }) => ({ ...kind, callId: `call-${call}` }))

/** What the server knows after each fact, in whatever order they come: its calls, and the events so far. */
class Server {
  readonly events: StoredCallEvent[] = []
  readonly #histories = new Map<string, CallHistory>()

  hear(told: CallFact): void {
    const receipt = { accountKey: 'office', receivedAt: at(1_000) }
    const { history, events } = addFacts(this.#histories.get(told.callId) ?? null, [told], receipt)
    this.#histories.set(told.callId, history)
    this.events.push(...events)
  }

  /** As `liveCalls` has them. */
  get calls(): Its[] {
    return [...this.#histories.values()]
      .map(({ call }) => callOf(snapshotOf(call)))
      .filter(({ state }) => state !== 'ENDED')
      .sort(byId)
  }
}

describe('a board', () => {
  test('that follows events from any moment shows the calls that are asked for at any later one', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 60 }), fc.nat(59), (story, from) => {
        const server = new Server()
        story.slice(0, from).forEach((told) => server.hear(told))
        let board: Board<Its> = boardOf(server.calls)
        let seen = server.events.length
        for (const told of story.slice(from)) {
          server.hear(told)
          for (; seen < server.events.length; seen += 1)
            board = afterEvent(board, toldOf(seen, server.events[seen]!), 1_000 + seen)
          expect(underWay(board)).toEqual(server.calls)
        }
        // Asked again, and after everything has had its time.
        expect(underWay(boardOf(server.calls, board))).toEqual(server.calls)
        expect([...withoutPast(board, 2_000 + seen + STAYS_MS).values()].map(({ call }) => call).sort(byId)).toEqual(
          server.calls,
        )
      }),
      { numRuns: cases(500) },
    )
  })

  const ringing: Its = { id: 'call-1', state: 'RINGING', startedAt: at(0), currentTarget: 'phone 101' }
  const ended: Its = { ...ringing, state: 'ENDED', currentTarget: null }

  test('keeps a call that has ended for a moment, where it was last, until its record is there and after', () => {
    const over = afterEvent(boardOf([ringing]), { id: 'e1', type: 'ENDED', call: ended }, 1_000)
    const shown = { call: { ...ended, currentTarget: 'phone 101' }, endedAt: 1_000 }
    expect([...over.values()]).toEqual([{ ...shown, recorded: null }])
    const recorded = afterEvent(over, { id: 'e2', type: 'RECORDED', call: ended }, 6_000)
    expect([...recorded.values()]).toEqual([{ ...shown, recorded: 'e2' }])
    expect(withoutPast(recorded, 1_000 + STAYS_MS - 1)).toBe(recorded)
    expect([...withoutPast(recorded, 1_000 + STAYS_MS)]).toEqual([])
  })

  test('says nothing of a call that ended before anybody looked', () => {
    const board = boardOf<Its>([])
    expect(afterEvent(board, { id: 'e1', type: 'RECORDED', call: ended }, 1_000)).toBe(board)
  })

  test('that is asked for again keeps what ended on it, and no call that has ended unseen', () => {
    const other = { ...ringing, id: 'call-2' }
    const before = afterEvent(boardOf([ringing, other]), { id: 'e1', type: 'ENDED', call: ended }, 1_000)
    expect([...boardOf([], before).keys()]).toEqual(['call-1'])
  })
})
