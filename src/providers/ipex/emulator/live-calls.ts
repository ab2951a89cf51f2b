import type { EmulatedCallLog, LoggedCall } from './call-log.js'
import type { LogRow } from './log-rows.js'
import type { IpexKnobs } from './knobs.js'
import type { Resource } from './resource.js'
import type { LiveChannel } from './live-offices.js'
import type { Switchboard } from './switchboard.js'
import { HOME_ZONE } from './query.js'
import { isoIn } from './zoned-time.js'

/** Current calls, and missed callers. */
export const liveCalls = (
  logOf: (switchboard: Switchboard) => EmulatedCallLog,
  channelsOf: (switchboard: Switchboard) => readonly LiveChannel[],
  knobs: IpexKnobs,
): readonly Resource[] => [
  {
    path: /\/calls\/current/,
    keys: ['pbxId', 'userId', 'userLogin', 'callId'],
    userLevel: true,
    answer({ session, query, now }) {
      const [userId, userLogin, callId] = [query.text('userId'), query.text('userLogin'), query.text('callId')]
      const added = logOf(session.access.switchboard)
        .current(now)
        .flatMap(({ rows }) => rows.filter(({ start, end }) => start <= now && end > now))
        .map((row): LiveChannel => ({ row, state: isTalking(row, now) ? 'Up' : 'Ringing' }))
      const channels = [...added, ...channelsOf(session.access.switchboard)]
        .filter(({ row }) => callId === null || row.linkedid === callId)
        .filter(({ row: { user } }) => (userId ?? user?.id) === user?.id && (userLogin ?? user?.login) === user?.login)
        .map((channel) => channelJson(channel, now, knobs))
      return [...channels, ...UNREADABLE.slice(0, knobs.unreadableCurrentCalls)]
    },
  },
  {
    path: /\/calls\/missed/,
    keys: ['pbxId', 'startTime', 'endTime', 'timezone'],
    userLevel: true,
    answer({ session, query, now }) {
      const { from, until } = query.span(now)
      return missedCallers(logOf(session.access.switchboard), from, until, now, (at) =>
        isoIn(query.zone(), at, knobs.timestampOffset),
      )
    },
  },
]

const isTalking = ({ answered }: LogRow, now: number) => answered !== null && answered <= now

/** Entries without what the documentation requires. */
const UNREADABLE: readonly unknown[] = [{ state: 'Up', direction: 'In' }, 'PJSIP/0101', null]

function channelJson({ row, state }: LiveChannel, now: number, { timestampOffset, creationTime }: IpexKnobs) {
  return {
    callId: row.linkedid,
    channelId: row.uniqueid,
    src: row.src,
    dst: row.dst,
    channel: `PJSIP/${row.line === '' ? (row.trunk ?? '') : row.line}`,
    duration: (now - row.start) / 1000,
    user: row.user && { id: row.user.id, login: row.user.login },
    direction: row.way,
    state,
    ...(creationTime === 'home' && { creationTime: isoIn(HOME_ZONE, row.start, timestampOffset) }),
    ...(creationTime === 'utc' && { creationTime: new Date(row.start).toISOString() }),
  }
}

/**
 * One entry per caller nobody talked to, about the last attempt; a later answered call removes it.
 */
function missedCallers(log: EmulatedCallLog, from: number, until: number, now: number, write: (at: number) => string) {
  const attempts = new Map<string, LoggedCall[]>()
  const returned = new Map<string, number>()
  for (const call of log.callsBetween(from, until, now)) {
    const { src, dst } = call.rows[0] as LogRow
    if (call.story.direction === 'in') attempts.set(src, [...(attempts.get(src) ?? []), call])
    if (call.story.direction === 'out') returned.set(dst, (returned.get(dst) ?? 0) + 1)
  }
  return [...attempts].flatMap(([callerId, made]) => {
    const last = made.at(-1) as LoggedCall
    if (isTaken(last)) return []
    const { linkedid, story, rows } = last
    const outgoingAttempts = returned.get(callerId) ?? 0
    return {
      callId: linkedid,
      agent: null,
      attempts: made.filter((call) => !isTaken(call)).length,
      outgoingAttempts,
      callerId,
      callerIdentity: story.outsideName ?? '',
      ivrValue: null,
      queue: rows.at(-1)?.queue ?? null,
      calldate: write(story.startedAt),
      holdTime: (story.endedAt - story.startedAt) / 1000,
      lastUpdate: write(story.endedAt),
      state: outgoingAttempts > 0 ? 'inProgress' : 'noChange',
    }
  })
}

const isTaken = ({ rows }: LoggedCall) => rows.some(({ disposition }) => disposition === 'ANSWERED')
