import { callerName, CallDirection, text, toE164, type CallParty, type Reference } from '../../../provider.js'
import { originOf, type CallRow } from '../call-rows.js'
import type { Home } from './destination.js'
import { dialled, groupOf, isFeatureCode, isMailbox, lineOf, LONGEST_EXTENSION, namesPhone } from './row-facts.js'
import { reachedOutside } from './row-facts.js'

/**
 * Which way a call went, by its rows alone: who has a DID came from outside, and whose channel is a
 * line of ours called out where a trunk was taken, and inside otherwise.
 */
export function directionOf(rows: readonly CallRow[]): CallDirection {
  if (rows.some(({ wire }) => text(wire.did) !== null)) return CallDirection.INBOUND
  const origin = originOf(rows)
  if (lineOf(origin.wire.channel) === null) return CallDirection.UNKNOWN
  const isOut = (row: CallRow) =>
    text(row.wire.outbound_cnum) !== null || (namesPhone(row) && lineOf(row.wire.dstchannel) === null)
  if (rows.some(isOut)) return CallDirection.OUTBOUND
  if (rows.some((row) => isMailbox(row) || groupOf(row) !== null || namesPhone(row))) return CallDirection.INTERNAL
  const number = dialled(origin.wire.dst)
  if (number === null) return CallDirection.UNKNOWN
  if (isFeatureCode(number)) return CallDirection.INTERNAL
  return number.length > LONGEST_EXTENSION ? CallDirection.OUTBOUND : CallDirection.UNKNOWN
}

/** The side that called: the dialplan's own word comes before Asterisk's, and both before the channel's. */
export function callerParty(rows: readonly CallRow[], direction: CallDirection, account: Home): CallParty {
  const { wire } = originOf(rows)
  const line = direction === CallDirection.INBOUND ? null : lineOf(wire.channel)
  const number = text(wire.cnum) ?? text(wire.src) ?? line
  const name = callerName(text(wire.clid))
  return {
    number: line === null ? toE164(number, account.country) : null,
    rawNumber: number,
    displayName: name === number ? null : name,
    endpointRef: line === null ? null : { kind: 'Extension', number: line },
    accountKey: account.key,
  }
}

/** The side that was called: the DID, the number dialled, or the first of ours that was reached. */
export function calleeParty(rows: readonly CallRow[], direction: CallDirection, account: Home): CallParty {
  const endpointRef = direction === CallDirection.OUTBOUND ? null : reached(rows, direction, account)
  const isInside = endpointRef !== null && endpointRef.kind !== 'Did'
  const rawNumber =
    direction === CallDirection.INBOUND ? didIn(rows) : (numberOf(endpointRef) ?? dialled(originOf(rows).wire.dst))
  return {
    number: isInside ? null : toE164(rawNumber, account.country),
    rawNumber,
    displayName: null,
    endpointRef,
    accountKey: account.key,
  }
}

const numberOf = (reference: Reference | null): string | null =>
  reference?.kind === 'Extension' || reference?.kind === 'Group' ? (reference.number ?? null) : null

/** What of ours was called. */
function reached(rows: readonly CallRow[], direction: CallDirection, account: Home): Reference | null {
  if (direction === CallDirection.INBOUND) return didRefOf(rows, direction, account)
  for (const row of rows) {
    const line = lineOf(row.wire.dstchannel)
    const found = groupOf(row) ?? (line === null ? null : { kind: 'Extension' as const, number: line })
    if (found) return found
  }
  return null
}

/** Our number in the call: the one dialled from outside, or the one shown outside. */
export function didRefOf(rows: readonly CallRow[], direction: CallDirection, account: Home): Reference | null {
  const isOut = direction === CallDirection.OUTBOUND
  const number = isOut
    ? (rows.map(({ wire }) => text(wire.outbound_cnum)).find((shown) => shown !== null) ?? null)
    : didIn(rows)
  return number === null ? null : { kind: 'Did', number: toE164(number, account.country), rawNumber: number }
}

const didIn = (rows: readonly CallRow[]): string | null =>
  rows.map(({ wire }) => text(wire.did)).find((did) => did !== null) ?? null

/** Who took it, by the channel of the last row where somebody did; outside, what was dialled there. */
export function answeredBy(rows: readonly CallRow[], direction: CallDirection, account: Home): Reference | null {
  const taken = rows.filter((row) => row.disposition === 'ANSWERED' && namesPhone(row))
  if (taken.length === 0) return null
  const line = taken.flatMap(({ wire }) => lineOf(wire.dstchannel) ?? []).at(-1)
  if (line !== undefined) return { kind: 'Extension', number: line }
  return reachedOutside(direction === CallDirection.OUTBOUND ? originOf(rows) : taken.at(-1)!, account)
}
