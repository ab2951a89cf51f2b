import { expect, test } from '@jest/globals'

import { LazyMap } from '../../src/loaders/lazy-map.js'

const sources = new Map([
  ['a', 1],
  ['b', 2],
  ['c', 3],
])

test('a lazy map builds each value on first access, once', () => {
  const made: number[] = []
  const doubled = new LazyMap(sources, (source: number) => {
    made.push(source)
    return { double: 2 * source }
  })
  expect([doubled.size, doubled.has('b'), doubled.has('x'), [...doubled.keys()]]).toEqual([
    3,
    true,
    false,
    ['a', 'b', 'c'],
  ])
  expect(made).toEqual([])
  expect(doubled.get('b')).toBe(doubled.get('b'))
  expect(doubled.get('x')).toBeUndefined()
  expect(made).toEqual([2])
  expect([...doubled.values()].map(({ double }) => double)).toEqual([2, 4, 6])
  expect(made).toEqual([2, 1, 3])
})

test('what is added to a lazy map comes last, or replaces the value of its key', () => {
  const same = new LazyMap(sources, (source: number) => source)
  same.add('d', 4)
  same.add('b', 20)
  same.add('d', 40)
  expect([...same]).toEqual([
    ['a', 1],
    ['b', 20],
    ['c', 3],
    ['d', 40],
  ])
  const visited: string[] = []
  same.forEach((value, key) => visited.push(`${key}${value}`))
  expect(visited).toEqual(['a1', 'b20', 'c3', 'd40'])
  expect(same.size).toBe(4)
})
