import { describe, expect, test } from '@jest/globals'

import { Operation } from '../../src/operation.js'
import { ProviderError, type AppError } from '../../src/errors.js'
import { didOf, extensionOf, findAttendant, resolveReference } from '../../src/loaders/edges/destination.js'
import { cursorSigner } from '../../src/loaders/cursor.js'
import { createLoaders } from '../../src/loaders/loaders.js'
import { did, extension, group, InMemoryAccount, many } from './in-memory.js'

const NOW = Date.parse('2026-02-11T09:00:00Z')

function open(...accounts: readonly InMemoryAccount[]) {
  const operation = new Operation({ requestId: 'r1', signal: new AbortController().signal })
  const limits = { pageSize: 100, detailConcurrency: 4, providerRequestsPerOperation: 50 }
  const settings = { workspace: 'default', cursors: cursorSigner(Buffer.alloc(32)) }
  return createLoaders(
    new Map(accounts.map((account) => [account.key, account])),
    operation,
    limits,
    settings,
    () => NOW,
  )
}

const one = (account: InMemoryAccount) => open(account).account(account.key)

describe('reading by id', () => {
  test('goes through the list, read once, where the provider cannot do it', async () => {
    const account = new InMemoryAccount('istanbul', {
      extensions: { items: many(50, (id) => extension('istanbul', id)) },
    })
    const { extensions } = one(account)
    const found = await Promise.all(['3', '49', '3', 'none'].map((id) => extensions!.byId(id)))
    expect(found.map((item) => item?.providerResourceId)).toEqual(['3', '49', '3', undefined])
    expect(account.requests).toEqual(['extensions page 1'])
  })

  test('is one request for many where the provider can, and none for what a list brought already', async () => {
    const account = new InMemoryAccount('istanbul', {
      extensions: { items: many(9, (id) => extension('istanbul', id)), byIds: true },
    })
    const { extensions } = one(account)
    await Promise.all([
      extensions!.byId('3'),
      Promise.resolve().then(() => extensions!.byId('4')),
      extensions!.byId('3'),
    ])
    expect(account.requests).toEqual(['extensions 3,4'])
    await extensions!.list().all()
    await extensions!.byId('5')
    expect(account.requests).toEqual(['extensions 3,4', 'extensions page 1'])
  })

  test('costs as many list requests for 100 as for 10', async () => {
    const requests = async (count: number) => {
      const account = new InMemoryAccount('istanbul', {
        extensions: { items: many(count, (id) => extension('istanbul', id)) },
      })
      const { extensions } = one(account)
      await Promise.all(many(count, (id) => id).map((id) => extensions!.byId(id)))
      return account.requests
    }
    expect(await requests(100)).toEqual(await requests(10))
  })
})

describe('reading by number', () => {
  test('finds a line whose leading zeros the provider lost, if there is but one such line', async () => {
    const numbers = ['0105', '0106', '106', '00106', '0207', '00207']
    const account = new InMemoryAccount('prague', {
      extensions: { items: numbers.map((number) => extension('prague', `id-${number}`, { number })) },
    })
    const { extensions } = one(account)
    const found = async (number: string, zerosLost?: boolean) =>
      (await extensions!.find({ number, zerosLost }))?.number ?? null
    expect(await found('105', true)).toBe('0105')
    expect(await found('105')).toBeNull()
    expect(await found('106', true)).toBe('106')
    expect(await found('207', true)).toBeNull()
  })

  // Two phones of one number (FreePBX/issue-tracker #527), as in Bulutfon's own sample.
  test('finds the line that is meant among lines of one number, and no line of another number', async () => {
    const lines = [
      ['11', '1001'],
      ['12', '1001'],
      ['13', '1002'],
    ] as const
    const account = new InMemoryAccount('istanbul', {
      extensions: { items: lines.map(([id, number]) => extension('istanbul', id, { number })) },
    })
    const { extensions } = one(account)
    const found = async (preferredId: string | null) =>
      (await extensions!.find({ id: null, number: '1001', preferredId }))?.providerResourceId
    expect(await Promise.all(['12', '11', '13', '900', null].map(found))).toEqual(['12', '11', '11', '11', '11'])
    expect(account.requests).toEqual(['extensions page 1'])
  })
})

