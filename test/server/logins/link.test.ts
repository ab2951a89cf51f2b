import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createClient } from 'graphql-sse'

import type { EmulatedAccount } from '../../../src/emulator/emulator.js'
import { systemClock } from '../../../src/clock.js'
import { ANYONE } from '../../../src/server/callers/caller.js'
import { memoryStore } from '../../../src/store/memory.js'
import {
  agree,
  decide,
  startEmulators,
  startLoginServer,
  Browser,
  type Answer,
  type Emulators,
  type LoginServer,
} from './login-servers.js'

const LINK = `mutation ($input: AccountLinkInput!) {
  accountLink(input: $input) {
    account { id key label provider { slug } authorization { flow status impersonating } profile { email } }
    userErrors { __typename field message code }
  }
}`
const BEGIN = `mutation ($input: AccountAuthorizationBeginInput!) {
  accountAuthorizationBegin(input: $input) { authorizeUrl expiresAt userErrors { field message code } }
}`
const UNLINK = `mutation ($id: ID!) {
  accountUnlink(input: { accountId: $id }) { unlinkedAccountId userErrors { field message code } }
}`

interface UserError {
  readonly field: string[] | null
  readonly message: string
  readonly code: string
}
interface Linked {
  accountLink: {
    account: {
      id: string
      key: string
      authorization: { status: string; flow: string }
      profile: { email: string } | null
    } | null
    userErrors: UserError[]
  }
}
interface Begun {
  accountAuthorizationBegin: { authorizeUrl: string | null; expiresAt: string | null; userErrors: UserError[] }
}
interface Unlinked {
  accountUnlink: { unlinkedAccountId: string | null; userErrors: UserError[] }
}

let emulators: Awaited<ReturnType<typeof startEmulators<keyof Emulators>>>
let server: LoginServer

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon', 'ipex', 'postacell', 'rails-api-v1'])
}, 60_000)
beforeEach(async () => {
  for (const emulator of [emulators.bulutfon, emulators.ipex, emulators.postacell, emulators['rails-api-v1']])
    emulator.reset()
  server = await startLoginServer({
    accounts: [{ id: 'fixed', ...emulators.bulutfon.accounts.unlinked, label: 'Of the file' }],
  })
})
afterEach(() => server.close())
afterAll(() => emulators.close())

type Given = Record<string, unknown> & { readonly credentials: Record<string, unknown> }

/** The input that links an emulated account. */
function given({ provider, urls, auth }: EmulatedAccount, flow: string, credentials: object): Given {
  return {
    provider,
    key: 'new-one',
    label: 'New one',
    flow,
    urls,
    credentials: { ...credentials } as Given['credentials'],
    ...('impersonate' in auth && { impersonate: auth['impersonate'] }),
  }
}
const rails = () => {
  const { auth, ...account } = emulators['rails-api-v1'].accounts.password
  const { username, password, clientId, clientSecret } = auth as Record<string, string>
  return given({ ...account, auth: {} }, 'OAUTH2_PASSWORD', { username, password, clientId, clientSecret })
}
const bulutfonToken = () => {
  const { token } = emulators.bulutfon.accounts.masterToken.auth
  return given({ ...emulators.bulutfon.accounts.masterToken, auth: {} }, 'STATIC_TOKEN', { token })
}

const link = (input: object) => server.ask<Linked>(LINK, { input })
const begin = (input: object) => server.ask<Begun>(BEGIN, { input })
const unlink = (id: string) => server.ask<Unlinked>(UNLINK, { id })
const keys = async () =>
  (
    await server.ask<{ accounts: { nodes: { key: string }[] } }>('{ accounts { nodes { key } } }')
  ).data.accounts.nodes.map(({ key }) => key)
const idOf = async (key: string) =>
  (await server.ask<{ account: { id: string } | null }>('query ($key: String) { account(key: $key) { id } }', { key }))
    .data.account?.id

