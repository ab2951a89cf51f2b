import { expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import { Turns } from '../../src/writes/turns.js'

test('whoever waits for an object is told once its time is over, and nobody goes before the one at work', async () => {
  const turns = new Turns(memoryStore(() => 0))
  const order: string[] = []
  let end = () => {}
  const first = turns.take('line', new AbortController().signal, async () => {
    await new Promise<void>((resolve) => (end = resolve))
    order.push('first')
  })
  const waiting = new AbortController()
  const second = turns.take('line', waiting.signal, async () => void order.push('second'))
  const third = turns.take('line', new AbortController().signal, async () => void order.push('third'))
  waiting.abort()
  expect(await second).toBeNull()
  expect(order).toEqual([])
  end()
  expect(await Promise.all([first, third])).toEqual([{ done: undefined }, { done: undefined }])
  expect(order).toEqual(['first', 'third'])
})