describe('a detail', () => {
  const account = () =>
    new InMemoryAccount('istanbul', {
      extensions: {
        items: many(10, (id) => extension('istanbul', id, id === '9' ? { voicemail: false } : {})),
        details: { '1': { voicemail: true, permissions: ['gsm'] }, '9': { voicemail: true } },
      },
    })

  test('is read once for each object, whatever fields are asked, and by no more than the pool allows', async () => {
    const istanbul = account()
    const { extensions } = one(istanbul)
    const all = await extensions!.list().all()
    await Promise.all(
      all.flatMap((item) => [extensions!.value(item, 'voicemail'), extensions!.value(item, 'permissions')]),
    )
    expect(istanbul.requests.filter((request) => request.startsWith('extension '))).toHaveLength(10)
    expect(istanbul.peak).toBe(4)
  })

  test('is not read for what the list told, null included, and a list-only field survives it', async () => {
    const istanbul = account()
    const { extensions } = one(istanbul)
    const listed = (await extensions!.byId('9'))!
    expect(extensions!.value(listed, 'voicemail')).toBe(false)
    expect(extensions!.value({ ...listed, voicemail: null }, 'voicemail')).toBeNull()
    expect(istanbul.requests).toEqual(['extensions page 1'])
    await extensions!.value(listed, 'permissions')
    expect(extensions!.value(listed, 'voicemail')).toBe(false)
  })

  test('that fails fails alone', async () => {
    const istanbul = account()
    istanbul.fail('extension 2')
    const { extensions } = one(istanbul)
    const all = await extensions!.list().all()
    const values = await Promise.allSettled(all.map(async (item) => extensions!.value(item, 'permissions')))
    expect(values.flatMap(({ status }, at) => (status === 'rejected' ? [all[at]!.providerResourceId] : []))).toEqual([
      '2',
    ])
  })

  test('is null where the provider keeps nothing apart', async () => {
    const istanbul = new InMemoryAccount('istanbul', { extensions: { items: [extension('istanbul', '1')] } })
    const { extensions } = one(istanbul)
    expect(extensions!.value((await extensions!.byId('1'))!, 'voicemail')).toBeNull()
  })
})

describe('the requests of one operation', () => {
  test('are counted over all accounts, and stop where the limit is', async () => {
    const accounts = ['istanbul', 'praha'].map(
      (key) => new InMemoryAccount(key, { extensions: { items: many(40, (id) => extension(key, id)), details: {} } }),
    )
    const loaders = open(...accounts)
    const loads = [...loaders.accounts.values()].map(async ({ extensions }) => {
      const all = await extensions!.list().all()
      return Promise.allSettled(all.map(async (item) => extensions!.value(item, 'voicemail')))
    })
    const values = (await Promise.all(loads)).flat()
    expect(accounts.flatMap(({ requests }) => requests)).toHaveLength(50)
    const refused = values.flatMap((value) => (value.status === 'rejected' ? [(value.reason as AppError).code] : []))
    expect(refused).toEqual(Array.from({ length: 32 }, () => 'OPERATION_TOO_COMPLEX'))
  })

  test('are none at all for an account nobody asks', () => {
    const account = new InMemoryAccount('istanbul', { dids: { items: [] } })
    open(account)
    expect(account.requests).toEqual([])
  })
})

