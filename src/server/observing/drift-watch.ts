import type { DriftReporter } from '../../providers/drift.js'
import type { Log } from './log.js'

/** Told of every field that was not as documented; what it is called is bounded by what is documented. */
export type OnDrift = (provider: string, noun: string, field: string) => void

/** Of so many records, more than this part unreadable is no accident. */
const ALARMING_SHARE = 0.01
const ALARMING_FROM = 100

/**
 * Watches how far the providers' answers are from their documentation, for as long as the process lives. Each difference is written
 * down once, and counted every time; and once for each kind of record that many of them cannot be read.
 */
export function driftWatch(
  log: Pick<Log, 'warning'>,
  onDrift: OnDrift = () => {},
): (provider: string) => DriftReporter {
  const told = new Set<string>()
  const read = new Map<string, { count: number; unreadable: number }>()
  const tellOnce = (message: string) => {
    if (told.has(message)) return
    told.add(message)
    log.warning(message)
  }
  return (provider) => ({
    field(noun, path) {
      onDrift(provider, noun, path)
      tellOnce(`${provider} answers ${noun} with "${path}" missing, or in a form that its documentation does not have`)
    },
    records(noun, count, unreadable) {
      const key = `${provider} ${noun}`
      const known = read.get(key) ?? { count: 0, unreadable: 0 }
      const sum = { count: known.count + count, unreadable: known.unreadable + unreadable }
      read.set(key, sum)
      if (sum.count < ALARMING_FROM || sum.unreadable <= ALARMING_SHARE * sum.count) return
      tellOnce(
        `${provider} answers ${noun} in a form that cannot be read: more than one record in a hundred is left out`,
      )
    },
  })
}