describe('an account is linked', () => {
  const logins: Record<string, () => Given> = {
    'Bulutfon by its master token': bulutfonToken,
    'Bulutfon by e-mail and password': () => {
      const { email, password } = emulators.bulutfon.accounts.password.auth
      return given(emulators.bulutfon.accounts.password, 'PASSWORD_PER_CALL', { email, password })
    },
    'IPEX by password': () => {
      const { username, password } = emulators.ipex.accounts.password.auth
      return given(emulators.ipex.accounts.password, 'OAUTH2_PASSWORD', { username, password })
    },
    'IPEX acting for somebody': () => {
      const { username, password } = emulators.ipex.accounts.impersonating.auth
      return given(emulators.ipex.accounts.impersonating, 'TOKEN_EXCHANGE', { username, password })
    },
    'IPEX by its older login': () => {
      const { email, password } = emulators.ipex.accounts.sso.auth
      return given(emulators.ipex.accounts.sso, 'JWT_LOGIN', { email, password })
    },
    'IPEX by its wholesale login': () => {
      const { username, password } = emulators.ipex.accounts.b2b.auth
      return given(emulators.ipex.accounts.b2b, 'JWT_LOGIN', { username, password })
    },
    'Postacell by user name': () => {
      const { username, password } = emulators.postacell.accounts.login.auth
      return given(emulators.postacell.accounts.login, 'JWT_LOGIN', { username, password })
    },
    'Postacell by e-mail': () => {
      const { username, password } = emulators.postacell.accounts.email.auth
      return given(emulators.postacell.accounts.email, 'JWT_LOGIN', { email: username, password })
    },
    'Rails API v1 by password': rails,
  }

  test.each(Object.entries(logins))(
    'at %s, after the login was tried, and answers in the same operation',
    async (_, input) => {
      const { data, errors } = await link(input())
      expect(errors).toBeUndefined()
      expect(data.accountLink.userErrors).toEqual([])
      expect(data.accountLink.account).toMatchObject({
        key: 'new-one',
        label: 'New one',
        provider: { slug: input()['provider'] },
        authorization: { flow: input()['flow'], status: 'ACTIVE', impersonating: input()['impersonate'] ?? null },
      })
      expect(await keys()).toEqual(['fixed', 'new-one'])
    },
  )

  test('with the very login that was tried: it is not made a second time', async () => {
    await link(rails())
    await server.ask('{ account(key: "new-one") { profile { email } } }')
    expect(emulators['rails-api-v1'].journal.tokenRequests).toHaveLength(1)
  })

  test('and its credentials are neither shown, nor logged, nor taken for placeholders', async () => {
    process.env['DIALGRAPH_TEST_CANARY'] = emulators.bulutfon.accounts.masterToken.auth['token'] as string
    const input = bulutfonToken()
    const { data } = await link({ ...input, label: '${HOME}', credentials: { token: '${DIALGRAPH_TEST_CANARY}' } })
    delete process.env['DIALGRAPH_TEST_CANARY']
    expect(data.accountLink.userErrors.map(({ code }) => code)).toEqual(['INVALID_CREDENTIALS'])
    const answer = JSON.stringify(await link({ ...input, label: '${HOME}' }))
    expect(answer).toContain('"label":"${HOME}"')
    const token = String(input.credentials['token'])
    expect(answer + server.logLines.join('')).not.toContain(token)
  })
})

