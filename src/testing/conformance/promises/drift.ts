import type { DriftReporter } from '../../../providers/drift.js'
import type { Bench, Trial } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { callsOf, some, thrownBy } from '../reading.js'
import { LIST_NAMES, everything, listOf } from '../reading.js'
import { fieldsIn, withoutFirstRecord, withoutField } from '../tampering.js'

/** Remembers what was told of answers that are not as documented. */
function recorder(): { readonly reporter: DriftReporter; readonly told: Set<string> } {
  const told = new Set<string>()
  return {
    told,
    reporter: {
      records: (noun, _count, unreadable) => void (unreadable > 0 && told.add(`${noun}: unreadable`)),
      answer: (reason) => void told.add(`answer: ${reason}`),
      field: (noun, path) => void told.add(`${noun}.${path}`),
    },
  }
}

async function readAll(trial: Trial): Promise<void> {
  const source = trial.source()
  await source.profile()
  for (const name of LIST_NAMES) if (source[name]) await everything(listOf(source, name))
  if (source.callRecords) await callsOf(source.callRecords, {}, { most: 50 })
}

/** Starts with a reporter, and reads everything once. */
async function watched(bench: Bench) {
  const { reporter, told } = recorder()
  const trial = await bench.start({ drift: reporter })
  await readAll(trial)
  return { trial, told }
}

/** What is told of answers that are not as the provider's documentation says. */
export const drift: readonly ProviderPromise[] = [
  {
    id: 'drift.none',
    name: 'answers that are as documented are told of nothing',
    async keep(bench) {
      const { told } = await watched(bench)
      must(told.size === 0, `${some([...told])} is told of`)
    },
  },
  {
    id: 'drift.fields',
    name: 'a field that every record needs and that is gone is told of',
    async keep(bench) {
      const { trial, told } = await watched(bench)
      let fields: readonly string[] = []
      trial.emulator.faults.next({
        kind: 'api',
        times: Infinity,
        rewrite: (body) => {
          fields = fieldsIn(body).length > fields.length ? fieldsIn(body) : fields
          return body
        },
      })
      await readAll(trial)
      trial.emulator.faults.clear()
      claimed(fields.length > 0, 'its answers have no records')
      for (const field of fields) {
        trial.emulator.faults.next({ kind: 'api', rewrite: withoutField(field), times: Infinity })
        await thrownBy(readAll(trial))
        trial.emulator.faults.clear()
      }
      must(told.size > 0, 'none of them is told of')
    },
  },
  {
    id: 'drift.records',
    name: 'a record of any list that is none is told of',
    async keep(bench) {
      const { trial, told } = await watched(bench)
      const silent: string[] = []
      let changed = 0
      const rewrite = (body: string) => {
        const other = withoutFirstRecord(body)
        if (other !== body) changed += 1
        return other
      }
      for (const name of LIST_NAMES.filter((one) => trial.source()[one])) {
        const before = changed
        told.clear()
        trial.emulator.faults.next({ kind: 'api', rewrite, times: Infinity })
        await thrownBy(everything(listOf(trial.source(), name)))
        trial.emulator.faults.clear()
        if (changed > before && told.size === 0) silent.push(name)
      }
      claimed(changed > 0, 'its answers have no lists of records')
      must(silent.length === 0, `nothing is told of it in ${some(silent)}`)
    },
  },
  {
    id: 'drift.content',
    name: 'what is told of an answer holds nothing of what it held',
    async keep(bench) {
      const { trial, told } = await watched(bench)
      const rewrite = (body: string) => body.replaceAll(/("\w+": ?)"([^"]+)"/g, '$1{"canary":"surprise"}')
      trial.emulator.faults.next({ kind: 'api', rewrite, times: Infinity })
      await thrownBy(readAll(trial))
      must(![...told].some((one) => /canary|surprise/.test(one)), 'it holds a value')
    },
  },
]
