import { expect, test } from '@jest/globals'

import { gatheredLines } from '../../../src/server/observing/gathered-lines.js'

const gathering = () => {
  const writes: string[] = []
  let written = () => {}
  const first = new Promise<void>((resolve) => (written = resolve))
  const lines = gatheredLines({ write: (text: string) => (writes.push(text), written()) })
  return { lines, writes, first }
}

test('lines of one moment are written together, in their order, soon', async () => {
  const { lines, writes, first } = gathering()
  lines.write('one\n')
  lines.write('two\n')
  expect(writes).toEqual([])
  await first
  expect(writes).toEqual(['one\ntwo\n'])
})

test('what is held back is written at once when it is asked for, and once', () => {
  const { lines, writes } = gathering()
  lines.flush()
  lines.write('last words\n')
  lines.flush()
  lines.flush()
  expect(writes).toEqual(['last words\n'])
})

test('many lines are not held back', () => {
  const { lines, writes } = gathering()
  for (let count = 0; count < 1_000; count += 1) lines.write(`${'x'.repeat(99)}\n`)
  lines.flush()
  expect(writes.length).toBeGreaterThan(5)
  expect(Math.max(...writes.map(({ length }) => length))).toBeLessThan(17_000)
  expect(writes.join('')).toBe(`${'x'.repeat(99)}\n`.repeat(1_000))
})
