import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import type { JournalEntry } from '../../src/emulator/emulator.js'
import { startHarness, type AnsweredError, type Harness, type Slug } from './harness.js'
import { cases, crowd } from '../support/proof.js'

/** A way to log in, the smallest question that needs it, and what its token endpoint is asked when the token has to be replaced. */
interface Login {
  /** `slug/account` of the emulator. */
  readonly of: string
  readonly ask: string
  /** Whose token its requests carry, in the emulator's words. */
  readonly owner: string
  /** Seconds; null: never runs out. */
  readonly lifetime: number | null
  /** Requests to the token endpoint when the token has run out. */
  readonly renewal: readonly string[]
  /** The same when the provider killed it before its time; null: a person has to log in. */
  readonly replacement: readonly string[] | null
  /** What a request with a dead token is answered; default 401. */
  readonly refusal?: number
}

const TELEPHONY = 'dids(first: 1) { nodes { id } }'
const LISTS = 'groups(first: 1) { nodes { id } }'
const PROFILE = 'profile { email }'

const bulutfon = (of: string, more: Partial<Login>): Login => ({
  ...{ of: `bulutfon/${of}`, ask: TELEPHONY, owner: 'company', lifetime: 7200 },
  ...{ renewal: ['refresh 200'], replacement: ['refresh 200'], ...more },
})
const ipex = (of: string, owner: string, more: Partial<Login> = {}): Login => ({
  ...{ of: `ipex/${of}`, ask: TELEPHONY, owner: `api@egeyelken.example${owner}`, lifetime: 3000 },
  ...{ renewal: ['refresh 200'], replacement: ['refresh 200'], ...more },
})
const postacell = (of: string, refusal = 401): Login => ({
  ...{ of: `postacell/${of}`, ask: LISTS, owner: of, lifetime: 300, refusal },
  ...{ renewal: ['refresh 200'], replacement: ['refresh 200'] },
})
const rails = (of: string, refused: number, replacement: Login['replacement']): Login => ({
  ...{ of: `rails-api-v1/${of}`, ask: PROFILE, owner: of, lifetime: 60 },
  // Doorkeeper keeps access and refresh token in one row, which is revoked as a whole.
  ...{ renewal: ['refresh 200'], replacement: replacement && [`refresh ${refused}`, ...replacement] },
})

const FOREVER = { lifetime: null, renewal: [], replacement: [] }

/** Every login flow, by the id its account gets, and the emulator's dialect it is tried against. */
const PROVIDERS: Readonly<
  Record<
    string,
    { readonly knobs?: { readonly [S in Slug]?: object }; readonly logins: Readonly<Record<string, Login>> }
  >
> = {
  'Bulutfon, IPEX, Postacell, Rails API v1 on Doorkeeper 5': {
    logins: {
      'bulutfon-code': bulutfon('authorizationCode', {}),
      'bulutfon-master': bulutfon('masterToken', FOREVER),
      'bulutfon-password': bulutfon('password', FOREVER),
      'ipex-password': ipex('password', ''),
      'ipex-impersonating': ipex('impersonating', ' as vojtech.cermak@egeyelken.example'),
      'ipex-sso': ipex('sso', ' by sso', { lifetime: 3600 }),
      'ipex-b2b': ipex('b2b', ' by b2b', { lifetime: 3600, renewal: ['login 200'], replacement: ['login 200'] }),
      'postacell-login': postacell('login'),
      'postacell-email': postacell('email'),
      'rails-password': rails('password', 400, ['login 200']),
      'rails-code': rails('authorizationCode', 400, null),
    },
  },
  'Rails API v1 on Doorkeeper 4': {
    knobs: { 'rails-api-v1': { doorkeeper: '4' } },
    logins: {
      'rails-password': rails('password', 401, ['login 200']),
      'rails-code': rails('authorizationCode', 401, null),
    },
  },
  'Postacell that says 403 where others say 401': {
    knobs: { postacell: { authFailureStatus: 403 } },
    logins: { 'postacell-login': postacell('login', 403) },
  },
}

