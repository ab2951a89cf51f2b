import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { killWrites, rightOutcome, type KilledWrite } from '../../support/processes/killed-writes.js'
import { WRITE_POINTS } from '../../support/processes/write-point.js'
import { WRITE_KINDS } from './write-cases.js'
import { sqliteFile } from './written-replicas.js'

/** One that can be seen, one that cannot, and one that ends what it is about; `npm run proof:writes` has all. */
const KINDS = ['extensionCreate izmir', 'callOriginate praha', 'callHangUp praha']

const file = sqliteFile()
let killed: readonly KilledWrite[]
beforeAll(async () => {
  const kinds = WRITE_KINDS.filter(({ name, account }) => KINDS.includes(`${name} ${account}`))
  killed = await killWrites(kinds, WRITE_POINTS, { store: file.url })
}, 60_000)
afterAll(() => file.remove())

test.each(WRITE_POINTS)(
  'a write whose process is killed %s is never sent twice, and another server tells what became of it',
  (point) => {
    const there = killed.filter((one) => one.point === point)
    expect(there.length).toBeGreaterThan(0)
    for (const { kind, told, isToldAgain, isDone, requests } of there)
      expect({ name: kind.name, told, isToldAgain, isDone, requests }).toEqual({
        ...{ name: kind.name },
        ...rightOutcome(kind, point),
      })
  },
)