describe('an account is not linked', () => {
  const refused = async (input: object, code: string, field: string[] | null, message: RegExp = /./) => {
    const { data, errors } = await link(input)
    expect(errors).toBeUndefined()
    expect(data.accountLink).toEqual({
      account: null,
      userErrors: [
        {
          __typename: 'AccountUserError',
          code,
          field: field && ['input', ...field],
          message: expect.stringMatching(message),
        },
      ],
    })
    expect(await keys()).not.toContain('new-one')
    expect(await server.store.accounts()).toEqual([])
  }
  const tokenRequests = () => emulators['rails-api-v1'].journal.tokenRequests.length
  const changed = (changes: object, input = rails()) => ({ ...input, ...changes })
  const credentials = (changes: object, input = rails()) => ({
    ...input,
    credentials: { ...input.credentials, ...changes },
  })

  test('with a wrong password, which is tried once', async () => {
    await refused(credentials({ password: 'wrong' }), 'INVALID_CREDENTIALS', ['credentials'])
    expect(tokenRequests()).toBe(1)
  })
  test('with a wrong client secret', () =>
    refused(credentials({ clientSecret: 'wrong' }), 'INVALID_CREDENTIALS', ['credentials', 'clientSecret']))
  test('with a token that the provider refuses', () =>
    refused(credentials({ token: 'f'.repeat(40) }, bulutfonToken()), 'INVALID_CREDENTIALS', ['credentials']))
  test('at a provider nobody knows', () =>
    refused(changed({ provider: 'acme' }), 'PROVIDER_UNKNOWN', ['provider'], /bulutfon, ipex, postacell, rails-api-v1/))
  test.each(['STATIC_TOKEN', 'TOKEN_EXCHANGE', 'PASSWORD_PER_CALL', 'JWT_LOGIN', 'OAUTH2_CLIENT_CREDENTIALS'])(
    'by %s, which the provider does not have',
    (flow) => refused(changed({ flow }), 'FLOW_NOT_SUPPORTED', ['flow']),
  )
  test('by a login that needs a browser', () =>
    refused(
      changed({ flow: 'OAUTH2_AUTHORIZATION_CODE' }),
      'FLOW_NOT_SUPPORTED',
      ['flow'],
      /accountAuthorizationBegin/,
    ))
  test.each(['', 'Shop', 'a b', 'a:b', 'a~b', '../a', 'x'.repeat(65)])('under the key %j', (key) =>
    refused(changed({ key }), 'INVALID_INPUT', ['key'], /small letters, digits or hyphens/),
  )
  test('under a label nobody could read', () =>
    refused(changed({ label: 'x'.repeat(201) }), 'INVALID_INPUT', ['label'], /at most 200/))
  test('without a label', () => refused(changed({ label: '' }), 'INVALID_INPUT', ['label'], /not be empty/))
  test.each(['username', 'password', 'clientId', 'clientSecret'])('without its %s', async (name) => {
    await refused(credentials({ [name]: undefined }), 'INVALID_INPUT', ['credentials', name], /is required/)
    expect(tokenRequests()).toBe(0)
  })
  test('with null for a credential', () =>
    refused(credentials({ password: null }), 'INVALID_INPUT', ['credentials', 'password'], /is required/))
  test.each([
    ['an unencrypted one', { api: 'http://example.com' }, ['urls', 'api'], /https/],
    ['one with a password in it', { api: 'https://a:b@example.com' }, ['urls', 'api'], /under auth/],
    [
      'one nobody knows',
      { api: 'https://example.com', other: 'https://example.com' },
      ['urls', 'other'],
      /not a known key/,
    ],
    ['none at all', 'https://example.com', ['urls'], /mapping of keys/],
    ['of another kind', { api: 7 }, ['urls', 'api'], /./],
  ])('with addresses, %s', (_, urls, field, message) =>
    refused(changed({ urls }), 'INVALID_INPUT', field as string[], message as RegExp),
  )
  test('for somebody else, where a login acts for itself alone', () =>
    refused(changed({ impersonate: 'a@b.example' }), 'INVALID_INPUT', ['impersonate']))
  test('for nobody, where the login is to act for somebody', () => {
    const { username, password } = emulators.ipex.accounts.password.auth
    return refused(given(emulators.ipex.accounts.password, 'TOKEN_EXCHANGE', { username, password }), 'INVALID_INPUT', [
      'impersonate',
    ])
  })
  test('for somebody it may not act for', async () => {
    const { auth } = emulators.ipex.accounts.noImpersonation
    const { username, password, impersonate } = auth as Record<string, string>
    const input = given(emulators.ipex.accounts.noImpersonation, 'TOKEN_EXCHANGE', { username, password })
    await refused({ ...input, impersonate }, 'IMPERSONATION_DENIED', ['impersonate'])
  })
  test.each([
    ['is overloaded', { status: 503 }],
    ['answers a page', { html: true }],
    ['breaks off', { reset: true as const, times: Infinity }],
    ['limits us', { status: 429 }],
  ])('where the provider %s', (_, fault) => {
    emulators['rails-api-v1'].faults.next({ path: /token/, ...fault })
    return refused(rails(), 'PROVIDER_UNAVAILABLE', null)
  })
  test('where there is no such login', () => {
    emulators['rails-api-v1'].faults.next({ path: /token/, status: 404, body: '{}' })
    return refused(rails(), 'INVALID_INPUT', ['urls'])
  })
  test('under the key of an account of the file, and no login is tried', async () => {
    const { data } = await link(changed({ key: 'fixed' }))
    expect(data.accountLink.userErrors).toMatchObject([{ code: 'KEY_TAKEN', field: ['input', 'key'] }])
    expect(tokenRequests()).toBe(0)
  })
  test('twice under one key, not even at once', async () => {
    const answers = await Promise.all([link(rails()), link(rails()), link(rails())])
    expect(answers.map(({ data }) => data.accountLink.userErrors[0]?.code ?? 'linked').sort()).toEqual([
      'KEY_TAKEN',
      'KEY_TAKEN',
      'linked',
    ])
    expect((await link(rails())).data.accountLink.userErrors[0]?.code).toBe('KEY_TAKEN')
  })
  test('more than once in one operation, however it is named', async () => {
    const one = `accountLink(input: $input) { account { key } userErrors { code } }`
    const { data, errors } = await server.ask(
      `mutation ($input: AccountLinkInput!) { a: ${one} b: ${one} c: ${one} }`,
      {
        input: credentials({ password: 'wrong' }),
      },
    )
    expect(data).toBeNull()
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('OPERATION_TOO_COMPLEX')
    expect(tokenRequests()).toBe(1)
  })
  test('with an address of this machine, on a server that others can reach', async () => {
    const { accountLinking } = await import('../../../src/server/accounts/linking.js')
    const registry = { find: () => null } as never
    const { providers } = await import('../../../src/providers/index.js')
    const nothing = {} as never
    const linking = accountLinking({
      registry,
      providers,
      revocations: nothing,
      store: nothing,
      services: { clock: systemClock } as never,
      connectLinks: nothing,
      changesPerMinute: 1,
      mayNameThisMachine: false,
    })
    const links = linking(ANYONE, nothing)
    expect(await links.link(rails() as never)).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'urls'] }],
    })
  })
})