/** Five hundred at once, as `proof:properties` has them, queue for their turn on a slow machine; they must not time out for that. */
const PATIENT = { providerTimeoutMs: 20_000, operationTimeoutMs: 60_000, tokenTimeoutMs: 12_000 }

let harness: Harness

interface Asked {
  readonly errors?: readonly AnsweredError[]
}

const ask = (id: string, { ask: asked }: Pick<Login, 'ask'>): Promise<Asked> =>
  harness.query(`{ account(key: "${id}") { ${asked} } }`)

const askMany = (id: string, login: Pick<Login, 'ask'>, times: number): Promise<readonly Asked[]> =>
  Promise.all(Array.from({ length: times }, () => ask(id, login)))

const errorsOf = (answers: readonly Asked[]) => answers.flatMap(({ errors }) => errors ?? [])

const slugOf = ({ of }: Pick<Login, 'of'>) => of.split('/')[0] as Slug
const journalOf = (login: Pick<Login, 'of'>) => harness.emulators[slugOf(login)].journal

/** `refresh 200`: what the token endpoint was asked for and what it answered. */
function tokenCalls(login: Pick<Login, 'of'>): string[] {
  return journalOf(login).tokenRequests.map((request) => `${kindOf(request)} ${request.status}`)
}

function kindOf({ path, query, body }: JournalEntry): string {
  if (path.endsWith('/token-exchange')) return 'exchange'
  const isRefresh = path.endsWith('/refresh') || `${query['grant_type'] ?? ''} ${body}`.includes('refresh_token')
  return isRefresh ? 'refresh' : 'login'
}

/** Kills the tokens of this login, or of everybody where the provider's emulator knows no other way. */
function revoke(login: Login): void {
  const emulator: { revokeAccessTokens(owner?: string): void } = harness.emulators[slugOf(login)] as never
  emulator.revokeAccessTokens(login.owner)
}

/** The token as it rode on a request. */
const tokenOn = ({ headers, query }: JournalEntry) =>
  headers['authorization'] ?? query['access_token'] ?? `${query['email']} ${query['password']}`

