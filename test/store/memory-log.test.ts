import { expect, test } from '@jest/globals'

import { Tail } from '../../src/live/tail.js'
import { openStore } from '../../src/store/open-store.js'

const change = {
  ...{ topic: 'calls', stream: 'one', workspace: 'default', account: 'izmir', from: 0, state: '{}', isOpen: false },
  ...{ events: ['{}', '{}'], at: 0 },
}

test('a log in memory knows a position of the process before, however many events it has itself', async () => {
  const before = await openStore('memory:', [])
  const [first, second] = (await before.appendEvents(change))!
  expect([second! - first!, Number.isSafeInteger(second)]).toEqual([1, true])
  await new Promise((resolve) => setTimeout(resolve, 2))
  const after = await openStore('memory:', [])
  const [own] = (await after.appendEvents(change))!
  const tail = new Tail({ log: after, onTrouble() {}, onDefect() {} })
  const expired = { code: 'CURSOR_INVALID', details: { reason: 'EXPIRED' } }
  for (const position of [first!, second!]) await expect(tail.requireKept(position)).rejects.toMatchObject(expired)
  await tail.requireKept(own!)
  expect(await after.eventsAfter(own!, 9)).toHaveLength(1)
})
