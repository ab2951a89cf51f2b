import { newOperation } from '../../world.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, everything, LIST_NAMES, listOf, logOf, mustBe, read, some, thrownBy } from '../reading.js'
import { profileProblems } from '../shapes.js'
import { LEADING_ELSEWHERE } from './hostile-ids.js'

/** The profile, recordings, and what reads cost. */
export const reads: readonly ProviderPromise[] = [
  {
    id: 'profile.shape',
    name: 'the profile of the account is read, and is what the schema says',
    async keep(bench) {
      bench.claims('ACCOUNT', 'READ')
      const problems = profileProblems(await (await bench.start()).source().profile())
      must(problems.length === 0, some(problems))
    },
  },
  {
    id: 'profile.detail',
    name: 'whatever the profile leaves out is in its detail',
    async keep(bench) {
      const source = (await bench.start()).source()
      const profile = await source.profile()
      const open = Object.entries(profile).flatMap(([field, value]) => (value === undefined ? [field] : []))
      claimed(open.length > 0, 'its profile has every field')
      must(source.profileDetail, `${open.join()} is left out, and there is no detail`)
      const detail = (await source.profileDetail()) as Record<string, unknown>
      must(
        open.every((field) => detail[field] !== undefined),
        `the detail leaves out ${open.join()}`,
      )
    },
  },
  {
    id: 'profile.others',
    name: 'two customers have profiles of their own',
    async keep(bench) {
      const trial = await bench.start()
      claimed(trial.facts.other !== null, 'the emulator has one customer')
      const [one, two] = [await trial.source().profile(), await trial.source(trial.facts.other).profile()]
      must(JSON.stringify(one) !== JSON.stringify(two), 'they are the same')
    },
  },
  {
    id: 'recordings.open',
    name: 'a recording is opened by its name and streamed whole',
    async keep(bench) {
      const { bytes } = await recordingOf(bench)
      must(bytes.length > 0, 'it is empty')
    },
  },
  {
    id: 'recordings.range',
    name: 'the part of a recording that is asked for is that part, or the whole is told to be it',
    async keep(bench) {
      const { name, bytes, trial } = await recordingOf(bench)
      const part = await trial.source().recordings!.open(name, { range: 'bytes=2-5' })
      must(part, 'it is not found a second time')
      const received = await bytesOf(part.stream)
      const expected = part.status === 206 ? bytes.subarray(2, 6) : bytes
      must(received.equals(expected), `${part.status}, with ${received.length} other bytes`)
    },
  },
  {
    id: 'recordings.unknown',
    name: 'a recording that does not exist is null, and a name never leads to another path',
    async keep(bench) {
      bench.claims('RECORDING', 'READ')
      const trial = await bench.start()
      const { recordings } = trial.source()
      must(recordings, 'it claims recordings, and its source has none')
      for (const name of LEADING_ELSEWHERE) {
        const file = await recordings.open(name, { range: null })
        file?.stream?.close()
        must(file === null, `${JSON.stringify(name.slice(0, 20))} opens a file`)
      }
    },
  },
  {
    id: 'recordings.page',
    name: 'a page in place of a recording is no recording',
    async keep(bench) {
      const { name, trial } = await recordingOf(bench)
      trial.emulator.faults.next({ kind: 'api', html: true, times: Infinity })
      const error = await thrownBy(trial.source().recordings!.open(name, { range: null }))
      mustBe(error, 'PROVIDER_BAD_RESPONSE', 'the recording')
    },
  },
  {
    id: 'costs.lists',
    name: 'a list costs one request for each of its pages, and a few more at most',
    async keep(bench) {
      const trial = await bench.start()
      await read(trial.account())
      for (const name of LIST_NAMES) {
        if (!trial.source()[name]) continue
        trial.forget()
        const { pages } = await everything(listOf(trial.source(), name))
        must(trial.apiRequests <= pages + FEW_MORE, `${name}: ${pages} pages cost ${trial.apiRequests} requests`)
      }
    },
  },
  {
    id: 'costs.calls',
    name: 'the newest calls cost few requests, however long the log is',
    async keep(bench) {
      bench.claims('CALL_RECORD', 'LIST')
      const trial = await bench.start({ scale: 0.2 })
      await read(trial.account())
      trial.forget()
      await callsOf(logOf(trial.source()), { expected: 20 }, { most: 20 })
      must(trial.apiRequests <= 6, `twenty calls cost ${trial.apiRequests} requests`)
    },
  },
  {
    id: 'costs.shared',
    name: 'what is read twice in one operation is asked for once',
    async keep(bench) {
      const trial = await bench.start()
      const operation = newOperation()
      await read(trial.account(), operation)
      const once = trial.apiRequests
      await read(trial.account(), operation)
      must(trial.apiRequests === once, `it was asked for ${trial.apiRequests} times`)
    },
  },
  {
    id: 'costs.nothing',
    name: 'connecting and making a source cost nothing: requests begin with the first read',
    async keep(bench) {
      const trial = await bench.start()
      const source = trial.source()
      for (const name of LIST_NAMES) void source[name]?.pages({})
      must(trial.emulator.journal.entries.length === 0, 'requests were sent that nobody asked for')
    },
  },
]

/** Requests that a list may need besides its pages: those of what its objects are joined from. */
const FEW_MORE = 3

async function bytesOf(stream: { readonly chunks: AsyncIterable<Buffer> } | null): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream?.chunks ?? []) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The first recording of the log that can be listened to. */
async function recordingOf(bench: Parameters<ProviderPromise['keep']>[0]) {
  bench.claims('RECORDING', 'READ')
  const trial = await bench.start()
  const { recordings, callRecords } = trial.source()
  must(recordings, 'it claims recordings, and its source has none')
  claimed(callRecords, 'it has no calls')
  const { calls } = await callsOf(callRecords)
  const found = calls.flatMap((call) => call.recordings ?? []).find(({ status }) => status === 'AVAILABLE')
  claimed(found, 'no call of the emulator has one')
  const file = await recordings.open(found.nativeName, { range: null })
  must(file, 'it is not found')
  return { name: found.nativeName, bytes: await bytesOf(file.stream), trial }
}
