import { createHash } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'

import { startIpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { createStory } from '../../../src/emulator/create-story.js'
import {
  credentials,
  exchange,
  login,
  NOW,
  passwordGrant,
  postForm,
  postJson,
  read,
  refreshGrant,
  send,
  withEmulator,
  type Reply,
} from './emulated.js'

const prague = createStory({ now: NOW, scale: 0.05 }).offices.prague

describe('the token endpoint', () => {
  test('sells a token that lives 3000 seconds and a refresh token that lives 7200', () =>
    withEmulator({}, async (emulator) => {
      const { status, body } = await passwordGrant(emulator)
      expect(status).toBe(200)
      expect(body).toEqual({
        access_token: expect.any(String),
        expires_in: 3000,
        refresh_expires_in: 7200,
        refresh_token: expect.any(String),
        token_type: 'Bearer',
        'not-before-policy': 0,
        session_state: expect.stringMatching(/^[0-9a-f-]{36}$/),
        scope: 'profile email',
      })
      expect(decodeJwt(body.access_token)).toMatchObject({
        email: credentials(emulator).username,
        iat: NOW / 1000,
        exp: NOW / 1000 + 3000,
      })
    }))

  test('adds an id_token exactly when openid is in the scope', () =>
    withEmulator({}, async (emulator) => {
      const { body } = await passwordGrant(emulator, 'password', { scope: 'openid profile' })
      expect(decodeJwt(body.id_token)).toMatchObject({ typ: 'ID', email: credentials(emulator).username })
      expect(body.scope).toBe('openid profile email')
    }))

  test('refuses a bad password with 401 and a dead refresh token with 400, both invalid_grant', () =>
    withEmulator({}, async (emulator) => {
      const refused = await passwordGrant(emulator, 'password', { password: 'wrong' })
      expect(refused).toMatchObject({
        status: 401,
        body: { error: 'invalid_grant', error_description: 'Invalid user credentials' },
      })
      const garbage = await refreshGrant(emulator, 'garbage')
      expect(garbage).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Invalid refresh token' },
      })
    }))

  test.each([
    ['no grant type', { client_id: 'api' }, 400, 'invalid_request'],
    ['another grant type', { grant_type: 'implicit', client_id: 'api' }, 400, 'unsupported_grant_type'],
    ['an unknown client', { grant_type: 'password', client_id: 'nobody' }, 401, 'invalid_client'],
    ['a client for browsers', { grant_type: 'password', client_id: 'portal' }, 400, 'unauthorized_client'],
    ['no user name', { grant_type: 'password', client_id: 'api' }, 400, 'invalid_request'],
    ['no refresh token', { grant_type: 'refresh_token', client_id: 'api' }, 400, 'invalid_request'],
  ])('answers %s in words of OAuth', (_, fields, status, error) =>
    withEmulator({}, async (emulator) => {
      expect(await postForm(emulator, fields)).toMatchObject({ status, body: { error } })
    }),
  )

  test('reads forms only, the exchange JSON only', () =>
    withEmulator({}, async (emulator) => {
      const { username, password } = credentials(emulator)
      const fields = { grant_type: 'password', client_id: 'api', username, password }
      expect(await postJson(`${emulator.url}/auth/token`, fields)).toMatchObject({ status: 415 })
      const asForm = await send(`${emulator.url}/auth/token-exchange`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await login(emulator)}` },
        body: new URLSearchParams({ email: credentials(emulator, 'impersonating').impersonate }),
      })
      expect(asForm).toMatchObject({ status: 415, body: { statusCode: 415, error: 'Unsupported Media Type' } })
    }))

  test('answers a new refresh token each time and lets the old one live by default', () =>
    withEmulator({}, async (emulator) => {
      const first = (await passwordGrant(emulator)).body
      const second = (await refreshGrant(emulator, first.refresh_token)).body
      expect(second.refresh_token).not.toBe(first.refresh_token)
      expect(second.session_state).toBe(first.session_state)
      expect((await refreshGrant(emulator, first.refresh_token)).status).toBe(200)
    }))

  test('refuses a refresh token used twice when reuse is rejected', () =>
    withEmulator({ refreshReuse: 'reject' }, async (emulator) => {
      const { refresh_token } = (await passwordGrant(emulator)).body
      expect((await refreshGrant(emulator, refresh_token)).status).toBe(200)
      expect(await refreshGrant(emulator, refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }))

  test('lets refresh tokens run out, and says 0 for those that never do', async () => {
    await withEmulator({}, async (emulator) => {
      const { refresh_token } = (await passwordGrant(emulator)).body
      emulator.clock.advance(7200_000)
      expect(await refreshGrant(emulator, refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Token is not active' },
      })
    })
    await withEmulator({ refreshTokenSeconds: 0 }, async (emulator) => {
      const { refresh_token, refresh_expires_in } = (await passwordGrant(emulator)).body
      expect(refresh_expires_in).toBe(0)
      emulator.clock.advance(365 * 24 * 3600_000)
      expect((await refreshGrant(emulator, refresh_token)).status).toBe(200)
    })
  })

  test('a refresh does not outlive the session it belongs to', () =>
    withEmulator({ sessionSeconds: 9000 }, async (emulator) => {
      const first = (await passwordGrant(emulator)).body
      emulator.clock.advance(7000_000)
      const second = (await refreshGrant(emulator, first.refresh_token)).body
      expect(second).toMatchObject({ expires_in: 2000, refresh_expires_in: 2000 })
    }))

  test('an ended session, a changed password and a required action refuse in their own ways', () =>
    withEmulator({}, async (emulator) => {
      const { refresh_token, access_token } = (await passwordGrant(emulator)).body
      emulator.endSessions()
      expect((await read(emulator, '/numbers', access_token)).status).toBe(401)
      expect(await refreshGrant(emulator, refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Session not active' },
      })
      emulator.requireAction()
      expect(await passwordGrant(emulator)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      emulator.changePassword()
      expect((await passwordGrant(emulator)).status).toBe(401)
      emulator.reset()
      expect((await passwordGrant(emulator)).status).toBe(200)
    }))
})

describe('resources', () => {
  test.each([
    ['no token', undefined, 'Missing authentication'],
    ['an unknown token', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Invalid token'],
  ])('refuse %s with a 401 of boom', (_, authorization, message) =>
    withEmulator({}, async (emulator) => {
      const reply = await send(`${emulator.url}/ipbxapi/numbers`, {
        headers: { ...(authorization && { authorization }) },
      })
      expect(reply).toMatchObject({ status: 401, body: { statusCode: 401, error: 'Unauthorized', message } })
      expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }),
  )

  test('want the word Bearer before the token', () =>
    withEmulator({}, async (emulator) => {
      const authorization = await login(emulator)
      expect((await send(`${emulator.url}/ipbxapi/numbers`, { headers: { authorization } })).status).toBe(401)
    }))

  test('refuse a token when its time is over, when it was made to run out, and when it was revoked', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator)
      emulator.clock.advance(2999_000)
      expect((await read(emulator, '/numbers', token)).status).toBe(200)
      emulator.clock.advance(1000)
      expect(await read(emulator, '/numbers', token)).toMatchObject({ status: 401, body: { message: 'Token expired' } })
      const { access_token, refresh_token } = (await passwordGrant(emulator)).body
      emulator.expireAccessTokens()
      expect((await read(emulator, '/numbers', access_token)).status).toBe(401)
      const renewed = (await refreshGrant(emulator, refresh_token)).body
      emulator.revokeRefreshTokens()
      expect((await read(emulator, '/numbers', renewed.access_token)).status).toBe(200)
      expect((await refreshGrant(emulator, renewed.refresh_token)).status).toBe(400)
      emulator.revokeAccessTokens()
      expect((await read(emulator, '/numbers', renewed.access_token)).status).toBe(401)
    }))

  test('an unknown path is a 404 of boom', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator)
      expect(await read(emulator, '/queues', token)).toMatchObject({
        status: 404,
        body: { statusCode: 404, error: 'Not Found' },
      })
    }))

  test('count requests for each login apart, and let go again when the time is over', () =>
    withEmulator({ rateLimit: { requests: 2, seconds: 10 } }, async (emulator) => {
      const [token, other] = [await login(emulator), await login(emulator, 'other')]
      for (const _ of [1, 2]) expect((await read(emulator, '/members', token)).status).toBe(200)
      emulator.clock.advance(4000)
      const refused = await read(emulator, '/members', token)
      expect(refused).toMatchObject({ status: 429, body: { statusCode: 429, error: 'Too Many Requests' } })
      expect(refused.headers.get('retry-after')).toBe('6')
      expect((await read(emulator, '/members', other)).status).toBe(200)
      emulator.clock.advance(6001)
      expect((await read(emulator, '/members', token)).status).toBe(200)
    }))

  test('ignore undeclared parameters unless told to be strict', async () => {
    await withEmulator({}, async (emulator) => {
      expect((await read(emulator, '/numbers?colour=red', await login(emulator))).status).toBe(200)
    })
    await withEmulator({ strictQuery: true }, async (emulator) => {
      expect(await read(emulator, '/numbers?colour=red', await login(emulator))).toMatchObject({
        status: 400,
        body: { statusCode: 400, error: 'Bad Request', validation: { source: 'query', keys: ['colour'] } },
      })
    })
  })

  test('the journal names the login behind each request', () =>
    withEmulator({}, async (emulator) => {
      await read(emulator, '/numbers', await login(emulator))
      await read(emulator, '/numbers', await login(emulator, 'other'))
      await read(emulator, '/numbers', 'unknown')
      expect(emulator.journal.apiRequests.map(({ account }) => account)).toEqual([
        credentials(emulator).username,
        credentials(emulator, 'other').username,
        null,
      ])
      expect(emulator.journal.tokenRequests).toHaveLength(2)
      expect(emulator.journal.lines()).toEqual(Array(3).fill('GET /ipbxapi/numbers'))
    }))
})

describe('impersonation', () => {
  test('an access with the flag gets a token that is the user', () =>
    withEmulator({}, async (emulator) => {
      const { impersonate } = credentials(emulator, 'impersonating')
      const { status, body } = await exchange(emulator, await login(emulator), impersonate)
      expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3000 } })
      const me = await send(`${emulator.url}/restapi/v1/users/me`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      })
      const { firstName, lastName } = prague.extensions[0]!.person!
      expect(me.body).toEqual({
        userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ...{ firstName, lastName, email: impersonate, pbxRoles: ['pbx_user'] },
        customerId: expect.any(Number),
      })
      expect(emulator.journal.apiRequests.at(-1)?.account).toBe(`${credentials(emulator).username} as ${impersonate}`)
      const renewed = await refreshGrant(emulator, body.refresh_token)
      expect(decodeJwt(renewed.body.access_token)).toMatchObject({ sub: me.body.userId, email: impersonate })
    }))

  test('the login of a user is as good as the e-mail', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator)
      const users = (await read(emulator, '/pbx/users', token)).body as { login: string }[]
      const plain = users.find(({ login: name }) => !name.includes('@') && !name.startsWith('linka'))
      expect((await exchange(emulator, token, plain!.login)).status).toBe(200)
    }))

  test('is refused without the flag (403), for strangers (404), with a dead token (401) and without a name (400)', () =>
    withEmulator({}, async (emulator) => {
      const { impersonate } = credentials(emulator, 'noImpersonation')
      expect((await exchange(emulator, await login(emulator, 'noImpersonation'), impersonate)).status).toBe(403)
      const token = await login(emulator)
      expect((await exchange(emulator, token, 'ludmila.pristavni@vorlik-lode.example')).status).toBe(404)
      expect((await postJson(`${emulator.url}/auth/token-exchange`, {}, `Bearer ${token}`)).status).toBe(400)
      emulator.expireAccessTokens()
      expect((await exchange(emulator, token, impersonate)).status).toBe(401)
    }))

  test('taken back, it ends the tokens of that user and nobody else', () =>
    withEmulator({}, async (emulator) => {
      const { impersonate } = credentials(emulator, 'impersonating')
      const token = await login(emulator)
      const child = (await exchange(emulator, token, impersonate)).body
      emulator.revokeImpersonation(impersonate)
      expect((await read(emulator, '/numbers', child.access_token)).status).toBe(401)
      expect((await refreshGrant(emulator, child.refresh_token)).status).toBe(400)
      expect((await exchange(emulator, token, impersonate)).status).toBe(403)
      expect((await read(emulator, '/numbers', token)).status).toBe(200)
    }))

  test('may answer nothing but the token', () =>
    withEmulator({ exchangeReturnsRefresh: false, exchangeReturnsExpiry: false }, async (emulator) => {
      const { impersonate } = credentials(emulator, 'impersonating')
      const { body } = await exchange(emulator, await login(emulator), impersonate)
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer' })
    }))

  test('user-level functions need the flag, the call log and the switchboard do not', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator, 'noImpersonation')
      const statuses = async (paths: string[]) =>
        Promise.all(paths.map(async (path) => (await read(emulator, path, token)).status))
      expect(await statuses(['/profiles', '/calls/current', '/calls/missed', '/calls/transfer/destinations'])).toEqual(
        Array(4).fill(403),
      )
      expect(
        await statuses(['/numbers', '/pbx/users', '/members', '/calls', '/recordings', '/reports/queues']),
      ).toEqual(Array(6).fill(200))
    }))
})

describe('the older logins', () => {
  const rest = (url: string, path: string, body: unknown) => postJson(`${url}/restapi${path}`, body)

  test('sso sells an hour, accepted everywhere behind Bearer, renewed by the refresh token alone in the header', () =>
    withEmulator({}, async (emulator) => {
      const { email, password } = emulator.accounts.sso.auth
      const { body } = await rest(emulator.url, '/v1/sso/login', { email, password })
      expect(body).toMatchObject({
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        expires_in: 3600,
      })
      expect((await read(emulator, '/numbers', body.access_token)).status).toBe(200)
      const renew = (authorization: string) =>
        send(`${emulator.url}/restapi/v1/sso/refresh`, { method: 'POST', headers: { authorization } })
      expect((await renew(`Bearer ${body.refresh_token}`)).status).toBe(401)
      expect((await renew(body.refresh_token)).body.access_token).not.toBe(body.access_token)
      expect(await rest(emulator.url, '/v1/sso/login', { email, password: 'wrong' })).toMatchObject({ status: 401 })
    }))

  test('sso can spell its answer in camel case, with the names', () =>
    withEmulator({ ssoSpelling: 'camel' }, async (emulator) => {
      const { email, password } = emulator.accounts.sso.auth
      expect((await rest(emulator.url, '/v1/sso/login', { email, password })).body).toEqual({
        ...{ accessToken: expect.any(String), refreshToken: expect.any(String), userId: expect.any(String) },
        ...{ firstName: 'API', lastName: prague.label, email, pbxRoles: ['pbx_user'] },
        expiresAt: new Date(NOW + 3600_000).toISOString(),
      })
    }))

  test('the wholesale token stands alone in the header and cannot be renewed', () =>
    withEmulator({}, async (emulator) => {
      const { username, password } = emulator.accounts.b2b.auth
      const { body } = await rest(emulator.url, '/v1/token', { username, password })
      expect(body).toEqual({ accessToken: expect.any(String), expire: new Date(NOW + 3600_000).toISOString() })
      const numbers = (authorization: string) => send(`${emulator.url}/ipbxapi/numbers`, { headers: { authorization } })
      expect((await numbers(body.accessToken)).status).toBe(200)
      expect((await numbers(`Bearer ${body.accessToken}`)).status).toBe(401)
    }))
})

describe('knobs', () => {
  const me = async (url: string, token: string) =>
    send(`${url}/restapi/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })

  test('tokens can be opaque, and JWTs silent about who they are', async () => {
    await withEmulator({ accessTokenForm: 'opaque' }, async (emulator) => {
      const token = await login(emulator)
      expect(token).not.toContain('.')
      expect((await me(emulator.url, token)).body).toMatchObject({
        email: credentials(emulator).username,
        pbxRoles: [],
      })
    })
    await withEmulator({ identityClaims: false }, async (emulator) => {
      expect(decodeJwt(await login(emulator))).not.toHaveProperty('email')
    })
  })

  test('/v1/users/me can be missing', () =>
    withEmulator({ usersMe: false }, async (emulator) => {
      expect((await me(emulator.url, await login(emulator))).status).toBe(404)
    }))

  test('older statuses can be had for an unknown client, no form, and an unknown user', () =>
    withEmulator(
      { unknownClientStatus: 400, notAFormStatus: 400, exchangeUnknownUserStatus: 400 },
      async (emulator) => {
        expect((await postForm(emulator, { grant_type: 'password', client_id: 'nobody' })).status).toBe(400)
        expect((await postJson(`${emulator.url}/auth/token`, {})).status).toBe(400)
        expect((await exchange(emulator, await login(emulator), 'nobody@egeyelken.example')).status).toBe(400)
      },
    ))

  test('a 401 can come without a challenge, a 429 without a time', () =>
    withEmulator(
      { wwwAuthenticate: false, retryAfter: false, rateLimit: { requests: 0, seconds: 1 } },
      async (emulator) => {
        expect((await read(emulator, '/numbers', 'unknown')).headers.has('www-authenticate')).toBe(false)
        const limited = await read(emulator, '/numbers', await login(emulator))
        expect([limited.status, limited.headers.has('retry-after')]).toEqual([429, false])
      },
    ))

  test('an incoming row can name the phone instead of the number dialled', async () => {
    const dst = async (knobs: Record<string, unknown>) => {
      let found = ''
      await withEmulator(knobs, async (emulator) => {
        const { linkedid } = emulator.addCall()
        found = (await read(emulator, `/calls?linkedid=${linkedid}`, await login(emulator))).body.items[0].dst
      })
      return found
    }
    expect(await dst({})).toMatch(/910000341$/)
    expect(await dst({ inboundDst: 'line' })).toBe(prague.extensions[0]!.number)
  })
})

