import { badQuery, boom, Refusal } from './boom.js'
import { eventsOf } from './call-events.js'
import { callFilter, categoriesOf, FILTER_KEYS, remoteOf } from './call-filter.js'
import type { EmulatedCallLog, LoggedCall } from './call-log.js'
import type { LogRow } from './log-rows.js'
import { choiceFor } from './choice.js'
import type { IpexKnobs } from './knobs.js'
import type { RequestContext, Resource } from './resource.js'
import type { Switchboard } from './switchboard.js'
import { isoIn } from './zoned-time.js'

export const PAGE_SIZE_CAP = 5000

type LogOf = (switchboard: Switchboard) => EmulatedCallLog

/**
 * The call log: rows in pages, the events of a call, the names of its recordings. `served`: a page of
 * rows was served.
 */
export const calls = (
  logOf: LogOf,
  knobs: IpexKnobs,
  served: (switchboard: Switchboard) => void,
): readonly Resource[] => [
  {
    path: /\/calls/,
    keys: [
      ...FILTER_KEYS,
      ...['page', 'pageSize', 'startTime', 'endTime', 'sortColumn', 'sortDirection'],
      ...['metadata', 'timezone', 'pbxId'],
    ],
    answer(context) {
      const { switchboard } = context.session.access
      const page = listCalls(context, logOf(switchboard), knobs)
      served(switchboard)
      return page
    },
  },
  {
    path: /\/calls\/([^/]+)\/detail/,
    keys: ['timezone', 'pbxId'],
    answer(context) {
      const log = logOf(context.session.access.switchboard)
      const zone = context.query.zone()
      return eventsOf(callOf(context, log).story, log.switchboard)
        .filter(({ at }) => at <= context.now)
        .map(({ type, at, src, dst }) => ({
          eventtype: type,
          eventtime: isoIn(zone, at, knobs.timestampOffset),
          src,
          dst,
        }))
    },
  },
  {
    path: /\/calls\/([^/]+)\/recordings/,
    keys: ['extensions', 'pbxId'],
    answer(context) {
      const extensions = context.query.list('extensions') ?? ['mp3']
      return callOf(context, logOf(context.session.access.switchboard)).rows.flatMap(({ filename, src, dst }) =>
        filename === null
          ? []
          : ['mp3', 'ogg']
              .filter((extension) => extensions.includes(extension))
              .map((extension) => ({ name: filename.replace(/mp3$/, extension), src, dst })),
      )
    },
  },
]

function callOf({ params, now }: RequestContext, log: EmulatedCallLog): LoggedCall {
  const call = log.byId(params[0] ?? '')
  if (!call || call.story.startedAt > now) throw new Refusal(boom(404, 'Call not found'))
  return call
}

function listCalls({ query, request, now }: RequestContext, log: EmulatedCallLog, knobs: IpexKnobs): object {
  const zone = query.zone()
  const page = query.integer('page', 1, 1, Number.MAX_SAFE_INTEGER)
  const asked = query.integer('pageSize', 100, 1, PAGE_SIZE_CAP)
  const pageSize = Math.min(asked, knobs.largestPage ?? Infinity)
  const { from, until } = query.span(now)
  const metadata = query.flag('metadata') ?? false
  const passes = callFilter(query)
  const column = query.text('sortColumn')
  const direction = query.oneOf('sortDirection', ['asc', 'desc']) ?? (column === null ? knobs.defaultOrder : 'asc')
  const write = (row: LogRow) => callJson(row, zone, metadata, knobs)

  const matching = log.rowsBetween(from, knobs.endTimeInclusive ? until : until - 1, now).filter(passes)
  const sorted = inOrder(matching, column ?? 'calldate', direction, write)
  const shown = sorted.slice((page - 1) * pageSize, page * pageSize)
  const totalPages = Math.ceil(sorted.length / pageSize)
  const conversations = () => new Set(sorted.map(({ linkedid }) => linkedid)).size
  return {
    ...((shown.length > 0 || knobs.emptyItems === 'list') && { items: shown.map(write) }),
    ...(knobs.links !== 'absent' && { links: knobs.links === 'full' ? linksOf(request, page, totalPages) : [] }),
    currentPage: page,
    ...(knobs.pageTotals === 'zero' && { totalPages: 0, totalResults: 0 }),
    ...((knobs.pageTotals === 'right' || knobs.pageTotals === 'as asked') && {
      totalPages: knobs.pageTotals === 'right' ? totalPages : Math.ceil(sorted.length / asked),
      totalResults: knobs.totalResultsCounts === 'rows' ? sorted.length : conversations(),
    }),
  }
}

