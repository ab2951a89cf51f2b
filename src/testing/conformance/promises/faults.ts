import type { Fault } from '../../../emulator/emulator.js'
import { newOperation } from '../../world.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, everything, LIST_NAMES, listOf, logOf, mustBe, read, thrownBy } from '../reading.js'
import { assertNoSecret } from './secrets.js'

/** Failures that one more attempt mends. */
const PASSING: readonly (readonly [id: string, what: string, fault: Fault])[] = [
  ['408', '408', { status: 408, headers: { connection: 'close' } }],
  ['425', '425', { status: 425 }],
  ['503-past', '503 whose time is over', { status: 503, headers: { 'retry-after': 'Sat Jan  1 00:00:00 2000' } }],
  ['403-past', '403 whose time is over', { status: 403, headers: { 'retry-after': '0' } }],
  ['mislabelled', 'answer that is labelled as packed and is not', { headers: { 'content-encoding': 'gzip' } }],
]

/** Failures that stay, by the code that tells of them. */
const STAYING: readonly (readonly [id: string, what: string, fault: Fault, code: string])[] = [
  ['429', '429', { status: 429, headers: { 'retry-after': '17' } }, 'PROVIDER_RATE_LIMITED'],
  ['500', '500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
  ['503-time', '503 with a time', { status: 503, headers: { 'retry-after': '17' } }, 'PROVIDER_UNAVAILABLE'],
  ['403-time', '403 with a time', { status: 403, headers: { 'retry-after': '17' } }, 'PROVIDER_RATE_LIMITED'],
  ['408-always', '408 each time', { status: 408, headers: { connection: 'close' } }, 'PROVIDER_UNAVAILABLE'],
  ['503-page', '503 as a page', { status: 503, html: true }, 'PROVIDER_UNAVAILABLE'],
  ['page', 'a page with 200', { html: true }, 'PROVIDER_BAD_RESPONSE'],
  ['nothing', 'nothing with 200', { status: 200, body: '' }, 'PROVIDER_BAD_RESPONSE'],
  ['surprise', 'something else with 200', { status: 200, body: '"surprise"' }, 'PROVIDER_BAD_RESPONSE'],
  ['half', 'half an answer', { truncate: true }, 'PROVIDER_BAD_RESPONSE'],
  ['reset', 'a reset', { reset: true }, 'PROVIDER_UNAVAILABLE'],
  ['hang', 'a hang', { hang: true }, 'PROVIDER_TIMEOUT'],
  ['late', 'an answer that comes too late', { delayMs: 2_500 }, 'PROVIDER_TIMEOUT'],
  ['403', '403', { status: 403, body: '{"detail":"no"}' }, 'PROVIDER_FORBIDDEN'],
  ['400', '400', { status: 400, body: '{"error":"canary"}' }, 'PROVIDER_REJECTED'],
]

/** What becomes of reads when the provider fails. */
export const faults: readonly ProviderPromise[] = [
  ...PASSING.map(([id, what, fault]): ProviderPromise => ({
    id: `faults.passing.${id}`,
    name: `one ${what} passes, and nobody notices`,
    async keep(bench) {
      const trial = await bench.start()
      const account = trial.account()
      await read(account)
      trial.forget()
      trial.emulator.faults.next({ kind: 'api', ...fault })
      await read(account, newOperation(undefined, 60_000))
      const statuses = trial.emulator.journal.apiRequests.map(({ status }) => status).join()
      const due = [...(fault.status ? [fault.status] : []), 200].join()
      must(statuses === due, `it was answered ${statuses}, and ${due} was due`)
      must(trial.tokenRequests === 0, 'it logged in again')
    },
  })),
  ...STAYING.map(([id, what, fault, code]): ProviderPromise => ({
    id: `faults.staying.${id}`,
    name: `${what} is told by its code, with the account and without a secret`,
    async keep(bench) {
      const trial = await bench.start({ limits: { providerTimeoutMs: 800 } })
      const account = trial.account()
      await read(account)
      trial.forget()
      trial.emulator.faults.next({ ...fault, times: Infinity })
      const began = performance.now()
      const error = mustBe(await thrownBy(read(account)), code, what)
      // Ended by its deadline, and not by the operation's; a busy machine may not turn this red.
      must(performance.now() - began < 4_000, 'it waited longer than it may')
      const { provider, accountId } = error.source ?? {}
      must(provider === bench.provider.slug && accountId === account.id, 'it does not say of which account')
      if (fault.headers?.['retry-after']) {
        must((error as { retryAfterMs?: unknown }).retryAfterMs === 17_000, 'it does not say how long to wait')
        await thrownBy(read(account))
        must(trial.apiRequests === 1, `it was asked again before its time`)
      }
      assertNoSecret(trial, error)
    },
  })),
  {
    id: 'faults.mid-list',
    name: 'a list whose later page fails fails: it never ends early as if it were whole',
    async keep(bench) {
      const knobs = (await bench.start()).facts.smallPages
      claimed(knobs, 'the emulator cannot make its pages small')
      const trial = await bench.start({ knobs })
      for (const name of LIST_NAMES) {
        if (!trial.source()[name]) continue
        if ((await everything(listOf(trial.source(), name))).pages < 2) continue
        const reading = everything(listOf(trial.source(), name), () =>
          trial.emulator.faults.next({ kind: 'api', status: 500, times: Infinity }),
        )
        mustBe(await thrownBy(reading), /^PROVIDER_/, name)
        trial.emulator.faults.clear()
        trial.world.clock.advance(3_600)
      }
    },
  },
  {
    id: 'faults.mid-log',
    name: 'a call log whose later page fails fails: it never ends early as if it were whole',
    async keep(bench) {
      bench.claims('CALL_RECORD', 'LIST')
      const trial = await bench.start({ knobs: (await bench.start()).facts.smallPages })
      claimed((await callsOf(logOf(trial.source()))).pages > 1, 'its log is one page')
      const failing = { kind: 'api', status: 500, times: Infinity } as const
      const reading = callsOf(
        logOf(trial.source()),
        { expected: 5 },
        { afterPage: () => trial.emulator.faults.next(failing) },
      )
      mustBe(await thrownBy(reading), /^PROVIDER_/, 'the log')
    },
  },
  {
    id: 'faults.mid-token',
    name: 'a token that dies in the middle of a list is replaced, and the list goes on where it was',
    async keep(bench) {
      const { facts, emulator } = await bench.start()
      claimed(emulator.revokeAccessTokens, 'its emulator revokes no tokens')
      const trial = await bench.start({ knobs: facts.smallPages })
      const name = LIST_NAMES.find((one) => trial.source()[one] !== undefined)
      claimed(name, 'it has no list')
      const whole = await everything(listOf(trial.source(), name))
      claimed(whole.pages > 1, 'its list is one page')
      const broken = await everything(listOf(trial.source(), name), (page) => {
        if (page === 1) trial.emulator.revokeAccessTokens!()
      })
      const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join()
      must(ids(broken.items) === ids(whole.items), 'it is another list')
    },
  },
]
