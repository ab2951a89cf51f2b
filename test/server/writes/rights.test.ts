import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

const KEYS = {
  manager: 'canary-key-of-the-manager-01',
  reader: 'canary-key-of-a-reader-00001',
  writer: 'canary-key-of-a-writer-00001',
  person: 'canary-key-of-a-person-00001',
  whole: 'canary-key-of-a-bound-reader',
  stranger: 'canary-key-of-a-stranger-001',
} as const
type Who = keyof typeof KEYS

const LINE = '0101'
const OWN = { extension: `ipex/${LINE}` }
const ALL = ['telephony:read', 'telephony:write', 'accounts:manage']

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: {
      ipex: 'ipex/impersonating',
      izmir: 'bulutfon/masterToken',
      elsewhere: { of: 'ipex/other', workspace: 'other' },
    },
    config: {
      callers: {
        apiKeys: [
          { name: 'manager', key: KEYS.manager, scopes: ALL },
          { name: 'reader', key: KEYS.reader, scopes: ['telephony:read'] },
          { name: 'writer', key: KEYS.writer, scopes: ['telephony:write'] },
          { name: 'person', key: KEYS.person, scopes: ['telephony:read:own', 'telephony:write'], ...OWN },
          { name: 'whole', key: KEYS.whole, scopes: ['telephony:read', 'telephony:write'], ...OWN },
          { name: 'stranger', key: KEYS.stranger, scopes: ALL, workspace: 'other' },
        ],
      },
    },
    limits: { requestsPerSecond: 100_000, requestBurst: 100_000 },
  })
  const found = await as<{ extensions: { nodes: { id: string; number: string; account: { key: string } }[] } }>(
    'manager',
    '{ extensions(first: 100) { nodes { id number account { key } } } }',
  )
  const ofIpex = found.data.extensions.nodes.filter(({ account }) => account.key === 'ipex')
  own = ofIpex.find(({ number }) => number === LINE)!.id
  other = ofIpex.find(({ number }) => number !== LINE)!.id
})
afterAll(() => harness.close())
beforeEach(() => harness.clear())

let own: string
let other: string

const as = <Data>(who: Who, query: string, variables: object = {}) =>
  harness.query<Data>(query, variables, { authorization: `Bearer ${KEYS[who]}` })

const ERRORS = 'userErrors { code field message }'
const UPDATE = `mutation ($input: ExtensionUpdateInput!) { write: extensionUpdate(input: $input) { extension { id } ${ERRORS} } }`
const DELETE = `mutation ($input: ExtensionDeleteInput!) { write: extensionDelete(input: $input) { ${ERRORS} } }`
const CREATE = `mutation ($input: ExtensionCreateInput!) { write: extensionCreate(input: $input) { ${ERRORS} } }`
const CALL = `mutation ($input: CallOriginateInput!) { write: callOriginate(input: $input) { accepted call { id } ${ERRORS} } }`
const HANG_UP = `mutation ($input: CallHangUpInput!) { write: callHangUp(input: $input) { call { state } ${ERRORS} } }`
const TRANSFER = `mutation ($input: CallTransferInput!) { write: callTransfer(input: $input) { call { id } ${ERRORS} } }`

interface Write {
  readonly write: {
    readonly accepted?: boolean
    readonly call?: { readonly id: string; readonly state: string } | null
    readonly extension?: { readonly id: string } | null
    readonly userErrors: readonly unknown[]
  } | null
}

const forwarded = (id: string) => ({
  input: { id, forwarding: [{ condition: 'ALWAYS', externalNumber: '+420222333444' }] },
})
let keys = 0
const placed = (from: string, to = '+420777000111') => ({
  input: { fromExtensionId: from, to, idempotencyKey: `call ${(keys += 1)}` },
})

