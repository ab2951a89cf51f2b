import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { DID, legsOf, type ToldRow } from './told-rows.js'

const taken = { says: 'ANSWERED', talk: 5 }
/** A channel within the switchboard, from the caller to one phone. */
const inner = (phone: string, more: Partial<ToldRow> & Pick<ToldRow, 'from' | 'channel'>): ToldRow => ({
  ...{ way: 'Loc', dst: phone, line: phone },
  ...more,
})

describe('The legs of a call, told by its rows, have one ring for each phone', () => {
  test('of a queue that reaches its phones through channels of its own', () => {
    const queue = { queue: 'Servis' }
    expect(
      legsOf(
        { from: 0, until: 8, ...queue },
        { from: 0, until: 9, ...queue },
        { from: 0, until: 60, ...taken, ...queue },
        inner('0201', { from: 0, until: 8, channel: 2 }),
        inner('0202', { from: 0, until: 8, channel: 4 }),
        inner('0203', { from: 0, until: 60, channel: 6, ...taken }),
      ),
    ).toEqual([
      `ENTER_DID +420${DID} CONTINUED`,
      'ENTER_GROUP Servis ANSWERED',
      '  RING 0201 NO_ANSWER',
      '  RING 0202 NO_ANSWER',
      '  RING 0203 ANSWERED',
    ])
  })

  test('that was connected through, and whose own channel has a row', () => {
    expect(
      legsOf(
        { from: 0, until: 3, ...taken },
        inner('0203', { from: 0, until: 3, channel: 2, ...taken }),
        { from: 3, until: 3, channel: 3, way: 'Loc', src: '0203', dst: '', line: '0203', ...taken },
        { from: 3, until: 50, line: '0203', ...taken },
      ).slice(1),
    ).toEqual(['RING 0203 ANSWERED'])
  })

  test('that both channels name', () => {
    const both = [{ from: 0, until: 12, line: '0201' }, inner('0201', { from: 0, until: 12, channel: 2 })]
    expect(legsOf(...both).slice(1)).toEqual(['RING 0201 NO_ANSWER'])
  })

  test('and none for steps of the dialplan, a menu, a mailbox', () => {
    const steps = [
      { from: 0, until: 5, ...taken },
      { from: 5, until: 5, says: 'FAILED' },
      { from: 9, until: 20, dst: 'vmu1' },
    ]
    expect(legsOf(...steps)).toEqual([`ENTER_DID +420${DID} CONTINUED`])
  })

  test('but another one for each round of a queue, and for a phone that is transferred back', () => {
    const round = (from: number) => ({ from, until: from + 4, line: '0201', queue: 'Servis' })
    expect(legsOf(round(0), round(5), round(10)).filter((leg) => leg.includes('RING'))).toHaveLength(3)
    const talk = (line: string, from: number) => ({ from, until: from + 20, line, ...taken })
    expect(legsOf(talk('0201', 0), talk('0202', 20), talk('0201', 40)).slice(1)).toEqual([
      ...['RING 0201 ANSWERED', 'RING 0202 ANSWERED', 'RING 0201 ANSWERED'],
    ])
  })

  test('that stopped ringing: CANCEL is a phone that another was faster than, or that the caller gave up', () => {
    const cancelled = { from: 0, until: 6, line: '0201', says: 'CANCEL' }
    expect(legsOf(cancelled).at(-1)).toBe('RING 0201 CANCELLED')
    expect(legsOf(cancelled, { from: 0, until: 30, line: '0202', ...taken }).slice(1)).toEqual([
      ...['RING 0201 ANSWERED_ELSEWHERE', 'RING 0202 ANSWERED'],
    ])
  })

  test('however many channels tell of it', () => {
    const phones = fc.uniqueArray(fc.constantFrom('0201', '0202', '0203', '0204'), { minLength: 1 })
    fc.assert(
      fc.property(
        phones,
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (rung, named, deep) => {
          const rows = rung.flatMap((phone, index) => [
            { from: 0, until: 10 + index, ...(named[index] && { line: phone }) },
            ...Array.from({ length: deep }, (_, level) =>
              inner(phone, { from: 0, until: 10 + index, channel: 2 + index * 10 + level }),
            ),
          ])
          const rings = legsOf(...rows).filter((leg) => leg.startsWith('RING'))
          expect(rings.sort()).toEqual(rung.map((phone) => `RING ${phone} NO_ANSWER`).sort())
        },
      ),
    )
  })
})
