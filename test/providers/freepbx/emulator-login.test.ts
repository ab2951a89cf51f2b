import { describe, expect, test } from '@jest/globals'

import { withEmulator, type Reply } from './emulated.js'

const PROFILES = ['16', '17'] as const
const shown = ({ status, body }: Reply) => ({ status, error: body.error, hint: body.hint })

describe.each(PROFILES)('the token endpoint of %s', (profile) => {
  test('gives a machine a token for an hour: no refresh token, no scope', () =>
    withEmulator({ profile }, async (pbx) => {
      const { status, headers, body } = await pbx.token({
        grant_type: 'client_credentials',
        ...pbx.client(),
        scope: 'gql:core:read gql:cdr:read',
      })
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/json; charset=UTF-8')
      expect(Object.keys(body as object).sort()).toEqual(['access_token', 'expires_in', 'token_type'])
      expect(body.expires_in).toBe(3600)
      const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString()) as object
      expect(claims).toMatchObject({ sub: '', scopes: ['gql:core:read', 'gql:cdr:read'] })
    }))

  test('takes the client from HTTP Basic', () =>
    withEmulator({ profile }, async (pbx) => {
      const { client_id, client_secret } = pbx.client()
      const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64')
      const answer = await pbx.token({ grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` })
      expect(answer.status).toBe(200)
    }))

  test('rotates a user’s refresh token: the old one and the old access token are dead at once', () =>
    withEmulator({ profile }, async (pbx) => {
      const first = await pbx.token({ grant_type: 'password', ...pbx.client('native'), ...pbx.user() })
      const refresh = { grant_type: 'refresh_token', ...pbx.client('native'), refresh_token: first.body.refresh_token }
      const second = await pbx.token(refresh)
      expect(second.body.refresh_token).not.toBe(first.body.refresh_token)
      expect((await pbx.ask(first.body.access_token, '{ system { version } }')).status).toBe(
        profile === '16' ? 401 : 500,
      )
      expect((await pbx.ask(second.body.access_token, '{ system { version } }')).status).toBe(200)
      expect(shown(await pbx.token(refresh))).toEqual({
        status: 401,
        error: 'invalid_request',
        hint: 'Token has been revoked',
      })
    }))

  test('refuses in the words of the table', () =>
    withEmulator({ profile }, async (pbx) => {
      const machine = { grant_type: 'client_credentials', ...pbx.client() }
      const seventeen = profile === '17'
      expect(shown(await pbx.token({ ...machine, client_secret: 'x' }))).toMatchObject({
        status: 401,
        error: 'invalid_client',
      })
      expect(shown(await pbx.token({ ...machine, grant_type: 'password' }))).toMatchObject({ error: 'invalid_client' })
      expect(shown(await pbx.token({ ...machine, scope: 'gql:core:read nonsense' }))).toEqual({
        ...{ status: 400, error: 'invalid_scope', hint: 'Check the `nonsense` scope' },
      })
      const user = { grant_type: 'password', ...pbx.client('native'), ...pbx.user(), password: 'wrong' }
      expect(shown(await pbx.token(user))).toMatchObject(
        seventeen ? { status: 400, error: 'invalid_grant' } : { status: 401, error: 'invalid_credentials' },
      )
      const refresh = { grant_type: 'refresh_token', ...pbx.client('native'), refresh_token: 'garbage' }
      expect(shown(await pbx.token(refresh))).toMatchObject({ status: 401, error: 'invalid_request' })
      expect(shown(await pbx.token({ ...machine, grant_type: 'nothing' }))).toMatchObject({
        ...{ status: 400, error: 'unsupported_grant_type' },
      })
      const { body } = await pbx.token({ ...machine, client_secret: 'x' })
      expect('error_description' in body).toBe(seventeen)
    }))

  test('takes spaces between scopes and no commas, and names what is not installed', () =>
    withEmulator({ profile, missingModules: ['ringgroups'] }, async (pbx) => {
      const ask = async (scope: string) =>
        shown(await pbx.token({ grant_type: 'client_credentials', ...pbx.client(), scope }))
      expect(await ask('gql:core:read,gql:cdr:read')).toMatchObject({ status: 400, error: 'invalid_scope' })
      expect(await ask('gql:queues')).toMatchObject({ status: 400, hint: 'Check the `gql:queues` scope' })
      expect(await ask('rest:cdr')).toMatchObject({ status: 400 })
      expect(await ask('gql:ringgroups:read')).toMatchObject({
        status: 400,
        hint: 'Check the `gql:ringgroups:read` scope',
      })
      expect(await ask('gql:cdr:write rest:queues:read')).toMatchObject({ status: 200 })
    }))
})

test('a login in JSON is taken by 16 and refused by 17', async () => {
  for (const [profile, status] of [
    ['16', 200],
    ['17', 400],
  ] as const) {
    await withEmulator({ profile }, async (pbx) => {
      const body = JSON.stringify({ grant_type: 'client_credentials', ...pbx.client() })
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      expect((await fetch(`${pbx.url}/token`, init)).status).toBe(status)
    })
  }
})

describe('a dead token', () => {
  test.each([
    ['missing', 'Missing "Authorization" header'],
    ['garbage', 'Error while decoding to JSON'],
    ['expired', 'Access token is invalid'],
    ['revoked', 'Access token has been revoked'],
  ])('is a 401 with a hint in 16, and an exception with status 500 in 17: %s', async (kind, hint) => {
    for (const profile of PROFILES) {
      await withEmulator({ profile }, async (pbx) => {
        const token = await pbx.login()
        if (kind === 'expired') pbx.emulator.clock.advance(3_601_000)
        if (kind === 'revoked') pbx.emulator.revokeAccessTokens()
        const answer = await pbx.ask(
          kind === 'missing' ? null : kind === 'garbage' ? 'a.b.c' : token,
          '{ node(id: "1") { id } }',
        )
        if (profile === '16') expect(shown(answer)).toEqual({ status: 401, error: 'access_denied', hint })
        else {
          expect(answer.status).toBe(500)
          expect(answer.body.error).toMatchObject({ code: 9, type: expect.stringMatching(/OAuthServerException$/) })
        }
      })
    }
  })

  test('is refused where the word Bearer is small', () =>
    withEmulator({}, async (pbx) => {
      const headers = { authorization: `bearer ${await pbx.login()}`, 'content-type': 'application/json' }
      expect((await fetch(`${pbx.url}/gql`, { method: 'POST', headers, body: '{}' })).status).toBe(401)
    }))
})
