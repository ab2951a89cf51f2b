import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { startHarness, type Harness } from '../sandbox/harness.js'
import { workedReadings } from '../support/worked-operations.js'

const operations = workedReadings.map(([, text]) => text)

const SCOPES = ['telephony:read', 'recordings:read', 'telephony:raw', 'accounts:manage']
const CALLERS = ['reception', 'billing'].map((name) => ({ name, key: `key-of-the-caller-${name}`, scopes: SCOPES }))

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ config: { callers: { apiKeys: CALLERS } } })
})
afterAll(() => harness.close())

const ask = async (operation: string, { key }: (typeof CALLERS)[number]) => {
  const { errors } = await harness.query(operation, {}, { authorization: `Bearer ${key}` })
  expect(errors).toBeUndefined()
}

test('all worked operations that read, at once, by several callers, cost what each costs alone, and no request more', async () => {
  const alone: string[] = []
  for (const operation of operations) {
    harness.clear()
    await ask(operation, CALLERS[0]!)
    alone.push(...harness.requests())
  }
  harness.clear()
  await Promise.all(operations.flatMap((operation) => CALLERS.map((caller) => ask(operation, caller))))
  // The calls of now are listed once for all who look within three seconds.
  const repeated = (requests: readonly string[]) => requests.filter((line) => !line.includes('/calls/current')).sort()
  expect(repeated(harness.requests())).toEqual(repeated([...alone, ...alone]))
})
