import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { startHarness, type Harness } from './harness.js'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: { ipex: 'ipex/password', bulutfon: 'bulutfon/authorizationCode' } })
})
afterAll(() => harness.close())

async function calls(range: string) {
  const { data, errors, extensions } = await harness.query<{ callRecords: { nodes: { id: string }[] } }>(
    `{ callRecords(first: 50, orderBy: { direction: ASC }, filter: { startedAt: ${range} }) { nodes { id } } }`,
  )
  return { nodes: data.callRecords.nodes, errors, extensions }
}

test.each([
  '{ from: "0000-01-01T00:00:00Z", until: "9999-12-31T23:59:59.999Z" }',
  '{ from: "0000-01-01T00:00:00Z" }',
  '{ until: "9999-12-31T23:59:59.999Z" }',
])('every provider has all its calls within %s', async (range) => {
  const all = await calls('null')
  expect(all.nodes).toHaveLength(50)
  expect(await calls(range)).toEqual(all)
})

test.each([
  '{ from: "0000-01-01T00:00:00Z", until: "1900-01-01T00:00:00Z" }',
  '{ from: "2200-01-01T00:00:00Z", until: "9999-12-31T23:59:59.999Z" }',
  '{ from: "9999-12-31T23:59:59.999Z" }',
  '{ until: "0000-01-01T00:00:00Z" }',
])('no provider fails to say that it has none within %s', async (range) => {
  expect(await calls(range)).toEqual({ nodes: [], errors: undefined, extensions: undefined })
})
