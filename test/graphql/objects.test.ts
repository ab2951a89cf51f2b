import { describe, expect, test } from '@jest/globals'

import { ProviderError } from '../../src/errors.js'
import { CallLegAction, CallLegResult, RecordingStatus } from '../../src/model/call-record.js'
import { ForwardingCondition } from '../../src/model/extension.js'
import { globalId, legId } from '../../src/model/id.js'
import { call, did, extension, group, InMemoryAccount, many } from '../loaders/in-memory.js'
import { ask, askForPartial } from './ask.js'

const EXTENSION_DETAIL = {
  voicemail: true,
  permissions: ['domestic', 'gsm'],
  callerIdRef: { kind: 'Did', number: '+902120000001', rawNumber: '902120000001' },
  forwardingRules: [
    {
      condition: ForwardingCondition.ALWAYS,
      destinationRef: { kind: 'ExternalNumber', number: '+905550000009', rawNumber: '5550000009' },
      accountKey: 'istanbul',
    },
    {
      condition: ForwardingCondition.BUSY,
      destinationRef: { kind: 'VoicemailBox', number: '1002' },
      accountKey: 'istanbul',
    },
  ],
} as const

const destinations = [
  { kind: 'Extension', id: '2', number: '1002' },
  { kind: 'Group', id: '1', number: '501' },
  { kind: 'AutoAttendant', id: '31', number: '12', name: null },
  { kind: 'VoicemailBox', number: '1002' },
  { kind: 'ExternalNumber', number: '+905550000009', rawNumber: '05550000009' },
  { kind: 'Unresolved', nativeType: 'Conference', nativeId: '9', rawNumber: '77', reason: 'UNKNOWN_TYPE' },
  { kind: 'Extension', id: '99', number: '1099', nativeType: 'Extension' },
  null,
] as const

const istanbul = (size: number = destinations.length) =>
  new InMemoryAccount('istanbul', {
    dids: {
      items: many(size, (id) =>
        did('istanbul', id, {
          destinationRef: destinations[(Number(id) - 1) % destinations.length],
          hours: id === '1' ? undefined : null,
        }),
      ),
      details: { '1': { hours: { enabled: true, timeZone: 'Europe/Istanbul', days: [] } } },
    },
    extensions: {
      items: many(4, (id) => extension('istanbul', id)),
      details: { '1': EXTENSION_DETAIL, '2': { voicemail: false }, '3': {}, '4': {} },
    },
    groups: {
      items: many(2, (id) => group('istanbul', id)),
      details: {
        '1': {
          memberships: [
            { member: { kind: 'Extension', number: '1002' }, priority: 1, delaySeconds: 5 },
            {
              member: { kind: 'ExternalNumber', number: '+905550000009', rawNumber: '5550000009' },
              priority: 2,
              delaySeconds: null,
            },
            { member: { kind: 'Extension', number: '1099' }, priority: null, delaySeconds: null },
            { member: { kind: 'Group', number: '502' }, priority: null, delaySeconds: null },
          ],
        },
        '2': { memberships: [] },
      },
    },
    profile: { name: 'Örnek', messageCredits: undefined },
    profileDetail: { messageCredits: 12 },
  })

