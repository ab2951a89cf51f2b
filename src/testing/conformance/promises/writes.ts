import type { NamedIds, WriteName } from '../../../emulator/conformance-facts.js'
import { OutcomeUnknown } from '../../../errors.js'
import type { Did } from '../../../model/did.js'
import type { Extension } from '../../../model/extension.js'
import type { Group } from '../../../model/group.js'
import type { Provider, Source } from '../../../providers/provider.js'
import type { NamedObject, ProviderWrite } from '../../../providers/writes.js'
import type { Bench, Trial } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { everything, listOf, mustBe, some, thrownBy, type ListName } from '../reading.js'
import { answeredCall } from './live.js'

type AnyWrite = ProviderWrite<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>

/** A kind of write: what capabilities call it, the name of its input, and what it is tried with. */
interface WriteKind {
  readonly name: WriteName
  readonly claim: readonly [Parameters<Bench['claims']>[0], Parameters<Bench['claims']>[1]]
  readonly inputType: string
  readonly of: (source: Source) => unknown
  readonly input: (ids: NamedIds) => Readonly<Record<string, unknown>>
}

const KINDS: readonly WriteKind[] = [
  {
    name: 'create',
    claim: ['EXTENSION', 'CREATE'],
    inputType: 'ExtensionCreateInput',
    of: ({ writes }) => writes?.extensions?.create,
    input: ({ did }) => ({ number: '7391', displayName: 'Conformance', email: 'c@example.com', callerIdDidId: did }),
  },
  {
    name: 'update',
    claim: ['EXTENSION', 'UPDATE'],
    inputType: 'ExtensionUpdateInput',
    of: ({ writes }) => writes?.extensions?.update,
    input: () => ({ displayName: 'Conformance' }),
  },
  {
    name: 'delete',
    claim: ['EXTENSION', 'DELETE'],
    inputType: 'ExtensionDeleteInput',
    of: ({ writes }) => writes?.extensions?.delete,
    input: () => ({}),
  },
  {
    name: 'originate',
    claim: ['LIVE_CALL', 'ORIGINATE'],
    inputType: 'CallOriginateInput',
    of: ({ writes }) => writes?.calls?.originate,
    input: ({ extension, did }) => ({ fromExtensionId: extension, to: '+420222333444', callerIdDidId: did }),
  },
  {
    name: 'transfer',
    claim: ['LIVE_CALL', 'UPDATE'],
    inputType: 'CallTransferInput',
    of: ({ writes }) => writes?.calls?.transfer,
    input: () => ({ toNumber: '+420222333444' }),
  },
  {
    name: 'hangUp',
    claim: ['LIVE_CALL', 'DELETE'],
    inputType: 'CallHangUpInput',
    of: ({ writes }) => writes?.calls?.hangUp,
    input: () => ({}),
  },
]

/** A write with all that is read for it. */
interface Ready {
  readonly trial: Trial
  readonly write: AnyWrite
  readonly ready: Readonly<Record<string, unknown>>
  /** Requests that changed something, since the input was ready. */
  readonly sent: () => number
}

async function prepare(bench: Bench, kind: WriteKind): Promise<Ready> {
  bench.claims(...kind.claim)
  const trial = await bench.start()
  const source = trial.source()
  const write = kind.of(source) as AnyWrite | undefined
  must(write, 'it claims to, and its source has no such write')
  const objects = await firstObjects(source)
  const ids = {
    did: objects.did?.id ?? null,
    extension: objects.extension?.id ?? null,
    group: objects.group?.id ?? null,
  }
  const given = trial.facts.writes?.[kind.name]?.(ids) ?? kind.input(ids)
  const input = takenFields(bench.provider, kind.inputType, given)
  const mistakes = write.mistakes?.(input) ?? []
  must(mistakes.length === 0, `its input has mistakes: ${some(mistakes.map(({ message }) => message))}`)
  const named = new Map<string, NamedObject>(
    Object.values(objects).flatMap((object) => (object ? [[object.id, object] as const] : [])),
  )
  const call = kind.claim[0] === 'LIVE_CALL' && kind.name !== 'originate' ? await currentCall(trial) : null
  const ready = { input, named, extension: kind.name === 'delete' ? objects.last : objects.extension, call }
  const problems = (await write.check?.(ready)) ?? []
  must(problems.length === 0, `it may not be sent: ${some(problems.map(({ message }) => message))}`)
  trial.forget()
  const { isWrite = ({ method }) => method !== 'GET' && method !== 'HEAD' } = trial.facts
  const sent = () => trial.emulator.journal.apiRequests.filter(isWrite).length
  return { trial, write, ready, sent }
}