describe('a reference', () => {
  const istanbul = () =>
    new InMemoryAccount('istanbul', {
      dids: {
        items: [
          did('istanbul', '1', { destinationRef: { kind: 'Extension', id: '7', number: '1002' } }),
          did('istanbul', '2', { destinationRef: { kind: 'Extension', id: '999', number: '1002' } }),
          did('istanbul', '3', { destinationRef: { kind: 'Group', name: 'Group 4' } }),
          did('istanbul', '4', {
            destinationRef: { kind: 'AutoAttendant', id: '31', number: '12', name: 'Welcome' },
            fetchedAt: '2026-02-11T08:30:00.000Z',
          }),
        ],
      },
      extensions: { items: many(9, (id) => extension('istanbul', id)) },
      groups: { items: many(5, (id) => group('istanbul', id)) },
    })
  const AT = '2026-02-11T08:00:00.000Z'

  test('is followed by id first, then by number, then by name', async () => {
    const account = one(istanbul())
    expect(await resolveReference(account, { kind: 'Extension', id: '7', number: '1002' }, AT)).toMatchObject({
      __typename: 'Extension',
      providerResourceId: '7',
    })
    expect(await resolveReference(account, { kind: 'Extension', id: '999', number: '1002' }, AT)).toMatchObject({
      providerResourceId: '2',
    })
    expect(
      await resolveReference(account, { kind: 'Group', id: '999', number: '999', name: 'Group 4' }, AT),
    ).toMatchObject({ __typename: 'Group', providerResourceId: '4' })
  })

  test('is what it may be otherwise, where the list has no such number', async () => {
    const account = one(istanbul())
    const line = { kind: 'Extension', number: '1003' } as const
    const external = { kind: 'ExternalNumber', number: null, rawNumber: '11880' } as const
    for (const reference of [
      { kind: 'Group', number: '1003', otherwise: line },
      { kind: 'Did', number: '+901003', rawNumber: '1003', otherwise: line },
    ] as const) {
      expect(await resolveReference(account, reference, AT)).toMatchObject({
        ...{ __typename: 'Extension', providerResourceId: '3' },
      })
      expect(await extensionOf(account, reference)).toMatchObject({ providerResourceId: '3' })
    }
    expect(await resolveReference(account, { kind: 'Extension', number: '11880', otherwise: external }, AT)).toEqual({
      ...{ __typename: 'ExternalNumber', number: null, rawNumber: '11880' },
    })
    const guess = { kind: 'Group', number: '999', otherwise: { kind: 'Extension', number: '999' } } as const
    expect(await resolveReference(account, guess, AT)).toMatchObject({ rawNumber: '999', reason: 'NOT_FOUND' })
  })

  test('is answered without waiting once the list is there', async () => {
    const account = one(istanbul())
    await account.extensions!.list().all()
    expect(resolveReference(account, { kind: 'Extension', number: '1003' }, AT)).toMatchObject({
      providerResourceId: '3',
    })
  })

  test('that leads nowhere tells what the provider said', async () => {
    const account = one(istanbul())
    expect(
      await resolveReference(account, { kind: 'Group', id: '77', number: '577', nativeType: 'Group' }, AT),
    ).toEqual({
      __typename: 'UnresolvedDestination',
      nativeName: null,
      nativeType: 'Group',
      nativeId: '77',
      rawNumber: '577',
      reason: 'NOT_FOUND',
    })
  })

  test('to a noun the account does not have costs nothing and leads nowhere', async () => {
    const bare = new InMemoryAccount('praha', { dids: { items: [] } })
    expect(await resolveReference(one(bare), { kind: 'Extension', number: '1001' }, AT)).toMatchObject({
      reason: 'NOT_FOUND',
    })
    expect(bare.requests).toEqual([])
  })

  test('to a number of ours is found in E.164, else as the provider writes it', async () => {
    const account = one(istanbul())
    expect(await didOf(account, { kind: 'Did', number: '+902120000003', rawNumber: '2120000003' })).toMatchObject({
      providerResourceId: '3',
    })
    expect(await didOf(account, { kind: 'Did', number: null, rawNumber: '00' })).toBeNull()
    expect(await didOf(account, { kind: 'ExternalNumber', number: '+902120000003', rawNumber: '' })).toBeNull()
  })

  test('to a menu by its number alone is the menu that a DID leads to', async () => {
    const account = one(istanbul())
    const byNumber = await resolveReference(account, { kind: 'AutoAttendant', id: '12', number: '12', name: null }, AT)
    const byId = await resolveReference(
      account,
      { kind: 'AutoAttendant', id: '31', number: '12', name: 'Welcome' },
      '2026-02-11T08:30:00.000Z',
    )
    expect(byNumber).toEqual(byId)
    expect(await findAttendant(account, '31')).toEqual(byId)
    expect(
      await resolveReference(account, { kind: 'AutoAttendant', id: '15', number: '15', name: null }, AT),
    ).toMatchObject({ providerResourceId: '15', fetchedAt: AT })
  })

  test('to a group by a number that only details have is still found', async () => {
    const praha = new InMemoryAccount('praha', {
      groups: {
        items: many(3, (id) => group('praha', id, { internalNumber: undefined })),
        details: { '2': { internalNumber: '700' } },
      },
    })
    const account = one(praha)
    expect(await resolveReference(account, { kind: 'Group', number: '700' }, AT)).toMatchObject({
      providerResourceId: '2',
    })
  })
})

