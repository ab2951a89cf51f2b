import { PassThrough } from 'node:stream'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import type { LinkDisposition } from '../../../src/model/signed-link.js'
import { providers } from '../../../src/providers/index.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { storedAccountStates } from '../../../src/commands/account-states.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { makeApiKey } from '../../../src/server/callers/api-key.js'
import { ANYONE } from '../../../src/server/callers/caller.js'
import { recordingLinkSigner } from '../../../src/server/links/recording-links.js'
import { signedText } from '../../../src/signed-text.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import { agree, decide, startEmulators, startLoginServer, Browser, type LoginServer } from '../logins/login-servers.js'
import { ask } from './gate.js'

const MANAGER = 'canary-key-of-the-manager'
const READER = 'canary-key-of-the-reader'
const STRANGER = 'canary-key-of-a-stranger'
const READING = ['telephony:read', 'recordings:read']
const callers = {
  apiKeys: [
    { name: 'manager', key: MANAGER, scopes: [...READING, 'accounts:manage'] },
    { name: 'reader', key: READER, scopes: READING },
    { name: 'stranger', key: STRANGER, workspace: 'theirs', scopes: [...READING, 'accounts:manage'] },
  ],
}

let emulators: Awaited<ReturnType<typeof startEmulators<'bulutfon'>>>
const open: LoginServer[] = []
beforeAll(async () => {
  emulators = await startEmulators(['bulutfon'])
})
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
  emulators.bulutfon.reset()
})
afterAll(() => emulators.close())

async function start(config: object = {}, store?: Store): Promise<LoginServer> {
  const accounts = [
    { id: 'shop', ...emulators.bulutfon.accounts.unlinked, label: 'Corner shop' },
    { id: 'sister', ...emulators.bulutfon.accounts.unlinked, label: 'Sister shop' },
    { id: 'office', ...emulators.bulutfon.accounts.masterToken },
    { id: 'theirs', ...emulators.bulutfon.accounts.otherPassword, workspace: 'theirs', label: 'Their secret office' },
  ]
  const server = await startLoginServer({ accounts, ...(store && { store }), config: { callers, ...config } })
  open.push(server)
  return server
}

/** The data of a question that must be answered. */
async function data<Data>(server: LoginServer, credential: string, query: string): Promise<Data> {
  const { body } = await ask(server, credential, query)
  if (body.errors) throw new Error(JSON.stringify(body.errors))
  return body.data as never
}

const exchanges = () => emulators.bulutfon.journal.tokenRequests.length
const titleOf = async (page: Response) => /<h1>([^<]*)<\/h1>/.exec(await page.text())?.[1]

const QUERY = `{ account(key: "KEY") { callRecords(first: 50, filter: { hasRecording: true }) { nodes { recordings { id link { url expiresAt } } } } } }`
interface Linked {
  readonly account: {
    readonly callRecords: {
      readonly nodes: readonly {
        readonly recordings: readonly { readonly id: string; readonly link: { readonly url: string } }[]
      }[]
    }
  }
}
async function recordingOf(server: LoginServer, credential: string, key = 'office') {
  const { account } = await data<Linked>(server, credential, QUERY.replace('KEY', key))
  return account.callRecords.nodes.flatMap(({ recordings }) => recordings)[0]!
}
const status = async (url: string) => (await fetch(url, { headers: { range: 'bytes=0-9' } })).status