/**
 * Rows are in order of `calldate` already; other columns are compared as text, ties stay in order
 * of time.
 */
function inOrder(
  rows: readonly LogRow[],
  column: string,
  direction: 'asc' | 'desc',
  write: (row: LogRow) => Readonly<Record<string, unknown>>,
): readonly LogRow[] {
  if (!COLUMNS.has(column)) throw badQuery('sortColumn', `must be one of [${[...COLUMNS].join(', ')}]`)
  if (column === 'calldate') return direction === 'asc' ? rows : [...rows].reverse()
  const turn = direction === 'asc' ? 1 : -1
  return rows
    .map((row) => ({
      row,
      value: column in MOMENTS ? MOMENTS[column as keyof typeof MOMENTS](row) : write(row)[column],
    }))
    .sort((a, b) => turn * compare(a.value, b.value))
    .map(({ row }) => row)
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a ?? ''), String(b ?? '')]
  return left < right ? -1 : left > right ? 1 : 0
}

const MOMENTS = { endTime: (row: LogRow) => row.end, stamp: (row: LogRow) => row.callEnd } as const

const COLUMNS: ReadonlySet<string> = new Set([
  ...[
    'user_id',
    'line',
    'calldate',
    'endTime',
    'stamp',
    'src',
    'dst',
    'phoneNumber',
    'duration',
    'billsec',
    'disposition',
  ],
  ...[
    'hangupcause',
    'way',
    'userAnswered',
    'clid',
    'trunk',
    'organization',
    'filename',
    'uniqueid',
    'linkedid',
    'queue',
  ],
])

/**
 * Mixed key style, as in the documentation: `user_id` and `calldate` beside `phoneNumber` and
 * `endTime`.
 */
function callJson(row: LogRow, zone: string, metadata: boolean, knobs: IpexKnobs): Record<string, unknown> {
  const { start, answered, end, callEnd, src, dst, way, disposition, user, filename, organization, isFax } = row
  const time = (at: number) => isoIn(zone, at, knobs.timestampOffset)
  const mixed = knobs.rowIds === 'mixed'
  const asNumber = (kind: string) => mixed && choiceFor(`${kind} ${row.uniqueid}`, [true, false, false, false, false])
  const required = {
    user_id: user && (asNumber('user') ? user.pbxUserId : user.id),
    line: row.line !== '' && asNumber('line') ? Number(row.line) : row.line,
    calldate: time(start),
    endTime: time(end),
    stamp: time(callEnd + 1000),
    src,
    dst,
    phoneNumber: remoteOf(row),
    duration: (end - start) / 1000,
    billsec: answered === null ? 0 : (end - answered) / 1000,
    disposition,
    way,
    userAnswered: row.userAnswered,
    organization,
  }
  if (!knobs.optionalFields) return required
  return {
    ...required,
    hangupcause: row.hangupcause,
    clid: row.clid,
    accountcode: '',
    userfield: '',
    ...(row.trunk !== null && { trunk: row.trunk }),
    ...(isFax && { data: 'fax' }),
    ...(filename !== null && { filename }),
    uniqueid: row.uniqueid,
    linkedid: row.linkedid,
    cc_cb: null,
    queue: row.queue,
    ...(metadata && { note: noteOf(row), categories: categoriesOf(row).map(({ name }) => name) }),
    user: user && { login: user.login },
  }
}

const noteOf = ({ linkedid }: LogRow) =>
  choiceFor(`note ${linkedid}`, [null, null, null, 'Zavolat zpět', 'Poslat nabídku'])

function linksOf({ path, query, headers }: RequestContext['request'], page: number, totalPages: number) {
  const link = (rel: string, to: number) => {
    const parameters = new URLSearchParams(query)
    parameters.set('page', String(to))
    return { rel, href: `http://${headers['host'] ?? ''}${path}?${parameters.toString()}`, method: 'GET' }
  }
  const last = Math.max(1, totalPages)
  return [
    ...[link('self', page), link('first', 1)],
    ...(page > 1 ? [link('prev', Math.min(page - 1, last))] : []),
    ...(page < last ? [link('next', page + 1)] : []),
    link('last', last),
  ]
}
