import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, told, type Harness } from '../../sandbox/harness.js'

const WRITER = 'key-of-whoever-may-write'

/** An account whose login its provider refuses. */
const NOBODY = { of: 'ipex/other', auth: { password: 'not-the-password' } }

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken', praha: 'ipex/password', gone: NOBODY },
    config: {
      callers: { apiKeys: [{ name: 'writer', key: WRITER, scopes: ['telephony:read', 'telephony:write'] }] },
    },
  })
})
afterAll(() => harness.close())
beforeEach(() => harness.clear())

const line = (native: string) => globalId('Extension', 'izmir', native)
const update = (alias: string, id: string, displayName: string) =>
  `${alias}: extensionUpdate(input: { id: "${id}", displayName: "${displayName}" }) { extension { displayName } userErrors { code } }`

type Payloads = Readonly<Record<string, { readonly userErrors: readonly { readonly code: string }[] } | null>>
const mutate = (fields: readonly string[], variables = {}) =>
  harness.query<Payloads>(`mutation { ${fields.join('\n')} }`, variables, { authorization: `Bearer ${WRITER}` })

/** What Bulutfon was asked, in the order in which it was. */
const asked = () => harness.emulators.bulutfon.journal.apiRequests.map(told)

describe('several mutations of one operation', () => {
  test('run in their order: each is answered, and its object read, before the next is sent', async () => {
    // Whoever did not wait would be sent before this one is answered.
    harness.emulators.bulutfon.faults.next({ method: 'PUT', path: /\/301$/, delayMs: 50 })
    const { data, errors } = await mutate([update('one', line('301'), 'First'), update('two', line('302'), 'Second')])
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      one: { extension: { displayName: 'First' }, userErrors: [] },
      two: { extension: { displayName: 'Second' }, userErrors: [] },
    })
    const lines = asked().filter((request) => /\/30[12]$/.test(request))
    expect(lines).toEqual([
      ...['PUT /extensions/301', 'GET /extensions/301'],
      ...['PUT /extensions/302', 'GET /extensions/302'],
    ])
  })

  test('all run, whatever becomes of one of them', async () => {
    harness.emulators.bulutfon.faults.next({ method: 'PUT', path: /\/303$/, status: 422, body: '{"error":"No."}' })
    const { data, errors } = await mutate([
      update('unknown', line('nobody'), 'X'),
      update('rejected', line('303'), 'Y'),
      `failed: callHangUp(input: { id: "${globalId('LiveCall', 'gone', '1')}" }) { userErrors { code } }`,
      'unsupported: extensionDelete(input: { id: "RTpwcmFoYTo5MzAx" }) { userErrors { code } }',
      update('done', line('304'), 'Z'),
    ])
    const codes = Object.entries(data).map(([alias, payload]) => [alias, payload?.userErrors.map(({ code }) => code)])
    expect(Object.fromEntries(codes)).toEqual({
      ...{ unknown: ['NOT_FOUND'], rejected: ['PROVIDER_REJECTED'] },
      ...{ failed: undefined, unsupported: ['CAPABILITY_UNSUPPORTED'], done: [] },
    })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['failed'], 'REAUTHORIZATION_REQUIRED'],
    ])
    expect(asked().filter((request) => request.startsWith('PUT'))).toEqual([
      'PUT /extensions/303',
      'PUT /extensions/304',
    ])
  })
})

describe('over GET', () => {
  const MUTATION = `mutation { callOriginate(input: { fromExtensionId: "${globalId('Extension', 'praha', '9301')}", to: "+420222333444", idempotencyKey: "1" }) { accepted } }`
  const get = (parameters: Record<string, string>) =>
    fetch(`${harness.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${WRITER}`, 'apollo-require-preflight': '1' },
    })

  test('no mutation is taken, by its text or by its id, and nothing is sent', async () => {
    const documentId = createHash('sha256').update(MUTATION).digest('hex')
    // Sent with its text once, it is known by its id from then on.
    await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WRITER}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: MUTATION, documentId }),
    })
    expect(harness.requests()).toContain('ipex POST /ipbxapi/calls')
    harness.clear()
    for (const response of [await get({ query: MUTATION }), await get({ documentId })])
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(harness.requests()).toEqual([])
  })
})