describe('a login in the browser is begun', () => {
  const application = () => {
    const { clientId, clientSecret } = emulators.bulutfon.accounts.unlinked.auth
    return {
      provider: 'bulutfon',
      key: 'new-one',
      label: 'New one',
      clientId,
      clientSecret,
      urls: emulators.bulutfon.accounts.unlinked.urls,
    }
  }

  test('for a new account, which is there for everybody once a person has agreed, and not before', async () => {
    const { data } = await begin(application())
    expect(data.accountAuthorizationBegin).toEqual({
      authorizeUrl: `${server.url}/connect/new-one`,
      expiresAt: expect.any(String),
      userErrors: [],
    })
    expect(Date.parse(data.accountAuthorizationBegin.expiresAt!) - Date.now()).toBeGreaterThan(590_000)
    expect(await keys()).toEqual(['fixed'])
    const browser = new Browser()
    const callback = await agree(browser, server, 'new-one')
    expect(await keys()).toEqual(['fixed'])
    const { page } = await browser.follow(await browser.get(callback), callback)
    expect(await page.text()).toContain('“New one” (Bulutfon) is linked')
    expect(await keys()).toEqual(['fixed', 'new-one'])
    const answer = await server.ask<{ account: { profile: { email: string } } }>(
      '{ account(key: "new-one") { profile { email } } }',
    )
    expect(answer.data.account.profile.email).toContain('@')
    expect((await begin(application())).data.accountAuthorizationBegin.userErrors[0]?.code).toBe('KEY_TAKEN')
  })

  test('for a new account, and who follows the logins is told of it once a person has agreed', async () => {
    const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 0 })
    const told = client.iterate({ query: 'subscription { accountHealthChanged { key authorization { status } } }' })
    const state = async () => ((await told.next()).value as { data: { accountHealthChanged: object } }).data
    expect(await state()).toMatchObject({ accountHealthChanged: { key: 'fixed' } })
    await begin(application())
    const browser = new Browser()
    const callback = await agree(browser, server, 'new-one')
    await browser.follow(await browser.get(callback), callback)
    expect(await state()).toEqual({
      accountHealthChanged: { key: 'new-one', authorization: { status: 'ACTIVE' } },
    })
    client.dispose()
  })

  test('for an account of the file or one that is linked, whose link stays', async () => {
    const fixed = await begin({ accountId: await idOf('fixed') })
    expect(fixed.data.accountAuthorizationBegin).toEqual({
      authorizeUrl: `${server.url}/connect/fixed`,
      expiresAt: null,
      userErrors: [],
    })
  })

  test('anew for a key that waits, and the first beginning is forgotten', async () => {
    await begin(application())
    const browser = new Browser()
    const first = await agree(browser, server, 'new-one')
    await begin({ ...application(), label: 'Second' })
    const { page } = await browser.follow(await browser.get(first), first)
    expect(page.status).toBe(400)
    expect(await keys()).toEqual(['fixed'])
    const second = await agree(browser, server, 'new-one')
    expect(await (await browser.follow(await browser.get(second), second)).page.text()).toContain(
      '“Second” (Bulutfon) is linked',
    )
  })

  test('for ten minutes: a person who comes later finds nothing to link', async () => {
    await begin(application())
    const browser = new Browser()
    const callback = await agree(browser, server, 'new-one')
    server.clock.advance(601)
    await begin({ ...application(), key: 'another' })
    expect((await browser.follow(await browser.get(callback), callback)).page.status).toBe(400)
    expect((await browser.get(`${server.url}/connect/new-one`)).status).toBe(404)
    expect((await server.store.accounts()).map(({ key }) => key)).toEqual(['another'])
  })

  test('for five new accounts at once, and the oldest makes room', async () => {
    for (let count = 1; count <= 30; count++) await begin({ ...application(), key: `waiting-${count}` })
    expect((await server.store.accounts()).map(({ key }) => key)).toEqual(
      [26, 27, 28, 29, 30].map((count) => `waiting-${count}`),
    )
  })

  test('and renames a linked account on the way, but not one of the file', async () => {
    const { data } = await begin({ accountId: await idOf('fixed'), label: 'Other' })
    expect(data.accountAuthorizationBegin.userErrors).toMatchObject([
      { code: 'MANAGED_BY_CONFIGURATION', field: ['input', 'label'] },
    ])
    await begin(application())
    const browser = new Browser()
    const callback = await agree(browser, server, 'new-one')
    await browser.get(callback)
    const again = await begin({ accountId: await idOf('new-one'), label: 'Renamed' })
    expect(again.data.accountAuthorizationBegin.userErrors).toEqual([])
    const { data: named } = await server.ask<{ account: { label: string; authorization: { status: string } } }>(
      '{ account(key: "new-one") { label authorization { status } } }',
    )
    expect(named.account).toEqual({ label: 'Renamed', authorization: { status: 'ACTIVE' } })
  })

  test.each([
    ['without a provider', { provider: undefined }, 'INVALID_INPUT', ['provider']],
    ['without a key', { key: undefined }, 'INVALID_INPUT', ['key']],
    ['without a label', { label: undefined }, 'INVALID_INPUT', ['label']],
    ['without a client id', { clientId: undefined }, 'INVALID_INPUT', ['clientId']],
    ['under a key that is none', { key: 'A B' }, 'INVALID_INPUT', ['key']],
    ['with a strange address', { urls: { api: 'ftp://x' } }, 'INVALID_INPUT', ['urls', 'api']],
    ['at a provider nobody knows', { provider: 'acme' }, 'PROVIDER_UNKNOWN', ['provider']],
    ['at a provider without such logins', { provider: 'postacell' }, 'FLOW_NOT_SUPPORTED', ['flow']],
    ['under the key of an account of the file', { key: 'fixed' }, 'KEY_TAKEN', ['key']],
    ['for an account that does not exist', { accountId: 'QTpub2JvZHk6' }, 'NOT_FOUND', ['accountId']],
  ])('not %s', async (_, changes, code, field) => {
    const { data } = await begin({ ...application(), ...changes })
    expect(data.accountAuthorizationBegin).toMatchObject({
      authorizeUrl: null,
      expiresAt: null,
      userErrors: [{ code, field: ['input', ...field] }],
    })
  })

  test('not for an account whose login needs no browser, nor with what belongs to a new one', async () => {
    await link(rails())
    const id = await idOf('new-one')
    expect((await begin({ accountId: id })).data.accountAuthorizationBegin.userErrors).toMatchObject([
      { code: 'FLOW_NOT_SUPPORTED' },
    ])
    expect((await begin({ accountId: id, key: 'other' })).data.accountAuthorizationBegin.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', field: ['input', 'key'] },
    ])
  })
})

