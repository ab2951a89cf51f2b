import { badQuery } from './boom.js'
import type { EmulatedCallLog, LoggedCall } from './call-log.js'
import type { LogRow } from './log-rows.js'
import type { Resource } from './resource.js'
import type { Switchboard } from './switchboard.js'
import { isoIn } from './zoned-time.js'

type LogOf = (switchboard: Switchboard) => EmulatedCallLog

/** A call in a queue, with the rows of that queue only. */
interface QueueVisit {
  readonly rows: readonly LogRow[]
  readonly from: number
  readonly taken: LogRow | null
  readonly caller: string
}

/**
 * Statistics over the log. Queues by name, including those without members; calls as a bare array.
 */
export const reports = (logOf: LogOf): readonly Resource[] => [
  {
    path: /\/reports\/queues/,
    keys: ['startTime', 'endTime', 'queues', 'sla', 'timezone', 'pbxId'],
    answer({ session, query, now }) {
      const { switchboard } = session.access
      const { from, until } = query.span(now)
      const sla = query.number('sla') ?? 20
      const wanted = query.list('queues')
      const calls = logOf(switchboard).callsBetween(from, until, now)
      return switchboard.applications
        .filter(({ type, name }) => type === 'queue' && (wanted?.includes(name) ?? true))
        .map(({ name }) =>
          queueReport(
            name,
            calls.flatMap((call) => visitOf(call, name)),
            sla,
          ),
        )
    },
  },
  {
    path: /\/reports\/calls/,
    keys: ['startTime', 'endTime', 'queues', 'agents', 'answered', 'direction', 'timezone', 'pbxId'],
    answer({ session, query, now }) {
      const { from, until } = query.span(now)
      const zone = query.zone()
      const [queues, agents, answered] = [query.list('queues'), query.list('agents'), query.flag('answered')]
      const direction = query.text('direction')
      if (direction !== null && !['in', 'out', 'local'].includes(direction.toLowerCase())) {
        throw badQuery('direction', 'must be one of [in, out, local]')
      }
      return logOf(session.access.switchboard)
        .callsBetween(from, until, now)
        .filter(({ story }) => direction === null || story.direction === direction.toLowerCase())
        .filter(({ rows }) => !queues || rows.some(({ queue }) => queue !== null && queues.includes(queue)))
        .filter(({ rows }) => !agents || rows.some(({ user }) => user !== null && agents.includes(user.login)))
        .filter(({ rows }) => answered === null || rows.some(isTaken) === answered)
        .map((call) => callReport(call, zone))
    },
  },
]

const isTaken = ({ disposition }: LogRow) => disposition === 'ANSWERED'

function visitOf({ rows }: LoggedCall, queue: string): QueueVisit[] {
  const ours = rows.filter((row) => row.queue === queue)
  const [first] = ours
  return first ? [{ rows: ours, from: first.start, taken: ours.find(isTaken) ?? null, caller: first.src }] : []
}

function queueReport(name: string, visits: readonly QueueVisit[], sla: number) {
  const answered = visits.filter(({ taken }) => taken !== null)
  const lost = visits.filter(({ taken }) => taken === null)
  const waits = visits.map(({ from, taken, rows }) => ((taken?.answered ?? (rows.at(-1) as LogRow).end) - from) / 1000)
  const talks = answered.map(({ taken }) => ((taken as LogRow).end - ((taken as LogRow).answered as number)) / 1000)
  const inSla = answered.filter(({ from, taken }) => (taken as LogRow).answered! - from <= sla * 1000).length
  const lostCallers = new Set(lost.map(({ caller }) => caller)).size
  return {
    name,
    total: visits.length,
    answered: answered.length,
    noanswer: lost.length,
    inSla,
    afterSla: answered.length - inSla,
    avgWait: average(waits),
    maxWait: Math.max(0, ...waits),
    avgDur: average(talks),
    maxDur: Math.max(0, ...talks),
    noanswerRecur: lost.length - lostCallers,
    noanswerUniq: lostCallers,
  }
}

function callReport({ linkedid, story, rows }: LoggedCall, zone: string) {
  const [date = '', time = ''] = isoIn(zone, story.startedAt, false).split('T')
  const first = rows[0] as LogRow
  const taken = rows.find(isTaken)
  return {
    date,
    time: time.slice(0, 8),
    callId: linkedid,
    direction: first.way,
    src: first.src,
    dst: first.dst,
    queue: rows.find(({ queue }) => queue !== null)?.queue ?? null,
    agent: taken?.user?.login ?? null,
    answered: taken !== undefined,
    duration: (story.endedAt - story.startedAt) / 1000,
    wait: taken ? ((taken.answered as number) - story.startedAt) / 1000 : null,
    recording: rows.find(({ filename }) => filename !== null)?.filename ?? null,
  }
}

const average = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
