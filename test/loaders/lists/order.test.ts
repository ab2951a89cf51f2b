import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { fold } from '../../../src/loaders/lists/fold.js'
import { compareInOrder, type SortKeys } from '../../../src/loaders/lists/order.js'
import { anyText } from '../../support/any-text.js'

const sorted = (direction: 'ASC' | 'DESC', texts: readonly (string | null)[]) =>
  [...texts].sort((a, b) => compareInOrder(direction, [a], 'id', [b], 'id'))

describe('the order of texts', () => {
  test('takes numbers as numbers, and puts what has no key last either way', () => {
    expect(sorted('ASC', ['100', '9', null, '10', '0101'])).toEqual(['9', '10', '100', '0101', null])
    expect(sorted('DESC', ['100', '9', null, '10'])).toEqual(['100', '10', '9', null])
  })

  test('goes by the letters of the alphabet, not by their codes', () => {
    expect(sorted('ASC', ['Zeynep', 'Çelik', 'Demir', 'Řehák', 'Novák', 'Cem'])).toEqual([
      'Çelik',
      'Cem',
      'Demir',
      'Novák',
      'Řehák',
      'Zeynep',
    ])
  })

  test('is total: no two items are ever equal, and turning the question turns the answer', () => {
    const keys = fc.array(fc.option(fc.string(), { nil: null }), {
      minLength: 2,
      maxLength: 2,
    }) as fc.Arbitrary<SortKeys>
    fc.assert(
      fc.property(
        fc.constantFrom('ASC' as const, 'DESC' as const),
        keys,
        fc.string(),
        keys,
        fc.string(),
        (direction, a, aId, b, bId) => {
          const forth = Math.sign(compareInOrder(direction, a, aId, b, bId))
          expect(Math.sign(compareInOrder(direction, b, bId, a, aId)) + forth).toBe(0)
          expect(forth === 0).toBe(aId === bId && a[0] === b[0] && a[1] === b[1])
        },
      ),
    )
  })
})

describe('a text without regard to case', () => {
  test.each([
    ['AYDIN', 'aydın'],
    ['Işık', 'IŞIK'],
    ['İzmir', 'izmir'],
    ['İZMİR', 'izmir'],
    ['TITIZ', 'Titiz'],
    ['ŘEHÁK', 'Řehák'],
    ['İ', 'I\u0307'],
    ['É', 'E\u0301'],
  ])('%s and %s are the same', (a, b) => {
    expect(fold(a)).toBe(fold(b))
  })

  test('keeps letters that differ by more than their case apart', () => {
    expect(fold('ş')).not.toBe(fold('s'))
    expect(fold('ö')).not.toBe(fold('o'))
  })

  test('is the same when it is folded again', () => {
    fc.assert(fc.property(anyText(), (text) => expect(fold(fold(text))).toBe(fold(text))))
  })
})