describe('a number', () => {
  test('leads to whatever its provider sends calls to', async () => {
    const { data, errors } = await ask(
      [istanbul()],
      `{ dids { nodes { destination { __typename
           ... on Extension { line: number } ... on Group { name group: number } ... on AutoAttendant { id menu: number }
           ... on VoicemailBox { box: number extension { number } } ... on ExternalNumber { outside: number }
           ... on UnresolvedDestination { nativeType nativeId rawNumber reason } } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.dids.nodes.map((node: { destination: unknown }) => node.destination)).toEqual([
      { __typename: 'Extension', line: '1002' },
      { __typename: 'Group', name: 'Group 1', group: '501' },
      { __typename: 'AutoAttendant', id: globalId('AutoAttendant', 'istanbul', '31'), menu: '12' },
      { __typename: 'VoicemailBox', box: '1002', extension: { number: '1002' } },
      { __typename: 'ExternalNumber', outside: '+905550000009' },
      {
        __typename: 'UnresolvedDestination',
        nativeType: 'Conference',
        nativeId: '9',
        rawNumber: '77',
        reason: 'UNKNOWN_TYPE',
      },
      {
        __typename: 'UnresolvedDestination',
        nativeType: 'Extension',
        nativeId: '99',
        rawNumber: '1099',
        reason: 'NOT_FOUND',
      },
      null,
    ])
  })

  test('and 99 others cost as many list requests as ten do', async () => {
    const source =
      '{ dids(first: 100) { nodes { destination { ... on Extension { displayName } ... on Group { name } } account { provider { name } } } } }'
    const [ten, hundred] = [istanbul(10), istanbul(100)]
    await ask([ten], source)
    await ask([hundred], source)
    expect([...ten.requests].sort()).toEqual(['dids page 1', 'extensions page 1', 'groups page 1'])
    expect([...hundred.requests].sort()).toEqual([...ten.requests].sort())
  })

  test('whose destination cannot be read fails there alone', async () => {
    const account = istanbul()
    account.fail('groups page 1')
    const { data, errors } = await ask([account], '{ dids(first: 3) { nodes { number destination { __typename } } } }')
    expect(data.dids.nodes.map((node: { destination: unknown }) => node.destination)).toEqual([
      { __typename: 'Extension' },
      null,
      { __typename: 'AutoAttendant' },
    ])
    expect(errors.map(({ path }) => path)).toEqual([['dids', 'nodes', 1, 'destination']])
  })
})

describe('what only the detail has', () => {
  const source = `query ($with: Boolean!) { extensions { nodes { number voicemailEnabled @include(if: $with) callPermissions @skip(if: true) ...Detail @include(if: $with) } } }
    fragment Detail on Extension { callerIdDid { number } forwarding { condition destination { __typename ... on ExternalNumber { number } ... on VoicemailBox { extension { displayName } } } } }`

  test('is asked once for each object when it is selected', async () => {
    const account = istanbul()
    const { data, errors } = await ask([account], source, { variables: { with: true } })
    expect(errors).toEqual([])
    expect(data.extensions.nodes[0]).toEqual({
      number: '1001',
      voicemailEnabled: true,
      callerIdDid: { number: '+902120000001' },
      forwarding: [
        { condition: 'ALWAYS', destination: { __typename: 'ExternalNumber', number: '+905550000009' } },
        { condition: 'BUSY', destination: { __typename: 'VoicemailBox', extension: { displayName: 'Line 2' } } },
      ],
    })
    expect(data.extensions.nodes[3]).toEqual({
      number: '1004',
      voicemailEnabled: null,
      callerIdDid: null,
      forwarding: null,
    })
    expect([...account.requests].sort()).toEqual([
      'dids page 1',
      'extension 1',
      'extension 2',
      'extension 3',
      'extension 4',
      'extensions page 1',
    ])
  })

  test('is not asked when the operation leaves it out', async () => {
    const account = istanbul()
    const { data } = await ask([account], source, { variables: { with: false } })
    expect(data.extensions.nodes[0]).toEqual({ number: '1001' })
    expect(account.requests).toEqual(['extensions page 1'])
  })

  test('fails for its own object alone', async () => {
    const account = istanbul()
    account.fail('extension 2', new ProviderError('PROVIDER_TIMEOUT', 'GET extension answered too late'))
    const { data, errors } = await ask([account], '{ extensions { nodes { number voicemailEnabled } } }')
    expect(data.extensions.nodes.slice(0, 2)).toEqual([
      { number: '1001', voicemailEnabled: true },
      { number: '1002', voicemailEnabled: null },
    ])
    expect(errors).toMatchObject([
      {
        path: ['extensions', 'nodes', 1, 'voicemailEnabled'],
        extensions: { code: 'PROVIDER_TIMEOUT', accountId: account.id },
      },
    ])
  })

  test('is null, and not asked, where the provider never has it', async () => {
    const account = new InMemoryAccount('praha', {
      extensions: { items: [extension('praha', '1')], details: { '1': { voicemail: true } } },
      unavailable: ['Extension.voicemailEnabled', 'Extension.groups', 'Extension.dids', 'Extension.callerIdDid'],
    })
    const { data } = await ask(
      [account],
      '{ extensions { nodes { voicemailEnabled callerIdDid { id } groups { totalCount } dids { totalCount } } } }',
    )
    expect(data.extensions.nodes).toEqual([{ voicemailEnabled: null, callerIdDid: null, groups: null, dids: null }])
    expect(account.requests).toEqual(['extensions page 1'])
  })

  test('of a number is asked only for those whose list left it out', async () => {
    const account = istanbul()
    const { data } = await ask([account], '{ dids { nodes { businessHours { enabled timeZone } } } }')
    expect(data.dids.nodes.slice(0, 2)).toEqual([
      { businessHours: { enabled: true, timeZone: 'Europe/Istanbul' } },
      { businessHours: null },
    ])
    expect(account.requests).toEqual(['dids page 1', 'did 1'])
  })
})

describe('a group', () => {
  test('tells its members, and the facts of each membership on its edge', async () => {
    const { data, errors } = await ask(
      [istanbul()],
      `{ groups(first: 1) { nodes { memberCount members { totalCount nodes { __typename } edges { priority delaySeconds
           node { __typename ... on Extension { number } ... on ExternalNumber { outside: number } ... on UnresolvedDestination { nativeType rawNumber reason } } } } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.groups.nodes[0]).toEqual({
      memberCount: 4,
      members: {
        totalCount: 4,
        nodes: [
          { __typename: 'Extension' },
          { __typename: 'ExternalNumber' },
          { __typename: 'UnresolvedDestination' },
          { __typename: 'UnresolvedDestination' },
        ],
        edges: [
          { priority: 1, delaySeconds: 5, node: { __typename: 'Extension', number: '1002' } },
          { priority: 2, delaySeconds: null, node: { __typename: 'ExternalNumber', outside: '+905550000009' } },
          {
            priority: null,
            delaySeconds: null,
            node: { __typename: 'UnresolvedDestination', nativeType: null, rawNumber: '1099', reason: 'NOT_FOUND' },
          },
          {
            priority: null,
            delaySeconds: null,
            node: {
              __typename: 'UnresolvedDestination',
              nativeType: 'Group',
              rawNumber: '502',
              reason: 'UNKNOWN_TYPE',
            },
          },
        ],
      },
    })
  })

  test('has its members walked by cursors, and refuses those of another group', async () => {
    const source =
      'query ($id: ID!, $after: String) { node(id: $id) { ... on Group { members(first: 3, after: $after) { edges { cursor } pageInfo { hasNextPage endCursor } } } } }'
    const id = (native: string) => globalId('Group', 'istanbul', native)
    const first = (await ask([istanbul()], source, { variables: { id: id('1') } })).data.node.members
    expect(first.edges).toHaveLength(3)
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[2].cursor })
    const next = (await ask([istanbul()], source, { variables: { id: id('1'), after: first.pageInfo.endCursor } })).data
      .node.members
    expect(next.edges).toHaveLength(1)
    expect(next.pageInfo.hasNextPage).toBe(false)
    const other = await ask([istanbul()], source, { variables: { id: id('2'), after: first.pageInfo.endCursor } })
    expect(other.errors[0]?.extensions?.code).toBe('CURSOR_INVALID')
  })

  test('and an extension know the numbers that lead to them, and each other', async () => {
    const account = istanbul()
    const { data, errors } = await ask(
      [account],
      `{ extensions { nodes { number dids { nodes { number } totalCount } groups { nodes { name } countPrecision sources { state } } } }
         groups { nodes { name dids { nodes { number } } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.extensions.nodes[1]).toEqual({
      number: '1002',
      dids: { nodes: [{ number: '+902120000001' }], totalCount: 1 },
      groups: { nodes: [{ name: 'Group 1' }], countPrecision: 'EXACT', sources: [{ state: 'COMPLETE' }] },
    })
    expect(data.groups.nodes[0].dids.nodes).toEqual([{ number: '+902120000002' }])
    expect([...account.requests].sort()).toEqual([
      'dids page 1',
      'extensions page 1',
      'group 1',
      'group 2',
      'groups page 1',
    ])
  })

  test('whose members cannot be read is missing from the groups of an extension, and that is said', async () => {
    const account = istanbul()
    account.fail('group 2')
    const { data } = await ask(
      [account],
      '{ extensions(first: 2) { nodes { groups { nodes { name } totalCount countPrecision sources { state errorCode } } } } }',
    )
    expect(data.extensions.nodes[1].groups).toEqual({
      nodes: [{ name: 'Group 1' }],
      totalCount: 1,
      countPrecision: 'AT_LEAST',
      sources: [{ state: 'PARTIAL', errorCode: 'PROVIDER_UNAVAILABLE' }],
    })
  })

  test('whose members cannot be read may be the only one of an extension: its groups are null then, with an error', async () => {
    const account = istanbul()
    for (const id of ['1', '2']) account.fail(`group ${id}`)
    const { data, errors, partial } = await askForPartial(
      [account],
      '{ extensions(first: 1) { nodes { groups { nodes { name } } } } }',
    )
    expect(data.extensions.nodes).toEqual([{ groups: null }])
    expect(errors).toMatchObject([
      { path: ['extensions', 'nodes', 0, 'groups'], extensions: { code: 'PROVIDER_UNAVAILABLE' } },
    ])
    expect(partial).toEqual([])
  })
})

describe('any object', () => {
  const account = () =>
    new InMemoryAccount('istanbul', { ...istanbul().content, calls: [call('istanbul', 'c1'), call('istanbul', 'c2')] })
  const ids = {
    Provider: globalId('Provider', '', 'bulutfon'),
    Account: globalId('Account', 'istanbul'),
    Did: globalId('Did', 'istanbul', '3'),
    Extension: globalId('Extension', 'istanbul', '2'),
    Group: globalId('Group', 'istanbul', '1'),
    AutoAttendant: globalId('AutoAttendant', 'istanbul', '31'),
    CallRecord: globalId('CallRecord', 'istanbul', 'c2'),
    Recording: globalId('Recording', 'istanbul', 'c1'),
  }
  const source =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on ProviderResource { account { key } providerResourceId } } }'

  test.each(Object.entries(ids))('%s is found again by its id', async (type, id) => {
    const { data, errors } = await ask([account()], 'query ($id: ID!) { node(id: $id) { __typename id } }', {
      variables: { id },
    })
    expect(errors).toEqual([])
    expect(data.node).toEqual({ __typename: type, id })
  })

  test('is told in the order asked, equal ids once, and null where there is none', async () => {
    const istanbul = account()
    const asked = [
      ids.Extension,
      'nonsense',
      ids.CallRecord,
      ids.Extension,
      globalId('Did', 'elsewhere', '3'),
      globalId('Group', 'istanbul', '99'),
      ids.CallRecord,
    ]
    const { data, errors } = await ask([istanbul], source, { variables: { ids: asked } })
    expect(errors).toEqual([])
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([
      ids.Extension,
      null,
      ids.CallRecord,
      ids.Extension,
      null,
      null,
      ids.CallRecord,
    ])
    expect([...istanbul.requests].sort()).toEqual(['call c2', 'extensions page 1', 'groups page 1'])
  })

  test.each([
    globalId('AutoAttendant', 'istanbul', '12'),
    globalId('AutoAttendant', 'istanbul', '99'),
    globalId('Recording', 'istanbul', 'c1/other'),
    globalId('CallRecord', 'istanbul', 'c9'),
    globalId('Provider', '', 'unknown'),
    globalId('Account', 'istanbul', 'more'),
    '',
    'a'.repeat(3000),
  ])('that does not exist (%s) is null and no error', async (id) => {
    const { data, errors } = await ask([account()], source, { variables: { ids: [id] } })
    expect([data, errors]).toEqual([{ nodes: [null] }, []])
  })

  test('fails alone among others', async () => {
    const istanbul = account()
    istanbul.fail('call c2')
    const { data, errors } = await ask([istanbul], source, { variables: { ids: [ids.CallRecord, ids.Group] } })
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([null, ids.Group])
    expect(errors.map(({ path }) => path)).toEqual([['nodes', 0]])
  })

  test('is not asked for in hundreds', async () => {
    const istanbul = account()
    const { errors } = await ask([istanbul], source, { variables: { ids: Array.from({ length: 101 }, () => ids.Did) } })
    expect(errors).toMatchObject([{ path: ['nodes'], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(istanbul.requests).toEqual([])
  })
})

describe('a provider’s own payload', () => {
  const account = () =>
    new InMemoryAccount('istanbul', {
      dids: {
        items: [
          did('istanbul', '1', {
            payload: {
              id: 41,
              state: 'CONFIRMED',
              hours: [
                { day: 'monday', open: true },
                { day: 'sunday', open: false },
              ],
              owner: { name: 'Deniz', email: 'd@ornek.example' },
            },
          }),
        ],
      },
    })

  test('is for those who may see it; the rest of the answer stays', async () => {
    const { data, errors } = await ask([account()], '{ dids { nodes { number raw } } }')
    expect(data.dids.nodes).toEqual([{ number: '+902120000001', raw: null }])
    expect(errors).toMatchObject([{ path: ['dids', 'nodes', 0, 'raw'], extensions: { code: 'FORBIDDEN' } }])
  })

  test.each([
    [
      'raw',
      {
        id: 41,
        state: 'CONFIRMED',
        hours: [
          { day: 'monday', open: true },
          { day: 'sunday', open: false },
        ],
        owner: { name: 'Deniz', email: 'd@ornek.example' },
      },
    ],
    ['raw(paths: ["id", "owner.name"])', { id: 41, owner: { name: 'Deniz' } }],
    ['raw(paths: ["owner.name", "owner"])', { owner: { name: 'Deniz', email: 'd@ornek.example' } }],
    ['raw(paths: ["hours.day"])', { hours: [{ day: 'monday' }, { day: 'sunday' }] }],
    ['raw(paths: ["nothing", "id.deeper", "__proto__", "constructor.name"])', { id: null }],
    ['raw(paths: [])', {}],
  ])('%s', async (field, expected) => {
    const { data, errors } = await ask([account()], `{ dids { nodes { raw: ${field} } } }`, {
      scopes: ['telephony:read', 'telephony:raw'],
    })
    expect(errors).toEqual([])
    expect(data.dids.nodes[0].raw).toEqual(expected)
  })
})

describe('a call', () => {
  const idOf = (key: string) => legId('istanbul', 'c1', key)
  const leg = {
    __typename: 'CallLeg' as const,
    id: idOf('0'),
    sequence: 0,
    parentId: null,
    nativeAction: null,
    startedAt: '2026-02-11T07:00:00.000Z',
    answeredAt: null,
    endedAt: null,
    nativeResult: null,
    accountKey: 'istanbul',
  }
  const detail = {
    answeredByRef: { kind: 'Extension', number: '1002' },
    groupRefs: [
      { kind: 'Group', number: '501' },
      { kind: 'Group', number: '599' },
    ],
    steps: [
      {
        ...leg,
        action: CallLegAction.ENTER_DID,
        result: CallLegResult.CONTINUED,
        targetRef: { kind: 'Did', number: '+902120000001', rawNumber: '902120000001' },
      },
      {
        ...leg,
        id: idOf('1'),
        action: CallLegAction.ENTER_MENU,
        result: CallLegResult.CONTINUED,
        targetRef: { kind: 'AutoAttendant', id: '12', number: '12', name: null },
      },
      {
        ...leg,
        id: idOf('2'),
        parentId: idOf('1'),
        action: CallLegAction.RING,
        result: CallLegResult.ANSWERED,
        targetRef: { kind: 'Extension', number: '1002' },
      },
    ],
  } as const
  const account = () =>
    new InMemoryAccount('istanbul', {
      ...istanbul().content,
      calls: [
        call('istanbul', 'c1', {
          callee: {
            number: null,
            rawNumber: '1002',
            displayName: null,
            endpointRef: { kind: 'Extension', number: '1002' },
            accountKey: 'istanbul',
          },
        }),
        call('istanbul', 'c2', { answeredByRef: { kind: 'Extension', number: '1099' }, groupRefs: null, steps: null }),
      ],
      callDetails: { c1: detail },
    })
  const ask1 = (fields: string, asking = {}, id = 'c1', from = account()) =>
    ask([from], `query ($id: ID!) { node(id: $id) { ... on CallRecord { ${fields} } } }`, {
      ...asking,
      variables: { id: globalId('CallRecord', 'istanbul', id) },
    })

  test('knows its parties, its number, who took it and which way it went, for one detail', async () => {
    const from = account()
    const { data, errors } = await ask1(
      `did { number } caller { number endpoint { __typename } extension { number } } callee { rawNumber endpoint { __typename ... on Extension { displayName } } extension { number } }
       answeredBy { ... on Extension { number } } groups { name } legs { id action target { __typename ... on ExternalNumber { number } ... on AutoAttendant { id } ... on Extension { line: number } } }`,
      {},
      'c1',
      from,
    )
    expect(errors).toEqual([])
    expect(data.node).toEqual({
      did: { number: '+902120000001' },
      caller: { number: '+905550000001', endpoint: null, extension: null },
      callee: {
        rawNumber: '1002',
        endpoint: { __typename: 'Extension', displayName: 'Line 2' },
        extension: { number: '1002' },
      },
      answeredBy: { number: '1002' },
      groups: [{ name: 'Group 1' }],
      legs: [
        { id: idOf('0'), action: 'ENTER_DID', target: { __typename: 'ExternalNumber', number: '+902120000001' } },
        {
          id: idOf('1'),
          action: 'ENTER_MENU',
          target: { __typename: 'AutoAttendant', id: globalId('AutoAttendant', 'istanbul', '31') },
        },
        { id: idOf('2'), action: 'RING', target: { __typename: 'Extension', line: '1002' } },
      ],
    })
    expect([...from.requests].sort()).toEqual([
      'call c1',
      'call c1 detail',
      'dids page 1',
      'extensions page 1',
      'groups page 1',
    ])
  })

  test('has no detail read for what the list told, and nobody for an end that cannot be found', async () => {
    const from = account()
    const { data } = await ask1('answeredBy { __typename } groups { name } legs { id }', {}, 'c2', from)
    expect(data.node).toEqual({ answeredBy: null, groups: null, legs: null })
    expect(from.requests).toEqual(['call c2', 'extensions page 1'])
  })

  describe('whose legs are asked for by their ids', () => {
    const find = (ids: readonly string[], from: InMemoryAccount, asking = {}) =>
      ask(
        [from],
        `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on CallLeg { sequence parentId action target {
           ... on Dialable { label } } } } }`,
        { ...asking, variables: { ids } },
      )

    test('gives them, all for one call and one detail', async () => {
      const from = account()
      const { data, errors } = await find([idOf('2'), idOf('0'), idOf('2')], from)
      expect(errors).toEqual([])
      const ring = {
        __typename: 'CallLeg',
        id: idOf('2'),
        sequence: 0,
        parentId: idOf('1'),
        action: 'RING',
        target: { label: 'Line 2' },
      }
      expect(data.nodes).toMatchObject([ring, { id: idOf('0'), action: 'ENTER_DID', parentId: null }, ring])
      expect(from.requests.filter((request) => request.startsWith('call'))).toEqual(['call c1', 'call c1 detail'])
    })

    test.each([
      ['a leg the call does not have', idOf('9')],
      ['a call that does not exist', legId('istanbul', 'c9', '0')],
      ['a call without legs', legId('istanbul', 'c2', '0')],
      ['an account of somebody else', legId('elsewhere', 'c1', '0')],
      ['no call at all', globalId('CallLeg', 'istanbul', '0')],
    ])('is null for %s', async (_, id) => {
      const { data, errors } = await find([id], account())
      expect([data, errors]).toEqual([{ nodes: [null] }, []])
    })

    test('needs the scope of calls', async () => {
      const from = account()
      const { data, errors } = await find([idOf('0')], from, { scopes: ['recordings:read'] })
      expect(data).toEqual({ nodes: [null] })
      expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'FORBIDDEN' } }])
      expect(from.requests).toEqual([])
    })

    test('fails where the detail cannot be read', async () => {
      const from = account()
      from.fail('call c1 detail')
      const { data, errors } = await find([idOf('0'), globalId('CallRecord', 'istanbul', 'c1')], from)
      expect(data.nodes).toMatchObject([null, { __typename: 'CallRecord' }])
      expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'PROVIDER_UNAVAILABLE' } }])
    })
  })

  describe('whose recording is asked for', () => {
    const link = { url: 'http://127.0.0.1/recordings/x', expiresAt: '2026-02-11T09:05:00.000Z' }
    const signed: unknown[] = []
    const recordingLinks = {
      sign: async (...asked: unknown[]) => {
        signed.push(asked)
        return link
      },
    }

    test('gives a link to those who may listen', async () => {
      const { data, errors } = await ask1(
        'recordings { status link(expiresInSeconds: 60, disposition: ATTACHMENT) { url expiresAt } }',
        { scopes: ['telephony:read', 'recordings:read'], recordingLinks },
      )
      expect(errors).toEqual([])
      expect(data.node.recordings).toEqual([{ status: 'AVAILABLE', link }])
      expect(signed).toMatchObject([[{ nativeName: 'c1' }, { expiresInSeconds: 60, disposition: 'ATTACHMENT' }]])
    })

    test('gives none without the scope, to a removed recording, or for a day', async () => {
      const forbidden = await ask1('recordings { status link { url } }', { recordingLinks })
      expect(forbidden.data.node.recordings).toEqual([{ status: 'AVAILABLE', link: null }])
      expect(forbidden.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])

      const scopes = ['telephony:read', 'recordings:read']
      expect((await ask1('recordings { link { url } }', { scopes })).data.node.recordings).toEqual([{ link: null }])
      expect(
        (await ask1('recordings { link(expiresInSeconds: 86400) { url } }', { scopes, recordingLinks })).errors,
      ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])

      const [recording] = call('istanbul', 'c1').recordings!
      const gone = new InMemoryAccount('istanbul', {
        calls: [call('istanbul', 'c1', { recordings: [{ ...recording!, status: RecordingStatus.DELETED }] })],
      })
      expect(
        (await ask1('recordings { status link { url } }', { scopes, recordingLinks }, 'c1', gone)).data.node.recordings,
      ).toEqual([{ status: 'DELETED', link: null }])
    })
  })
})
