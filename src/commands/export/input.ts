import { Zone } from '../../model/values/zone.js'
import { CommandFailed } from '../command-failed.js'

/** What is exported, as the command line says it. */
export interface ExportQuestion {
  readonly from?: string
  readonly until?: string
  readonly format: 'jsonl' | 'csv' | 'vcon'
  readonly account?: readonly string[]
  readonly fields?: readonly string[]
  readonly timeZone?: string
  readonly legs?: true
  readonly fromProvider?: true
  readonly manifest?: true
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * The input of `callRecordsExport`. A date is the beginning of that day in the time zone.
 * @throws CommandFailed for a time or a zone that is none
 */
export function inputOf(question: ExportQuestion): object {
  const { from, until, format, account, fields, timeZone, legs, fromProvider, manifest } = question
  const zone = zoneOf(timeZone)
  return {
    filter: {
      ...(account && { accountKeys: account }),
      startedAt: { from: momentOf('--from', from, zone), until: momentOf('--until', until, zone) },
    },
    format: format.toUpperCase(),
    ...{ fields, timeZone, includeLegs: legs, fromProvider, includeManifest: manifest },
  }
}

function zoneOf(name = 'UTC'): Zone {
  try {
    return new Zone(name)
  } catch {
    throw new CommandFailed(`--time-zone ${name}: there is no such zone. Name one as Europe/Istanbul.`)
  }
}

function momentOf(option: string, text: string | undefined, zone: Zone): string | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  const isDay = DATE.test(text)
  // Without a zone, JavaScript takes the one of this machine.
  if (Number.isNaN(time) || (!isDay && !/(?:Z|[+-]\d{2}:\d{2})$/i.test(text)))
    throw new CommandFailed(
      `${option} ${text}: a day, as 2026-03-01, or a time with its zone, as 2026-03-01T08:00:00Z.`,
    )
  return new Date(isDay ? zone.firstMoment(time) : time).toISOString()
}
