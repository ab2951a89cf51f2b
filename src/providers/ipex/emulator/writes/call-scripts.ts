import type { ScriptedStep } from '../../../../emulator/live/live-office.js'

/** How calls go on that nobody drives; times are made up. */

const talk = (milliseconds: number): ScriptedStep => ({
  afterMs: milliseconds,
  act: (call) => call.hangUp('callee'),
})

/** The phone of the caller rings and is answered, then the number is called. */
export const callerFirst: readonly ScriptedStep[] = [
  { afterMs: 0, act: (call) => call.ringCaller() },
  { afterMs: 4_000, act: (call) => call.answerCaller() },
  { afterMs: 2_000, act: (call) => call.ring() },
  { afterMs: 8_000, act: (call) => call.answer() },
  talk(60_000),
]

/** Nobody's phone has to be answered first. */
export const numberOnly: readonly ScriptedStep[] = callerFirst.slice(2)

/** After a transfer to a phone, or outside. */
export const ringsThere: readonly ScriptedStep[] = [{ afterMs: 5_000, act: (call) => call.answer() }, talk(30_000)]

/** After a transfer to a queue or a skill group, which then looks for a phone. */
export const waitsThere: readonly ScriptedStep[] = [{ afterMs: 2_000, act: (call) => call.ring() }, ...ringsThere]

/** After a transfer that was answered before it was made, or to a menu. */
export const talksThere: readonly ScriptedStep[] = [talk(30_000)]