describe('the link that begins a login', () => {
  interface Begun {
    readonly accountAuthorizationBegin: { readonly authorizeUrl: string; readonly expiresAt: string | null }
  }
  const idOf = async (server: LoginServer, credential: string, key: string) =>
    (await data<{ account: { id: string } | null }>(server, credential, `{ account(key: "${key}") { id } }`)).account
      ?.id
  const begin = async (server: LoginServer, credential = MANAGER, key = 'shop') =>
    (
      await data<Begun>(
        server,
        credential,
        `mutation { accountAuthorizationBegin(input: { accountId: "${await idOf(server, credential, key)}" }) { authorizeUrl expiresAt } }`,
      )
    ).accountAuthorizationBegin
  const refused = async (url: string, browser = new Browser()) => {
    const page = await browser.get(url)
    expect(page.status).toBe(403)
    expect(page.headers.getSetCookie()).toEqual([])
    expect(await titleOf(page)).toBe('This needs a fresh link')
  }

  test('is given to whoever may manage accounts, and is good for ten minutes', async () => {
    const server = await start()
    const { authorizeUrl, expiresAt } = await begin(server)
    expect(authorizeUrl).toMatch(/\/connect\/shop\?ticket=[\w-]+$/)
    expect(Math.round((Date.parse(expiresAt!) - Date.now()) / 60_000)).toBe(10)
    const browser = new Browser()
    const begun = await browser.get(authorizeUrl)
    expect(begun.status).toBe(303)
    const callback = await decide(browser, new URL(begun.headers.get('location')!))
    const { page } = await browser.follow(await browser.get(callback), callback)
    expect(await titleOf(page)).toBe('Linked')
    expect(exchanges()).toBe(1)
    server.clock.advance(600)
    await refused(authorizeUrl)
  })

  test('stands beside a login that needs a person, for those who may use it', async () => {
    const server = await start()
    const shown = async (credential: string) =>
      (
        await data<{ account: { authorization: { authorizeUrl: string } } }>(
          server,
          credential,
          '{ account(key: "shop") { authorization { authorizeUrl } } }',
        )
      ).account.authorization.authorizeUrl
    expect((await new Browser().get(await shown(MANAGER))).status).toBe(303)
    expect(await shown(READER)).toBe(`${server.url}/connect/shop`)
    await refused(await shown(READER))
  })

  test('is refused in one way without a good ticket, whether there is such an account or not', async () => {
    const server = await start()
    const [mine, theirs] = [await begin(server), await begin(server, MANAGER, 'sister')]
    const ticket = (url: string) => new URL(url).searchParams.get('ticket')!
    const wrong = [
      '',
      '?ticket=',
      '?ticket=made-up',
      `?ticket=${ticket(theirs.authorizeUrl)}`,
      `?ticket=${ticket(mine.authorizeUrl).slice(0, -1)}`,
      `?ticket=${ticket(mine.authorizeUrl)}A`,
      `?ticket=${ticket(mine.authorizeUrl)}&ticket=${ticket(mine.authorizeUrl)}`,
      `?ticket=${signedText([Buffer.alloc(32)], { maximumLength: 1_000 }).write(['shop', 'operator', Date.now() + 60_000])}`,
    ]
    for (const path of wrong) await refused(`${server.url}/connect/shop${path}`)
    for (const key of ['office', 'theirs', 'nowhere', '%00', 'x'.repeat(90)]) {
      await refused(`${server.url}/connect/${key}`)
      await refused(`${server.url}/connect/${key}?ticket=${ticket(mine.authorizeUrl)}`)
    }
    expect(exchanges()).toBe(0)
    const told = server.logLines.filter((line) => line.includes('connect refused')).join('')
    expect(told).toContain('no ticket')
    expect(told).not.toContain(ticket(mine.authorizeUrl))
  })

  test('is good for the same browser again, so that whoever failed can try again', async () => {
    const server = await start()
    const browser = new Browser()
    const begun = await browser.get((await begin(server)).authorizeUrl)
    const declined = await decide(browser, new URL(begun.headers.get('location')!), 'refuse')
    const { page } = await browser.follow(await browser.get(declined), declined)
    expect(await page.text()).toContain('href="/connect/shop"')
    expect((await browser.get(`${server.url}/connect/shop`)).status).toBe(303)
    await refused(`${server.url}/connect/sister`, browser)
    await refused(`${server.url}/connect/shop`)
  })

  test('ends with the key of whoever was given it', async () => {
    const store = memoryStore()
    const server = await start({}, store)
    const { id, key, digest } = makeApiKey()
    const scopes = ['telephony:read', 'accounts:manage']
    await store.keepApiKey({ id, name: 'made', workspace: 'default', scopes, digest, createdAt: 1, revokedAt: null })
    const { authorizeUrl } = await begin(server, key.reveal())
    expect((await new Browser().get(authorizeUrl)).status).toBe(303)
    await store.revokeApiKey(id, Date.now())
    server.clock.advance(60)
    await refused(authorizeUrl)
  })

  test('is of no use for an account that took the name of a forgotten one', async () => {
    const server = await start()
    const { clientId, clientSecret } = emulators.bulutfon.accounts.unlinked.auth
    const { urls } = emulators.bulutfon.accounts.unlinked
    const application = `provider: "bulutfon", label: "New", clientId: "${clientId}", clientSecret: "${clientSecret}"`
    const addresses = `urls: { api: "${urls['api']}", authorize: "${urls['authorize']}", token: "${urls['token']}" }`
    const make = async () =>
      (
        await data<Begun>(
          server,
          MANAGER,
          `mutation { accountAuthorizationBegin(input: { key: "new", ${application}, ${addresses} }) { authorizeUrl userErrors { message } } }`,
        )
      ).accountAuthorizationBegin.authorizeUrl
    const [first, second] = [await make(), await make()]
    expect((await new Browser().get(first)).status).toBe(404)
    expect((await new Browser().get(second)).status).toBe(303)
  })

  test('is finished by nobody but the browser that began, also when another has begun a login of its own', async () => {
    const server = await start()
    const [one, other] = [new Browser(), new Browser()]
    const away = await one.get((await begin(server)).authorizeUrl)
    await other.get((await begin(server, MANAGER, 'sister')).authorizeUrl)
    const callback = await decide(one, new URL(away.headers.get('location')!))
    const { page } = await other.follow(await other.get(callback), callback)
    expect([page.status, exchanges()]).toEqual([400, 0])
    for (const key of ['shop', 'sister'])
      expect((await server.accounts.find((account) => account.key === key)!.authorization()).status).toBe('NEW')
  })

  test('is given to the operator by command, who has the keys of the server', async () => {
    const store = { url: 'memory:', encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] }
    const server = await start({ store })
    const accounts = [{ id: 'shop', ...emulators.bulutfon.accounts.unlinked }]
    const document = { server: { publicUrl: server.url }, store, callers, accounts }
    const config = checkConfig(document, providers, { environment: {} })
    const [state] = await storedAccountStates(config, providers, createLog(new PassThrough()))
    expect(state?.authorizeUrl).toMatch(/\/connect\/shop\?ticket=/)
    expect((await new Browser().get(state!.authorizeUrl!)).status).toBe(303)
  })

  test('needs no ticket where there are no callers', async () => {
    const server = await start({ callers: undefined })
    expect(await agree(new Browser(), server)).toContain('/connect/callback/bulutfon?')
  })
})