describe.each(Object.entries(PROVIDERS))('%s', (_, { knobs, logins }) => {
  beforeAll(async () => {
    const accounts = Object.fromEntries(Object.entries(logins).map(([id, { of }]) => [id, of]))
    harness = await startHarness({ accounts, knobs, limits: PATIENT })
  })
  afterAll(() => harness.close())
  afterEach(() => harness.clear())

  describe.each(Object.entries(logins))('%s', (id, login) => {
    const { refusal = 401 } = login

    const asRun =
      login.lifetime === null
        ? 'a crowd of questions, a month later, needs no token endpoint'
        : 'a crowd of questions that find the token run out are all answered after one renewal'
    test(asRun, async () => {
      const readers = crowd(login.lifetime === null ? 50 : 500)
      expect(errorsOf([await ask(id, login)])).toEqual([])
      if (login.lifetime === null) expect(tokenCalls(login)).toEqual([])
      harness.advance((login.lifetime ?? 30 * 86_400) + 1)
      harness.clear()
      expect(errorsOf(await askMany(id, login, readers))).toEqual([])
      expect(tokenCalls(login)).toEqual(login.renewal)
      const requests = journalOf(login).apiRequests
      expect(requests.map(({ status }) => status)).toEqual(Array(readers).fill(200))
      expect(new Set(requests.map(({ account }) => account))).toEqual(new Set([login.owner]))
      expect(new Set(requests.map(tokenOn)).size).toBe(1)
    })

    if (login.lifetime !== null) {
      test('an answer that comes late and refuses the old token costs no renewal', async () => {
        expect(errorsOf([await ask(id, login)])).toEqual([])
        harness.clear()
        let release = () => {}
        harness.emulators[slugOf(login)].faults.next({
          path: /^(?!.*(oauth|auth|token))/,
          until: new Promise<void>((resolve) => (release = resolve)),
        })
        const late = ask(id, login)
        while (journalOf(login).apiRequests.length === 0) await new Promise((resolve) => setImmediate(resolve))
        harness.advance(login.lifetime! + 1)
        expect(errorsOf([await ask(id, login)])).toEqual([])
        expect(tokenCalls(login)).toEqual(login.renewal)
        release()
        expect(errorsOf([await late])).toEqual([])
        expect(tokenCalls(login)).toEqual(login.renewal)
        expect(
          journalOf(login)
            .apiRequests.map(({ status }) => status)
            .sort(),
        ).toEqual([200, 200, refusal])
      })

      test('a token that was revoked before its time is replaced once, and every request sent again at most once', async () => {
        expect(errorsOf([await ask(id, login)])).toEqual([])
        harness.clear()
        revoke(login)
        const readers = crowd(100)
        const answers = await askMany(id, login, readers)
        const refusals = journalOf(login).apiRequests.filter(({ status }) => status === refusal)
        if (login.replacement) {
          expect(errorsOf(answers)).toEqual([])
          expect(tokenCalls(login)).toEqual(login.replacement)
          expect(journalOf(login).apiRequests).toHaveLength(readers + refusals.length)
          expect(refusals.length).toBeLessThanOrEqual(readers)
        } else {
          expect(new Set(errorsOf(answers).map(({ extensions }) => extensions.code))).toEqual(
            new Set(['REAUTHORIZATION_REQUIRED']),
          )
          expect(errorsOf(answers)).toHaveLength(readers)
          expect(tokenCalls(login)).toEqual([expect.stringMatching(/^refresh 40[01]$/)])
          expect(journalOf(login).apiRequests).toHaveLength(refusals.length)
          harness.clear()
          await askMany(id, login, 5)
          expect([tokenCalls(login), harness.requests()]).toEqual([[], []])
        }
      })
    }
  })
})

/** Everything the token endpoint was asked has been answered, and we have taken note of it. */
async function settled(login: Pick<Login, 'of'>, linesBefore: number): Promise<void> {
  const noted = () => harness.logLines.slice(linesBefore).filter((line) => line.includes('"msg":"login"')).length
  while (noted() < journalOf(login).tokenRequests.length) await new Promise((resolve) => setImmediate(resolve))
}

