import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import type { Fault } from '../../../src/emulator/emulator.js'
import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

/** Shorter than a provider may take. */
const OPERATION_MS = 2_000

/** What is quadratic takes minutes with the inputs here; what is linear, milliseconds. */
const SOON_MS = 8_000

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/authorizationCode', praha: 'ipex/password' },
    limits: { operationTimeoutMs: OPERATION_MS, breakerFailures: 1_000, retryPauseMs: 1 },
  })
})
afterAll(() => harness.close())
beforeEach(() => {
  // Whatever a provider asked us to wait is over.
  harness.advance(61)
  harness.clear()
})

const ERRORS = 'userErrors { code field providerMessage retryable }'
const UPDATE = `mutation ($input: ExtensionUpdateInput!) { write: extensionUpdate(input: $input) { extension { displayName } ${ERRORS} } }`
const CREATE = `mutation ($input: ExtensionCreateInput!) { write: extensionCreate(input: $input) { extension { id } ${ERRORS} } }`
const CALL = `mutation ($input: CallOriginateInput!) { write: callOriginate(input: $input) { accepted ${ERRORS} } }`
const TRANSFER = `mutation ($input: CallTransferInput!) { write: callTransfer(input: $input) { call { id } ${ERRORS} } }`

interface Payload {
  readonly accepted?: boolean
  readonly extension?: { readonly displayName: string } | null
  readonly userErrors: readonly {
    readonly code: string
    readonly field: readonly string[] | null
    readonly providerMessage: string | null
    readonly retryable: boolean
  }[]
}

const write = async (document: string, input: object): Promise<Payload> =>
  (await harness.data<{ write: Payload }>(document, { input })).write
const written = () => harness.requests().filter((line) => !/ GET /.test(line))
const fault = (given: Fault) => harness.emulators.bulutfon.faults.next(given)

const LINE = globalId('Extension', 'izmir', '301')
const did = globalId('Did', 'izmir', '41')
const PUT = { method: 'PUT', path: /\/301$/ } as const
const person = (number: string) => ({
  ...{ accountId: globalId('Account', 'izmir'), number, displayName: 'Defne', email: 'defne@ornek.example' },
  callerIdDidId: did,
})
const placed = (idempotencyKey: string) => ({
  fromExtensionId: LINE,
  to: '+905321112233',
  callerIdDidId: did,
  idempotencyKey,
})

async function soon<T>(work: () => Promise<T>): Promise<T> {
  const from = performance.now()
  const done = await work()
  expect(performance.now() - from).toBeLessThan(SOON_MS)
  return done
}

describe('an input', () => {
  test('with an e-mail address of any length is refused at once, and nobody waits for it', async () => {
    const email = `a@${'.'.repeat(100_000)} `
    const { userErrors } = await soon(() => write(UPDATE, { id: LINE, email }))
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['email'] }])
    expect(harness.requests()).toEqual([])
  })

  test('of a call says with null what it says with nothing: a form may send all its fields', async () => {
    const input = {
      fromExtensionId: globalId('Extension', 'praha', '9302'),
      to: '+420600200001',
      idempotencyKey: 'form',
    }
    const nulls = { fromGroupId: null, fromAutoAttendantId: null, callerIdDidId: null, ringTimeoutSeconds: null }
    expect(await write(CALL, { ...input, ...nulls })).toEqual({ accepted: true, userErrors: [] })
    expect(await write(CALL, input)).toEqual({ accepted: true, userErrors: [] })
    expect(written()).toEqual(['ipex POST /ipbxapi/calls'])
    const moved = { id: globalId('LiveCall', 'praha', 'over'), toNumber: '+420600200002' }
    const { userErrors } = await write(TRANSFER, { ...moved, toExtensionId: null, toGroupId: null })
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }])
  })

  test('of a new extension says with null what it says with nothing', async () => {
    const nulls = { voicemailEnabled: null, forwarding: null, callPermissions: null, idempotencyKey: null }
    expect((await write(CREATE, { ...person('4714'), ...nulls })).userErrors).toEqual([])
    const [{ body } = { body: '' }] = harness.emulators.bulutfon.journal.apiRequests.filter(
      ({ method }) => method === 'POST',
    )
    const names = ['full_name', 'email', 'did', 'redirection_type', 'number']
    expect(Object.keys(JSON.parse(body) as object)).toEqual(names)
    const { userErrors } = await write(CREATE, { ...person('4715'), email: null })
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['email'] }])
  })

  test('has an idempotency key of 255 characters, whatever they are', async () => {
    const long = { id: LINE, displayName: 'Kaya', idempotencyKey: '📞'.repeat(255) }
    expect(await write(UPDATE, long)).toEqual({ extension: { displayName: 'Kaya' }, userErrors: [] })
    const { userErrors } = await write(UPDATE, { ...long, idempotencyKey: `${long.idempotencyKey}1` })
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['idempotencyKey'] }])
  })
})

describe('an answer', () => {
  test('of megabytes, of which each letter could begin a token, keeps nobody waiting', async () => {
    // Letters that do not pack well, so that it is taken for what it is.
    const texts = Array.from({ length: 400 }, (_, at) =>
      Array.from(
        { length: 9_999 },
        (_unused, index) => LETTERS[(index * index * 31 + at * 7 + (index >> 3)) % 26],
      ).join(''),
    )
    fault({ ...PUT, status: 422, body: JSON.stringify({ error: texts }) })
    const { userErrors } = await soon(() => write(UPDATE, { id: LINE, displayName: 'Kaya' }))
    expect(userErrors).toMatchObject([{ code: 'PROVIDER_REJECTED' }])
    expect(userErrors[0]!.providerMessage).toHaveLength(301)
  })

  test.each([
    ['extensionCreate', CREATE, () => person('4711'), /\/extensions$/],
    ['callOriginate', CALL, () => placed('no such address'), /\/call_and_bridge$/],
  ])('404 to %s names no id: there is none in its input', async (_, document, input, path) => {
    fault({ method: 'POST', path, status: 404, body: '{"error":"Yok."}' })
    const { userErrors } = await write(document, input())
    expect(userErrors).toEqual([{ code: 'PROVIDER_REJECTED', field: null, providerMessage: 'Yok.', retryable: false }])
  })

  test.each([302, 303])('%i may lead to what was made, so it is looked for', async (status) => {
    const displayName = `Kaya ${status}`
    const elsewhere = { status, body: '', headers: { location: '/extensions/301' } }
    fault({ ...PUT, ...elsewhere, afterProcessing: true })
    expect(await write(UPDATE, { id: LINE, displayName })).toEqual({ extension: { displayName }, userErrors: [] })
    fault({ ...PUT, ...elsewhere })
    const { userErrors } = await write(UPDATE, { id: LINE, displayName: 'Another' })
    expect(userErrors).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }])
    expect(written()).toHaveLength(2)
  })

  test('that comes after the time of the operation leaves time to look for what was done', async () => {
    fault({ ...PUT, afterProcessing: true, hang: true })
    const displayName = 'In the end'
    expect(await write(UPDATE, { id: LINE, displayName })).toEqual({ extension: { displayName }, userErrors: [] })
  })
})

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
