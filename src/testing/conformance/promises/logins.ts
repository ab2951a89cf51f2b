import type { Fault } from '../../../emulator/emulator.js'
import type { ConnectedAccount } from '../../../providers/account.js'
import type { Bench, Trial } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { mustBe, read, thrownBy } from '../reading.js'

/** Patient: what is counted is requests, and a busy machine must not turn this red. */
const PATIENT = { limits: { providerTimeoutMs: 20_000 } }

/** Tries a promise with each login that expires; `cost`: token requests of one renewal. */
const eachLogin =
  (
    keep: (login: {
      trial: Trial
      account: ConnectedAccount
      cost: number
      name: string
      bench: Bench
    }) => Promise<void>,
  ) =>
  async (bench: Bench): Promise<void> => {
    const renewable = Object.entries(await bench.renewable())
    claimed(renewable.length > 0, 'no login of it expires')
    for (const [name, cost] of renewable) {
      const trial = await bench.start(PATIENT)
      await keep({ trial, account: trial.account(name), cost, name, bench })
      await bench.close()
    }
  }

const statusesOf = ({ emulator }: Trial) => emulator.journal.apiRequests.map(({ status }) => status)

/** What becomes of logins while they are good. */
export const logins: readonly ProviderPromise[] = [
  {
    id: 'logins.expiry.crowd',
    name: 'reads of a crowd that find the token expired cost one renewal, and none fails',
    keep: eachLogin(async ({ trial, account, cost, name, bench }) => {
      await read(account)
      await expire(trial, account)
      trial.forget()
      await Promise.all(Array.from({ length: bench.crowd }, () => read(account)))
      must(trial.tokenRequests === cost, `${name}: ${trial.tokenRequests} token requests, and ${cost} are due`)
      const failed = statusesOf(trial).filter((status) => status !== 200)
      must(failed.length === 0, `${name}: ${failed.length} requests were answered ${failed[0]}`)
    }),
  },
  {
    id: 'logins.expiry.day',
    name: 'a day of reads refreshes as the lifetime demands, and never sends an expired token',
    keep: eachLogin(async ({ trial, account, cost, name }) => {
      await read(account)
      const { expiresAt } = await account.authorization()
      const lifetime = (Date.parse(expiresAt ?? '') - trial.world.clock.now()) / 1000
      const reads = 60
      const eventsBefore = trial.world.events.length
      trial.forget()
      for (let turn = 0; turn < reads; turn += 1) {
        // Not a divisor of the lifetime: nobody promises the very millisecond it ends.
        trial.world.clock.advance(lifetime / 9.7)
        await read(account)
        await settled(trial, eventsBefore)
      }
      const [least, most] = [cost * (reads / 10 - 1), cost * ((reads / 10) * 1.4 + 1)]
      const isDue = trial.tokenRequests >= least && trial.tokenRequests <= most
      must(isDue, `${name}: ${trial.tokenRequests} token requests, and ${least} to ${most} are due`)
      const refused = statusesOf(trial).filter((status) => status !== 200)
      must(refused.length === 0, `${name}: ${refused.length} requests were answered ${refused[0]}`)
    }),
  },
  {
    id: 'logins.refused',
    name: 'a login that is refused with an empty body is renewed once, whatever the answers are labelled',
    keep: eachLogin(async ({ trial, account, cost, name }) => {
      const { faults } = trial.emulator
      await read(account)
      trial.forget()
      faults.next({ status: 401, headers: { 'content-encoding': 'gzip' }, body: '' })
      for (let turn = 0; turn < cost; turn += 1)
        faults.next({ headers: { 'content-encoding': ['gzip', 'utf-8', 'br'][turn % 3]! } })
      await read(account)
      must(trial.tokenRequests === cost, `${name}: ${trial.tokenRequests} token requests, and ${cost} are due`)
      must(statusesOf(trial).join() === '401,200', `${name}: it was answered ${statusesOf(trial).join()}`)
    }),
  },
  {
    id: 'logins.revoked',
    name: 'a login that is revoked before its time is replaced once, or named as what a person must repair',
    async keep(bench) {
      const first = await bench.start()
      const revoked = first.facts.revoked ?? (await bench.renewable())
      claimed(first.emulator.revokeAccessTokens, 'its emulator revokes no tokens')
      claimed(Object.keys(revoked).length > 0, 'no login of it has tokens')
      for (const [name, cost] of Object.entries(revoked)) {
        const trial = await bench.start(PATIENT)
        const account = trial.account(name)
        const crowd = Math.ceil(bench.crowd / 5)
        await read(account)
        trial.forget()
        trial.emulator.revokeAccessTokens!()
        const outcomes = await Promise.all(Array.from({ length: crowd }, () => thrownBy(read(account))))
        if (cost === null) for (const error of outcomes) mustBe(error, 'REAUTHORIZATION_REQUIRED', name)
        else
          must(
            outcomes.every((error) => error === null),
            `${name}: a read fails`,
          )
        const isDue = cost === null ? trial.tokenRequests <= 1 : trial.tokenRequests === cost
        must(isDue, `${name}: ${trial.tokenRequests} token requests, and ${cost ?? 'at most 1'} are due`)
        must(trial.apiRequests <= crowd * 2, `${name}: ${crowd} reads sent ${trial.apiRequests} requests`)
        await bench.close()
      }
    },
  },
  {
    id: 'logins.fresh-token',
    name: 'a token that has just been made and is refused for a moment ends nothing',
    keep: eachLogin(async ({ trial, account, name }) => {
      trial.emulator.faults.next({ kind: 'api', freshToken: true, status: 401, body: '', times: Infinity })
      await read(account)
      const asked = trial.tokenRequests
      await read(account)
      await expire(trial, account)
      await read(account)
      must(trial.tokenRequests <= 2 * asked, `${name}: ${trial.tokenRequests} token requests`)
      const { status } = await account.authorization()
      must(status === 'ACTIVE', `${name}: its login is ${status}`)
    }),
  },
  {
    id: 'logins.isolation',
    name: 'two customers of the provider never carry each other’s token',
    async keep(bench) {
      const trial = await bench.start(PATIENT)
      claimed(trial.facts.other !== null, 'the emulator has one customer')
      const [one, two] = [trial.account(), trial.account(trial.facts.other)]
      const crowd = () => Promise.all(Array.from({ length: 20 }, (_, at) => read(at % 2 ? one : two)))
      await crowd()
      await Promise.all([expire(trial, one), expire(trial, two)])
      await crowd()
      const owners = new Map<string, Set<string | null>>()
      for (const { account, headers, query } of trial.emulator.journal.apiRequests) {
        const token = headers['authorization'] ?? query['access_token'] ?? JSON.stringify([headers['cookie'], query])
        owners.set(token, (owners.get(token) ?? new Set()).add(account))
      }
      const served = new Set([...owners.values()].flatMap((set) => [...set]))
      must(served.size === 2, `two customers read, and the provider saw ${served.size}`)
      must(
        [...owners.values()].every((set) => set.size === 1),
        'one token was used for both',
      )
    },
  },
  {
    id: 'logins.carried',
    name: 'every request to the API carries the login of its account',
    async keep(bench) {
      const trial = await bench.start()
      await read(trial.account())
      await trial.source().profile()
      const bare = trial.emulator.journal.apiRequests.filter(({ account }) => account === null)
      must(bare.length === 0, `${bare[0]?.method} ${bare[0]?.path} carries none`)
    },
  },
  {
    id: 'logins.identity',
    name: 'what a login tells of its user is no secret',
    async keep(bench) {
      const trial = await bench.start()
      await read(trial.account())
      const secrets = trial.emulator.secrets?.() ?? []
      const state = JSON.stringify(await trial.account().authorization())
      must(!secrets.some((secret) => secret !== '' && state.includes(secret)), 'the state of the login holds a secret')
    },
  },
]