describe('an account is unlinked', () => {
  const revocations = () => emulators['rails-api-v1'].journal.entries.filter(({ path }) => path === '/oauth/revoke')

  test('and gone with its tokens, which the provider is told of', async () => {
    const { id } = (await link(rails())).data.accountLink.account!
    const row = (await server.store.read((await loginKeys())[0]!))!
    const { data } = await unlink(id)
    expect(data.accountUnlink).toEqual({ unlinkedAccountId: id, userErrors: [] })
    expect(await keys()).toEqual(['fixed'])
    expect(await server.store.accounts()).toEqual([])
    await until(() => revocations().length === 1)
    expect(revocations()[0]!.status).toBe(200)
    expect(await isGood(row.refreshToken!.reveal())).toBe(false)
    await until(async () => (await server.store.dueRevocations(Infinity)).length === 0)
  })

  test('with a token that has run out: it is renewed and used, so that the provider lets both generations be revoked', async () => {
    const { id } = (await link(rails())).data.accountLink.account!
    const first = (await server.store.read((await loginKeys())[0]!))!
    emulators.advance(90)
    server.clock.advance(90)
    emulators['rails-api-v1'].journal.clear()
    await unlink(id)
    await until(() => revocations().length === 1)
    const told = emulators['rails-api-v1'].journal.entries.map(({ path, query }) =>
      `${path} ${query['grant_type'] ?? ''}`.trim(),
    )
    expect(told).toEqual(['/oauth/token refresh_token', '/oauth/token/info', '/oauth/revoke'])
    expect(await isGood(first.refreshToken!.reveal())).toBe(false)
    await nothingIsAlive()
  })

  test('and its key is free for another, which has nothing of the first', async () => {
    const first = (await link(rails())).data.accountLink.account!
    await unlink(first.id)
    const { data } = await link({ ...bulutfonToken(), key: 'new-one' })
    expect(data.accountLink.account).toMatchObject({ id: first.id, provider: { slug: 'bulutfon' } })
    expect(await keys()).toEqual(['fixed', 'new-one'])
  })

  test('not when it stands in the file, nor when it is none, nor twice', async () => {
    const fixed = await unlink((await idOf('fixed'))!)
    expect(fixed.data.accountUnlink).toMatchObject({
      unlinkedAccountId: null,
      userErrors: [{ code: 'MANAGED_BY_CONFIGURATION', field: ['input', 'accountId'] }],
    })
    for (const id of ['', 'nonsense', 'QTpub2JvZHk6', 'UDpidWx1dGZvbjo', 'x'.repeat(5_000)]) {
      expect((await unlink(id)).data.accountUnlink).toMatchObject({
        unlinkedAccountId: null,
        userErrors: [{ code: 'NOT_FOUND' }],
      })
    }
    const { id } = (await link(bulutfonToken())).data.accountLink.account!
    await unlink(id)
    expect((await unlink(id)).data.accountUnlink.userErrors[0]?.code).toBe('NOT_FOUND')
  })

  test('while its token is being renewed: what comes of that is stored nowhere, and revoked', async () => {
    const { id } = (await link(rails())).data.accountLink.account!
    emulators.advance(90)
    server.clock.advance(90)
    emulators['rails-api-v1'].journal.clear()
    let release!: () => void
    emulators['rails-api-v1'].faults.next({
      path: /oauth\/token/,
      until: new Promise<void>((resolve) => (release = resolve)),
    })
    const reading: Promise<Answer<unknown>> = server.ask('{ account(key: "new-one") { profile { email } } }')
    await until(() => emulators['rails-api-v1'].journal.tokenRequests.length === 1)
    const unlinking = unlink(id)
    await until(async () => (await server.store.accounts()).length === 0)
    release()
    expect((await unlinking).data.accountUnlink.unlinkedAccountId).toBe(id)
    expect((await reading).errors?.[0]?.extensions.code).toBe('CREDENTIALS_UNAVAILABLE')
    await until(async () => (await server.store.dueRevocations(Infinity)).length === 0 && revocations().length > 0)
    await nothingIsAlive()
    expect(await keys()).toEqual(['fixed'])
    expect(server.logLines.join('')).toContain('"outcome":"discarded"')
  })

  async function isGood(refreshToken: string): Promise<boolean> {
    const { clientId, clientSecret } = rails().credentials
    const answer = await fetch(`${emulators['rails-api-v1'].url}/oauth/token?grant_type=refresh_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret }),
    })
    return answer.ok
  }

  /** Every refresh token that was ever issued. */
  async function nothingIsAlive(): Promise<void> {
    const { refreshToken } = emulators['rails-api-v1'].accounts.authorizationCode.auth
    for (const secret of emulators['rails-api-v1'].secrets()) {
      if (/^[\w-]{40,64}$/.test(secret) && secret !== refreshToken) expect(await isGood(secret)).toBe(false)
    }
  }

  const loginKeys = async () => (await server.store.accounts()).map(({ key, link: mark }) => `${key}~${mark}`)
})

test('a callback that was begun for an account finds it gone, and links no other of its name', async () => {
  const { clientId, clientSecret } = emulators.bulutfon.accounts.unlinked.auth
  const input = {
    provider: 'bulutfon',
    key: 'new-one',
    label: 'One',
    clientId,
    clientSecret,
    urls: emulators.bulutfon.accounts.unlinked.urls,
  }
  await begin(input)
  const browser = new Browser()
  const linking = await agree(browser, server, 'new-one')
  await browser.get(linking)
  const relinking = await decide(
    browser,
    new URL((await browser.get(`${server.url}/connect/new-one`)).headers.get('location')!),
  )
  await unlink((await idOf('new-one'))!)
  await begin({ ...input, label: 'Two' })
  emulators.bulutfon.journal.clear()
  expect((await browser.follow(await browser.get(relinking), relinking)).page.status).toBe(400)
  expect(emulators.bulutfon.journal.tokenRequests).toEqual([])
  expect(await keys()).toEqual(['fixed'])
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}

test('a store that cannot be written is no fault of the caller, and passes', async () => {
  const gone = () => Promise.reject(new Error('the disk is full'))
  const sick = await startLoginServer({ store: { ...memoryStore(), link: gone, unlink: gone } })
  const { data, errors } = await sick.ask(LINK, { input: rails() })
  expect(data).toBeNull()
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', retryable: true })
  expect(JSON.stringify(errors)).not.toContain('disk')
  await sick.close()
})