describe('the directory', () => {
  const rows = async (path: string, account: 'password' | 'other' = 'password', knobs = {}) => {
    let body: Record<string, Reply['body']>[] = []
    await withEmulator(knobs, async (emulator) => {
      body = (await read(emulator, path, await login(emulator, account))).body
    })
    return body
  }

  test('/numbers holds outside numbers, lines and caller-ID numbers in one bare array', async () => {
    const numbers = await rows('/numbers')
    expect(new Set(numbers.map(({ type }) => type))).toEqual(new Set(['ddi', 'exten', 'cid']))
    expect(new Set(numbers.map(({ ownerType }) => ownerType))).toEqual(new Set(['user', 'application']))
    for (const number of numbers) {
      expect(number).toMatchObject({
        id: expect.any(String),
        number: expect.any(String),
        ownerId: expect.any(String),
        numplan: {},
      })
    }
    const active = prague.dids.filter(({ state }) => state === 'active')
    const listed = numbers
      .filter(({ type }) => type === 'ddi')
      .map(({ number }) => number.replace(/^(\+420|00420|420)?/, '+420'))
    expect(listed).toEqual(active.map(({ number }) => number))
  })

  test('numbers are written in several ways, mostly without a plus sign', async () => {
    let numbers: string[] = []
    const emulator = await startIpexEmulator({ now: NOW })
    try {
      const { body } = await read(emulator, '/numbers', await login(emulator))
      numbers = body
        .filter(({ type }: { type: string }) => type !== 'exten')
        .map(({ number }: { number: string }) => number)
    } finally {
      await emulator.close()
    }
    const forms = [/^420\d{9}$/, /^\d{9}$/, /^\+420\d{9}$/, /^00420\d{9}$/]
    for (const form of forms) expect(numbers.some((number) => form.test(number))).toBe(true)
    expect(numbers.filter((number) => number.startsWith('+')).length).toBeLessThan(numbers.length / 2)
  })

  test('filters by type and owner, and by the switchboard there is', async () => {
    expect((await rows('/numbers?type=exten&ownerType=user')).map(({ number }) => number)).toEqual(
      prague.extensions.map(({ number }) => number),
    )
    expect((await rows('/numbers?type=ddi', 'password', { outsideNumberType: 'did' })).length).toBe(0)
    expect((await rows('/numbers?pbxId=71')).length).toBeGreaterThan(0)
    expect(await rows('/numbers?pbxId=72')).toMatchObject({ statusCode: 404 })
    expect(await rows('/numbers?pbxId=x')).toMatchObject({ statusCode: 400 })
  })

  test('a number and a user have details; unknown ones are 404', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator)
      for (const path of ['/numbers', '/pbx/users']) {
        const [first] = (await read(emulator, path, token)).body
        expect((await read(emulator, `${path}/${first.id}`, token)).body).toEqual(first)
        expect(await read(emulator, `${path}/0`, token)).toMatchObject({ status: 404, body: { error: 'Not Found' } })
      }
    }))

  test('/pbx/users says the line as a number, so that leading zeros are lost, and finds it so', async () => {
    const users = await rows('/pbx/users')
    expect(users.map(({ exten }) => exten)).toEqual(prague.extensions.map(({ number }) => Number(number)))
    expect(
      users.some(({ login: name }) => name.includes('@')) && users.some(({ login: name }) => !name.includes('@')),
    ).toBe(true)
    expect(await rows('/pbx/users?exten=101')).toEqual([users[0]])
    expect(await rows(`/pbx/users?login=${encodeURIComponent(users[1]!['login'])}`)).toEqual([users[1]])
    const [agents, others] = [await rows('/pbx/users?callcenter=true'), await rows('/pbx/users?callcenter=false')]
    expect(agents.length + others.length).toBe(users.length)
    expect((await rows('/members')).map(({ userId }) => userId)).toEqual(agents.map(({ id }) => id))
  })

  test('/members tells who is in which queue, and the line as text', async () => {
    const members = await rows('/members')
    const queues = prague.groups.filter(({ kind, members: inside }) => kind !== 'skill' && inside.length > 0)
    for (const queue of queues) {
      const inside = members.filter((member) => member['queues']?.some(({ id }: { id: number }) => id === queue.id))
      expect(inside).toHaveLength(queue.members.length)
    }
    expect(members.filter(({ exten }) => exten !== null).every(({ exten }) => /^0\d{3}$/.test(exten.number))).toBe(true)
    expect(members.some(({ skillsGroup }) => skillsGroup !== null)).toBe(true)
    expect(await rows(`/members?userId=${members[0]!['userId']}`)).toEqual([members[0]])
  })

  test('owners join numbers to users and to queues', async () => {
    const [numbers, users, members] = [await rows('/numbers'), await rows('/pbx/users'), await rows('/members')]
    const extension = numbers.find(({ type, ownerType }) => type === 'exten' && ownerType === 'user')!
    expect(users.find(({ id }) => id === extension['ownerId'])!['exten']).toBe(Number(extension['number']))
    const toQueue = numbers.find(({ type, applicationType }) => type === 'ddi' && applicationType === 'queue')!
    const queues = members.flatMap((member) => member['queues'] ?? []).map(({ id }) => String(id))
    expect(queues).toContain(toQueue['ownerId'])
  })

  test('transfer destinations give the dial number of a queue by its name', async () => {
    const destinations = await rows('/calls/transfer/destinations')
    const queue = prague.groups.find(({ kind }) => kind === 'queue')!
    const row = destinations.find(({ ownerType, name }) => ownerType === 'application' && name === queue.name)!
    expect(row).toMatchObject({ extension: queue.number, properties: { applicationType: 'queue', status: null } })
    expect(row['properties'].freeAgents).toBeGreaterThan(0)
  })

  test('/profiles tells where a user is forwarded', () =>
    withEmulator({}, async (emulator) => {
      const token = await login(emulator)
      const away = prague.extensions.find(({ forwarding }) => forwarding?.when === 'ALWAYS')!
      const users = (await read(emulator, '/pbx/users', token)).body as { id: string; exten: number }[]
      const { id } = users.find(({ exten }) => exten === Number(away.number))!
      const profiles = (await read(emulator, `/profiles?userId=${id}`, token)).body
      expect(profiles.filter(({ active }: { active: boolean }) => active)).toMatchObject([
        {
          id: expect.any(Number),
          params: { hasForward: true, hasDevice: false, fwd: 'mymobile', fwdNum: expect.stringMatching(/\d{9}$/) },
        },
      ])
      const child = (await exchange(emulator, token, away.person!.email)).body.access_token
      expect((await read(emulator, '/profiles', child)).body).toEqual(profiles)
    }))

  test('another company sees nothing of ours', async () => {
    const [ours, theirs] = [await rows('/numbers'), await rows('/numbers', 'other')]
    const ids = new Set(ours.map(({ ownerId }) => ownerId))
    const users = theirs.filter(({ ownerType }) => ownerType === 'user')
    expect(users).toHaveLength(3 + 3 + 1)
    expect(users.some(({ ownerId }) => ids.has(ownerId))).toBe(false)
  })

  test('the same seed tells the same directory', async () => {
    const digest = async () =>
      createHash('sha256')
        .update(JSON.stringify(await rows('/numbers')))
        .digest('hex')
    expect(await digest()).toBe(await digest())
  })

  test('a knob that does not exist stops the start', async () => {
    await expect(startIpexEmulator({ scale: 0.05, knobs: { acessTokenSeconds: 1 } })).rejects.toThrow(
      /acessTokenSeconds/,
    )
  })
})