describe('time passes', () => {
  afterEach(() => harness.close())

  test('a token of sixty seconds is not renewed with every question', async () => {
    harness = await startHarness({ accounts: { staff: 'rails-api-v1/password' } })
    const login = rails('password', 400, [])
    await ask('staff', login)
    const linesBefore = harness.logLines.length
    harness.clear()
    const [questions, every] = [cases(240), 5]
    for (let question = 0; question < questions; question++) {
      harness.advance(every)
      expect(errorsOf([await ask('staff', login)])).toEqual([])
      await settled(login, linesBefore)
    }
    const minutes = (questions * every) / 60
    expect(new Set(tokenCalls(login))).toEqual(new Set(['refresh 200']))
    expect(tokenCalls(login).length).toBeGreaterThanOrEqual(minutes - 1)
    // Renewed at most 14.4 seconds before its end, and looked at every five.
    expect(tokenCalls(login).length).toBeLessThanOrEqual(Math.ceil((questions * every) / 45))
    expect(journalOf(login).apiRequests.map(({ status }) => status)).toEqual(Array(questions).fill(200))
  })

  test('Postacell is refreshed for a day, then logged in to once, and refreshed again', async () => {
    harness = await startHarness({ accounts: { lists: 'postacell/login' } })
    const login = postacell('login')
    const HOUR = 3600
    await ask('lists', login)
    const perHour: string[][] = []
    for (let hour = 1; hour <= 26; hour++) {
      harness.clear()
      harness.advance(hour === 24 ? HOUR + 1 : HOUR)
      expect(errorsOf(await askMany('lists', login, 4))).toEqual([])
      perHour.push(tokenCalls(login))
    }
    const refreshed = ['refresh 200']
    expect(perHour).toEqual([...Array(23).fill(refreshed), ['login 200'], refreshed, refreshed])
  })

  test('Postacell that dies within its day, refresh token and all, is logged in to once', async () => {
    harness = await startHarness({ accounts: { lists: 'postacell/login' } })
    const login = postacell('login')
    await ask('lists', login)
    harness.clear()
    harness.emulators.postacell.revokeGrants()
    expect(errorsOf(await askMany('lists', login, crowd(50)))).toEqual([])
    expect(tokenCalls(login)).toEqual(['refresh 401', 'login 200'])
  })

  test.each([200, 400, 401, 403, 'reason-phrase'])(
    'Bulutfon that tells of an expired token with %s is refreshed once',
    async (expiredStatus) => {
      harness = await startHarness({
        accounts: { izmir: 'bulutfon/authorizationCode' },
        knobs: { bulutfon: { expiredStatus } },
      })
      const login = bulutfon('authorizationCode', {})
      await ask('izmir', login)
      harness.clear()
      harness.emulators.bulutfon.expireAccessTokens()
      const readers = crowd(50)
      const answers = await askMany('izmir', login, readers)
      expect(errorsOf(answers)).toEqual([])
      expect(new Set(answers.map((answer) => JSON.stringify((answer as { data?: unknown }).data))).size).toBe(1)
      expect(tokenCalls(login)).toEqual(['refresh 200'])
      expect(journalOf(login).apiRequests.length).toBeLessThanOrEqual(2 * readers)
    },
  )

  test('a 403 about rights is not taken for a dead token', async () => {
    harness = await startHarness({ accounts: { lists: 'postacell/login', izmir: 'bulutfon/authorizationCode' } })
    await Promise.all([ask('lists', postacell('login')), ask('izmir', bulutfon('authorizationCode', {}))])
    harness.clear()
    for (const login of [postacell('login'), bulutfon('authorizationCode', {})]) {
      journalOf(login).clear()
      harness.emulators[slugOf(login)].faults.next({ status: 403, body: '{"detail":"You do not have permission."}' })
      const [error] = errorsOf([await ask(login.of.startsWith('postacell') ? 'lists' : 'izmir', login)])
      expect(error!.extensions.code).toBe('PROVIDER_FORBIDDEN')
      expect([tokenCalls(login), journalOf(login).apiRequests.length]).toEqual([[], 1])
    }
  })
})

