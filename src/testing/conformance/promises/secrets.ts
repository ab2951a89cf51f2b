import { inspect } from 'node:util'

import type { AppError } from '../../../errors.js'
import type { Trial } from '../bench.js'
import { connected } from '../connected.js'
import { must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, everything, LIST_NAMES, listOf, mustBe, read, thrownBy } from '../reading.js'

/** Every secret of the account's configuration, and every token the provider has seen. */
export function secretsOf({ emulator, facts }: Trial): readonly string[] {
  const configured = Object.entries(emulator.accounts[facts.account]!.auth)
    .filter(([key]) => /secret|password|token/i.test(key))
    .map(([, value]) => String(value))
  const carried = emulator.journal.entries.flatMap(({ headers, query }) => [
    headers['authorization']?.replace(/^\w+ /, ''),
    query['access_token'],
  ])
  const told = emulator.secrets?.() ?? []
  return [...configured, ...carried, ...told].filter((secret): secret is string => !!secret && secret.length > 3)
}

/** @throws Broken where an error shows a secret, or what the provider sent */
export function assertNoSecret(trial: Trial, error: AppError): void {
  const shown = inspect({ message: error.message, details: error.details, whole: error }, { depth: 20 })
  must(!secretsOf(trial).some((secret) => shown.includes(secret)), 'the error shows a secret')
  must(!/canary|surprise/.test(shown), 'the error shows what the provider sent')
}

/** What is never shown. */
export const secrets: readonly ProviderPromise[] = [
  {
    id: 'secrets.objects',
    name: 'no object it maps holds a secret, its raw payload included',
    async keep(bench) {
      const trial = await bench.start()
      const source = trial.source()
      const found: unknown[] = [await source.profile()]
      for (const name of LIST_NAMES) if (source[name]) found.push((await everything(listOf(source, name))).items)
      if (source.callRecords) found.push((await callsOf(source.callRecords, {}, { most: 50 })).calls)
      const shown = JSON.stringify(found)
      must(!secretsOf(trial).some((secret) => shown.includes(secret)), 'one holds a secret')
    },
  },
  {
    id: 'secrets.inspection',
    name: 'what stands for an account shows no secret when it is printed',
    async keep(bench) {
      const trial = await bench.start()
      await read(trial.account())
      const { flow } = connected(bench.provider, trial.emulator.accounts[trial.facts.account]!)
      const shown = `${inspect(flow, { depth: 20 })} ${JSON.stringify(flow)} ${inspect(trial.source(), { depth: 20 })}`
      must(!secretsOf(trial).some((secret) => shown.includes(secret)), 'it shows one')
    },
  },
  {
    id: 'secrets.addresses',
    name: 'an error names a request by its method, host and path, and never by its query',
    async keep(bench) {
      const trial = await bench.start()
      await read(trial.account())
      trial.emulator.faults.next({ kind: 'api', status: 400, body: '{}', times: Infinity })
      const error = mustBe(await thrownBy(read(trial.account())), /^PROVIDER_/, 'a read')
      must(!error.message.includes('?'), 'it shows the query of a request')
    },
  },
  {
    id: 'secrets.login-errors',
    name: 'a login that is refused is told without what was sent, or what came back',
    async keep(bench) {
      const trial = await bench.start()
      const body = '{"error":"canary","error_description":"surprise"}'
      trial.emulator.faults.next({ kind: 'token', status: 400, body, times: Infinity })
      trial.emulator.faults.next({ kind: 'api', status: 401, body, times: Infinity })
      assertNoSecret(trial, mustBe(await thrownBy(read(trial.account())), /./, 'a read'))
    },
  },
]
