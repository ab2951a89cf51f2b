// @ts-check
import { byteRange, createStory, createTokenBook, json, readKnobs, serve, silentOgg } from 'dialgraph/testing'

import { createOffice } from './emulator-office.js'
import { CLIENT, grant, USERS } from './emulator-users.js'

const KNOBS = { tokenSeconds: 900, pageSize: 25 }

/**
 * Parley on this machine, written from its table of requests alone.
 *
 * @type {import('dialgraph/testing').EmulatorFactory}
 */
export async function startParleyEmulator(options = {}) {
  const knobs = readKnobs('parley', KNOBS, options.knobs)
  const story = createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() })
  const clock = {
    now: () => served.clock.now(),
    get isRunning() {
      return served.clock.isRunning
    },
  }
  const tokens = createTokenBook({ clock, lifetimeSeconds: knobs.tokenSeconds, rotation: 'immediate' })
  /** @type {Record<string, ReturnType<typeof createOffice>>} */
  const offices = Object.fromEntries(
    USERS.map(({ account, office }) => {
      const seeded = { office: story.offices[/** @type {'prague'} */ (office)], seed: options.seed ?? 1 }
      return [account, createOffice(seeded, { clock: () => served.clock, pageSize: knobs.pageSize })]
    }),
  )

  /** @param {import('dialgraph/testing').EmulatedRequest} request */
  const tokenOf = ({ headers }) => {
    const token = tokens.find({ access: (headers['authorization'] ?? '').replace(/^Bearer /, '') })
    return token && tokens.isLive(token) ? token : null
  }

  /**
   * @typedef {ReturnType<typeof createOffice>} EmulatedOffice
   * @typedef {import('dialgraph/testing').EmulatedRequest} Request
   * @typedef {import('dialgraph/testing').EmulatedResponse} Response
   *
   * @param {string} method @param {RegExp} pattern
   * @param {(office: EmulatedOffice, request: Request, body: Record<string, unknown>) => Response | Promise<Response>} answer
   * @returns {import('dialgraph/testing').Route}
   */
  const route = (method, pattern, answer) => ({
    method,
    pattern,
    handle(request) {
      const office = offices[tokenOf(request)?.account ?? '']
      if (!office) return json({ message: 'Log in first.' }, 401)
      return answer(office, request, parsed(request.body))
    },
  })

  const served = await serve({
    options,
    tokenPaths: /^\/oauth\/token$/,
    accountOf: (request) => tokenOf(request)?.account ?? null,
    notFound: () => json({ message: 'There is nothing here.' }, 404),
    onClockMove: () => Object.values(offices).forEach(({ run }) => run()),
    routes: [
      { method: 'POST', pattern: /\/oauth\/token/, handle: (request) => grant(tokens, request, knobs.tokenSeconds) },
      route('GET', /\/v1\/account/, ({ profile }) => json(profile)),
      route('GET', /\/v1\/numbers/, ({ paged, numbers }, { query }) => json(paged(numbers, query))),
      route('GET', /\/v1\/phones/, ({ paged, phones }, { query }) => {
        const wanted = query.get('number')
        const shown = wanted === null ? phones : phones.filter(({ number }) => number === wanted)
        return json(
          paged(
            shown.map(({ settings: _, ...phone }) => phone),
            query,
          ),
        )
      }),
      route('GET', /\/v1\/phones\/(\d+)/, ({ phones }, { params: [id] }) => {
        const phone = phones.find((one) => String(one.id) === id)
        return phone
          ? json({ ...phone, ...phone.settings, settings: undefined })
          : json({ message: 'No such phone.' }, 404)
      }),
      route('GET', /\/v1\/teams/, ({ teams }) => json({ teams })),
      route('GET', /\/v1\/calls/, ({ logged }, { query }) => json(logged(query))),
      route('GET', /\/v1\/calls\/current/, ({ current }) => json({ calls: current() })),
      route('GET', /\/v1\/calls\/(\d+)/, ({ callOf }, { params: [id] }) => {
        const call = callOf(id ?? '')
        return call ? json(call) : json({ message: 'No such call.' }, 404)
      }),
      route('GET', /\/v1\/tapes\/([^/]+)/, ({ hasTape }, { params: [name = ''], headers }) => {
        if (!hasTape(name)) return json({ message: 'No such tape.' }, 404)
        const file = silentOgg(name, 3)
        const part = byteRange(headers['range'], file.length)
        if (part === 'unsatisfiable') return { status: 416, body: '' }
        const { from, to } = part ?? { from: 0, to: file.length }
        return {
          status: part ? 206 : 200,
          headers: {
            'content-type': 'audio/ogg',
            'content-length': String(to - from),
            ...(part && { 'content-range': `bytes ${from}-${to - 1}/${file.length}` }),
          },
          stream: file.read(from, to),
        }
      }),
      route('POST', /\/v1\/phones/, ({ add }, _, { number, person, mail }) =>
        typeof number === 'string' && typeof person === 'string'
          ? json(add({ number, person, mail }), 201)
          : json({ message: 'A phone has a number and a person.' }, 422),
      ),
      route('PATCH', /\/v1\/phones\/(\d+)/, ({ phones }, { params: [id] }, body) => {
        const phone = phones.find((one) => String(one.id) === id)
        if (phone) Object.assign(phone, body)
        return phone ? json(phone) : json({ message: 'No such phone.' }, 404)
      }),
      route('DELETE', /\/v1\/phones\/(\d+)/, ({ phones }, { params: [id] }) => {
        const at = phones.findIndex((one) => String(one.id) === id)
        if (at >= 0) phones.splice(at, 1)
        return at >= 0 ? { status: 204 } : json({ message: 'No such phone.' }, 404)
      }),
      route('POST', /\/v1\/calls/, async ({ live }, _, { phone, to }) => {
        const call = await live.call({ direction: 'out', from: String(phone), outside: String(to) })
        return json({ call: call.id }, 201)
      }),
      route('POST', /\/v1\/calls\/([^/]+)\/move/, async ({ live }, { params: [id] }, { to }) => {
        const call = live.calls.find((one) => one.id === id)
        if (call) await call.transfer(String(to))
        return call ? json({}) : json({ message: 'No such call.' }, 404)
      }),
      route('DELETE', /\/v1\/calls\/([^/]+)/, async ({ live }, { params: [id] }) => {
        const call = live.calls.find((one) => one.id === id)
        if (call) await call.hangUp()
        return call ? { status: 204 } : json({ message: 'No such call.' }, 404)
      }),
    ],
  })

  const ours = /** @type {EmulatedOffice} */ (offices['password'])
  return {
    url: served.url,
    clock: served.clock,
    journal: served.journal,
    faults: served.faults,
    live: ours.live,
    accounts: Object.fromEntries(
      USERS.map(({ account, username, password, company, country, timeZone }) => [
        account,
        {
          ...{ label: company, provider: 'parley', country, timeZone, urls: { api: served.url } },
          auth: { flow: 'password', username, password, clientId: CLIENT.id, clientSecret: CLIENT.secret },
        },
      ]),
    ),
    conformance: {
      unknownCall: '999999999',
      contents: () => ours.contents(),
      smallPages: { pageSize: 3 },
      grow: {
        dids: () => ours.numbers.unshift({ id: 9001, number: '+420234567999', state: 'live', route: null }),
        extensions: () => void ours.add({ number: '0000', person: 'New', mail: null }),
        calls: () => ours.write(),
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
      for (const office of Object.values(offices)) office.reset()
    },
    async close() {
      for (const office of Object.values(offices)) office.reset()
      await served.close()
    },
  }
}

/** @param {Buffer} body @returns {Record<string, unknown>} */
function parsed(body) {
  try {
    return /** @type {Record<string, unknown>} */ (JSON.parse(body.toString('utf8') || '{}'))
  } catch {
    return {}
  }
}