describe('two accounts with one user name at one provider', () => {
  afterEach(() => harness.close())

  /** Who is asked, and by what their answers are told apart. */
  const NEIGHBOURS = {
    'the same e-mail with another password': ['bulutfon/password', 'bulutfon/otherPassword', 'profile { name }'],
    'the same e-mail, linked twice': ['bulutfon/authorizationCode', 'bulutfon/other', 'profile { name }'],
    'another user name with the same password': [
      'postacell/login',
      'postacell/other',
      'profile { name } groups { nodes { name } }',
    ],
    'another person with the same password': ['rails-api-v1/password', 'rails-api-v1/other', 'profile { email }'],
    'the same access through two doors': ['ipex/password', 'ipex/impersonating', 'profile { email }'],
  } as const

  test.each(Object.entries(NEIGHBOURS))(
    '%s: neither ever carries the other’s token',
    async (_, [one, other, asked]) => {
      harness = await startHarness({ accounts: { one, other }, limits: PATIENT })
      const alone = {
        one: JSON.stringify((await harness.query(`{ account(key: "one") { ${asked} } }`)).data),
        other: JSON.stringify((await harness.query(`{ account(key: "other") { ${asked} } }`)).data),
      }
      expect(alone.one).not.toBe(alone.other)
      for (const lapse of ['', 'expired', 'revoked'] as const) {
        if (lapse === 'expired') harness.advance(7201)
        if (lapse === 'revoked' && !one.startsWith('rails')) harness.emulators[slugOf({ of: one })].revokeAccessTokens()
        await Promise.all(
          Array.from({ length: crowd(40) }, async (_, at) => {
            const key = at % 2 ? 'one' : 'other'
            const { data, errors } = await harness.query(`{ account(key: "${key}") { ${asked} } }`)
            expect(errors).toBeUndefined()
            expect(JSON.stringify(data)).toBe(alone[key])
          }),
        )
      }
      const requests = journalOf({ of: one }).apiRequests.filter(({ status }) => status === 200)
      const owners = new Map<string, Set<string | null>>()
      for (const request of requests) {
        owners.set(tokenOn(request), (owners.get(tokenOn(request)) ?? new Set()).add(request.account))
      }
      expect([...owners.values()].every((of) => of.size === 1)).toBe(true)
      expect(new Set([...owners.values()].flatMap((of) => [...of])).size).toBe(2)
    },
  )

  test.each(['ipex/password', 'postacell/login', 'rails-api-v1/password'])(
    '%s entered twice logs in twice',
    async (of) => {
      harness = await startHarness({ accounts: { one: of, two: of } })
      const login = { of, ask: of.startsWith('ipex') ? TELEPHONY : of.startsWith('postacell') ? LISTS : PROFILE }
      const tokens: string[] = []
      for (const id of ['one', 'two', 'one', 'two']) {
        harness.emulators[slugOf(login)].journal.clear()
        expect(errorsOf([await ask(id, login)])).toEqual([])
        expect(tokenCalls(login)).toEqual(tokens.length < 2 ? ['login 200'] : [])
        tokens.push(...new Set(journalOf(login).apiRequests.map(tokenOn)))
      }
      expect(tokens).toHaveLength(4)
      expect(tokens.slice(2)).toEqual(tokens.slice(0, 2))
      expect(tokens[0]).not.toBe(tokens[1])
    },
  )
})

