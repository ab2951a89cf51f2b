import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { globalId } from '../../../src/model/id.js'
import { NOW, startHarness, type Answer, type Harness } from '../../sandbox/harness.js'

const MANAGER = 'key-of-who-looks-after-it'
const STRANGER = 'key-of-somebody-elsewhere'
const ISSUER = 'https://login.example'

let keys: Server
let token: string
let harness: Harness
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const published = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] })
  keys = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(published))
  await once(keys.listen(0, '127.0.0.1'), 'listening')
  const claims = { org: 'default', scope: 'telephony:read telephony:write', name: 'Ada Yılmaz' }
  token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(ISSUER)
    .setAudience('dialgraph')
    .setSubject('user-17')
    .setExpirationTime(NOW / 1000 + 3_600)
    .sign(privateKey)
  const scopes = ['telephony:read', 'telephony:write', 'accounts:manage']
  harness = await startHarness({
    accounts: {
      izmir: 'bulutfon/masterToken',
      praha: 'ipex/password',
      elsewhere: { of: 'ipex/other', workspace: 'other' },
    },
    config: {
      callers: {
        apiKeys: [
          { name: 'the console', key: MANAGER, scopes },
          { name: 'stranger', key: STRANGER, scopes, workspace: 'other' },
        ],
        jwt: {
          ...{ issuer: ISSUER, audience: 'dialgraph', workspaceClaim: 'org', scopesClaim: 'scope' },
          jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`,
        },
      },
    },
  })
})
afterAll(async () => {
  await harness.close()
  keys.closeAllConnections()
  keys.close()
})
beforeEach(() => harness.clear())

const ask = <Data>(document: string, variables = {}, credential = MANAGER, headers = {}): Promise<Answer<Data>> =>
  harness.query<Data>(document, variables, { authorization: `Bearer ${credential}`, ...headers })

const UPDATE =
  'mutation ($input: ExtensionUpdateInput!) { write: extensionUpdate(input: $input) { userErrors { code } } }'
const line = globalId('Extension', 'izmir', '301')
const update = (input: object, ...who: readonly [credential?: string, headers?: object]) =>
  ask(UPDATE, { input: { id: line, ...input } }, ...who)

interface Change {
  readonly id: string
  readonly operation: string
  readonly targetId: string | null
  readonly fields: readonly string[]
  readonly outcome: string
}
interface Page {
  readonly changes: {
    readonly nodes: readonly Change[]
    readonly totalCount: number
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}
const CHANGES = `query ($first: Int, $after: String, $accountIds: [ID!]) {
  changes(first: $first, after: $after, accountIds: $accountIds) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id operation targetId actor requestId at fields outcome code account { key } }
  }
}`
const page = async (variables: object = {}, credential = MANAGER) =>
  (await ask<Page>(CHANGES, variables, credential)).data.changes

test('a change says who made it, of what, when and in which request, and names fields without their values', async () => {
  const said = { displayName: 'Canary Kaya', email: 'canary@ornek.example' }
  await update(said, MANAGER, { 'x-request-id': 'of-the-console' })
  await update({ voicemailEnabled: true }, token, { 'x-request-id': 'of-a-person' })
  const { nodes } = await page({ first: 2 })
  const whole = { operation: 'extensionUpdate', targetId: line, outcome: 'DONE', code: null, account: { key: 'izmir' } }
  expect(nodes).toEqual([
    {
      ...{ ...whole, id: expect.any(String), at: expect.any(String) },
      ...{ actor: 'user-17', requestId: 'of-a-person', fields: ['voicemailEnabled'] },
    },
    {
      ...{ ...whole, id: expect.any(String), at: new Date(harness.clock.now()).toISOString() },
      ...{ actor: 'the console', requestId: 'of-the-console', fields: ['displayName', 'email'] },
    },
  ])
  expect(JSON.stringify(nodes)).not.toMatch(/canary/i)
})

test('a change is UNKNOWN while it is under way, and has its end afterwards', async () => {
  let release = () => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  const arrival = new Promise<void>((resolve) => {
    const when = () => (resolve(), true)
    harness.emulators.bulutfon.faults.next({ method: 'PUT', until, when })
  })
  const answer = update({ displayName: 'Under way' })
  await arrival
  const [underWay] = (await page({ first: 1 })).nodes
  expect(underWay).toMatchObject({ outcome: 'UNKNOWN', code: null })
  release()
  expect((await answer).data).toEqual({ write: { userErrors: [] } })
  expect((await page({ first: 1 })).nodes).toEqual([{ ...underWay, outcome: 'DONE' }])
})

test('what was made has its id in the record, and what was refused before it was sent has no record', async () => {
  const CREATE =
    'mutation ($input: ExtensionCreateInput!) { write: extensionCreate(input: $input) { extension { id } } }'
  const person = { accountId: globalId('Account', 'izmir'), displayName: 'Defne', email: 'defne@ornek.example' }
  const input = { ...person, number: '4711', callerIdDidId: globalId('Did', 'izmir', '41') }
  const { data } = await ask<{ write: { extension: { id: string } } }>(CREATE, { input })
  const before = await page({ first: 1 })
  expect(before.nodes).toMatchObject([{ operation: 'extensionCreate', targetId: data.write.extension.id }])
  await ask(CREATE, { input })
  await ask(CREATE, { input: { ...input, number: '1' } })
  expect(await page({ first: 1 })).toEqual(before)
})

describe('the list of changes', () => {
  test('is read to its end, newest first, while others are made', async () => {
    for (const displayName of ['A', 'B', 'C', 'D', 'E']) await update({ displayName })
    const { nodes: all } = await page({ first: 50 })
    const read: Change[] = []
    for (let after: string | null = null, isOver = false; !isOver;) {
      const { nodes, pageInfo } = await page({ first: 2, after })
      read.push(...nodes)
      await update({ displayName: 'Meanwhile' })
      ;[after, isOver] = [pageInfo.endCursor, !pageInfo.hasNextPage]
    }
    expect(read).toEqual(all)
    expect(read.map(({ fields }) => fields).slice(0, 5)).toEqual(Array.from({ length: 5 }, () => ['displayName']))
  })

  test('is that of the accounts that are asked for; those of others are as if there were none', async () => {
    const ids = (...accounts: readonly string[]) => ({ accountIds: accounts.map((key) => globalId('Account', key)) })
    const all = await page()
    expect(all.totalCount).toBeGreaterThan(0)
    expect((await page(ids('izmir'))).totalCount).toBe(all.totalCount)
    for (const accounts of [ids('praha'), ids('elsewhere'), ids('nowhere'), ids()])
      expect(await page({ first: 1, ...accounts })).toEqual({
        ...{ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } },
      })
    expect((await page(ids('izmir'), STRANGER)).totalCount).toBe(0)
  })

  test('takes no cursor of another list, nor of another workspace', async () => {
    const { endCursor: after } = (await page({ first: 1 })).pageInfo
    const others = { accountIds: [globalId('Account', 'izmir')] }
    for (const asked of [ask(CHANGES, { after, ...others }), ask(CHANGES, { after }, STRANGER)])
      expect((await asked).errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }])
  })
})