/** The answer but for what belongs to its request. */
const answer = ({ data, errors }: { data: unknown; errors?: readonly object[] }) =>
  JSON.parse(JSON.stringify({ data, errors }).replaceAll(/"requestId":"[^"]*"/g, '"requestId":"-"')) as unknown

const written = () => harness.requests().filter((line) => !/ GET /.test(line))

describe('a caller without telephony:write', () => {
  test.each([
    ['extensionUpdate', UPDATE, () => forwarded(own)],
    ['extensionDelete', DELETE, () => ({ input: { id: own } })],
    [
      'extensionCreate',
      CREATE,
      () => ({ input: { accountId: globalId('Account', 'izmir'), number: '1', displayName: 'A' } }),
    ],
    ['callOriginate', CALL, () => placed(own)],
    [
      'callTransfer',
      TRANSFER,
      () => ({ input: { id: globalId('LiveCall', 'ipex', '1.1'), toNumber: '+420222333444' } }),
    ],
    ['callHangUp', HANG_UP, () => ({ input: { id: globalId('LiveCall', 'ipex', '1.1') } })],
  ])('is refused %s before anything is asked', async (_, mutation, variables) => {
    const { data, errors } = await as<Write>('reader', mutation, variables())
    expect(data.write).toBeNull()
    expect(errors).toMatchObject([{ path: ['write'], extensions: { code: 'FORBIDDEN' } }])
    expect(harness.requests()).toEqual([])
  })

  test('does not see who changed what without accounts:manage', async () => {
    const { errors } = await as('reader', '{ changes { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('a caller that may write and not read', () => {
  test('changes what it may, and is shown nothing of it', async () => {
    const { data, errors } = await as<Write>('writer', UPDATE, forwarded(own))
    expect(data.write).toMatchObject({ extension: null, userErrors: [] })
    expect(errors).toMatchObject([{ path: ['write', 'extension'], extensions: { code: 'FORBIDDEN' } }])
    expect(written()).toHaveLength(1)
  })
})

describe('a caller of another workspace', () => {
  test.each([
    ['extensionUpdate', UPDATE, forwarded],
    ['extensionDelete', DELETE, (id: string) => ({ input: { id } })],
    ['callOriginate', CALL, (id: string) => placed(id)],
  ])('is answered by %s as for an id that nobody has, and nothing is asked', async (_, mutation, variables) => {
    const ids = [own, globalId('Extension', 'nowhere', '1'), 'no id at all', globalId('Did', 'elsewhere', '1')]
    const answers = []
    for (const id of ids) answers.push(answer(await as<Write>('stranger', mutation, variables(id))))
    expect(answers[0]).toMatchObject({ data: { write: { userErrors: [{ code: 'NOT_FOUND' }] } } })
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(harness.requests()).toEqual([])
  })

  test('names no object of others in its own account', async () => {
    const { data } = await as<{ extensions: { nodes: { id: string }[] } }>(
      'stranger',
      '{ extensions { nodes { id } } }',
    )
    harness.clear()
    const [mine] = data.extensions.nodes
    const { data: refused } = await as<Write>('stranger', UPDATE, {
      input: { id: mine!.id, forwarding: [{ condition: 'ALWAYS', extensionId: own }] },
    })
    expect(refused.write!.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['forwarding', '0', 'extensionId'] }])
    expect(harness.requests()).toEqual([])
  })

  test('sees no change of others', async () => {
    expect((await as<Write>('manager', UPDATE, forwarded(own))).data.write!.userErrors).toEqual([])
    const changes = '{ changes { totalCount nodes { id } } }'
    const { data } = await as<{ changes: { totalCount: number; nodes: { id: string }[] } }>('manager', changes)
    expect(data.changes.totalCount).toBeGreaterThan(0)
    expect((await as('stranger', changes)).data).toEqual({ changes: { totalCount: 0, nodes: [] } })
    const node = 'query ($id: ID!) { node(id: $id) { id } }'
    const { id } = data.changes.nodes[0]!
    expect((await as('manager', node, { id })).data).toEqual({ node: { id } })
    expect((await as('stranger', node, { id })).data).toEqual({ node: null })
    expect((await as('reader', node, { id })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe.each(['person', 'whole'] as const)('a caller that is bound to an extension (%s)', (who) => {
  test('changes its own forwarding', async () => {
    const { data, errors } = await as<Write>(who, UPDATE, forwarded(own))
    expect({ data, errors }).toEqual({ data: { write: { extension: { id: own }, userErrors: [] } }, errors: undefined })
    expect(written()).toHaveLength(1)
  })

  test('changes nothing else of it, and neither makes nor removes one', async () => {
    for (const [mutation, input] of [
      [UPDATE, { id: own, displayName: 'Somebody' }],
      [UPDATE, { ...forwarded(own).input, email: null }],
      [DELETE, { id: own }],
      [CREATE, { accountId: globalId('Account', 'izmir'), number: '4711', displayName: 'A' }],
    ] as const) {
      const { data, errors } = await as<Write>(who, mutation, { input })
      expect(data.write).toBeNull()
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    expect(harness.requests()).toEqual([])
  })

  test.each([
    ['extensionUpdate', UPDATE, forwarded],
    ['callOriginate', CALL, (id: string) => placed(id)],
  ])(
    'is answered by %s for the line of another as for one that is not there, after the same requests',
    async (_, mutation, variables) => {
      const asked = []
      for (const id of [other, globalId('Extension', 'ipex', 'nobody')]) {
        harness.clear()
        asked.push({ answer: answer(await as<Write>(who, mutation, variables(id))), requests: harness.requests() })
      }
      expect(asked[0]).toEqual(asked[1])
      expect(asked[0]).toMatchObject({ answer: { data: { write: { userErrors: [{ code: 'NOT_FOUND' }] } } } })
      expect(written()).toEqual([])
    },
  )

  test.each([
    ['extensionUpdate', UPDATE, (key: string) => forwarded(globalId('Extension', key, '301'))],
    ['callOriginate', CALL, (key: string) => placed(globalId('Extension', key, '301'))],
    [
      'callTransfer',
      TRANSFER,
      (key: string) => ({ input: { id: globalId('LiveCall', key, '1'), toNumber: '+420222333444' } }),
    ],
    ['callHangUp', HANG_UP, (key: string) => ({ input: { id: globalId('LiveCall', key, '1') } })],
  ])('is answered by %s for another account of its workspace as for none', async (_, mutation, variables) => {
    const [there, absent] = [
      await as<Write>(who, mutation, variables('izmir')),
      await as<Write>(who, mutation, variables('nowhere')),
    ].map(answer)
    expect(there).toEqual(absent)
    expect(there).toMatchObject({ data: { write: { userErrors: [{ code: 'NOT_FOUND' }] } } })
    expect(harness.requests()).toEqual([])
  })

  test('places calls from its own line, and ends them; calls of others are not there', async () => {
    const mine = await as<Write>(who, CALL, placed(own))
    expect(mine.data.write).toMatchObject({ accepted: true, userErrors: [] })
    const theirs = await as<Write>('manager', CALL, placed(other, '+420777000222'))
    expect(theirs.data.write).toMatchObject({ accepted: true, userErrors: [] })
    for (const [mutation, to] of [
      [HANG_UP, {}],
      [TRANSFER, { toNumber: '+420222333444' }],
    ] as const) {
      const asked = []
      for (const id of [theirs.data.write!.call!.id, globalId('LiveCall', 'ipex', '1.1')]) {
        harness.clear()
        const answered = answer(await as<Write>(who, mutation, { input: { id, ...to } }))
        // What takes other requests takes another time.
        asked.push({ answer: answered, requests: harness.requests() })
      }
      expect(asked[0]).toEqual(asked[1])
      expect(asked[0]).toMatchObject({
        answer: { data: { write: { call: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] } } },
      })
      expect(written()).toEqual([])
    }
    const ended = await as<Write>(who, HANG_UP, { input: { id: mine.data.write!.call!.id } })
    expect(ended.data.write).toMatchObject({ call: { state: 'ENDED' }, userErrors: [] })
    const endedToo = await as<Write>('manager', HANG_UP, { input: { id: theirs.data.write!.call!.id } })
    expect(endedToo.data.write).toMatchObject({ call: { state: 'ENDED' }, userErrors: [] })
  })

  test('does not place calls from groups or menus', async () => {
    for (const from of ['fromGroupId', 'fromAutoAttendantId']) {
      const { errors } = await as<Write>(who, CALL, {
        input: { [from]: own, to: '+420777000111', idempotencyKey: from },
      })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })
})