test('one caller may try to change accounts only so often, and others do not notice', async () => {
  const server = await start({ limits: { accountChangesPerMinute: 2 } })
  const attempt = async (credential: string) => {
    const { body } = await ask(
      server,
      credential,
      'mutation { accountUnlink(input: { accountId: "x" }) { userErrors { code } } }',
    )
    return body.errors?.[0]?.extensions.code ?? 'tried'
  }
  const codes = [await attempt(MANAGER), await attempt(MANAGER), await attempt(MANAGER), await attempt(STRANGER)]
  expect(codes).toEqual(['tried', 'tried', 'RATE_LIMITED', 'tried'])
  server.clock.advance(30)
  expect([await attempt(MANAGER), await attempt(MANAGER)]).toEqual(['tried', 'RATE_LIMITED'])
})

test('the page after a login tells of that login alone, whatever a browser says has happened', async () => {
  const server = await start()
  const forged = signedText([Buffer.alloc(32)], { maximumLength: 512 }).write(['linked', 'theirs'])
  for (const outcome of ['linked:theirs', '["linked","theirs"]', forged]) {
    const page = await fetch(`${server.url}/connect/callback/bulutfon`, {
      headers: { cookie: `dialgraph-connected=${encodeURIComponent(outcome)}` },
    })
    const text = await page.text()
    expect(page.status).toBe(400)
    expect(text).toContain('No login is under way')
    expect(text).not.toContain('Their secret office')
  }
})

