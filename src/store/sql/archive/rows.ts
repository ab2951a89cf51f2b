import type { Selectable } from 'kysely'

import type { ArchivedCall, ArchiveUpdate } from '../../archive-store.js'
import type { Keyring } from '../../keyring.js'
import { placeOf, type ArchiveCallTable } from '../tables.js'

export type CallRow = Selectable<ArchiveCallTable>

/** Hides a number so that it is found again, in this account alone. */
export type NumberHash = (account: string, number: string) => string

/** What hides a sealed archive's numbers, names and raw values. */
export interface Sealing {
  readonly keys: Keyring
  readonly hash: NumberHash
}

/** What an update does to the rows of one account's calls: no id is in it twice. */
export interface ArchiveRows {
  readonly account: string
  readonly put: readonly CallRow[]
  readonly remove: readonly string[]
}

/** The rows of an update; without `sealing` all can be read in them. */
export function rowsOf(account: string, { put, remove }: ArchiveUpdate, sealing: Sealing | null): ArchiveRows {
  const calls = new Map(put.map((call) => [call.id, call]))
  return {
    account,
    put: [...calls.values()].map((call) => rowOf(account, call, sealing)),
    remove: [...new Set(remove)].filter((id) => !calls.has(id)),
  }
}

function rowOf(account: string, { id, startedAt, record, facts }: ArchivedCall, sealing: Sealing | null): CallRow {
  const { callerNumber, calleeNumber } = facts
  const hidden = (number: string | null) => number && (sealing ? sealing.hash(account, number) : number)
  return {
    account,
    id,
    started_at: Date.parse(startedAt),
    kind: facts.kind,
    direction: facts.direction,
    disposition: facts.disposition,
    caller_number: hidden(callerNumber),
    callee_number: hidden(calleeNumber),
    duration_seconds: facts.durationSeconds,
    wait_seconds: facts.waitSeconds,
    talk_seconds: facts.talkSeconds,
    record: sealing
      ? sealing.keys.seal(`${JSON.stringify([callerNumber, calleeNumber])}\n${record}`, recordPlace(account, id))
      : record,
  }
}

/**
 * A call as it was put, whether it is sealed or not.
 * @throws SealBroken
 */
export function callOf(row: CallRow, keys: Keyring): ArchivedCall {
  const { record, callerNumber, calleeNumber } = openRecord(row, keys)
  return {
    id: row.id,
    startedAt: new Date(Number(row.started_at)).toISOString(),
    record,
    facts: {
      kind: row.kind,
      direction: row.direction,
      disposition: row.disposition,
      callerNumber,
      calleeNumber,
      durationSeconds: row.duration_seconds,
      waitSeconds: row.wait_seconds,
      talkSeconds: row.talk_seconds,
    },
  }
}

function openRecord({ account, id, record, caller_number, callee_number }: CallRow, keys: Keyring) {
  if (record.startsWith('{')) return { record, callerNumber: caller_number, calleeNumber: callee_number }
  const opened = keys.open(record, recordPlace(account, id))
  const end = opened.indexOf('\n')
  const [callerNumber, calleeNumber] = JSON.parse(opened.slice(0, end)) as [string | null, string | null]
  return { record: opened.slice(end + 1), callerNumber, calleeNumber }
}

const recordPlace = (account: string, id: string) => placeOf('archive_calls', 'record', account, id)
