import { expect, test } from '@jest/globals'

import { Backlog } from '../../../src/server/subscriptions/backlog.js'

test('what waits stands still while nothing of it is taken, and is read once something is', () => {
  const socket = { bytesWritten: 0, writableLength: 0 }
  const backlog = new Backlog(socket)
  const look = (now: number, written: number, waiting: number) => {
    Object.assign(socket, { bytesWritten: written, writableLength: waiting })
    return [backlog.look(now), backlog.isRead]
  }
  expect(look(1, 0, 0)).toEqual([0, false])
  // The system takes it all, whether or not anybody reads.
  expect(look(2, 100, 0)).toEqual([0, false])
  expect(look(3, 300, 50)).toEqual([0, false])
  expect(look(4, 300, 50)).toEqual([1, false])
  expect(look(5, 400, 150)).toEqual([2, false])
  expect(look(6, 400, 149)).toEqual([0, true])
  expect(look(9, 400, 149)).toEqual([3, false])
  expect(look(10, 400, 0)).toEqual([0, true])
  expect(look(11, 500, 0)).toEqual([0, false])
})

test('of a client that has gone nothing waits', () => {
  const backlog = new Backlog(null)
  expect([backlog.look(1), backlog.look(99_999), backlog.isRead]).toEqual([0, 0, false])
})
