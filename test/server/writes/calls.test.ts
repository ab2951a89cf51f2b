import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

let harness: Harness
let lines: { readonly id: string; readonly number: string }[]
let did: { readonly id: string; readonly rawNumber: string }
beforeAll(async () => {
  harness = await startHarness({ accounts: { ipex: 'ipex/impersonating', mail: 'postacell/gateway' } })
  const found = await harness.data<{
    extensions: { nodes: { id: string; number: string; account: { key: string } }[] }
    dids: { nodes: { id: string; rawNumber: string }[] }
  }>('{ extensions(first: 100) { nodes { id number account { key } } } dids { nodes { id rawNumber } } }')
  lines = found.extensions.nodes.filter(({ account }) => account.key === 'ipex')
  did = found.dids.nodes[0]!
})
afterAll(() => harness.close())
beforeEach(() => harness.clear())

const ERRORS = 'userErrors { code field message providerMessage retryable }'
const CALL = `call { id state direction caller { extension { number } } callee { number rawNumber } endedAt account { key } }`
const ORIGINATE = `mutation ($input: CallOriginateInput!) { write: callOriginate(input: $input) { accepted ${CALL} ${ERRORS} } }`
const TRANSFER = `mutation ($input: CallTransferInput!) { write: callTransfer(input: $input) { ${CALL} ${ERRORS} } }`
const HANG_UP = `mutation ($input: CallHangUpInput!) { write: callHangUp(input: $input) { ${CALL} ${ERRORS} } }`

interface Payload {
  readonly accepted?: boolean
  readonly call: ({ readonly id: string } & Readonly<Record<string, unknown>>) | null
  readonly userErrors: readonly Readonly<Record<string, unknown>>[]
}

const write = async (mutation: string, input: object): Promise<Payload> =>
  (await harness.data<{ write: Payload }>(mutation, { input })).write

/** The writes the provider has been sent: line and body. */
const sent = () =>
  harness.emulators.ipex.journal.apiRequests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, query, body }) => [
      `${method} ${path.slice(path.lastIndexOf('/calls'))}`,
      body === '' ? { ...query } : (JSON.parse(body) as unknown),
    ])

describe('a call', () => {
  test('is placed from a line, moved while it is answered, and ended: each with one request', async () => {
    const [from, to] = lines
    const placed = await write(ORIGINATE, {
      ...{ fromExtensionId: from!.id, to: '+420777000111', callerIdDidId: did.id, idempotencyKey: 'first' },
    })
    expect(placed).toMatchObject({ accepted: true, userErrors: [] })
    expect(placed.call).toMatchObject({
      ...{ direction: 'OUTBOUND', state: 'RINGING', account: { key: 'ipex' }, endedAt: null },
      ...{ caller: { extension: { number: from!.number } }, callee: { number: '+420777000111' } },
    })
    expect(sent()).toEqual([
      [
        'POST /calls',
        {
          ...{ to: '420777000111', callerId: did.rawNumber },
          fromUser: { identityType: 'line', identityValue: from!.number },
        },
      ],
    ])
    harness.clear()
    const again = await write(ORIGINATE, {
      ...{ idempotencyKey: 'first', callerIdDidId: did.id, to: '+420777000111', fromExtensionId: from!.id },
    })
    expect(again).toEqual(placed)
    expect(sent()).toEqual([])
    const { id } = placed.call!
    expect(await write(TRANSFER, { id, toExtensionId: to!.id })).toMatchObject({
      ...{ call: null, userErrors: [{ code: 'PROVIDER_REJECTED', providerMessage: 'Call is not answered' }] },
    })
    harness.advance(20)
    harness.clear()
    const moved = await write(TRANSFER, { id, toExtensionId: to!.id })
    expect(moved).toMatchObject({ call: { id, callee: { rawNumber: to!.number } }, userErrors: [] })
    expect(sent()).toMatchObject([['PUT /calls/transfer', { to: to!.number }]])
    harness.clear()
    expect(await write(HANG_UP, { id })).toMatchObject({
      ...{ call: { id, state: 'ENDED', endedAt: new Date(harness.clock.now()).toISOString() }, userErrors: [] },
    })
    expect(sent()).toEqual([['DELETE /calls', { callId: Buffer.from(id, 'base64url').toString().split(':')[2] }]])
    harness.clear()
    expect((await write(HANG_UP, { id })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }])
    expect(sent()).toEqual([])
  })

  test('is neither placed nor moved with none or several targets, and nothing is asked', async () => {
    const [from, to] = lines
    const id = globalId('LiveCall', 'ipex', '1.1')
    const refused = [
      await write(ORIGINATE, { to: '+420777000111', idempotencyKey: 'none' }),
      await write(ORIGINATE, {
        ...{ fromExtensionId: from!.id, fromGroupId: to!.id, to: '+420777000111', idempotencyKey: 'two' },
      }),
      await write(TRANSFER, { id }),
      await write(TRANSFER, { id, toExtensionId: to!.id, toNumber: '+420777000111' }),
    ]
    expect(refused.map(({ userErrors }) => userErrors.map(({ code, field }) => [code, field]))).toEqual([
      [['INVALID', null]],
      expect.arrayContaining([['CAPABILITY_UNSUPPORTED', ['fromGroupId']]]),
      [['INVALID', null]],
      [['INVALID', ['toNumber']]],
    ])
    expect(harness.requests()).toEqual([])
  })

  test('is nothing that an account without telephony has', async () => {
    const input = { fromExtensionId: globalId('Extension', 'mail', '1'), to: '+420777000111', idempotencyKey: 'mail' }
    expect(await write(ORIGINATE, input)).toMatchObject({
      ...{ accepted: false, call: null, userErrors: [{ code: 'CAPABILITY_UNSUPPORTED', field: ['fromExtensionId'] }] },
    })
    expect(harness.requests()).toEqual([])
  })

  test('needs no idempotency key of more than 255 characters', async () => {
    const input = { fromExtensionId: lines[0]!.id, to: '+420777000111' }
    const errors = []
    for (const idempotencyKey of ['', 'x'.repeat(256)])
      errors.push((await write(ORIGINATE, { ...input, idempotencyKey })).userErrors)
    expect(errors).toMatchObject([
      [{ code: 'INVALID', field: ['idempotencyKey'] }],
      [{ code: 'INVALID', field: ['idempotencyKey'] }],
    ])
    expect(harness.requests()).toEqual([])
  })

  test('counts among what became of changes', async () => {
    const metrics = await (await fetch(`${harness.url}/metrics`)).text()
    expect(metrics.match(/^dialgraph_provider_changes_total.*$/gm)?.sort()).toEqual([
      'dialgraph_provider_changes_total{provider="ipex",operation="callHangUp",outcome="DONE"} 1',
      'dialgraph_provider_changes_total{provider="ipex",operation="callOriginate",outcome="DONE"} 1',
      'dialgraph_provider_changes_total{provider="ipex",operation="callTransfer",outcome="DONE"} 1',
      'dialgraph_provider_changes_total{provider="ipex",operation="callTransfer",outcome="REFUSED"} 1',
    ])
  })
})
