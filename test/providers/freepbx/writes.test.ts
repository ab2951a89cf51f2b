import { afterEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, type AccountChoice, type Harness } from '../../sandbox/harness.js'

let harness: Harness
afterEach(() => harness.close())

const start = async (knobs: object = {}, options: object = {}) => {
  const ankara: AccountChoice = { of: 'freepbx/machine', options }
  harness = await startHarness({ accounts: { ankara }, knobs: { freepbx: knobs } })
}
const pbx = () => harness.emulators.freepbx
const ACCOUNT = globalId('Account', 'ankara')
const extensionId = (number: string) => globalId('Extension', 'ankara', number)
const ERRORS = 'userErrors { field message code providerMessage retryable }'
type Payload = Readonly<Record<string, unknown>> & {
  readonly userErrors: readonly {
    readonly code: string
    readonly message: string
    readonly field: readonly string[] | null
  }[]
}

async function mutate(name: string, input: object): Promise<Payload> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const fields = name === 'extensionDelete' ? 'deletedExtensionId' : 'extension { number displayName voicemailEnabled }'
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} ${ERRORS} } }`
  const { data, errors } = await harness.query<Record<string, Payload>>(query, { input })
  expect(errors).toBeUndefined()
  return data[name]!
}
const NEW = { accountId: ACCOUNT, number: '7391', displayName: 'Yeni Masa', email: 'yeni@egeyelken.example' }
const mutations = () =>
  pbx()
    .journal.apiRequests.map(({ body }) => /mutation (\w+)/.exec(body)?.[1])
    .filter(Boolean)

describe.each(['16', '17'])('at a FreePBX %s', (profile) => {
  test('an extension is made with what was said, applied by a reload, and read back', async () => {
    await start({ profile })
    const { extension, userErrors } = await mutate('extensionCreate', { ...NEW, voicemailEnabled: false })
    expect(userErrors).toEqual([])
    expect(extension).toEqual({ number: '7391', displayName: 'Yeni Masa', voicemailEnabled: false })
    expect(mutations()).toEqual(['addExtension', 'doreload'])
    expect(pbx().needsReload()).toBe(false)
  })

  test('an extension is deleted, and is gone', async () => {
    await start({ profile })
    expect(await mutate('extensionDelete', { id: extensionId('100') })).toEqual({
      deletedExtensionId: extensionId('100'),
      userErrors: [],
    })
    expect(pbx().tables.users.has('100')).toBe(false)
  })

  test('a reload that never ends is waited for so long, and the answer says: saved, not yet applied', async () => {
    await start({ profile, reload: 'stuck' }, { applySeconds: 1 })
    const { extension, userErrors } = await mutate('extensionCreate', NEW)
    expect(extension).toMatchObject({ number: '7391' })
    expect(userErrors).toMatchObject([
      { code: 'IN_PROGRESS', message: expect.stringMatching(/^Saved, not yet applied/) },
    ])
    expect(mutations()).toEqual(['addExtension', 'doreload'])
  })

  test('a refusal is told in the switchboard’s words', async () => {
    await start({ profile })
    const somebodyIsFaster = () => {
      if (mutations().at(-1) === 'deleteExtension') pbx().tables.users.delete('105')
      return false
    }
    pbx().faults.next({ path: /gql/, times: Infinity, when: somebodyIsFaster })
    const { userErrors } = await mutate('extensionDelete', { id: extensionId('105') })
    expect(userErrors).toMatchObject([{ code: 'PROVIDER_REJECTED', providerMessage: 'Extension does not exists' }])
  })
})

test('what is in use, is no number, or is missing is refused before anything is sent', async () => {
  await start()
  expect((await mutate('extensionCreate', { ...NEW, number: '100' })).userErrors).toMatchObject([
    { code: 'TAKEN', field: ['number'] },
  ])
  expect((await mutate('extensionCreate', { ...NEW, number: '1a' })).userErrors).toMatchObject([
    { code: 'INVALID', field: ['number'] },
  ])
  expect((await mutate('extensionCreate', { ...NEW, email: null })).userErrors).toMatchObject([
    { code: 'INVALID', field: ['email'] },
  ])
  expect((await mutate('extensionCreate', { ...NEW, forwarding: [] })).userErrors).toMatchObject([
    { code: 'CAPABILITY_UNSUPPORTED' },
  ])
  expect(mutations()).toEqual([])
})

test('a caller id that is a pattern is refused, one that is a number is sent as digits', async () => {
  await start()
  const pattern = globalId('Did', 'ankara', '_90312000XX99/')
  expect((await mutate('extensionCreate', { ...NEW, callerIdDidId: pattern })).userErrors).toMatchObject([
    { field: ['callerIdDidId'] },
  ])
  await mutate('extensionCreate', { ...NEW, callerIdDidId: globalId('Did', 'ankara', '903120000062/') })
  expect(pbx().tables.users.get('7391')).toMatchObject({ outboundCid: '903120000062' })
})

test('an update is unsupported, and the reason says what it would reset', async () => {
  await start()
  const { userErrors } = await mutate('extensionUpdate', { id: extensionId('100'), displayName: 'Yeni' })
  expect(userErrors).toMatchObject([{ code: 'CAPABILITY_UNSUPPORTED', message: expect.stringContaining('new secret') }])
  expect(mutations()).toEqual([])
})

test('an update that is allowed all the same sends back what can be read', async () => {
  await start({}, { allowDestructiveUpdate: true })
  Object.assign(pbx().tables.users.get('100')!, { tech: 'chan_sip', emergencyCid: '112233' })
  const before = { ...pbx().tables.users.get('100')! }
  const { extension, userErrors } = await mutate('extensionUpdate', { id: extensionId('100'), displayName: 'Yeni Ad' })
  expect(userErrors).toEqual([])
  expect(extension).toMatchObject({ number: '100', displayName: 'Yeni Ad' })
  expect(pbx().tables.users.get('100')).toMatchObject({
    ...{ outboundCid: before.outboundCid, voicemail: before.voicemail, tech: 'chan_sip', emergencyCid: '112233' },
  })
})

test('an update that lost the extension on the way is told as unknown: null for a status is no success', async () => {
  await start({ driverFails: true }, { allowDestructiveUpdate: true })
  const { userErrors } = await mutate('extensionUpdate', { id: extensionId('100'), displayName: 'Yeni Ad' })
  expect(userErrors).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }])
  expect(mutations()).toEqual(['updateExtension'])
})

test('a login without the scope for writes says that it may not, and changes nothing', async () => {
  await start({ allowedScopes: ['gql:core:read', 'gql:cdr', 'gql:ringgroups', 'rest'] })
  const { userErrors } = await mutate('extensionDelete', { id: extensionId('100') })
  expect(userErrors).toMatchObject([{ code: 'PROVIDER_REJECTED' }])
  expect(pbx().tables.users.has('100')).toBe(true)
})

test('an answer that is lost is looked for: the truth is told, and nothing is sent twice', async () => {
  await start()
  pbx().faults.next({ path: /gql/, reset: 'afterProcessing', times: 1, when: () => mutations().length > 0 })
  const { extension, userErrors } = await mutate('extensionCreate', NEW)
  expect(mutations().filter((name) => name === 'addExtension')).toHaveLength(1)
  expect([extension, userErrors]).toMatchObject([{ number: '7391' }, []])
})

test('no secret is in a question or its text: what must be said goes as a variable', async () => {
  await start({}, { allowDestructiveUpdate: true })
  await mutate('extensionCreate', NEW)
  await mutate('extensionUpdate', { id: extensionId('7391'), displayName: 'Başka' })
  for (const { body } of pbx().journal.apiRequests) {
    const { query } = JSON.parse(body) as { query: string }
    expect(query).not.toMatch(/Yeni Masa|Başka|7391|pass|secret/i)
  }
})
