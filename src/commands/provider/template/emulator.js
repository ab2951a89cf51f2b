// @ts-check
import { bodyFields, createStory, createTokenBook, json, readKnobs, serve } from 'dialgraph/testing'

/** What the documentation leaves open; a test may have it another way. */
const KNOBS = {
  /** Lifetime of an access token. */
  tokenSeconds: 3600,
  /** Extensions in one page. */
  pageSize: 25,
}

const CLIENT = { id: 'dialgraph', secret: 'acme-phones-client-secret' }

/** Users of two customers, with the office of the story that each may see. */
const USERS = [
  { account: 'password', username: 'jana', password: 'jana-correct-horse', company: 'Ege Yelken', office: 'prague' },
  { account: 'other', username: 'olaf', password: 'olaf-battery-staple', company: 'Marmara Yelken', office: 'izmir' },
]

/**
 * The API of Acme Phones, served on this machine. It is written from the documentation and from nothing
 * else, so that it can catch a mistake of the provider: the two share no code.
 *
 * @type {import('dialgraph/testing').EmulatorFactory}
 */
export async function startAcmePhonesEmulator(options = {}) {
  const knobs = readKnobs('acme-phones', KNOBS, options.knobs)
  const story = createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() })
  /** Extensions by customer; numbers in order, as the API lists them. */
  const extensions = Object.fromEntries(
    USERS.map(({ account, office }) => [
      account,
      story.offices[/** @type {'prague' | 'izmir'} */ (office)].extensions
        .map(({ id, number, person, registered }) => ({
          id,
          number,
          name: person && `${person.firstName} ${person.lastName}`,
          email: person?.email ?? null,
          online: registered,
        }))
        .sort((a, b) => (a.number < b.number ? -1 : 1)),
    ]),
  )
  // The server makes the clock, but needs the routes first.
  const clock = { now: () => served.clock.now() }
  const tokens = createTokenBook({ clock, lifetimeSeconds: knobs.tokenSeconds, rotation: 'immediate' })

  /** @param {import('dialgraph/testing').EmulatedRequest} request */
  const tokenOf = ({ headers }) => {
    const token = tokens.find({ access: (headers['authorization'] ?? '').replace(/^Bearer /, '') })
    return token && tokens.isLive(token) ? token : null
  }

  /** @param {import('dialgraph/testing').EmulatedRequest} request */
  function grant(request) {
    const { grant_type, username, password, client_id, client_secret, refresh_token = '' } = bodyFields(request) ?? {}
    if (client_id !== CLIENT.id || client_secret !== CLIENT.secret) return json({ error: 'invalid_client' }, 401)
    const user = USERS.find((one) => one.username === username && one.password === password)
    const account = user?.account ?? ''
    const issued =
      grant_type === 'refresh_token'
        ? tokens.refresh(refresh_token)
        : user && tokens.issue({ account, clientId: CLIENT.id, scope: '' })
    if (!issued) return json({ error: 'invalid_grant' }, 400)
    const { accessToken, refreshToken } = issued
    return json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: knobs.tokenSeconds,
      refresh_token: refreshToken,
    })
  }

  /**
   * A path for whoever is logged in.
   *
   * @param {RegExp} pattern
   * @param {(account: string, request: import('dialgraph/testing').EmulatedRequest) => unknown} answer
   * @returns {import('dialgraph/testing').Route}
   */
  const get = (pattern, answer) => ({
    method: 'GET',
    pattern,
    handle(request) {
      const token = tokenOf(request)
      return token ? json(answer(token.account, request)) : json({ error: 'unauthorized' }, 401)
    },
  })

  const served = await serve({
    options,
    tokenPaths: /^\/oauth\/token$/,
    accountOf: (request) => tokenOf(request)?.account ?? null,
    notFound: () => json({ error: 'not_found' }, 404),
    routes: [
      { method: 'POST', pattern: /\/oauth\/token/, handle: grant },
      get(/\/v1\/me/, (account) => {
        const { company, username } = USERS.find((one) => one.account === account) ?? {}
        return { company, email: `${username}@example.com` }
      }),
      get(/\/v1\/extensions/, (account, { query }) => {
        const page = Number(query.get('page') ?? 1)
        const all = extensions[account] ?? []
        const end = page * knobs.pageSize
        return {
          items: all.slice(end - knobs.pageSize, end),
          total: all.length,
          next: end < all.length ? page + 1 : null,
        }
      }),
    ],
  })

  const ours = extensions['password'] ?? []
  return {
    url: served.url,
    clock: served.clock,
    journal: served.journal,
    faults: served.faults,
    accounts: Object.fromEntries(
      USERS.map(({ account, username, password, company, office }) => [
        account,
        {
          label: company,
          provider: 'acme-phones',
          country: office === 'prague' ? 'CZ' : 'TR',
          timeZone: office === 'prague' ? 'Europe/Prague' : 'Europe/Istanbul',
          urls: { api: served.url },
          auth: { flow: 'password', username, password, clientId: CLIENT.id, clientSecret: CLIENT.secret },
        },
      ]),
    ),
    conformance: {
      contents: () => ({ extensions: ours.map(({ id, number }) => ({ id: String(id), number })) }),
      smallPages: { pageSize: 3 },
      grow: {
        extensions: () => void ours.unshift({ id: 9000, number: '0000', name: 'New', email: null, online: false }),
      },
    },
    revokeAccessTokens: () => tokens.revokeAccessTokens(),
    secrets: () => [
      CLIENT.secret,
      ...USERS.map(({ password }) => password),
      ...tokens.all.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ],
    reset() {
      served.reset()
      tokens.clear()
    },
    close: () => served.close(),
  }
}
