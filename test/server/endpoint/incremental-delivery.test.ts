import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { startHarness, type Harness } from '../../sandbox/harness.js'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' } })
})
afterAll(() => harness.close())

/** As clients offer it that take answers in parts, and answers in one. */
const OFFERED = [
  'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9',
  'multipart/mixed; incrementalDeliverySpec=3283f8a, application/json',
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
]

test.each(OFFERED)('an ordinary operation has an ordinary answer for a client that offers %s', async (accept) => {
  const { status, headers, data } = await harness.query('{ viewer { workspace } }', {}, { accept })
  expect([status, data]).toEqual([200, { viewer: { workspace: 'default' } }])
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/)
})

test.each([...OFFERED, 'application/json'])(
  '@defer and @stream are refused in words, for a client that offers %s',
  async (accept) => {
    for (const [directive, query] of [
      ['defer', '{ viewer { workspace ... @defer { name } } }'],
      ['stream', '{ viewer { scopes @stream } }'],
    ]) {
      const { status, errors } = await harness.query(query!, {}, { accept })
      expect([status, errors]).toMatchObject([
        400,
        [{ message: `Unknown directive "@${directive}".`, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      ])
    }
  },
)
