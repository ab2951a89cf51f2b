import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../../src/store/memory.js'
import { followCalls } from './followed-calls.js'
import { NOW, type Now } from './questions.js'

const LINK = `mutation ($input: AccountLinkInput!) {
  accountLink(input: $input) { account { webhook { url } } userErrors { message } }
}`
const EVENTS = `subscription ($keys: [String!], $extensions: [ID!]) {
  callEvents(accountKeys: $keys, extensionIds: $extensions) { type call { account { key } } }
}`

const RESUMED = `subscription ($after: String) {
  callEvents(resumeAfter: $after) { type call { account { key } } }
}`

interface Told {
  readonly data: { readonly callEvents: { readonly type: string; readonly call: { account: { key: string } } } }
}
interface Linked {
  readonly data: { readonly accountLink: { readonly account: { readonly webhook: { readonly url: string } | null } } }
}

let calls: Awaited<ReturnType<typeof followCalls>>
let elsewhere: Awaited<ReturnType<typeof followCalls>>
beforeAll(async () => {
  const [store, defaults] = [memoryStore(), { webhook: true, pollSeconds: 1 }]
  calls = await followCalls({ store, defaults })
  elsewhere = await followCalls({ store, defaults })
}, 60_000)
afterAll(async () => {
  await elsewhere.close()
  await calls.close()
})

/** Links another account of the provider, which then delivers its events or is looked at. */
async function link(key: string, slug: string, account: string): Promise<string | undefined> {
  const { auth, urls } = calls.sandbox.emulators.get(slug)!.accounts[account] as unknown as {
    readonly auth: { readonly flow: string }
    readonly urls: unknown
  }
  const { flow, ...credentials } = auth
  const input = {
    provider: slug,
    key,
    label: key,
    flow: slug === 'ipex' ? 'OAUTH2_PASSWORD' : flow.toUpperCase(),
    credentials,
    urls,
  }
  const answer = await calls.ask<Linked>(LINK, { input })
  expect(answer).toMatchObject({ data: { accountLink: { userErrors: [] } } })
  return answer.data.accountLink.account.webhook?.url
}

const began = (uuid: string) => ({ event_type: 'call_init', uuid, caller: '905321112233', callee: '902320000041' })
const shown = (told: readonly Told[]) =>
  told.map(({ data }) => [data.callEvents.call.account.key, data.callEvents.type])

describe('who follows the calls of all accounts', () => {
  test('is told of those of an account that is linked meanwhile, and who comes later too', async () => {
    const before = calls.subscribe(EVENTS)
    const named = calls.subscribe(EVENTS, { keys: ['ankara'] })
    const others = calls.subscribe(EVENTS, { keys: ['izmir'] })
    const { data } = await calls.ask<{ data: { account: { webhook: { url: string } } } }>(
      '{ account(key: "izmir") { webhook { url } } }',
    )
    await calls.deliver(data.account.webhook.url, began('one'))
    expect(shown(await before.next(1))).toEqual([['izmir', 'STARTED']])
    expect(shown(await others.next(1))).toEqual([['izmir', 'STARTED']])
    const url = await link('ankara', 'bulutfon', 'masterToken')
    expect(url).toMatch(/\/webhooks\/ankara\/[\w-]{43}$/)
    // The same question: whoever asks it is told together with those who asked it before.
    const after = calls.subscribe(EVENTS)
    const ofOne = after.next<Told>(1)
    await calls.deliver(url!, began('two'))
    expect(shown(await before.next(1))).toEqual([['ankara', 'STARTED']])
    expect(shown(await named.next(1))).toEqual([['ankara', 'STARTED']])
    await calls.deliver(data.account.webhook.url, began('three'))
    expect(shown(await ofOne)).not.toEqual([])
    expect(shown(await others.next(1))).toEqual([['izmir', 'STARTED']])
    for (const one of [before, named, others, after]) await one.end()
  })

  test('has the account looked at that only lists its calls', async () => {
    const events = calls.subscribe(EVENTS, { keys: ['praha'] })
    const first = events.next<Told>(2)
    await link('praha', 'ipex', 'password')
    const call = await calls.sandbox.emulators.get('ipex')!.live!.call()
    await call.ring()
    expect(shown(await first)).toEqual([
      ['praha', 'STARTED'],
      ['praha', 'RINGING'],
    ])
    await events.end()
  })

  test('at another replica misses nothing either, though that has not read of the account yet', async () => {
    const { cursor } = (await elsewhere.ask<Now>(NOW)).data.liveCalls
    const following = elsewhere.subscribe(RESUMED, { after: cursor })
    const first = following.next<Told>(1)
    await calls.deliver(calls.server.webhookUrl('izmir')!, began('four'))
    expect(shown(await first)).toEqual([['izmir', 'STARTED']])
    const url = await link('bursa', 'bulutfon', 'masterToken')
    await calls.deliver(url!, began('five'))
    expect(shown(await following.next(1))).toEqual([['bursa', 'STARTED']])
    await link('adana', 'bulutfon', 'masterToken')
    await calls.deliver(calls.server.webhookUrl('adana')!, began('six'))
    const back = elsewhere.subscribe(RESUMED, { after: cursor })
    expect(shown(await back.next(3)).map(([key]) => key)).toEqual(['izmir', 'bursa', 'adana'])
    for (const one of [following, back]) await one.end()
  })
})

test('who follows the logins is told of an account that is linked, at every replica, and of none that is not there', async () => {
  const HEALTH = 'subscription { accountHealthChanged { key authorization { status } } }'
  const [here, there] = [calls.subscribe(HEALTH), elsewhere.subscribe(HEALTH)]
  const accounts = (await calls.ask<{ data: { accounts: { nodes: object[] } } }>('{ accounts { nodes { key } } }')).data
    .accounts.nodes.length
  for (const states of [here, there]) await states.next(accounts)
  await link('konya', 'bulutfon', 'masterToken')
  for (const states of [here, there])
    expect(await states.next(1)).toEqual([
      { data: { accountHealthChanged: { key: 'konya', authorization: { status: 'ACTIVE' } } } },
    ])
  for (const states of [here, there]) await states.end()
})
