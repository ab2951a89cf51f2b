import type { Board, Shown } from './board.js'
import type { ConsoleLiveCallFragment } from './generated/graphql.js'

/** A call as the graph tells it. */
export type LiveCall = ConsoleLiveCallFragment & { readonly id: string }

/** The same on the board. */
export type ShownCall = Shown<LiveCall>

/** By what calls are put together. */
export type GroupedBy = 'group' | 'extension'

/** Calls that are shown together. */
export interface Lane {
  /** Of the group or extension; empty: calls that are with none. */
  readonly id: string
  readonly name: string
  readonly number: string | null
  readonly account: string
  readonly calls: readonly ShownCall[]
  readonly waiting: Waiting
}

/** Callers that nobody talks to yet. */
export interface Waiting {
  readonly count: number
  /** When the one who waits longest began to, ISO; null where nobody waits. */
  readonly since: string | null
}

type Place = Pick<Lane, 'id' | 'name' | 'number'>

const NOWHERE: Place = { id: '', name: '', number: null }

/** The calls by group or extension, in the order of their names; those that are with none come last. */
export function lanesOf(calls: readonly ShownCall[], by: GroupedBy, locale: string): readonly Lane[] {
  const lanes = new Map<string, { place: Place; account: string; calls: ShownCall[] }>()
  for (const shown of calls) {
    const places = by === 'group' ? groupOf(shown.call) : linesOf(shown.call)
    for (const place of places.length > 0 ? places : [NOWHERE]) {
      const lane = lanes.get(place.id)
      if (lane) lane.calls.push(shown)
      else lanes.set(place.id, { place, account: shown.call.account.label, calls: [shown] })
    }
  }
  const { compare } = new Intl.Collator(locale, { numeric: true })
  return [...lanes.values()]
    .map(({ place, account, calls: its }) => ({ ...place, account, calls: its, waiting: waitingIn(its) }))
    .sort(
      (one, other) =>
        Number(one.id === '') - Number(other.id === '') || compare(one.name, other.name) || compare(one.id, other.id),
    )
}

/** Those that are not answered and came from outside, or wait in a group. */
export function waitingIn(calls: readonly ShownCall[]): Waiting {
  const waiting = calls.filter(({ call }) => isWaiting(call)).map(({ call }) => call.startedAt)
  return { count: waiting.length, since: waiting.sort()[0] ?? null }
}

/** Whether somebody waits to be talked to. */
export const isWaiting = ({ state, direction, group }: LiveCall): boolean =>
  state === 'QUEUED' || (state === 'RINGING' && (direction === 'INBOUND' || group !== null))

/** All calls of the board in the order in which they began. */
export const inOrder = (board: Board<LiveCall>): readonly ShownCall[] =>
  [...board.values()].sort(
    ({ call: one }, { call: other }) => compareText(one.startedAt, other.startedAt) || compareText(one.id, other.id),
  )

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const groupOf = ({ group }: LiveCall): Place[] =>
  group ? [{ id: group.id, name: group.label, number: group.number }] : []

/** The lines that call, are called, ring or talk, each once. */
function linesOf({ caller, callee, currentTarget }: LiveCall): Place[] {
  const target =
    currentTarget?.__typename === 'Extension'
      ? { id: currentTarget.id, label: currentTarget.label, number: currentTarget.displayNumber }
      : null
  // Where it is now says more than whom it was meant for.
  const lines = [caller.extension, target ?? callee.extension].filter((line) => line != null)
  return [...new Map(lines.map(({ id, label, number }) => [id, { id, name: label, number }])).values()]
}
