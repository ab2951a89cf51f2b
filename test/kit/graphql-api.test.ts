import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'

import {
  always,
  GraphqlApi,
  graphqlAnswer,
  graphqlList,
  graphqlMutation,
  graphqlQuery,
  graphqlRecords,
  isText,
  optional,
  type Judge,
  type Reply,
  type Rest,
  type Source,
} from '../../src/provider.js'
import * as kit from '../../src/provider.js'

const PHONES = graphqlList(
  {
    field: 'phones',
    beside: 'total',
    list: 'items',
    noun: 'Phone',
    fields: { id: always(isText), name: optional(isText) },
  },
  { site: 'ID!', first: 'Int' },
)
const phonesIn = graphqlRecords(PHONES, (_account, record) => (record as { name?: string }).name ?? null)
const ACCOUNT = { key: 'acme', country: 'TR', timeZone: 'UTC' }

/** Answers all that is asked with these bodies, a minute after another; the last one stays. */
function answering(...bodies: readonly unknown[]) {
  const asked: unknown[] = []
  const answer = (url: string, body: unknown): Reply => {
    const at = asked.push([url, body]) - 1
    const receivedAt = new Date(Date.UTC(2026, 1, 11) + at * 60_000).toISOString()
    return { status: 200, headers: {}, body: bodies[Math.min(at, bodies.length - 1)], receivedAt }
  }
  const rest = {
    async post(url: string, body: unknown, { judge }: { readonly judge: Judge }) {
      const reply = answer(url, body)
      const error = judge(reply)
      if (error) throw error
      return reply
    },
    write: async (_method: string, url: string, body: unknown) => answer(url, body),
  } as unknown as Rest
  const api = new GraphqlApi({ name: 'Acme', url: 'https://acme.example/graphql', isRefusal: ({ ok }) => ok === false })
  return { client: api.over(rest), asked }
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code, reason, message }: { code: string; reason: string; message: string }) => ({ code, reason, message }),
  )
const ASKED = { freshness: { noun: 'extensions', seconds: 0 } }
const HIDDEN = { errors: [{ message: 'Cannot query field "phones" on type "Query". Did you mean "phone"?' }] }

describe('a question', () => {
  test('has one root field, and declares and passes the variables it has', () => {
    expect(PHONES.query).toBe(
      'query phones($site: ID!, $first: Int) { phones(site: $site, first: $first) { total items { id name } } }',
    )
    expect(graphqlQuery('me', 'name').query).toBe('query me { me { name } }')
    expect(graphqlMutation('addPhone', 'ok').query).toBe(
      'mutation addPhone($input: addPhoneInput!) { addPhone(input: $input) { ok } }',
    )
  })
})

describe('a GraphQL API', () => {
  test('gives the records of a list; one that cannot be read costs itself', async () => {
    const { client, asked } = answering({ data: { phones: { items: [{ id: '1', name: 'Anna' }, { id: '2' }, 7] } } })
    const reply = await client.ask(PHONES, { ...ASKED, variables: { site: 's' } })
    expect(phonesIn(reply, ACCOUNT)).toEqual({ items: ['Anna'], unreadable: 2 })
    expect(asked).toEqual([['https://acme.example/graphql', { query: PHONES.query, variables: { site: 's' } }]])
  })

  test.each([
    [{ errors: [{ message: 'canary' }], data: { phones: null } }, 'GRAPHQL_ERROR'],
    [{ data: { phones: { ok: false, message: 'canary' } } }, 'GRAPHQL_ERROR'],
    [{ data: { phones: { items: null } } }, 'WRONG_SHAPE'],
    [{ data: {} }, 'WRONG_SHAPE'],
    ['<html>canary</html>', 'WRONG_SHAPE'],
  ])('is held to what its body says: %j', async (body, reason) => {
    const { client } = answering(body)
    const found = await failure(client.ask(PHONES, ASKED).then((reply) => phonesIn(reply, ACCOUNT)))
    expect(found).toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason })
    expect(found!.message).not.toContain('canary')
  })

  test('without a field is forbidden; where the field was there, it is away for ten minutes first', async () => {
    expect(await failure(answering(HIDDEN).client.ask(PHONES, ASKED))).toMatchObject({
      ...{ code: 'PROVIDER_FORBIDDEN', reason: 'FIELD_HIDDEN' },
    })
    const { client } = answering({ data: { phones: { items: [] } } }, HIDDEN)
    await client.ask(PHONES, ASKED)
    for (let minute = 1; minute <= 10; minute++)
      expect(await failure(client.ask(PHONES, ASKED))).toMatchObject({
        ...{ code: 'PROVIDER_UNAVAILABLE', reason: 'FIELD_AWAY' },
      })
    expect(await failure(client.ask(PHONES, ASKED))).toMatchObject({ reason: 'FIELD_HIDDEN' })
  })

  test('is the source that the page on providers makes of it', async () => {
    const page = readFileSync(new URL('../../docs/adding-a-provider.md', import.meta.url), 'utf8')
    const [, code = ''] = /```js\n([^]*?)```/.exec(page) ?? []
    const toExtension = (_account: unknown, record: { readonly name?: string }) => record.name ?? null
    const scope = { ...kit, account: ACCOUNT, url: 'https://acme.example/graphql', toExtension }
    const make = new Function(...Object.keys(scope), `${code}\nreturn source`) as (
      ...values: readonly unknown[]
    ) => (rest: Rest) => Source
    const { client } = answering({ data: { phones: { items: [{ id: '1', name: 'Anna' }, {}] } } })
    const found = []
    for await (const one of make(...Object.values(scope))(client.rest).extensions!.pages({})) found.push(one)
    expect(found).toEqual([{ items: ['Anna'], totalCount: 1, unreadable: 1 }])
  })

  test('is changed by one request, whose errors are for the provider to read', async () => {
    const add = graphqlMutation('addPhone', 'ok')
    const { client, asked } = answering({ errors: [{ message: 'no' }], data: { addPhone: { ok: false } } })
    const reply = await client.change(add, { name: 'Anna' }, ['extensions'])
    expect(graphqlAnswer(reply, add)).toEqual({ ok: false })
    expect(asked).toEqual([
      ['https://acme.example/graphql', { query: add.query, variables: { input: { name: 'Anna' } } }],
    ])
  })
})
