import type { StoryCall } from '../../../emulator/story.js'
import type { LogRow, RowStyle } from './log-rows.js'

/**
 * The rows of an incoming call as a real Asterisk writes them: the caller's channel has a row for each
 * phone and for each step that the switchboard took itself, all with its own `uniqueid`.
 *
 * - A menu and a mailbox answer, and name no phone; a call that nobody took ends with a step that failed.
 * - A queue reaches its phones through channels of its own: each ring has a row of the caller's
 *   channel, without a line, and one of the phone's.
 * - Phones that another was faster than are `CANCEL`.
 * - A transfer replaces `dst` in the row of the talk before it.
 */
export function withSwitchboardRows(call: StoryCall, rows: readonly LogRow[], style: RowStyle): readonly LogRow[] {
  if (call.direction !== 'in' || call.kind === 'fax') return rows
  const menus = new Set(style.switchboard.office.menus.map(({ number }) => number))
  const onChannel = rows.map((row): LogRow => ({ ...row, uniqueid: row.linkedid }))
  const told = onChannel.flatMap((row, index): LogRow[] => {
    if (menus.has(row.line)) return [{ ...row, ...ofSwitchboard(row.start) }]
    const ring = { ...transferred(row, onChannel[index + 1]), ...beaten(row), end: ringEnd(call, row) }
    if (row.queue === null || row.user === null) return [ring]
    const inner = { ...ring, way: 'Loc', dst: row.line, queue: null, trunk: null } as const
    return [
      { ...ring, line: '', user: null, filename: null },
      { ...inner, uniqueid: style.channelId(row.start) },
    ]
  })
  return [...told, ...lastStep(call, onChannel.at(-1) as LogRow)]
}

/** `answered`: ms. */
const ofSwitchboard = (answered: number) =>
  ({
    answered,
    line: '',
    user: null,
    filename: null,
    queue: null,
    disposition: 'ANSWERED',
    userAnswered: false,
  }) as const

const beaten = ({ hangupcause }: LogRow): Partial<LogRow> =>
  hangupcause === 'ANSWERED_ELSEWHERE' ? { disposition: 'CANCEL', hangupcause: 'NORMAL_CLEARING' } : {}

function transferred(row: LogRow, next: LogRow | undefined): LogRow {
  const isTransfer = next !== undefined && row.answered !== null && next.start >= row.end && next.queue === null
  return isTransfer ? { ...row, dst: next.way === 'Out' ? next.dst : next.line } : row
}

/** Without the time in the mailbox, which has a row of its own. */
const ringEnd = (call: StoryCall, { start, end }: LogRow): number =>
  call.outcome === 'voicemail' && end === call.endedAt ? Math.max(start, call.steps.at(-1)?.until ?? start) : end

function lastStep(call: StoryCall, last: LogRow): LogRow[] {
  if (call.outcome === 'answered') return []
  const start = ringEnd(call, last)
  if (call.outcome === 'voicemail') return [{ ...last, ...ofSwitchboard(start), start, dst: `vmu${last.line}` }]
  const step = { ...ofSwitchboard(call.endedAt), start: call.endedAt, end: call.endedAt, answered: null }
  return [{ ...last, ...step, disposition: 'FAILED' }]
}