describe('the link to a recording', () => {
  test('works without a key for five minutes, and not a second longer', async () => {
    const server = await start()
    const { link } = await recordingOf(server, READER)
    expect(await status(link.url)).toBe(206)
    server.clock.advance(299)
    expect(await status(link.url)).toBe(206)
    server.clock.advance(2)
    expect(await status(link.url)).toBe(404)
  })

  test('is made for nobody of another workspace', async () => {
    const server = await start()
    const { id } = await recordingOf(server, READER)
    const asked = await ask(
      server,
      STRANGER,
      `{ node(id: "${id}") { ... on Recording { link { url } } } account(key: "office") { id } }`,
    )
    expect(asked.body).toEqual({ data: { node: null, account: null } })
  })

  test('ends with the key of whoever was given it', async () => {
    const store = memoryStore()
    const server = await start({}, store)
    const { id, key, digest } = makeApiKey()
    await store.keepApiKey({
      id,
      name: 'made',
      workspace: 'default',
      scopes: READING,
      digest,
      createdAt: 1,
      revokedAt: null,
    })
    const { link } = await recordingOf(server, key.reveal())
    expect(await status(link.url)).toBe(206)
    await store.revokeApiKey(id, Date.now())
    server.clock.advance(60)
    expect(await status(link.url)).toBe(404)
  })

  test('ends with the token of whoever was given it', async () => {
    let now = 1_000_000
    const account = { key: 'office', provider: bulutfon } as never
    const signer = recordingLinkSigner({
      signingKeys: [Buffer.alloc(32, 1)],
      clock: { now: () => now, monotonic: () => now },
      publicUrl: () => 'https://phones.example',
      find: () => account,
    })
    const caller = { ...ANYONE, identity: 'jwt:someone', expiresAt: now + 20_000 }
    const recording = { accountKey: 'office', nativeName: 'a' } as never
    const options = { expiresInSeconds: 300, disposition: 'INLINE' as LinkDisposition }
    const link = (await signer.linksOf(caller).sign(recording, options))!
    expect(link.expiresAt).toBe(new Date(now + 20_000).toISOString())
    const token = link.url.split('/').at(-1)!
    expect(signer.read(token)).toMatchObject({ workspace: 'default', holder: 'jwt:someone' })
    now += 20_000
    expect(signer.read(token)).toBeNull()
  })

  test('that was made while anyone could ask is good for nobody once there are callers', async () => {
    const store = { url: 'memory:', encryptionKeys: [Buffer.alloc(32, 5).toString('base64')] }
    const before = await start({ store, callers: undefined })
    const { link } = await recordingOf(before, 'nobody')
    const after = await start({ store })
    const moved = link.url.replace(before.url, after.url)
    expect([await status(link.url), await status(moved)]).toEqual([206, 404])
  })
})

test('links, tickets and cursors made before a new key was put first go on working, until the old key is taken away', async () => {
  const [OLD, NEW] = [Buffer.alloc(32, 6), Buffer.alloc(32, 7)].map((key) => key.toString('base64')) as [string, string]
  const keys = (...encryptionKeys: string[]) => start({ store: { url: 'memory:', encryptionKeys } })
  const LIST = (after: string) => `{ callRecords(first: 2${after}) { nodes { id } pageInfo { endCursor } } }`
  interface Walked {
    readonly callRecords: {
      readonly nodes: readonly { id: string }[]
      readonly pageInfo: { readonly endCursor: string }
    }
  }
  const old = await keys(OLD)
  const { callRecords } = await data<Walked>(old, MANAGER, LIST(''))
  const next = LIST(`, after: "${callRecords.pageInfo.endCursor}"`)
  const { account } = await data<{ account: { authorization: { authorizeUrl: string } } }>(
    old,
    MANAGER,
    '{ account(key: "shop") { authorization { authorizeUrl } } }',
  )
  const openLink = (server: LoginServer) =>
    new Browser().get(account.authorization.authorizeUrl.replace(old.url, server.url)).then(({ status }) => status)
  const { link } = await recordingOf(old, MANAGER)
  const both = await keys(NEW, OLD)
  const listen = (server: LoginServer) => status(link.url.replace(old.url, server.url))
  const walked = await Promise.all([old, both].map((server) => data<Walked>(server, MANAGER, next)))
  expect(walked[0]!.callRecords.nodes).toHaveLength(2)
  expect(walked[1]!.callRecords.nodes).toEqual(walked[0]!.callRecords.nodes)
  expect(await listen(both)).toBe(206)
  expect(await openLink(both)).toBe(303)
  const renewed = await keys(NEW)
  const { body } = await ask(renewed, MANAGER, next)
  expect(body.errors?.[0]?.extensions.code).toBe('CURSOR_INVALID')
  expect([await openLink(renewed), await listen(renewed)]).toEqual([403, 404])
})
