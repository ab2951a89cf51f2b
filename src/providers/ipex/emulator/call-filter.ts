import { badQuery } from './boom.js'
import type { LogRow } from './log-rows.js'
import { choiceFor } from './choice.js'
import type { QueryReader } from './query.js'

/** Text columns with a filter, each with a `…Filter` parameter for the kind of comparison. */
const TEXT_COLUMNS = {
  src: ({ src }: LogRow) => src,
  dst: ({ dst }: LogRow) => dst,
  line: ({ line }: LogRow) => line,
  trunk: ({ trunk }: LogRow) => trunk ?? '',
  phoneNumber: remoteOf,
} as const

type TextColumn = keyof typeof TEXT_COLUMNS

/** `equal` is the documented default; the others are not published. */
const MATCHES = {
  equal: (value: string, wanted: string) => value === wanted,
  contains: (value: string, wanted: string) => value.includes(wanted),
  startsWith: (value: string, wanted: string) => value.startsWith(wanted),
  endsWith: (value: string, wanted: string) => value.endsWith(wanted),
} as const

const WORDS = Object.keys(MATCHES) as (keyof typeof MATCHES)[]
const COLUMNS = Object.keys(TEXT_COLUMNS) as TextColumn[]

export const FILTER_KEYS = [
  ...COLUMNS,
  ...COLUMNS.map((column) => `${column}Filter`),
  ...['linkedid', 'categories', 'teams', 'extensions', 'disposition', 'way'],
]

/** Parses the filters of `/calls`, and returns the test for a row. */
export function callFilter(query: QueryReader): (row: LogRow) => boolean {
  const tests: ((row: LogRow) => boolean)[] = COLUMNS.flatMap((column) => {
    const match = MATCHES[query.oneOf(`${column}Filter`, WORDS) ?? 'equal']
    const wanted = query.text(column)
    return wanted === null ? [] : [(row: LogRow) => match(TEXT_COLUMNS[column](row), wanted)]
  })
  const linkedid = query.text('linkedid')
  if (linkedid !== null) tests.push((row) => row.linkedid === linkedid)
  const disposition = query.text('disposition')
  if (disposition !== null) tests.push((row) => row.disposition === disposition)
  const way = query.oneOf('way', ['Loc', 'In', 'Out'])
  if (way !== null) tests.push((row) => row.way === way)
  const extensions = query.list('extensions')
  if (extensions) tests.push(({ line, src, dst }) => [line, src, dst].some((number) => extensions.includes(number)))
  const teams = query.list('teams')?.map(Number)
  if (teams?.some(Number.isNaN)) throw badQuery('teams', 'must be an array of numbers')
  if (teams) tests.push(({ user }) => user !== null && teams.includes(teamOf(user.extension.id)))
  const categories = query.nestedNumbers('categories')
  if (categories) {
    // [[1,2],[3]]: (1 or 2) and 3.
    tests.push((row) => categories.every((anyOf) => categoriesOf(row).some(({ id }) => anyOf.includes(id))))
  }
  return (row) => tests.every((passes) => passes(row))
}

/** The remote party: the outside caller or callee. */
export function remoteOf({ way, src, dst }: LogRow): string {
  return way === 'In' ? src : dst
}

const CATEGORIES = [
  { id: 1, name: 'Reklamace' },
  { id: 2, name: 'Objednávka' },
  { id: 3, name: 'Servis' },
] as const

/** The categories assigned to a call afterwards; most calls have none. */
export function categoriesOf({ linkedid, disposition }: LogRow): readonly { id: number; name: string }[] {
  if (disposition !== 'ANSWERED') return []
  const [complaint, order, service] = CATEGORIES
  return choiceFor(`categories ${linkedid}`, [[], [], [], [complaint], [order], [complaint, service]])
}

/** Teams have numbers, and no path lists them: here 1, 2 and 3. */
const teamOf = (extension: number) => 1 + (extension % 3)