/** An account until its token has expired. */
export async function expire({ world }: Trial, account: ConnectedAccount): Promise<void> {
  const { expiresAt } = await account.authorization()
  if (expiresAt) world.clock.advance(Math.max(0, (Date.parse(expiresAt) - world.clock.now()) / 1000) + 1)
}

/** Waits until every token request under way has become an event of ours, as passing time would. */
async function settled({ world, emulator }: Trial, eventsBefore: number): Promise<void> {
  while (world.events.length - eventsBefore < emulator.journal.tokenRequests.length)
    await new Promise((resolve) => setImmediate(resolve))
}

/** What goes wrong at a token endpoint, and how many seconds later it is asked again. */
const TROUBLE: readonly (readonly [id: string, name: string, fault: Fault, seconds: number])[] = [
  ['proxy-401', 'a proxy’s page with 401', { status: 401, html: true, headers: { 'www-authenticate': 'Basic' } }, 75],
  ['page-403', 'a page with 403', { status: 403, html: true }, 75],
  ['page-404', 'a page with 404', { status: 404, html: true }, 75],
  ['gateway-401', 'a gateway’s 401 in JSON', { status: 401, body: '{"message":"Unauthorized"}' }, 75],
  ['empty-401', 'an empty 401', { status: 401, body: '' }, 75],
  ['busy-503', 'a 503 with a time', { status: 503, headers: { 'retry-after': '30' } }, 31],
  ['busy-403', 'a 403 with a time', { status: 403, headers: { 'retry-after': '30' } }, 31],
  ['busy-408', 'a 408 with a time', { status: 408, headers: { 'retry-after': '30' } }, 31],
]

