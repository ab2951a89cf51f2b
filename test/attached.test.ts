import { expect, test } from '@jest/globals'

import { firstSight, oncePer } from '../src/attached.js'

test('what is made of a value is made once for it, and anew for another that looks the same', () => {
  let made = 0
  const sized = oncePer((list: readonly unknown[]) => ({ size: list.length, turn: ++made }))
  const [one, other] = [[1], [1]]
  expect([sized(one), sized(other), sized(one)].map(({ turn }) => turn)).toEqual([1, 2, 1])
  const undecided = oncePer((): undefined => void (made += 1))
  undecided(one)
  undecided(one)
  expect(made).toBe(3)
})

test('what fails is tried again', () => {
  let turn = 0
  const failing = oncePer(() => {
    if (++turn === 1) throw new Error('the first time')
    return turn
  })
  const value = {}
  expect(() => failing(value)).toThrow('the first time')
  expect([failing(value), failing(value)]).toEqual([2, 2])
})

test('an object is seen for the first time once, by each who looks, and looks no different afterwards', () => {
  const [isNew, isNewToOthers] = [firstSight(), firstSight()]
  const object = Object.freeze({ id: 1 })
  expect([isNew(object), isNew(object), isNewToOthers(object), isNew({ id: 1 })]).toEqual([true, false, true, true])
  expect(Reflect.ownKeys(object)).toEqual(['id'])
})