describe('acting for somebody else', () => {
  afterEach(() => harness.close())

  const ME = { of: 'ipex/impersonating', ask: 'profile { email } dids(first: 1) { nodes { id } }' }
  const codeOf = async (id: string) =>
    errorsOf([await ask(id, ME)]).map(({ extensions: { code, reason } }) => `${code} ${reason}`)

  test('an access that was revoked takes along who was exchanged from it: all is made anew, once', async () => {
    harness = await startHarness({ accounts: { user: 'ipex/impersonating' } })
    await ask('user', ME)
    expect(tokenCalls(ME)).toEqual(['login 200', 'exchange 200'])
    harness.clear()
    harness.emulators.ipex.endSessions()
    expect(errorsOf(await askMany('user', ME, crowd(50)))).toEqual([])
    // The child's refresh is refused; the exchange finds the parent dead; its refresh is refused; it logs in; the child is exchanged anew.
    expect(tokenCalls(ME)).toEqual(['refresh 400', 'exchange 401', 'refresh 400', 'login 200', 'exchange 200'])
    expect(
      new Set(
        journalOf(ME)
          .apiRequests.filter(({ status }) => status === 200)
          .map(({ account }) => account),
      ),
    ).toEqual(new Set(['api@egeyelken.example as vojtech.cermak@egeyelken.example']))
  })

  test('an access whose password was changed as well needs a person, and nobody acts through it any more', async () => {
    harness = await startHarness({ accounts: { user: 'ipex/impersonating' } })
    await ask('user', ME)
    harness.clear()
    harness.emulators.ipex.endSessions()
    harness.emulators.ipex.changePassword()
    const refused = errorsOf(await askMany('user', ME, crowd(50)))
    expect(new Set(refused.map(({ extensions: { code, reason } }) => `${code} ${reason}`))).toEqual(
      new Set(['REAUTHORIZATION_REQUIRED CREDENTIALS_REJECTED']),
    )
    expect(tokenCalls(ME)).toEqual(['refresh 400', 'exchange 401', 'refresh 400', 'login 401'])
    harness.clear()
    await askMany('user', ME, 5)
    expect({ tokens: tokenCalls(ME), requests: harness.requests() }).toEqual({ tokens: [], requests: [] })
  })

  test('two subjects of one access never mix', async () => {
    harness = await startHarness({ accounts: { some: 'ipex/impersonating' } })
    const users = await harness.data<{ account: { extensions: { nodes: readonly { email: string | null }[] } } }>(
      '{ account(key: "some") { extensions(first: 100) { nodes { email } } } }',
    )
    const [first, second] = users.account.extensions.nodes.flatMap(({ email }) => email ?? [])
    await harness.close()
    harness = await startHarness({
      accounts: {
        first: { of: 'ipex/impersonating', auth: { impersonate: first } },
        second: { of: 'ipex/impersonating', auth: { impersonate: second } },
      },
    })
    const emails = { first, second }
    for (const lapse of ['', 'expired', 'revoked', 'ended']) {
      if (lapse === 'expired') harness.advance(3001)
      if (lapse === 'revoked') harness.emulators.ipex.revokeAccessTokens()
      if (lapse === 'ended') harness.emulators.ipex.endSessions()
      await Promise.all(
        Array.from({ length: crowd(40) }, async (_, at) => {
          const key = at % 2 ? 'first' : 'second'
          const { account } = await harness.data<{ account: { profile: { email: string } } }>(
            `{ account(key: "${key}") { profile { email } } }`,
          )
          expect(account.profile.email).toBe(emails[key])
        }),
      )
    }
    const exchanged = journalOf(ME).tokenRequests.filter(
      (request) => kindOf(request) === 'exchange' && request.status === 200,
    )
    expect(exchanged.map(({ body }) => (JSON.parse(body) as { email: string }).email).sort()).toEqual(
      [first, first, second, second].sort(),
    )
  })

  test.each([
    ['an access without the right to', 'ipex/noImpersonation', ['login 200', 'exchange 403']],
    ['somebody who is not there', 'nobody@egeyelken.example', ['login 200', 'exchange 404']],
  ])('%s is remembered as denied, and not asked for again', async (_, who, calls) => {
    const choice = who.startsWith('ipex/') ? who : { of: 'ipex/impersonating', auth: { impersonate: who } }
    harness = await startHarness({ accounts: { user: choice } })
    expect(new Set(await codeOf('user'))).toEqual(new Set(['REAUTHORIZATION_REQUIRED IMPERSONATION_DENIED']))
    expect(tokenCalls(ME)).toEqual(calls)
    harness.clear()
    harness.advance(3600)
    await askMany('user', ME, crowd(30))
    expect({ tokens: tokenCalls(ME), requests: harness.requests() }).toEqual({ tokens: [], requests: [] })
  })

  test('a right that is taken away ends the acting, at once and for good', async () => {
    harness = await startHarness({ accounts: { user: 'ipex/impersonating', access: 'ipex/password' } })
    await Promise.all([ask('user', ME), ask('access', ME)])
    harness.clear()
    harness.emulators.ipex.revokeImpersonation('vojtech.cermak@egeyelken.example')
    const answers = await askMany('user', ME, crowd(30))
    expect(new Set(errorsOf(answers).map(({ extensions }) => extensions['reason']))).toEqual(
      new Set(['IMPERSONATION_DENIED']),
    )
    expect(tokenCalls(ME)).toEqual(['refresh 400', 'exchange 403'])
    harness.clear()
    await askMany('user', ME, crowd(30))
    expect({ tokens: tokenCalls(ME), requests: harness.requests() }).toEqual({ tokens: [], requests: [] })
    // The access itself goes on as ever.
    expect(errorsOf([await ask('access', ME)])).toEqual([])
  })
})
