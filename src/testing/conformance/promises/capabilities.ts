import { isDeepStrictEqual } from 'node:util'

import { supportOf } from '../../../model/capability.js'
import type { Provider } from '../../../providers/provider.js'
import { must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, everything, LIST_NAMES, listOf, LISTS, some } from '../reading.js'

const says = (
  { capabilities }: Provider,
  resource: Parameters<typeof supportOf>[1],
  one: Parameters<typeof supportOf>[2],
) => supportOf(capabilities, resource, one) !== 'UNSUPPORTED'

/** @throws Broken where what is said and what is there are not the same */
function mustAgree(said: Readonly<Record<string, boolean>>, there: Readonly<Record<string, boolean>>): void {
  const claims = Object.keys(said).filter((key) => said[key] && !there[key])
  const hides = Object.keys(said).filter((key) => !said[key] && there[key])
  must(claims.length === 0, `it claims ${some(claims)}, and does not have it`)
  must(hides.length === 0, `it has ${some(hides)}, and does not say so`)
}

/** Whether capabilities are true. */
export const capabilities: readonly ProviderPromise[] = [
  {
    id: 'capabilities.nouns',
    name: 'a kind of object it does not declare is not there, and one it declares is',
    async keep(bench) {
      const source = (await bench.start()).source()
      const { provider } = bench
      mustAgree(
        {
          DID: says(provider, 'DID', 'LIST'),
          EXTENSION: says(provider, 'EXTENSION', 'LIST'),
          GROUP: says(provider, 'GROUP', 'LIST'),
          CALL_RECORD: says(provider, 'CALL_RECORD', 'LIST'),
          RECORDING: says(provider, 'RECORDING', 'READ'),
        },
        {
          DID: !!source.dids,
          EXTENSION: !!source.extensions,
          GROUP: !!source.groups,
          CALL_RECORD: !!source.callRecords,
          RECORDING: !!source.recordings,
        },
      )
    },
  },
  {
    id: 'capabilities.writes',
    name: 'what it can write is what it says it can',
    async keep(bench) {
      const { extensions, calls } = (await bench.start()).source().writes ?? {}
      const { provider } = bench
      mustAgree(
        {
          create: says(provider, 'EXTENSION', 'CREATE'),
          update: says(provider, 'EXTENSION', 'UPDATE'),
          delete: says(provider, 'EXTENSION', 'DELETE'),
          originate: says(provider, 'LIVE_CALL', 'ORIGINATE'),
          transfer: says(provider, 'LIVE_CALL', 'UPDATE'),
          hangUp: says(provider, 'LIVE_CALL', 'DELETE'),
        },
        {
          create: !!extensions?.create,
          update: !!extensions?.update,
          delete: !!extensions?.delete,
          originate: !!calls?.originate,
          transfer: !!calls?.transfer,
          hangUp: !!calls?.hangUp,
        },
      )
    },
  },
  {
    id: 'capabilities.live',
    name: 'what it tells of calls under way is what it says it does',
    async keep(bench) {
      const source = (await bench.start()).source()
      const isTold = !!bench.provider.webhook || !!source.currentCalls
      mustAgree(
        { LIST: says(bench.provider, 'LIVE_CALL', 'LIST'), SUBSCRIBE: says(bench.provider, 'LIVE_CALL', 'SUBSCRIBE') },
        { LIST: isTold && says(bench.provider, 'LIVE_CALL', 'LIST'), SUBSCRIBE: isTold },
      )
      must(
        !source.currentCalls || says(bench.provider, 'LIVE_CALL', 'LIST'),
        'it lists current calls and does not say so',
      )
    },
  },
  {
    id: 'capabilities.reasons',
    name: 'whatever is missing or built here has a reason for a customer',
    keep({ provider }) {
      const bare = provider.capabilities.filter(({ support, reason }) => support !== 'NATIVE' && !reason?.trim())
      must(bare.length === 0, `${some(bare.map(({ resource, operation }) => `${operation} of ${resource}`))} has none`)
    },
  },
  {
    id: 'capabilities.complete',
    name: 'it says of every kind of object whether it can be had, each once',
    keep({ provider }) {
      const said = provider.capabilities.map(({ resource, operation }) => `${operation} of ${resource}`)
      const twice = said.filter((one, at) => said.indexOf(one) < at)
      must(twice.length === 0, `${some(twice)} is said twice`)
      const due = ['READ of ACCOUNT', ...['DID', 'EXTENSION', 'GROUP', 'CALL_RECORD'].map((kind) => `LIST of ${kind}`)]
      const missing = due.filter((one) => !said.includes(one))
      must(missing.length === 0, `it says nothing of ${some(missing)}`)
    },
  },
  {
    id: 'capabilities.unavailable',
    name: 'a field that it says is always null is null in everything it reads',
    async keep(bench) {
      const trial = await bench.start()
      const source = trial.source()
      const unavailable = new Set(bench.provider.capabilities.flatMap(({ unavailableFields }) => unavailableFields))
      const lying = new Set<string>()
      const check = (type: string, object: object) => {
        for (const [field, value] of Object.entries(object))
          if (value != null && unavailable.has(`${type}.${field}`)) lying.add(`${type}.${field}`)
      }
      check('AccountProfile', await source.profile())
      for (const name of LIST_NAMES) {
        if (!source[name]) continue
        for (const item of (await everything(listOf(source, name))).items) check(LISTS[name].type, item)
      }
      if (source.callRecords)
        for (const call of (await callsOf(source.callRecords, {}, { most: 300 })).calls) check('CallRecord', call)
      must(lying.size === 0, `${some([...lying])} has a value`)
    },
  },
  {
    id: 'capabilities.pushdown',
    name: 'the provider evaluates what it says that it evaluates, and nothing else',
    async keep(bench) {
      const source = (await bench.start()).source()
      for (const name of LIST_NAMES) {
        if (!source[name]) continue
        const { resource } = LISTS[name]
        const told = bench.provider.capabilities.find((one) => one.resource === resource && one.operation === 'LIST')
        const isSame = isDeepStrictEqual([...(told?.pushdownFields ?? [])], [...(source[name].pushdown ?? [])])
        must(
          isSame,
          `${name}: it says [${told?.pushdownFields.join()}], and its list does [${source[name].pushdown?.join() ?? ''}]`,
        )
      }
    },
  },
  {
    id: 'capabilities.batches',
    name: 'it reads several by their ids where it says so',
    async keep(bench) {
      const source = (await bench.start()).source()
      for (const name of LIST_NAMES) {
        if (!source[name]) continue
        const { resource } = LISTS[name]
        const modes = bench.provider.capabilities.filter((one) => one.resource === resource).map((one) => one.batchMode)
        const isSaid = modes.includes('BY_IDS' as never)
        must(
          isSaid === !!source[name].byIds,
          `${name}: it ${isSaid ? 'says so and cannot' : 'can and does not say so'}`,
        )
      }
    },
  },
]