describe('an edge the provider tells from the other end only', () => {
  const content = {
    dids: {
      items: [
        did('istanbul', '1', { destinationRef: { kind: 'Extension', id: '2', number: '1002' } }),
        did('istanbul', '2', { destinationRef: { kind: 'Extension', id: 'gone', number: '1002' } }),
        did('istanbul', '3', { destinationRef: { kind: 'Group', id: '1' } }),
      ],
    },
    extensions: { items: many(4, (id) => extension('istanbul', id)) },
    groups: {
      items: many(3, (id) => group('istanbul', id)),
      details: {
        '1': { memberships: [{ member: { kind: 'Extension', number: '1002' }, priority: null, delaySeconds: null }] },
        '2': {
          memberships: [{ member: { kind: 'Extension', id: '2', number: '9' }, priority: null, delaySeconds: null }],
        },
        '3': { memberships: [{ member: { kind: 'Extension', number: '1001' }, priority: null, delaySeconds: null }] },
      },
    },
  } as const

  test('is the forward edge turned round', async () => {
    const account = one(new InMemoryAccount('istanbul', content))
    const line = (await account.extensions!.byId('2'))!
    expect(
      (await account.reverse.didsOfExtension(line)).items.map(({ providerResourceId }) => providerResourceId),
    ).toEqual(['1', '2'])
    expect(
      (await account.reverse.didsOfGroup((await account.groups!.byId('1'))!)).items.map(
        ({ providerResourceId }) => providerResourceId,
      ),
    ).toEqual(['3'])
    expect(
      (await account.reverse.groupsOfExtension(line)).items.map(({ providerResourceId }) => providerResourceId),
    ).toEqual(['1', '2'])
  })

  test('costs each group one detail, however many extensions ask', async () => {
    const istanbul = new InMemoryAccount('istanbul', content)
    const account = one(istanbul)
    const lines = await account.extensions!.list().all()
    await Promise.all(lines.map((line) => account.reverse.groupsOfExtension(line)))
    expect([...istanbul.requests].sort()).toEqual([
      'extensions page 1',
      'group 1',
      'group 2',
      'group 3',
      'groups page 1',
    ])
  })

  test('leaves out a group whose members cannot be read, and says why', async () => {
    const istanbul = new InMemoryAccount('istanbul', content)
    istanbul.fail('group 1')
    const account = one(istanbul)
    const found = await account.reverse.groupsOfExtension((await account.extensions!.byId('2'))!)
    expect(found.items.map(({ providerResourceId }) => providerResourceId)).toEqual(['2'])
    expect(found.failure?.error).toBeInstanceOf(ProviderError)
  })

  test('is taken from the extension where the provider tells it there', async () => {
    const praha = new InMemoryAccount('praha', {
      dids: { items: many(3, (id) => did('praha', id)) },
      groups: { items: many(3, (id) => group('praha', id)), details: {} },
      extensions: { items: [extension('praha', '1', { groupIds: ['3', 'gone'], didIds: ['2'] })] },
    })
    const account = one(praha)
    const line = (await account.extensions!.byId('1'))!
    expect(
      (await account.reverse.groupsOfExtension(line)).items.map(({ providerResourceId }) => providerResourceId),
    ).toEqual(['3'])
    expect(
      (await account.reverse.didsOfExtension(line)).items.map(({ providerResourceId }) => providerResourceId),
    ).toEqual(['2'])
    expect([...praha.requests].sort()).toEqual(['dids page 1', 'extensions page 1', 'groups page 1'])
  })
})
