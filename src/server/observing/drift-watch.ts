import type { DriftReporter } from '../../providers/drift.js'
import type { Log } from './log.js'

/**
 * Called for every field that differs from the documentation; there are as many names as documented
 * fields.
 */
export type OnDrift = (provider: string, noun: string, field: string) => void

/** A warning is logged when, of at least so many records, more than this share cannot be read. */
const ALARMING_SHARE = 0.01
const ALARMING_FROM = 100
/** Stands for the field where the record as a whole cannot be read. */
const WHOLE_RECORD = '(record)'
/** Stands for the kind of record where the response as a whole cannot be used. */
const WHOLE_ANSWER = '(answer)'

/**
 * Watches responses of providers for differences from their documentation. Each difference is
 * logged once and counted every time, and so is a record or a whole response that cannot be read; a kind of record that
 * is often unreadable is logged once more.
 */
export function driftWatch(
  log: Pick<Log, 'warning'>,
  onDrift: OnDrift = () => {},
): (provider: string) => DriftReporter {
  const logged = new Set<string>()
  const totals = new Map<string, { count: number; unreadable: number }>()
  const warnOnce = (message: string) => {
    if (logged.has(message)) return
    logged.add(message)
    log.warning(message)
  }
  return (provider) => ({
    answer(reason) {
      onDrift(provider, WHOLE_ANSWER, reason)
      warnOnce(`${provider} gives answers that cannot be used (${reason}); what they should have held is left out`)
    },
    field(noun, path) {
      onDrift(provider, noun, path)
      warnOnce(`${provider} answers ${noun} with "${path}" missing, or in a form that its documentation does not have`)
    },
    records(noun, count, unreadable) {
      const key = `${provider} ${noun}`
      const before = totals.get(key) ?? { count: 0, unreadable: 0 }
      const sum = { count: before.count + count, unreadable: before.unreadable + unreadable }
      totals.set(key, sum)
      if (unreadable > 0)
        warnOnce(
          `${provider} answers ${noun} with records that cannot be read; they are left out, and their lists say so`,
        )
      for (let one = 0; one < unreadable; one += 1) onDrift(provider, noun, WHOLE_RECORD)
      if (sum.count < ALARMING_FROM || sum.unreadable <= ALARMING_SHARE * sum.count) return
      warnOnce(
        `${provider} answers ${noun} in a form that cannot be read: more than one record in a hundred is left out`,
      )
    },
  })
}
