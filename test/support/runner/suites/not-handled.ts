import { setImmediate } from 'node:timers/promises'

import { test } from '@jest/globals'

test('rejects where nobody looks', async () => {
  void Promise.reject(new Error('nobody looks here'))
  await setImmediate()
})
test('throws where nobody catches', async () => {
  process.nextTick(() => {
    throw new Error('nobody catches this')
  })
  await setImmediate()
})
