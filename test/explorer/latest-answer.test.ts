import { expect, test } from '@jest/globals'

import { latestAnswer } from '../../src/explorer/latest-answer.js'

test('an answer is passed on, unless it was dropped before it came', async () => {
  let answer!: (value: object) => void
  const { fetcher, drop } = latestAnswer(() => new Promise<never>((resolve) => (answer = resolve as never)))
  const ask = () => fetcher({ query: '{ viewer { name } }' }) as Promise<unknown>
  const seen: unknown[] = []
  const late = ask()
  void late.then((value) => seen.push(value))
  drop()
  answer({ data: 'late' })
  const current = ask()
  answer({ data: 'current' })
  expect(await current).toEqual({ data: 'current' })
  await new Promise(setImmediate)
  expect(seen).toEqual([])
})
