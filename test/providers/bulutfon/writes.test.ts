import { afterEach, describe, expect, test } from '@jest/globals'

import type { Did } from '../../../src/model/did.js'
import type { Extension } from '../../../src/model/extension.js'
import type { Group } from '../../../src/model/group.js'
import { globalId } from '../../../src/model/id.js'
import type { AutoAttendant } from '../../../src/model/auto-attendant.js'
import type { BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import type { Source } from '../../../src/providers/provider.js'
import type { ExtensionInput, OriginateInput, WriteProblem } from '../../../src/providers/writes.js'
import { createWorld, operation, type World } from '../../support/world.js'
import { listOf, naming, written } from '../written.js'

let world: World<BulutfonEmulator>
afterEach(() => world.close())

interface Office {
  /** A new operation at each look, as each mutation has one. */
  readonly source: Source
  readonly extensions: readonly Extension[]
  readonly group: Group
  readonly did: Did
  readonly otherDid: Did
  readonly menu: AutoAttendant
}

async function open(): Promise<Office> {
  world = await createWorld<BulutfonEmulator>(bulutfon)
  const account = world.account('authorizationCode')
  const source = account.source(operation())
  const dids = (await listOf(source.dids)).filter(({ status }) => status === 'ACTIVE')
  const office = {
    get source() {
      return account.source(operation())
    },
    extensions: await listOf(source.extensions),
    group: (await listOf(source.groups))[0]!,
    did: dids[0]!,
    otherDid: dids[1]!,
    menu: menuOf('10'),
  }
  world.emulator.journal.clear()
  return office
}

const menuOf = (number: string | null): AutoAttendant => ({
  __typename: 'AutoAttendant',
  id: globalId('AutoAttendant', 'authorizationcode', number ?? '7'),
  accountKey: 'authorizationcode',
  providerResourceId: number ?? '7',
  fetchedAt: '2026-02-11T09:30:00.000Z',
  payload: null,
  number,
  name: null,
})

const requests = () => world.emulator.journal.lines()
const fieldsOf = (problems: readonly WriteProblem[] | undefined) =>
  problems!.map(({ code, field }) => `${code} ${field?.join('.') ?? '-'}`)
const digits = (did: Did) => did.rawNumber.replace('+', '')

const extensionWrites = ({ source }: Office) => source.writes!.extensions!
const newExtension = ({ did }: Office): ExtensionInput => ({
  number: '1999',
  displayName: 'Ada Yılmaz',
  email: 'Ada@ornek.example',
  callerIdDidId: did.id,
})
const readyToCreate = (office: Office, more: ExtensionInput = {}) => ({
  input: { ...newExtension(office), ...more },
  named: naming(office.did, office.otherDid, office.group, office.menu, ...office.extensions),
})
const readyToUpdate = (office: Office, input: ExtensionInput) => ({
  ...readyToCreate(office),
  input,
  extension: office.extensions[0]!,
})

describe('making an extension', () => {
  test('is one request, with the names that are written and NONE where nothing is said of forwarding', async () => {
    const office = await open()
    const { create } = extensionWrites(office)
    const ready = readyToCreate(office)
    expect(create!.mistakes!(ready.input)).toEqual([])
    expect(await create!.check!(ready)).toEqual([])
    expect(requests()).toEqual(['GET /extensions'])
    expect(await create!.send(ready)).toEqual({})
    expect(written(world.emulator)).toEqual([
      [
        'POST /extensions',
        {
          full_name: 'Ada Yılmaz',
          email: 'Ada@ornek.example',
          did: digits(office.did),
          number: '1999',
          redirection_type: 'NONE',
        },
      ],
    ])
    expect(requests()).toEqual(['GET /extensions', 'POST /extensions'])
    const made = (await listOf(office.source.extensions)).find(({ number }) => number === '1999')
    expect(made).toMatchObject({ displayName: 'Ada Yılmaz' })
  })

  test('sends the token in the query, as every request does', async () => {
    const office = await open()
    await extensionWrites(office).create!.send(readyToCreate(office))
    const { query, headers, body } = world.emulator.journal.apiRequests[0]!
    expect(query).toEqual({ access_token: expect.any(String) })
    expect(headers['authorization']).toBeUndefined()
    expect(body).not.toContain('access_token')
  })

  test('says all that can be said', async () => {
    const office = await open()
    const forwarding = [{ condition: 'UNREACHABLE', externalNumber: '+905321112233' } as const]
    const more = { voicemailEnabled: true, callPermissions: ['domestic', 'gsm'], forwarding }
    const ready = readyToCreate(office, more)
    const { create } = extensionWrites(office)
    expect(create!.mistakes!(ready.input)).toEqual([])
    await create!.send(ready)
    expect(written(world.emulator)[0]![1]).toMatchObject({
      voicemail: true,
      acl: ['domestic', 'gsm'],
      redirection_type: 'UNREACHABLE',
      destination_type: 'EXTERNAL',
      external_number: '905321112233',
    })
    expect(await extensionWrites(office).create!.look!(ready)).toEqual({})
  })

  test('is refused for a number that is there now, whatever was read before', async () => {
    const office = await open()
    const { source } = office
    await listOf(source.extensions)
    const ready = readyToCreate(office)
    await extensionWrites(office).create!.send(ready)
    expect(await source.writes!.extensions!.create!.check!(ready)).toEqual([
      { code: 'TAKEN', field: ['number'], message: expect.stringContaining('1999') },
    ])
  })

  test('says everything that is missing or wrong at once, and asks nobody', async () => {
    const office = await open()
    const { create } = extensionWrites(office)
    expect(fieldsOf(create!.mistakes!({}))).toEqual([
      'INVALID number',
      'INVALID displayName',
      'INVALID email',
      'INVALID callerIdDidId',
    ])
    const input: ExtensionInput = {
      number: '12a4',
      displayName: '  ',
      email: 'ada.ornek',
      callerIdDidId: null,
      voicemailEnabled: null,
      callPermissions: ['gsm', 'moon'],
      forwarding: [
        { condition: 'BUSY' },
        { condition: 'ALWAYS', extensionId: 'a', groupId: 'b', externalNumber: '0532' },
      ],
    }
    expect(fieldsOf(create!.mistakes!(input))).toEqual([
      'INVALID callerIdDidId',
      'INVALID number',
      'INVALID displayName',
      'INVALID email',
      'INVALID voicemailEnabled',
      'INVALID callPermissions.1',
      'INVALID forwarding.0.condition',
      'INVALID forwarding.0',
      'INVALID forwarding.1',
      'INVALID forwarding.1.groupId',
      'INVALID forwarding.1.externalNumber',
      'INVALID forwarding.1.externalNumber',
    ])
    expect(requests()).toEqual([])
  })

  test('may leave open what may be empty', async () => {
    const office = await open()
    const { create } = extensionWrites(office)
    const ready = readyToCreate(office, { forwarding: null, callPermissions: null })
    expect(create!.mistakes!(ready.input)).toEqual([])
    await create!.send(ready)
    expect(written(world.emulator)[0]![1]).toMatchObject({ redirection_type: 'NONE', acl: [] })
  })

  test('whose answer is lost is found by its number, if it is what was sent', async () => {
    const office = await open()
    const { create } = extensionWrites(office)
    const forwarding = [{ condition: 'ALWAYS', groupId: office.group.id } as const]
    const ready = readyToCreate(office, { forwarding })
    expect(await create!.look!(ready)).toBeNull()
    world.emulator.faults.next({ method: 'POST', reset: 'afterProcessing' })
    await expect(create!.send(ready)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' })
    expect(await create!.look!(ready)).toEqual({})
    for (const other of [
      { displayName: 'Ada' },
      { email: 'ada@elsewhere.example' },
      { callerIdDidId: office.otherDid.id },
      { forwarding: [] },
      { voicemailEnabled: true },
      { callPermissions: ['gsm'] },
    ])
      expect([other, await create!.look!(readyToCreate(office, { forwarding, ...other }))]).toEqual([other, null])
  })
})

describe('changing an extension', () => {
  test.each<[string, (office: Office) => ExtensionInput, (office: Office) => object]>([
    ['its name', () => ({ displayName: 'Ada' }), () => ({ full_name: 'Ada' })],
    ['its e-mail', () => ({ email: 'a@b.example' }), () => ({ email: 'a@b.example' })],
    ['its number outside', ({ otherDid }) => ({ callerIdDidId: otherDid.id }), (o) => ({ did: digits(o.otherDid) })],
    ['its mailbox', () => ({ voicemailEnabled: false }), () => ({ voicemail: false })],
    ['its permissions', () => ({ callPermissions: ['gsm'] }), () => ({ acl: ['gsm'] })],
    ['its permissions to none', () => ({ callPermissions: null }), () => ({ acl: [] })],
    ['its forwarding to none', () => ({ forwarding: null }), () => ({ redirection_type: 'NONE' })],
    ['its forwarding to an empty list', () => ({ forwarding: [] }), () => ({ redirection_type: 'NONE' })],
    [
      'its forwarding to an extension',
      ({ extensions }) => ({ forwarding: [{ condition: 'ALWAYS', extensionId: extensions[1]!.id }] }),
      ({ extensions }) => ({
        redirection_type: 'ALWAYS',
        destination_type: 'EXTENSION',
        destination_number: extensions[1]!.number,
      }),
    ],
    [
      'its forwarding to a group',
      ({ group }) => ({ forwarding: [{ condition: 'UNREACHABLE', groupId: group.id }] }),
      ({ group }) => ({
        redirection_type: 'UNREACHABLE',
        destination_type: 'GROUP',
        destination_number: group.internalNumber,
      }),
    ],
    [
      'its forwarding to a menu',
      ({ menu }) => ({ forwarding: [{ condition: 'ALWAYS', autoAttendantId: menu.id }] }),
      () => ({ redirection_type: 'ALWAYS', destination_type: 'AUTOATTENDANT', destination_number: '10' }),
    ],
    [
      'its forwarding to a number outside',
      () => ({ forwarding: [{ condition: 'ALWAYS', externalNumber: '+4930123456' }] }),
      () => ({ redirection_type: 'ALWAYS', destination_type: 'EXTERNAL', external_number: '4930123456' }),
    ],
  ])('%s is one request that says nothing else, and it can be seen', async (_what, inputOf, bodyOf) => {
    const office = await open()
    const { update } = extensionWrites(office)
    const ready = readyToUpdate(office, inputOf(office))
    expect(update!.mistakes!(ready.input)).toEqual([])
    expect(await update!.check!(ready)).toEqual([])
    expect(requests()).toEqual([])
    expect(await update!.send(ready)).toEqual({})
    const path = `PUT /extensions/${ready.extension.providerResourceId}`
    expect(written(world.emulator)).toEqual([[path, bodyOf(office)]])
    expect(await update!.look!(ready)).toEqual({})
  })

  test('leaves the rest as it was', async () => {
    const office = await open()
    const detail = async () => {
      const { fetchedAt: _, ...rest } = (await listOf(office.source.extensions))[0]!
      return { ...rest, ...(await office.source.extensions!.detail!(office.extensions[0]!)), payload: null }
    }
    const before = await detail()
    await extensionWrites(office).update!.send(readyToUpdate(office, { displayName: 'Ada' }))
    expect(await detail()).toEqual({ ...before, displayName: 'Ada' })
  })

  test('is not seen before it was made, nor at an extension that is gone', async () => {
    const office = await open()
    const { update, delete: remove } = extensionWrites(office)
    const ready = readyToUpdate(office, { displayName: 'Somebody else' })
    expect(await update!.look!(ready)).toBeNull()
    await remove!.send(ready)
    expect(await update!.look!(ready)).toBeNull()
  })

  test('is seen as it is at this moment, whatever was read before', async () => {
    const office = await open()
    const { source } = office
    const ready = readyToUpdate(office, { voicemailEnabled: true, callPermissions: ['gsm'] })
    await source.extensions!.detail!(ready.extension)
    world.emulator.faults.next({
      method: 'GET',
      path: /extensions/,
      rewrite: (body) =>
        body.replace(/"voice_mail":\w+/, '"voice_mail":true').replace(/"acl":\[.*?\]/, '"acl":["gsm"]'),
    })
    expect(await source.writes!.extensions!.update!.look!(ready)).toEqual({})
  })

  test('clears nothing that an extension always has, and says something', async () => {
    const office = await open()
    const { update } = extensionWrites(office)
    const input = { displayName: null, email: null, callerIdDidId: null, voicemailEnabled: null }
    expect(fieldsOf(update!.mistakes!(input))).toEqual([
      'INVALID displayName',
      'INVALID email',
      'INVALID callerIdDidId',
      'INVALID voicemailEnabled',
    ])
    expect(fieldsOf(update!.mistakes!({}))).toEqual(['INVALID -'])
  })

  test('is refused for a target without a number, and for an id of something else', async () => {
    const office = await open()
    const { update } = extensionWrites(office)
    const numberless = menuOf(null)
    const ready = (forwarding: ExtensionInput['forwarding'], more: ExtensionInput = {}) => {
      const { named, ...rest } = readyToUpdate(office, { forwarding, ...more })
      return { ...rest, named: new Map([...named, [numberless.id, numberless]]) }
    }
    const problemsOf = async (...given: Parameters<typeof ready>) => fieldsOf(await update!.check!(ready(...given)))
    expect(await problemsOf([{ condition: 'ALWAYS', autoAttendantId: numberless.id }])).toEqual([
      'INVALID forwarding.0.autoAttendantId',
    ])
    expect(
      await problemsOf([{ condition: 'ALWAYS', extensionId: office.group.id }], { callerIdDidId: office.group.id }),
    ).toEqual(['NOT_FOUND callerIdDidId', 'NOT_FOUND forwarding.0.extensionId'])
    expect(requests()).toEqual([])
  })
})

describe('deleting an extension', () => {
  test('is one request without a body, after which it is gone', async () => {
    const office = await open()
    const { delete: remove } = extensionWrites(office)
    const ready = { extension: office.extensions[0]! }
    expect(await remove!.look!(ready)).toBeNull()
    world.emulator.journal.clear()
    expect(await remove!.send(ready)).toEqual({})
    expect(written(world.emulator)).toEqual([[`DELETE /extensions/${ready.extension.providerResourceId}`, null]])
    expect(requests()).toHaveLength(1)
    expect(await remove!.look!(ready)).toEqual({})
  })

  test('is not believed where a row that cannot be read may be it', async () => {
    const office = await open()
    const { delete: remove } = extensionWrites(office)
    world.emulator.faults.next({ method: 'GET', path: /extensions/, status: 200, body: '{"extensions":[{}]}' })
    expect(await remove!.look!({ extension: office.extensions[0]! })).toBeNull()
  })
})

describe('placing a call', () => {
  const placed = (office: Office, more: Partial<OriginateInput> = {}) => ({
    input: {
      fromExtensionId: office.extensions[0]!.id,
      to: '+905321112233',
      callerIdDidId: office.did.id,
      ...more,
    },
    named: readyToCreate(office).named,
  })
  const originateOf = ({ source }: Office) => source.writes!.calls!.originate!

  test.each<[string, (office: Office) => Partial<OriginateInput>, (office: Office) => string | null | undefined]>([
    ['an extension', () => ({}), ({ extensions }) => extensions[0]!.number],
    ['a group', ({ group }) => ({ fromExtensionId: null, fromGroupId: group.id }), (o) => o.group.internalNumber],
    ['a menu', ({ menu }) => ({ fromExtensionId: null, fromAutoAttendantId: menu.id }), () => '10'],
  ])('from %s is one request', async (_what, inputOf, destinationOf) => {
    const office = await open()
    const ready = placed(office, inputOf(office))
    const originate = originateOf(office)
    expect(originate.mistakes!(ready.input)).toEqual([])
    expect(await originate.check!(ready)).toEqual([])
    world.emulator.faults.next({ path: /call_and_bridge/, status: 200, body: '{"success":true,"message":"Tamam"}' })
    expect(await originate.send(ready)).toEqual({ callId: null })
    const body = { caller: digits(office.did), callee: '905321112233', destination: destinationOf(office) }
    expect(written(world.emulator)).toEqual([['POST /call_and_bridge', body]])
    expect(requests()).toHaveLength(1)
  })

  test('calls somebody', async () => {
    const office = await open()
    await originateOf(office).send(placed(office, { ringTimeoutSeconds: 25 }))
    expect(written(world.emulator)[0]![1]).toMatchObject({ timeout: 25 })
    expect(world.emulator.live.calls.map(({ told }) => told.outside)).toEqual(['+905321112233'])
  })

  test('cannot be looked for', async () => {
    expect(originateOf(await open()).look).toBeUndefined()
  })

  test('that the provider says it did not make was refused', async () => {
    const office = await open()
    world.emulator.faults.next({ path: /call_and_bridge/, status: 200, body: '{"success":false,"message":"Bakiye"}' })
    await expect(originateOf(office).send(placed(office))).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      answer: { message: 'Bakiye' },
    })
  })

  test.each([2, 3, 5])('is refused where a number of %s digits would ring something else', async (length) => {
    const office = await open()
    const number = '12345'.slice(0, length)
    const odd = { ...office.extensions[0]!, number }
    const oddGroup = { ...office.group, internalNumber: length === 3 ? '1234' : number }
    const oddMenu = menuOf(length === 2 ? '123' : number)
    const originate = originateOf(office)
    const from = async (input: Partial<OriginateInput>, object: Extension | Group | AutoAttendant) => {
      const ready = placed(office, { fromExtensionId: null, ...input })
      return fieldsOf(await originate.check!({ ...ready, named: new Map([...ready.named, [object.id, object]]) }))
    }
    expect(await from({ fromExtensionId: odd.id }, odd)).toEqual(['INVALID fromExtensionId'])
    expect(await from({ fromGroupId: oddGroup.id }, oddGroup)).toEqual(['INVALID fromGroupId'])
    expect(await from({ fromAutoAttendantId: oddMenu.id }, oddMenu)).toEqual(['INVALID fromAutoAttendantId'])
    expect(requests()).toEqual([])
  })

  test('says everything that is missing or wrong at once, and asks nobody', async () => {
    const originate = originateOf(await open())
    expect(fieldsOf(originate.mistakes!({ to: '0532', ringTimeoutSeconds: 0 }))).toEqual([
      'INVALID -',
      'INVALID to',
      'INVALID callerIdDidId',
      'INVALID ringTimeoutSeconds',
    ])
    const several = { fromExtensionId: 'a', fromGroupId: 'b', fromAutoAttendantId: 'c', to: '+905321112233' }
    expect(fieldsOf(originate.mistakes!({ ...several, callerIdDidId: 'd', ringTimeoutSeconds: 301 }))).toEqual([
      'INVALID fromGroupId',
      'INVALID fromAutoAttendantId',
      'INVALID ringTimeoutSeconds',
    ])
    expect(requests()).toEqual([])
  })

  test('is all that can be done with calls', async () => {
    const { calls } = (await open()).source.writes!
    expect([calls!.transfer, calls!.hangUp]).toEqual([undefined, undefined])
  })
})

test.each([
  [{ error: 'number is taken', message: 'no' }, 'number is taken'],
  [{ message: ' Hata ' }, 'Hata'],
  [{ messages: ['one', 'two', 3] }, 'one; two; 3'],
  [{ error: [], messages: 'all wrong' }, 'all wrong'],
  [{ error: {} }, null],
  ['Bad', null],
  [null, null],
])('a refusal with the body %j says %j', async (answer, said) => {
  expect((await open()).source.writes!.said(answer)).toBe(said)
})
