import { describe, expect, test } from '@jest/globals'

import { DidStatus } from '../../src/model/did.js'
import { RegistrationStatus } from '../../src/model/extension.js'
import { GroupKind } from '../../src/model/group.js'
import { globalId } from '../../src/model/id.js'
import { did, extension, group, InMemoryAccount, many } from '../loaders/in-memory.js'
import { ask, askForPartial } from './ask.js'

const numbers = (connection: { nodes: readonly { number: string }[] }) => connection.nodes.map(({ number }) => number)

const offices = () => [
  new InMemoryAccount('istanbul', { dids: { items: many(30, (id) => did('istanbul', id)) } }),
  new InMemoryAccount('praha', {
    provider: 'ipex',
    dids: { items: many(10, (id) => did('praha', id, { number: `+42022200${id.padStart(4, '0')}` })) },
  }),
  new InMemoryAccount('messages', {
    provider: 'postacell',
    groups: { items: many(45, (id) => group('messages', id)), pageSize: 20 },
  }),
]

describe('a list of one account', () => {
  const content = (unreadable: number) => ({
    dids: { items: [], unreadable },
    extensions: { items: [], unreadable },
    groups: { items: [], unreadable },
  })
  const lists = ['dids', 'extensions', 'groups']
  const query = `{ account(key: "praha") { ${lists.map((list) => `${list} { nodes { id } }`).join(' ')} } }`

  test('is empty when there is nothing, and null with an error when there was and nothing of it could be read', async () => {
    const none = await ask([new InMemoryAccount('praha', content(0))], query)
    expect([none.data.account.dids, none.errors]).toEqual([{ nodes: [] }, []])
    const praha = new InMemoryAccount('praha', content(3))
    const { data, errors } = await ask([praha], query)
    expect(data.account).toEqual({ dids: null, extensions: null, groups: null })
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code'], extensions?.['accountId']])).toEqual(
      lists.map((list) => [['account', list], 'PROVIDER_BAD_RESPONSE', praha.id]),
    )
  })

  test('is null with an error when the account fails', async () => {
    const praha = new InMemoryAccount('praha', content(0))
    for (const list of lists) praha.fail(`${list} page 1`)
    const { data, errors } = await ask([praha], query)
    expect(data.account).toEqual({ dids: null, extensions: null, groups: null })
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(lists.map(() => 'PROVIDER_UNAVAILABLE'))
  })
})

