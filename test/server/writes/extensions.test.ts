import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' } })
})
afterAll(() => harness.close())
beforeEach(() => harness.clear())

interface Payload {
  readonly extension: Readonly<Record<string, unknown>> | null
  readonly deletedExtensionId?: string | null
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[]
}

const ERRORS = 'userErrors { code field message providerMessage retryable }'
const EXTENSION =
  'extension { id number displayName email voicemailEnabled callPermissions callerIdDid { number } forwarding { condition } }'
const CREATE = `mutation ($input: ExtensionCreateInput!) { write: extensionCreate(input: $input) { ${EXTENSION} ${ERRORS} } }`
const UPDATE = `mutation ($input: ExtensionUpdateInput!) { write: extensionUpdate(input: $input) { ${EXTENSION} ${ERRORS} } }`
const DELETE = `mutation ($input: ExtensionDeleteInput!) { write: extensionDelete(input: $input) { deletedExtensionId ${ERRORS} } }`

const write = async (mutation: string, input: object): Promise<Payload> =>
  (await harness.data<{ write: Payload }>(mutation, { input })).write

/** The writes the provider has been sent: line and body. */
const sent = () =>
  harness.emulators.bulutfon.journal.apiRequests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => [`${method} ${path}`, body === '' ? null : (JSON.parse(body) as unknown)])

const firstDid = async () =>
  (await harness.data<{ dids: { nodes: { id: string; number: string }[] } }>('{ dids { nodes { id number } } }')).dids
    .nodes[0]!

describe('an extension', () => {
  test('is made, changed in one field, and removed: each with one request that says no more', async () => {
    const did = await firstDid()
    harness.clear()
    const made = await write(CREATE, {
      ...{ accountId: globalId('Account', 'izmir'), number: '4711', displayName: 'Defne Kurt' },
      ...{ email: 'defne@ornek.example', callerIdDidId: did.id },
    })
    expect(made.userErrors).toEqual([])
    const extension = made.extension!
    expect(extension).toMatchObject({
      ...{ number: '4711', displayName: 'Defne Kurt', email: 'defne@ornek.example', voicemailEnabled: false },
      ...{ callPermissions: [], callerIdDid: { number: did.number }, forwarding: [] },
    })
    expect(sent()).toEqual([
      [
        'POST /extensions',
        {
          ...{ full_name: 'Defne Kurt', email: 'defne@ornek.example', did: did.number.slice(1), number: '4711' },
          redirection_type: 'NONE',
        },
      ],
    ])
    harness.clear()
    const changed = await write(UPDATE, { id: extension['id'], displayName: 'Defne Kaya' })
    expect(changed).toEqual({ extension: { ...extension, displayName: 'Defne Kaya' }, userErrors: [] })
    const native = Buffer.from(String(extension['id']), 'base64url').toString().split(':')[2]
    expect(sent()).toEqual([[`PUT /extensions/${native}`, { full_name: 'Defne Kaya' }]])
    harness.clear()
    expect(await write(DELETE, { id: extension['id'] })).toEqual({
      ...{ deletedExtensionId: extension['id'], userErrors: [] },
    })
    expect(sent()).toEqual([[`DELETE /extensions/${native}`, null]])
    expect(await write(DELETE, { id: extension['id'] })).toMatchObject({
      ...{ deletedExtensionId: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] },
    })
  })

  test('that cannot be read after its change is null, without an error: the change was made', async () => {
    const { faults } = harness.emulators.bulutfon
    let isMade = false
    faults.next({ method: 'PUT', times: 1, delayMs: 0, when: () => (isMade = true) })
    faults.next({ method: 'GET', status: 422, times: Infinity, when: () => isMade })
    const id = globalId('Extension', 'izmir', '301')
    expect(await write(UPDATE, { id, displayName: 'Defne' })).toEqual({ extension: null, userErrors: [] })
    harness.clear()
    expect(await write(UPDATE, { id, displayName: 'Defne' })).toMatchObject({ extension: { displayName: 'Defne' } })
  })
})
