import type { Scheduler } from 'fast-check'

import { GrantRefused, type Flow } from '../../src/auth/flow.js'
import { configuredWith, EMPTY_ROW } from '../../src/auth/granted-row.js'
import { TokenManager } from '../../src/auth/token-manager.js'
import { AppError } from '../../src/errors.js'
import { defaultHttpLimits } from '../../src/http/limits.js'
import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'

export interface Interleaving {
  /** Processes that find the same token expired. */
  readonly processes: number
  readonly lease: boolean
  readonly rename: boolean
  readonly unlink: boolean
  /** The provider fails one request temporarily. */
  readonly hiccup: boolean
}

const KEY = 'shop~mark'
const LINK = 'mark'

/**
 * One refresh by several processes, a new label and an unlinking, in whatever order the scheduler
 * likes: every step to the store and to the provider is one it may put off. Refresh tokens are good
 * once. Answers what was found to be wrong, nothing when all is well.
 */
export async function interleave(scheduler: Scheduler, plan: Interleaving): Promise<readonly string[]> {
  const inner = memoryStore(() => 0)
  const provider = strictProvider(scheduler, plan.hiccup)
  await inner.link(
    {
      ...{ link: LINK, key: 'shop', workspace: 'default', provider: 'none', label: 'Old', pendingUntil: null },
      settings: new Secret('{}'),
    },
    new Map([
      [
        KEY,
        {
          ...EMPTY_ROW,
          ...{
            generation: 1,
            status: 'ACTIVE',
            configuredWith: configuredWith(provider.flow),
            receivedAt: 0,
            lifetimeSeconds: 300,
          },
          accessToken: new Secret('access-0'),
          refreshToken: new Secret('refresh-0'),
        },
      ],
    ]),
    5,
    0,
  )
  const discarded: string[] = []
  const store = putOff(scheduler, inner, plan.lease)
  const managers = Array.from(
    { length: plan.processes },
    () =>
      new TokenManager({
        store,
        send: () => Promise.reject(new Error('nothing is sent here')),
        clock: { now: () => 301_000, monotonic: () => 301_000 },
        limits: defaultHttpLimits,
        random: () => 0.5,
        sleep: () => scheduler.schedule(Promise.resolve(), 'sleep'),
        orphaned: (_key, _flow, { refreshToken }) => void discarded.push(refreshToken!.reveal()),
      }),
  )
  const told: string[] = []
  const work: Promise<unknown>[] = managers.map((manager) =>
    manager
      .login(KEY, provider.flow)
      .token()
      .then(
        ({ accessToken }) => void told.push(accessToken.reveal()),
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error
          told.push(error.code)
        },
      ),
  )
  if (plan.rename) work.push(scheduler.schedule(Promise.resolve(), 'rename').then(() => inner.relabel(LINK, 'New')))
  const revoked: string[] = []
  if (plan.unlink) {
    work.push(
      scheduler
        .schedule(Promise.resolve(), 'unlink')
        .then(() =>
          inner.unlink(LINK, (rows) => (revoked.push(...rows.map(({ refreshToken }) => refreshToken!.reveal())), [])),
        ),
    )
  }
  await scheduler.waitFor(Promise.all(work))
  return wrongs()

  async function wrongs(): Promise<readonly string[]> {
    const found: string[] = []
    const row = await inner.read(KEY)
    const [account] = await inner.accounts()
    const alive = provider.alive()
    if (plan.unlink) {
      if (row) found.push('the row of an unlinked account is there')
      if (account) found.push('the unlinked account is there')
      // Tokens still valid at the provider were handed over to be revoked.
      if (![...revoked, ...discarded].includes(alive))
        found.push('a token that is alive was forgotten without being revoked')
      return found
    }
    if (row?.status !== 'ACTIVE' && !plan.hiccup) found.push(`the login is ${row?.status} (${row?.lastError?.reason})`)
    if (row?.refreshToken?.reveal() !== alive)
      found.push(`the refresh token that is alive is not the one that is stored`)
    if (plan.rename && account?.label !== 'New') found.push('the new label is lost')
    if (plan.lease && provider.redeemed() > (plan.hiccup ? 2 : 1))
      found.push(`${provider.redeemed()} redemptions under a lease`)
    const refused = told.filter((outcome) => !outcome.startsWith('access-'))
    if (!plan.hiccup && refused.length > 0) found.push(`queries failed: ${refused.join()}`)
    return found
  }
}

function strictProvider(scheduler: Scheduler, hiccup: boolean) {
  let generation = 0
  let calls = 0
  let hiccups = hiccup ? 1 : 0
  const flow: Flow = {
    kind: 'OAUTH2_AUTHORIZATION_CODE',
    fingerprint: 'strict',
    async refresh(_exchange, token) {
      calls += 1
      await scheduler.schedule(Promise.resolve(), 'request')
      if (hiccups-- > 0) {
        await scheduler.schedule(Promise.resolve(), 'failure')
        const { ProviderError } = await import('../../src/errors.js')
        throw new ProviderError('PROVIDER_UNAVAILABLE', 'a hiccup', { reason: 'HTTP_503' })
      }
      const isGood = token.reveal() === `refresh-${generation}`
      if (isGood) generation += 1
      const now = generation
      await scheduler.schedule(Promise.resolve(), 'answer')
      if (!isGood) throw new GrantRefused('invalid_grant', 'used before')
      return { accessToken: new Secret(`access-${now}`), refreshToken: new Secret(`refresh-${now}`), expiresIn: 300 }
    },
    apply: (request) => request,
    isExpired: () => false,
  }
  return { flow, alive: () => `refresh-${generation}`, redeemed: () => calls }
}

/** The scheduler decides when each call reaches the store, and when its result arrives. */
function putOff(scheduler: Scheduler, store: Store, lease: boolean): Store {
  const late =
    <Arguments extends unknown[], Result>(name: string, call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      await scheduler.schedule(Promise.resolve(), name)
      const result = await call(...given)
      await scheduler.schedule(Promise.resolve(), `${name} done`)
      return result
    }
  return {
    ...store,
    read: late('read', store.read),
    write: late('write', store.write),
    intend: late('intend', store.intend),
    lease: late('lease', lease ? store.lease : async () => true),
    prolong: late('prolong', lease ? store.prolong : async () => true),
    release: late('release', store.release),
  }
}