async function firstObjects(source: Source) {
  const all = async (name: ListName) => (source[name] ? (await everything(listOf(source, name))).items : [])
  const [dids, extensions, groups] = [await all('dids'), await all('extensions'), await all('groups')]
  return {
    did: dids[0] as Did | undefined,
    extension: extensions[0] as Extension | undefined,
    last: extensions.at(-1) as Extension | undefined,
    group: groups[0] as Group | undefined,
  }
}

async function currentCall(trial: Trial) {
  claimed(trial.emulator.live && trial.source().currentCalls, 'its emulator has no calls under way')
  await answeredCall(trial.emulator.live)
  const [call] = (await trial.source().currentCalls!()).calls
  must(call, 'a call under way is not listed')
  return call
}

/** An input without the fields that the provider says it does not take, and without those that are null. */
function takenFields({ capabilities }: Provider, type: string, input: Readonly<Record<string, unknown>>) {
  const refused = new Set(capabilities.flatMap(({ unavailableFields }) => unavailableFields))
  return Object.fromEntries(
    Object.entries(input).filter(([field, value]) => value !== null && !refused.has(`${type}.${field}`)),
  )
}

/** What each kind of write promises. */
export const writes: readonly ProviderPromise[] = KINDS.flatMap((kind): ProviderPromise[] => [
  {
    id: `writes.${kind.name}.once`,
    name: `${kind.name} is one request, and is done`,
    async keep(bench) {
      const { write, ready, sent, trial } = await prepare(bench, kind)
      await write.send(ready)
      must(sent() === 1, `it sent ${sent()} requests`)
      const failed = trial.emulator.journal.apiRequests.filter(({ status }) => (status ?? 0) >= 400)
      must(failed.length === 0, `it was answered ${failed[0]?.status}`)
    },
  },
  {
    id: `writes.${kind.name}.lost`,
    name: `${kind.name} whose answer is lost is sent once, and its outcome is said to be unknown`,
    async keep(bench) {
      const { write, ready, sent, trial } = await prepare(bench, kind)
      trial.emulator.faults.next({ kind: 'api', reset: 'afterProcessing' })
      const error = await thrownBy(write.send(ready))
      must(error instanceof OutcomeUnknown, error === null ? 'it says that it was done' : 'it is said to have failed')
      must(sent() === 1, `it was sent ${sent()} times`)
      if (write.look) await write.look(ready)
      must(sent() === 1, 'a look changes something')
    },
  },
  {
    id: `writes.${kind.name}.refused`,
    name: `${kind.name} that is refused is sent once, and says so without a secret`,
    async keep(bench) {
      const { write, ready, sent, trial } = await prepare(bench, kind)
      const refusal = { kind: 'api', status: 422, body: '{"error":"canary"}', times: Infinity } as const
      trial.emulator.faults.next({ ...refusal, when: ({ method }) => method !== 'GET' })
      const error = mustBe(await thrownBy(write.send(ready)), 'PROVIDER_REJECTED', kind.name)
      must(!/canary/.test(error.message + JSON.stringify(error.details)), 'it shows what the provider sent')
      must(sent() === 1, `it was sent ${sent()} times`)
    },
  },
  ...(kind.claim[0] === 'EXTENSION' && kind.name !== 'delete' ? [mistakesOf(kind)] : []),
])

function mistakesOf(kind: WriteKind): ProviderPromise {
  return {
    id: `writes.${kind.name}.mistakes`,
    name: `${kind.name} of nothing at all is a mistake that costs no request`,
    async keep(bench) {
      bench.claims(...kind.claim)
      const trial = await bench.start()
      const write = kind.of(trial.source()) as AnyWrite | undefined
      must(write, 'it claims to, and its source has no such write')
      const mistakes = write.mistakes?.({}) ?? []
      must(mistakes.length > 0, 'nothing is said against it')
      must(
        mistakes.every(({ message }) => message.trim() !== ''),
        'a mistake has no message',
      )
      must(trial.emulator.journal.entries.length === 0, 'it was asked of the provider')
    },
  }
}
