import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { LinkedList, type Link } from '../src/linked-list.js'

const valuesOf = <Value>(list: LinkedList<Value>): Value[] => {
  const values: Value[] = []
  for (let link = list.first; link; link = link.after) values.push(link.value)
  return values
}

test('a linked list keeps the order of a plain one, whatever is taken out of it and when', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant('add'), fc.nat(40)), { maxLength: 80 }), (steps) => {
      const list = new LinkedList<number>()
      const links: Link<number>[] = []
      let plain: number[] = []
      for (const step of steps) {
        if (step === 'add') {
          plain.push(links.length)
          links.push(list.add(links.length))
        } else if (links.length > 0) {
          // Some are taken out twice, which changes nothing.
          const link = links[(step as number) % links.length]!
          list.remove(link)
          plain = plain.filter((value) => value !== link.value)
        }
        expect(valuesOf(list)).toEqual(plain)
        expect(list.size).toBe(plain.length)
      }
    }),
  )
})
