/** What the board must know of a call. */
export interface Call {
  readonly id: string
  readonly state: string
  readonly startedAt: string
  /** Where it is; nowhere, once it has ended. */
  readonly currentTarget?: unknown
}

/** What the board must know of an event: `call` is the call right after it. */
export interface Told<Its extends Call> {
  readonly id: string
  readonly type: string
  readonly call: Its
}

/** A call on the board. */
export interface Shown<Its extends Call> {
  readonly call: Its
  /** When it was seen to end, ms; null while it is under way. */
  readonly endedAt: number | null
  /** The event that its record is there with; null before that. */
  readonly recorded: string | null
}

/** Calls by id: those under way, and for a moment those that have ended. */
export type Board<Its extends Call> = ReadonlyMap<string, Shown<Its>>

/** How long a call that has ended stays, ms; its record is looked for 2, 5, 15 and 60 s after the end. */
export const STAYS_MS = 90_000

/** The calls of a first look; those that ended on the board before it stay on it. */
export function boardOf<Its extends Call>(calls: readonly Its[], before: Board<Its> = new Map()): Board<Its> {
  const ended = [...before.values()].filter(({ endedAt }) => endedAt !== null)
  const shown = [...ended, ...calls.map((call) => ({ call, endedAt: null, recorded: null }))]
  return new Map(shown.map((one) => [one.call.id, one]))
}

/** The board after an event; the very same one where it says nothing of a call that is shown, or new. */
export function afterEvent<Its extends Call>(board: Board<Its>, event: Told<Its>, now: number): Board<Its> {
  const { id, type, call } = event
  const before = board.get(call.id)
  const isOver = call.state === 'ENDED'
  // The record of a call that ended before anybody looked.
  if (isOver && before === undefined) return board
  return new Map(board).set(call.id, {
    // It stays where it was last.
    call: isOver && before ? { ...call, currentTarget: before.call.currentTarget } : call,
    endedAt: isOver ? (before?.endedAt ?? now) : null,
    recorded: type === 'RECORDED' ? id : (before?.recorded ?? null),
  })
}

/** Without those that ended long enough ago; the very same where there are none. */
export function withoutPast<Its extends Call>(board: Board<Its>, now: number): Board<Its> {
  const left = [...board].filter(([, { endedAt }]) => endedAt === null || now - endedAt < STAYS_MS)
  return left.length === board.size ? board : new Map(left)
}
