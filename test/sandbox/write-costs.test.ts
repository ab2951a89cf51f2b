import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { costOf } from '../../src/graphql/limits/cost.js'
import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { globalId } from '../../src/model/id.js'
import { startHarness, type Harness, type Slug } from './harness.js'

const EVERYTHING = 'key-of-whoever-may-everything'
const PERSON = 'key-of-the-person-at-0101'
const LINE = { id: globalId('Extension', 'prague', '9301'), number: '0101' }

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    config: {
      callers: {
        apiKeys: [
          { name: 'switchboard', key: EVERYTHING, scopes: ['telephony:read', 'telephony:write'] },
          {
            ...{ name: 'person', key: PERSON, scopes: ['telephony:read:own', 'telephony:write'] },
            extension: `prague/${LINE.number}`,
          },
        ],
      },
    },
  })
  // Everyone logs in, and a menu, a group and a number are looked up.
  const { data } = await ask<Material>(
    EVERYTHING,
    `{
      izmir: account(key: "izmir") { id dids { nodes { id } } groups { nodes { id } } extensions { nodes { id } } }
      prague: account(key: "prague") { id dids { nodes { id } } groups { nodes { id number } } extensions { nodes { id } } }
    }`,
  )
  material = data
}, 60_000)
afterAll(() => harness.close())
beforeEach(() => harness.clear())

interface Listed {
  readonly nodes: readonly { readonly id: string; readonly number?: string | null }[]
}
type Material = Readonly<
  Record<'izmir' | 'prague', { readonly id: string } & Readonly<Record<'dids' | 'groups' | 'extensions', Listed>>>
>
let material: Material

const ask = <Result>(key: string, query: string, variables = {}) =>
  harness.query<Result>(query, variables, { authorization: `Bearer ${key}` })

interface Case {
  readonly mutation: string
  readonly slug: Slug
  /** Who has to be looked up besides, as its lines are its own alone. */
  readonly caller: string
  readonly input: () => Promise<object> | object
}

const group = () => material.prague.groups.nodes.find(({ number }) => number != null)!.id

/** A call that the person at 0101 has taken. */
async function talk(outside: string): Promise<string> {
  const { live } = harness.emulators.ipex
  for (const before of live.calls) await before.hangUp()
  const call = await live.call({ outside })
  await call.ring(LINE.number)
  await call.answer(LINE.number)
  return globalId('LiveCall', 'prague', call.id)
}

/** Of each mutation the input for which the most is read. */
const COSTLIEST: readonly Case[] = [
  {
    ...{ mutation: 'extensionCreate', slug: 'bulutfon', caller: EVERYTHING },
    input: () => ({
      ...{ accountId: material.izmir.id, number: '4712', displayName: 'Defne', email: 'defne@ornek.example' },
      callerIdDidId: material.izmir.dids.nodes[0]!.id,
      forwarding: [{ condition: 'UNREACHABLE', groupId: material.izmir.groups.nodes[0]!.id }],
    }),
  },
  {
    ...{ mutation: 'extensionUpdate', slug: 'ipex', caller: PERSON },
    input: () => ({ id: LINE.id, forwarding: [{ condition: 'ALWAYS', groupId: group() }] }),
  },
  {
    ...{ mutation: 'extensionDelete', slug: 'bulutfon', caller: EVERYTHING },
    input: () => ({ id: material.izmir.extensions.nodes.at(-1)!.id }),
  },
  {
    ...{ mutation: 'callOriginate', slug: 'ipex', caller: PERSON },
    input: () => ({
      ...{ fromExtensionId: LINE.id, to: '+420222333444', idempotencyKey: 'the costliest' },
      callerIdDidId: material.prague.dids.nodes[0]!.id,
    }),
  },
  {
    ...{ mutation: 'callTransfer', slug: 'ipex', caller: PERSON },
    input: async () => ({ id: await talk('+420777000001'), toGroupId: group() }),
  },
  {
    ...{ mutation: 'callHangUp', slug: 'ipex', caller: PERSON },
    input: async () => ({ id: await talk('+420777000002') }),
  },
]

const mutations = buildDialgraphSchema().getMutationType()!.getFields()
const stated = (mutation: string) => costOf(mutations[mutation]!)?.requests

describe('a write whose answer is lost, which is then looked for', () => {
  test.each(COSTLIEST)('costs at most as much as is foreseen, and no less: $mutation', async (one) => {
    const { mutation, slug, caller, input } = one
    const type = String(mutations[mutation]!.args[0]!.type)
    const variables = { input: await input() }
    for (const method of ['POST', 'PUT', 'DELETE'])
      harness.emulators[slug].faults.next({ method, reset: 'afterProcessing' })
    harness.emulators[slug].journal.clear()
    const { data, errors } = await ask<Record<string, { userErrors: object[] }>>(
      caller,
      `mutation ($input: ${type}) { ${mutation}(input: $input) { userErrors { code field message } } }`,
      variables,
    )
    expect({ userErrors: data[mutation]?.userErrors, errors }).toEqual({ userErrors: [], errors: undefined })
    const requests = harness.requests()
    expect({ requests, cost: requests.length }).toEqual({ requests, cost: stated(mutation) })
  })

  test('is tried here for every mutation that sends requests', () => {
    const sending = Object.keys(mutations).filter((mutation) => (stated(mutation) ?? 0) > 0)
    expect(COSTLIEST.map(({ mutation }) => mutation).sort()).toEqual(sending.sort())
  })
})
