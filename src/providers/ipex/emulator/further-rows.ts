import type { FurtherRow } from '../../../emulator/history/history.js'
import type { StoryCall, StoryStep } from '../../../emulator/story.js'
import type { LogRow } from './log-rows.js'
import type { Switchboard } from './switchboard.js'

/** A row that was written after those of its call, and what it makes of the call. */
export interface Further {
  readonly row: LogRow
  readonly lengthen: (story: StoryCall) => StoryCall
}

/**
 * The row of a survey, which the switchboard answers itself, or of a transfer to a colleague. The
 * rows before it stay as they are, as in the log of an Asterisk.
 */
export function furtherRow(
  { story, rows }: { readonly story: StoryCall; readonly rows: readonly LogRow[] },
  { kind, seconds }: FurtherRow,
  uniqueid: string,
  switchboard: Switchboard,
): Further {
  const at = story.endedAt
  const until = at + seconds * 1000
  const last = rows.at(-1) as LogRow
  const row: LogRow = {
    ...last,
    uniqueid,
    start: at,
    answered: at,
    end: until,
    callEnd: until,
    disposition: 'ANSWERED',
    hangupcause: 'NORMAL_CLEARING',
    queue: null,
    filename: null,
  }
  const [menu] = switchboard.office.menus
  const colleague = switchboard.users.find(({ id }) => rows.every(({ user }) => user?.id !== id))
  if (kind === 'survey' || !colleague) {
    return {
      row: { ...row, dst: menu?.number ?? last.dst, line: '', user: null, userAnswered: false },
      lengthen: ending(until, menu ? [{ at, until, kind: 'menu', menu: menu.id }] : []),
    }
  }
  const { id: extension, number } = colleague.extension
  const rings = [{ extension, from: at, answeredAt: at, until, result: 'answered' as const }]
  return {
    row: { ...row, dst: number, line: number, user: colleague, userAnswered: true },
    lengthen: ending(until, [{ at, until, kind: 'extension', extension, rings }]),
  }
}

const ending =
  (endedAt: number, steps: readonly StoryStep[]): Further['lengthen'] =>
  (story) => ({ ...story, endedAt, steps: [...story.steps, ...steps] })
