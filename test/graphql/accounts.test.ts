import { describe, expect, test } from '@jest/globals'

import { ForwardingCondition } from '../../src/model/extension.js'
import { globalId } from '../../src/model/id.js'
import { did, extension, InMemoryAccount, many } from '../loaders/in-memory.js'
import { ask } from './ask.js'

const offices = () => [
  new InMemoryAccount('istanbul', {
    provider: 'bulutfon',
    profile: { name: 'Örnek', status: 'ACTIVE', messageCredits: undefined } as never,
    profileDetail: { messageCredits: 12 },
  }),
  new InMemoryAccount('praha', {
    provider: 'ipex',
    profile: { name: 'Ukázka', status: 'UNKNOWN', messageCredits: null } as never,
  }),
  new InMemoryAccount('brno', { provider: 'ipex' }),
]
const keys = (connection: { nodes: readonly { key: string }[] }) => connection.nodes.map(({ key }) => key)
const requests = (accounts: readonly InMemoryAccount[]) => accounts.flatMap((account) => account.requests)

describe('the accounts', () => {
  test('come in the order of the configuration, with all that is known without asking a provider', async () => {
    const accounts = offices()
    const { data, errors } = await ask(
      accounts,
      `{ accounts { totalCount nodes { id key label provider { slug authFlows } authorization { flow status expiresAt } health { circuit } capabilities { resource } none: capabilities(resource: LIVE_CALL) { resource } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.accounts.totalCount).toBe(3)
    expect(data.accounts.nodes[0]).toEqual({
      id: accounts[0]!.id,
      key: 'istanbul',
      label: 'istanbul office',
      provider: { slug: 'bulutfon', authFlows: ['OAUTH2_PASSWORD'] },
      authorization: { flow: 'OAUTH2_PASSWORD', status: 'ACTIVE', expiresAt: null },
      health: { circuit: 'CLOSED' },
      capabilities: [{ resource: 'DID' }],
      none: [],
    })
    expect(requests(accounts)).toEqual([])
  })

  test.each([
    ['providers: ["ipex"]', ['praha', 'brno']],
    ['authorizationStatuses: [REAUTHORIZATION_REQUIRED]', ['brno']],
    ['providers: ["bulutfon"], authorizationStatuses: [REAUTHORIZATION_REQUIRED]', []],
    [`ids: ["${globalId('Account', 'praha')}", "${globalId('Account', 'unknown')}"]`, ['praha']],
    ['keys: ["praha", "unknown"]', ['praha']],
    [`ids: ["${globalId('Account', 'praha')}"], keys: ["brno"]`, []],
    ['keys: []', []],
    ['ids: []', []],
  ])('can be narrowed by %s', async (filter, expected) => {
    const accounts = offices()
    accounts[2]!.authorizationStatus = 'REAUTHORIZATION_REQUIRED'
    const { data, errors } = await ask(accounts, `{ accounts(filter: { ${filter} }) { totalCount nodes { key } } }`)
    expect(errors).toEqual([])
    expect(keys(data.accounts)).toEqual(expected)
    expect(data.accounts.totalCount).toBe(expected.length)
    expect(requests(accounts)).toEqual([])
  })

  test('are walked by cursors', async () => {
    const source =
      'query ($after: String) { accounts(first: 2, after: $after) { edges { cursor node { key } } pageInfo { hasNextPage hasPreviousPage endCursor } } }'
    const first = (await ask(offices(), source)).data.accounts
    expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, endCursor: first.edges[1].cursor })
    const second = (await ask(offices(), source, { variables: { after: first.pageInfo.endCursor } })).data.accounts
    expect(second.edges.map((edge: { node: { key: string } }) => edge.node.key)).toEqual(['brno'])
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  test('are found by id, by key, or by both where they agree', async () => {
    const [istanbul] = offices()
    const { data } = await ask(
      offices(),
      `{ a: account(id: "${istanbul!.id}") { key } b: account(key: "praha") { key } c: account(id: "${istanbul!.id}", key: "istanbul") { key }
      d: account(id: "${istanbul!.id}", key: "praha") { key } e: account(key: "elsewhere") { key } }`,
    )
    expect(data).toEqual({ a: { key: 'istanbul' }, b: { key: 'praha' }, c: { key: 'istanbul' }, d: null, e: null })
    expect((await ask(offices(), '{ account { key } }')).errors).toMatchObject([
      { path: ['account'], extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })

  test('have a profile for one request, and for another where a field of it costs one', async () => {
    const accounts = offices()
    const { data } = await ask(
      accounts,
      '{ a: account(key: "istanbul") { profile { name status } } b: account(key: "istanbul") { profile { name } } }',
    )
    expect(data).toEqual({ a: { profile: { name: 'Örnek', status: 'ACTIVE' } }, b: { profile: { name: 'Örnek' } } })
    expect(accounts[0]!.requests).toEqual(['profile'])

    const credits = await ask(accounts, '{ accounts(first: 2) { nodes { profile { messageCredits } } } }')
    expect(credits.data.accounts.nodes).toEqual([
      { profile: { messageCredits: 12 } },
      { profile: { messageCredits: null } },
    ])
    expect(accounts[0]!.requests).toEqual(['profile', 'profile', 'profile detail'])
    expect(accounts[1]!.requests).toEqual(['profile'])
  })

  test('have no profile while their provider cannot be reached, and keep the rest', async () => {
    const accounts = offices()
    accounts[0]!.fail('profile')
    const { data, errors } = await ask(accounts, '{ accounts(first: 2) { nodes { key profile { name } } } }')
    expect(data.accounts.nodes).toEqual([
      { key: 'istanbul', profile: null },
      { key: 'praha', profile: { name: 'Ukázka' } },
    ])
    expect(errors.map(({ path }) => path)).toEqual([['accounts', 'nodes', 0, 'profile']])
  })
})

describe('what needs no account', () => {
  test('providers tell what they are', async () => {
    const { data } = await ask(
      offices().slice(0, 2),
      '{ providers { slug } provider(slug: "ipex") { id name } none: provider(slug: "none") { id } }',
    )
    expect(data).toEqual({
      providers: [{ slug: 'bulutfon' }, { slug: 'ipex' }],
      provider: { id: globalId('Provider', '', 'ipex'), name: 'ipex' },
      none: null,
    })
  })

  test('the viewer learns what they may do', async () => {
    const { data } = await ask([], '{ viewer { name workspace scopes } }', {
      scopes: ['telephony:read', 'recordings:read'],
      workspace: 'w1',
    })
    expect(data.viewer).toEqual({ name: 'tests', workspace: 'w1', scopes: ['recordings:read', 'telephony:read'] })
  })

  test('a caller without the scope to read learns nothing of the accounts, and still who they are', async () => {
    const accounts = offices()
    const { data, errors } = await ask(
      accounts,
      '{ viewer { name } node(id: "x") { id } dids { totalCount } extensions { totalCount } groups { totalCount } account(key: "praha") { key } }',
      { scopes: [] },
    )
    expect(data).toEqual({
      viewer: { name: 'tests' },
      node: null,
      dids: null,
      extensions: null,
      groups: null,
      account: null,
    })
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(Array.from({ length: 5 }, () => 'FORBIDDEN'))
    expect((await ask(accounts, '{ nodes(ids: ["x", "y"]) { id } }', { scopes: [] })).data).toEqual({
      nodes: [null, null],
    })
    expect(requests(accounts)).toEqual([])
  })
})

describe('a phone number', () => {
  const NUMBER = '+902120000001'
  const known = () => [
    new InMemoryAccount('istanbul', {
      dids: { items: many(5, (id) => did('istanbul', id)) },
      extensions: {
        items: many(20, (id) => extension('istanbul', id)),
        details: { '3': { callerIdRef: { kind: 'Did', number: NUMBER, rawNumber: '902120000001' } } },
      },
    }),
    new InMemoryAccount('praha', {
      provider: 'ipex',
      unavailable: ['Extension.callerIdDid'],
      dids: { items: [did('praha', '7', { number: '+420222000007' })] },
      extensions: {
        items: [
          extension('praha', '1', {
            forwardingRules: [
              {
                condition: ForwardingCondition.ALWAYS,
                destinationRef: { kind: 'ExternalNumber', number: NUMBER, rawNumber: '00902120000001' },
                accountKey: 'praha',
              },
            ],
          }),
          extension('praha', '2', { forwardingRules: [] }),
        ],
      },
    }),
    new InMemoryAccount('messages', { provider: 'postacell' }),
  ]

  test('is known by its country, the DIDs that are it, and the extensions that show it or forward to it', async () => {
    const { data, errors } = await ask(
      known(),
      '{ phoneNumber(number: "+90 212 000 00 01") { number country dids { id } extensions { id account { key } } } }',
    )
    expect(errors).toEqual([])
    expect(data.phoneNumber).toEqual({
      number: NUMBER,
      country: 'TR',
      dids: [{ id: globalId('Did', 'istanbul', '1') }],
      extensions: [
        { id: globalId('Extension', 'istanbul', '3'), account: { key: 'istanbul' } },
        { id: globalId('Extension', 'praha', '1'), account: { key: 'praha' } },
      ],
    })
  })

  test('costs nothing that was not asked', async () => {
    const accounts = known()
    await ask(accounts, `{ phoneNumber(number: "${NUMBER}") { country } }`)
    expect(requests(accounts)).toEqual([])
    await ask(accounts, `{ phoneNumber(number: "${NUMBER}") { dids { id } } }`)
    expect(requests(accounts)).toEqual(['dids page 1', 'dids page 1'])
  })

  test('has details read by no more than the pool allows, and by no more than an operation may cost', async () => {
    const accounts = known()
    const source = `{ phoneNumber(number: "${NUMBER}") { extensions { id } } }`
    await ask(accounts, source, { limits: { detailConcurrency: 3 } })
    expect(accounts[0]!.peak).toBe(3)
    const { data, errors } = await ask(known(), source, { limits: { providerRequestsPerOperation: 10 } })
    expect(data.phoneNumber.extensions).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }])
  })

  test('is told as far as it was found when another account cannot answer, and "nothing" only when all have said so', async () => {
    const source = 'query ($number: PhoneNumber!) { phoneNumber(number: $number) { dids { id } } }'
    const accounts = known()
    accounts[1]!.fail('dids page 1')
    const found = await ask(accounts, source, { variables: { number: NUMBER } })
    expect([found.data.phoneNumber.dids, found.errors]).toEqual([[{ id: globalId('Did', 'istanbul', '1') }], []])
    const unknown = await ask(accounts, source, { variables: { number: '+902120009999' } })
    expect(unknown.data.phoneNumber.dids).toBeNull()
    expect(unknown.errors).toMatchObject([
      { path: ['phoneNumber', 'dids'], extensions: { code: 'PROVIDER_UNAVAILABLE' } },
    ])
    accounts[1]!.failing.clear()
    expect((await ask(accounts, source, { variables: { number: '+902120009999' } })).data.phoneNumber.dids).toEqual([])
  })

  test.each(['112', '1001', '0212 000 00 01', '', '+1'])('written as "%s" is not one', async (number) => {
    const { errors } = await ask([], 'query ($number: PhoneNumber!) { phoneNumber(number: $number) { number } }', {
      variables: { number },
    })
    expect(errors).toHaveLength(1)
  })
})
