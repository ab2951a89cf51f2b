import { describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { InMemoryAccount } from '../loaders/in-memory.js'
import { ask } from './ask.js'

const offices = () => ['istanbul', 'praha', 'brno'].map((key) => new InMemoryAccount(key, { dids: { items: [] } }))
const EXTENSION = globalId('Extension', 'praha', '1')
const ACCOUNT = globalId('Account', 'praha')
/** Well formed, and of an account that is not the caller's. */
const ELSEWHERE = globalId('Account', 'elsewhere')
const EXTENSION_ELSEWHERE = globalId('Extension', 'elsewhere', '1')

/** A list with one filter of ids, as far as the field's opening parenthesis; and what it takes. */
const FILTERS: readonly (readonly [query: string, member: string, wrong: string, elsewhere: string])[] = [
  ['accounts(first: 1, filter:', 'ids', EXTENSION, ELSEWHERE],
  ['dids(first: 1, filter:', 'accountIds', EXTENSION, ELSEWHERE],
  ['extensions(first: 1, filter:', 'accountIds', EXTENSION, ELSEWHERE],
  ['groups(first: 1, filter:', 'accountIds', EXTENSION, ELSEWHERE],
  ['callRecords(first: 1, filter:', 'accountIds', EXTENSION, ELSEWHERE],
  ['callRecords(first: 1, filter:', 'extensionIds', ACCOUNT, EXTENSION_ELSEWHERE],
  ['callRecords(first: 1, filter:', 'groupIds', ACCOUNT, globalId('Group', 'elsewhere', '1')],
  ['callRecords(first: 1, filter:', 'didIds', ACCOUNT, globalId('Did', 'elsewhere', '1')],
]
const named = FILTERS.map(
  ([query, member, ...ids]) => [`${query.split('(')[0]} by ${member}`, query, member, ...ids] as const,
)

describe('An id in a filter', () => {
  test.each(named)(
    'that is of another kind, or none at all, is bad input: %s',
    async (_name, query, member, wrong, elsewhere) => {
      const cases = [[wrong], ['praha'], [''], [elsewhere, wrong]]
      for (const ids of cases) {
        const at = ids.length - 1
        const literal = await ask(
          offices(),
          `{ list: ${query} { ${member}: ${JSON.stringify(ids)} }) { nodes { id } } }`,
        )
        const variable = await ask(
          offices(),
          `query ($ids: [ID!]) { list: ${query} { ${member}: $ids }) { nodes { id } } }`,
          {
            variables: { ids },
          },
        )
        for (const { errors } of [literal, variable]) {
          expect(errors).toHaveLength(1)
          expect(errors[0]).toMatchObject({
            path: ['list'],
            extensions: { code: 'BAD_USER_INPUT', requestId: 'request-1' },
          })
          expect(errors[0]!.locations).toHaveLength(1)
          expect(errors[0]!.message).toContain(`\`filter.${member}[${at}]\` is not the id of a`)
        }
      }
    },
  )

  test.each(named)(
    'of an object that is nobody’s, or another workspace’s, finds nothing: %s',
    async (_name, query, member, _wrong, elsewhere) => {
      const accounts = offices()
      const { data, errors } = await ask(
        accounts,
        `{ list: ${query} { ${member}: ["${elsewhere}"] }) { nodes { id } } }`,
      )
      expect({ data, errors }).toEqual({ data: { list: { nodes: [] } }, errors: [] })
      expect(accounts.flatMap(({ requests }) => requests)).toEqual([])
    },
  )

  test('is told apart from a key, and the message says what takes keys', async () => {
    const { errors } = await ask(offices(), '{ dids(first: 1, filter: { accountIds: ["praha"] }) { nodes { id } } }')
    expect(errors[0]!.message).toContain('`accountKeys` takes the keys of the configuration')
  })

  test('and a key must both hold where both are set', async () => {
    const keysOf = async (filter: string) =>
      (
        await ask(offices(), `{ dids(first: 1, filter: { ${filter} }) { sources { account { key } } } }`)
      ).data.dids.sources.map(({ account }: { account: { key: string } }) => account.key)
    expect(await keysOf('accountKeys: ["praha", "unknown"]')).toEqual(['praha'])
    expect(await keysOf(`accountKeys: ["praha", "brno"], accountIds: ["${ACCOUNT}"]`)).toEqual(['praha'])
    expect(await keysOf(`accountKeys: ["brno"], accountIds: ["${ACCOUNT}"]`)).toEqual([])
    expect(await keysOf('accountKeys: []')).toEqual([])
  })
})

describe('account(id:)', () => {
  test.each(['praha', '', EXTENSION])('refuses %j, which names no account', async (id) => {
    const { errors } = await ask(offices(), `{ account(id: "${id}") { key } }`)
    expect(errors).toMatchObject([{ path: ['account'], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0]!.message).toContain('`key` takes the key it has in the configuration')
  })

  test('answers null for an account that is nobody’s, or another workspace’s', async () => {
    expect(await ask(offices(), `{ account(id: "${ELSEWHERE}") { key } }`)).toMatchObject({
      data: { account: null },
      errors: [],
    })
  })

  test('is stricter than node and nodes, which answer null for whatever is no id', async () => {
    const answer = await ask(offices(), `{ node(id: "praha") { id } nodes(ids: ["praha", "", "${ACCOUNT}"]) { id } }`)
    expect(answer).toMatchObject({ data: { node: null, nodes: [null, null, { id: ACCOUNT }] }, errors: [] })
  })
})