describe('a list over several accounts', () => {
  test('is walked by cursors to its end, each item once, account after account', async () => {
    const walked: string[] = []
    let after: string | null = null
    for (let page = 0; page < 10; page += 1) {
      const { data } = await ask(
        offices(),
        'query ($after: String) { dids(first: 7, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
        {
          variables: { after },
        },
      )
      const { edges, pageInfo } = data.dids
      walked.push(...edges.map((edge: { node: { id: string } }) => edge.node.id))
      expect(pageInfo).toMatchObject({
        hasPreviousPage: page > 0,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      })
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor as string
    }
    expect(walked).toHaveLength(40)
    expect(new Set(walked).size).toBe(40)
  })

  test('tells of every account how it contributed; what has no such objects is not asked', async () => {
    const accounts = offices()
    accounts[1]!.fail('dids page 1')
    const { data, errors } = await ask(
      accounts,
      `{ dids(first: 100) { nodes { id } totalCount countPrecision
           sources { account { key } state errorCode message retryAfterSeconds upstreamRequests pushedDown residual gap { retryCursor } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.dids.nodes).toHaveLength(30)
    expect(data.dids).toMatchObject({ totalCount: 30, countPrecision: 'AT_LEAST' })
    expect(data.dids.sources).toEqual([
      {
        account: { key: 'istanbul' },
        state: 'COMPLETE',
        errorCode: null,
        message: null,
        retryAfterSeconds: null,
        upstreamRequests: 1,
        pushedDown: [],
        residual: [],
        gap: null,
      },
      {
        account: { key: 'praha' },
        state: 'FAILED',
        errorCode: 'PROVIDER_UNAVAILABLE',
        message: 'GET dids page 1 answered 503',
        retryAfterSeconds: null,
        upstreamRequests: 1,
        pushedDown: [],
        residual: [],
        gap: null,
      },
      {
        account: { key: 'messages' },
        state: 'UNSUPPORTED',
        errorCode: 'CAPABILITY_UNSUPPORTED',
        message: 'This account at postacell does not have such objects.',
        retryAfterSeconds: null,
        upstreamRequests: 0,
        pushedDown: [],
        residual: [],
        gap: null,
      },
    ])
    expect(accounts[2]!.requests).toEqual([])
  })

  test('names an account that failed beyond the page, too, and one whose count failed', async () => {
    const accounts = offices()
    accounts[1]!.fail('dids page 1')
    accounts[2]!.fail('groups page 3')
    const { partial } = await askForPartial(
      accounts,
      '{ few: dids(first: 1) { nodes { id } } groups(first: 20, filter: { numbers: ["1"] }) { totalCount } all: groups(first: 1) { nodes { id } } }',
    )
    const code = 'PROVIDER_UNAVAILABLE'
    expect(partial).toEqual([
      { accountId: accounts[1]!.id, accountKey: 'praha', code, path: ['few'] },
      { accountId: accounts[2]!.id, accountKey: 'messages', code, path: ['groups'] },
    ])
  })

  test('names an account some of whose objects could not be read', async () => {
    const content = { dids: { items: many(3, (id) => did('praha', id)), unreadable: 2 } }
    const praha = new InMemoryAccount('praha', content)
    const { data, errors, partial } = await askForPartial([praha], '{ account(key: "praha") { dids { totalCount } } }')
    expect([data, errors]).toEqual([{ account: { dids: { totalCount: 3 } } }, []])
    expect(partial).toMatchObject([{ accountKey: 'praha', code: 'PROVIDER_BAD_RESPONSE', path: ['account', 'dids'] }])
  })

  test('fails, with the error and its path, where the caller wants all or nothing', async () => {
    const accounts = offices()
    accounts[1]!.fail('dids page 1')
    const { data, errors } = await ask(
      accounts,
      '{ strict: dids(onSourceFailure: FAIL) { totalCount } viewer { workspace } }',
    )
    expect(data).toEqual({ strict: null, viewer: { workspace: 'default' } })
    expect(errors).toEqual([
      {
        message: 'GET dids page 1 answered 503',
        path: ['strict'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'PROVIDER_UNAVAILABLE',
          retryable: true,
          provider: 'ipex',
          accountId: accounts[1]!.id,
          requestId: 'request-1',
        },
      },
    ])
  })

  test('is narrowed to some accounts, of which unknown ones are none', async () => {
    const accounts = offices()
    const source =
      'query ($ids: [ID!]) { dids(filter: { accountIds: $ids }) { totalCount sources { account { key } } } }'
    const one = await ask(accounts, source, { variables: { ids: [accounts[1]!.id, globalId('Account', 'unknown')] } })
    expect(one.data.dids).toEqual({ totalCount: 10, sources: [{ account: { key: 'praha' } }] })
    expect(accounts[0]!.requests).toEqual([])
    expect((await ask(accounts, source, { variables: { ids: [] } })).data.dids).toEqual({ totalCount: 0, sources: [] })
  })

  test('reads of a provider with small pages no more of them than the page needs', async () => {
    const few = offices()
    await ask(few, '{ groups(first: 5) { nodes { id } sources { upstreamRequests } } }')
    expect(few[2]!.requests).toEqual(['groups page 1'])
    const more = offices()
    await ask(more, '{ groups(first: 30) { nodes { id } } }')
    expect(more[2]!.requests).toEqual(['groups page 1', 'groups page 2'])
  })

  test('is read once for one operation, however often it is asked for', async () => {
    const accounts = offices()
    const { data } = await ask(
      accounts,
      '{ a: dids(first: 3) { nodes { id } } b: dids(first: 30) { totalCount } account(key: "istanbul") { dids(first: 1) { nodes { number } } } }',
    )
    expect(accounts[0]!.requests).toEqual(['dids page 1'])
    expect(data.account.dids.nodes).toEqual([{ number: '+902120000001' }])
  })
})

describe('the list of one account', () => {
  test('fails by itself, and leaves the other accounts alone', async () => {
    const accounts = offices()
    accounts[0]!.fail('dids page 1')
    const { data, errors } = await ask(
      accounts,
      '{ istanbul: account(key: "istanbul") { label dids { nodes { id } } } praha: account(key: "praha") { dids { totalCount } } }',
    )
    expect(data).toEqual({ istanbul: { label: 'istanbul office', dids: null }, praha: { dids: { totalCount: 10 } } })
    expect(errors.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['istanbul', 'dids'], 'PROVIDER_UNAVAILABLE'],
    ])
  })

  test('is empty where the provider has no such objects', async () => {
    const accounts = offices()
    const { data, errors } = await ask(
      accounts,
      '{ account(key: "messages") { dids { nodes { id } totalCount countPrecision sources { state } } } }',
    )
    expect(errors).toEqual([])
    expect(data.account.dids).toEqual({
      nodes: [],
      totalCount: 0,
      countPrecision: 'EXACT',
      sources: [{ state: 'UNSUPPORTED' }],
    })
    expect(accounts[2]!.requests).toEqual([])
  })
})

describe('filters and orders', () => {
  const people = () =>
    new InMemoryAccount('istanbul', {
      dids: {
        items: [
          did('istanbul', '1', { number: '+902120000100', status: DidStatus.TERMINATED }),
          did('istanbul', '2', { number: '+902120000020', status: DidStatus.PENDING }),
          did('istanbul', '3', { number: '+902120000003', status: DidStatus.ACTIVE }),
          did('istanbul', '4', { number: null, rawNumber: '444', status: DidStatus.ACTIVE }),
        ],
      },
      extensions: {
        items: [
          extension('istanbul', '1', { number: '100', displayName: 'Işıl AYDIN', email: 'isil@ornek.example' }),
          extension('istanbul', '2', {
            number: '20',
            displayName: 'İlker Demir',
            registration: RegistrationStatus.UNREGISTERED,
          }),
          extension('istanbul', '3', { number: '0003', displayName: null, email: 'kapi@ornek.example' }),
          extension('istanbul', '4', { number: '4', displayName: 'Zeynep' }),
        ],
      },
      groups: {
        items: [
          group('istanbul', '1', { name: 'Satış', internalNumber: '501' }),
          group('istanbul', '2', { name: 'Destek', internalNumber: undefined, kind: GroupKind.QUEUE }),
        ],
        details: { '2': { internalNumber: '502' } },
      },
    })

  test.each([
    ['search: "aydın"', ['100']],
    ['search: "IŞIL"', ['100']],
    ['search: "ilker"', ['20']],
    ['search: "KAPI@"', ['0003']],
    ['search: "00"', ['100', '0003']],
    ['registrations: [UNREGISTERED]', ['20']],
    ['numbers: ["4", "0003", "3"]', ['0003', '4']],
    ['numbers: []', []],
    ['search: "0", numbers: ["20"]', ['20']],
  ])('extensions(filter: { %s })', async (filter, expected) => {
    const { data, errors } = await ask(
      [people()],
      `{ extensions(filter: { ${filter} }) { nodes { number } totalCount countPrecision } }`,
    )
    expect(errors).toEqual([])
    expect(numbers(data.extensions)).toEqual(expected)
    expect(data.extensions).toMatchObject({ totalCount: expected.length, countPrecision: 'EXACT' })
  })

  test.each([
    ['{ field: NUMBER }', ['0003', '4', '20', '100']],
    ['{ field: NUMBER, direction: DESC }', ['100', '20', '4', '0003']],
    ['{ field: DISPLAY_NAME }', ['20', '100', '4', '0003']],
    ['{ field: DISPLAY_NAME, direction: DESC }', ['4', '100', '20', '0003']],
  ])('extensions(orderBy: %s)', async (orderBy, expected) => {
    const { data } = await ask([people()], `{ extensions(orderBy: ${orderBy}) { nodes { number } } }`)
    expect(numbers(data.extensions)).toEqual(expected)
  })

  test.each([
    ['orderBy: { field: STATUS }', ['20', '3', '444', '100']],
    ['orderBy: { field: NUMBER, direction: DESC }', ['444', '100', '20', '3']],
    ['filter: { statuses: [ACTIVE] }', ['3', '444']],
    ['filter: { numbers: ["+902120000020", "+90 212 000 0100"] }', ['100', '20']],
  ])('dids(%s)', async (how, expected) => {
    const { data, errors } = await ask([people()], `{ dids(${how}) { nodes { rawNumber number } } }`)
    expect(errors).toEqual([])
    const short = (node: { number: string | null; rawNumber: string }) =>
      (node.number ?? node.rawNumber).replace(/^\+902120{1,6}/, '')
    expect(data.dids.nodes.map(short)).toEqual(expected)
  })

  test('groups by a number that only the detail has read it for those the list left out, and not for what failed another check', async () => {
    const istanbul = people()
    const { data } = await ask([istanbul], '{ groups(filter: { numbers: ["502"] }) { nodes { name number } } }')
    expect(data.groups.nodes).toEqual([{ name: 'Destek', number: '502' }])
    expect(istanbul.requests).toEqual(['groups page 1', 'group 2'])
    const other = people()
    await ask([other], '{ groups(filter: { numbers: ["502"], kinds: [RING_GROUP] }) { nodes { name } } }')
    expect(other.requests).toEqual(['groups page 1'])
  })

  test('leave to the provider what it can do, check it again, and say which was which', async () => {
    const messages = new InMemoryAccount('messages', {
      groups: {
        items: [group('messages', '1', { name: 'Bayiler' }), group('messages', '2', { name: 'Müşteriler' })],
        pushdown: ['search'],
      },
    })
    const { data } = await ask(
      [messages],
      '{ groups(filter: { search: "Bayi", kinds: [RING_GROUP] }) { nodes { name } totalCount sources { pushedDown residual } } }',
    )
    expect(data.groups).toEqual({
      nodes: [{ name: 'Bayiler' }],
      totalCount: 1,
      sources: [{ pushedDown: ['search'], residual: ['kinds'] }],
    })
    expect(messages.requests).toEqual(['groups Bayi page 1'])
  })
})

describe('page arguments', () => {
  test.each([
    ['dids(first: 0)', 'dids'],
    ['dids(first: 101)', 'dids'],
    ['extensions(first: -1)', 'extensions'],
    ['accounts(first: 101)', null],
  ])('%s is a mistake that names its argument', async (field, path) => {
    const accounts = offices()
    const { errors } = await ask(accounts, `{ ${field} { pageInfo { hasNextPage } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0]!.message).toContain('`first` must be from 1 to 100')
    if (path) expect(errors[0]!.path).toEqual([path])
    expect(accounts.flatMap(({ requests }) => requests)).toEqual([])
  })

  test('are within what the operator allows, the default too', async () => {
    const limits = { pageSize: 10 }
    expect((await ask(offices(), '{ dids { nodes { id } } }', { limits })).data.dids.nodes).toHaveLength(10)
    expect((await ask(offices(), '{ dids(first: 11) { nodes { id } } }', { limits })).errors[0]!.message).toContain(
      'from 1 to 10',
    )
  })
})

describe('a cursor', () => {
  const cursorOf = async (source: string, workspace?: string): Promise<string> =>
    (await ask(offices(), source, { workspace })).data.dids.pageInfo.endCursor
  const use = (cursor: string, args = '', workspace?: string) =>
    ask(offices(), `query ($after: String) { dids(first: 2, after: $after ${args}) { nodes { id } } }`, {
      variables: { after: cursor },
      workspace,
    })

  test('that was changed anywhere is refused', async () => {
    const cursor = await cursorOf('{ dids(first: 2) { pageInfo { endCursor } } }')
    expect((await use(cursor)).errors).toEqual([])
    for (let at = 0; at < cursor.length; at += 1) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      const { data, errors } = await use(changed)
      expect(data.dids).toBeNull()
      expect(errors[0]).toMatchObject({ path: ['dids'], extensions: { code: 'CURSOR_INVALID' } })
    }
  })

  test.each([
    ['another filter', ', filter: { statuses: [ACTIVE] }', undefined],
    ['another order', ', orderBy: { field: NUMBER }', undefined],
    ['another workspace', '', 'other'],
  ])('is of no use with %s', async (_, args, workspace) => {
    const cursor = await cursorOf('{ dids(first: 2) { pageInfo { endCursor } } }')
    expect((await use(cursor, args, workspace)).errors[0]?.extensions?.code).toBe('CURSOR_INVALID')
  })

  test('of one account is of no use with all, nor with another account, nor with another noun', async () => {
    const { data } = await ask(offices(), '{ account(key: "istanbul") { dids(first: 2) { pageInfo { endCursor } } } }')
    const cursor = data.account.dids.pageInfo.endCursor as string
    expect((await use(cursor)).errors[0]?.extensions?.code).toBe('CURSOR_INVALID')
    const source =
      'query ($after: String) { praha: account(key: "praha") { dids(after: $after) { nodes { id } } extensions(after: $after) { nodes { id } } } }'
    const { errors } = await ask(offices(), source, { variables: { after: cursor } })
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions?.code])).toEqual([
      ['dids', 'CURSOR_INVALID'],
      ['extensions', 'CURSOR_INVALID'],
    ])
  })

  test('is the same filter however the filter is written', async () => {
    const cursor = await cursorOf(
      '{ dids(first: 2, filter: { numbers: null, statuses: [ACTIVE] }) { pageInfo { endCursor } } }',
    )
    expect((await use(cursor, ', filter: { statuses: [ACTIVE] }')).errors).toEqual([])
  })
})