/** What trouble at the token endpoint does to a login: nothing that does not pass. */
export const loginTrouble: readonly ProviderPromise[] = [
  ...TROUBLE.map(([id, what, fault, seconds]): ProviderPromise => ({
    id: `logins.trouble.${id}`,
    name: `${what} at the login ends nothing, is not asked again at once, and heals`,
    keep: eachLogin(async ({ trial, account, name }) => {
      trial.emulator.faults.next({ ...fault, kind: 'token' })
      mustBe(await thrownBy(read(account)), /^PROVIDER_/, name)
      const { status } = await account.authorization()
      must(status !== 'REAUTHORIZATION_REQUIRED', `${name}: the login has ended`)
      const asked = trial.tokenRequests
      mustBe(await thrownBy(read(account)), /./, name)
      must(trial.tokenRequests === asked, `${name}: it was asked again at once`)
      trial.world.clock.advance(seconds)
      await read(account)
      const healed = await account.authorization()
      must(healed.status === 'ACTIVE' && healed.lastError === null, `${name}: it has not healed`)
    }),
  })),
  ...[401, 503].map((status): ProviderPromise => ({
    id: `logins.trouble.gzip-${status}`,
    name: `an empty ${status} at the login that is labelled as gzip ends nothing, and heals`,
    keep: eachLogin(async ({ trial, account, name }) => {
      const fault = { status, body: '', headers: { 'content-encoding': 'gzip' } }
      trial.emulator.faults.next({ ...fault, kind: 'token', times: 3 })
      await thrownBy(read(account))
      must((await account.authorization()).status !== 'REAUTHORIZATION_REQUIRED', `${name}: the login has ended`)
      for (let turn = 0; turn < 3; turn += 1) {
        trial.world.clock.advance(75)
        await thrownBy(read(account))
      }
      const healed = await account.authorization()
      must(healed.status === 'ACTIVE' && healed.lastError === null, `${name}: it has not healed`)
    }),
  })),
  {
    id: 'logins.trouble.repeated',
    name: 'a 408 without a time, or a connection that is reset, is repeated at once',
    keep: eachLogin(async ({ trial, account }) => {
      trial.emulator.faults.next({ kind: 'token', status: 408, headers: { connection: 'close' } })
      await read(account)
      await expire(trial, account)
      trial.emulator.faults.next({ kind: 'token', reset: true })
      await read(account)
    }),
  },
]
