import { createHash } from 'node:crypto'

import type { EmulatedRequest } from '../../../emulator/serve.js'
import type { StoryContactList } from '../../../emulator/story.js'
import type { Customer } from './customers.js'
import type { PostacellKnobs } from './knobs.js'
import { Refusal } from './refusal.js'
import type { ViewContext, View } from './rest-framework.js'

/** A row of `email/list-filter/` as sent. */
export interface ListRow {
  readonly id: string
  readonly title: string
  readonly user_id: number
  readonly valid: number
  readonly update_date: string
  readonly create_date: string
}

/** The e-mail lists by customer id. */
export type ContactLists = ReadonlyMap<number, readonly ListRow[]>

/** The company's lists for each of its customers; the stranger has a few of its own. */
export function seedLists(story: readonly StoryContactList[], customers: readonly Readonly<Customer>[]): ContactLists {
  return new Map(
    customers.map((customer) => {
      const lists = customer.account === 'other' ? story.slice(0, Math.ceil(story.length / 4)) : story
      return [customer.id, lists.map((list) => rowOf(list, customer))]
    }),
  )
}

function rowOf(list: StoryContactList, customer: Readonly<Customer>): ListRow {
  return {
    id: customer.account === 'login' ? list.id : objectId(list.id, customer.id),
    title: customer.account === 'other' ? `${list.title} (Marmara)` : list.title,
    user_id: customer.id,
    valid: list.subscribers,
    // The story has whole seconds; the added milliseconds make both formats of a time occur.
    update_date: timestamp(list.updatedAt + (list.subscribers % 1000)),
    create_date: timestamp(list.createdAt),
  }
}

/** The same list has another id of 24 hex characters at each customer. */
const objectId = (id: string, customer: number): string =>
  createHash('sha256').update(`${id} ${customer}`).digest('hex').slice(0, 24)

/** UTC with microseconds, omitted when zero. */
function timestamp(at: number): string {
  const text = new Date(at).toISOString()
  return text.endsWith('.000Z') ? text.replace('.000Z', 'Z') : text.replace('Z', '000Z')
}

/** `GET /api/v1/email/list-filter/` and `GET /api/v1/email/list/<id>`. */
export const contactListViews = (knobs: PostacellKnobs, lists: ContactLists, origin: () => string): View[] => [
  {
    pattern: /\/api\/v[123]\/email\/list-filter\//,
    name: 'List Filter',
    description: 'The e-mail lists of the customer.',
    needsLogin: true,
    methods: {
      GET({ request, texts, customer }: ViewContext) {
        const title = (request.query.get('title') ?? '').toLowerCase()
        const rows = rowsOf(lists, customer).filter((row) => row.title.toLowerCase().includes(title))
        const page = pageOf(ordered(rows, request.query.get('ordering') ?? ''), request, knobs, origin())
        if (!page) throw new Refusal(404, { detail: texts.invalidPage })
        return page
      },
    },
  },
  {
    pattern: /\/api\/v[123]\/email\/list\/([^/]+)\//,
    name: 'List Detail',
    description: 'One e-mail list of the customer.',
    needsLogin: true,
    methods: {
      GET({ request, texts, customer }: ViewContext) {
        const row = rowsOf(lists, customer).find(({ id }) => id === request.params[0])
        if (!row) throw new Refusal(404, { detail: texts.notFound })
        return row
      },
    },
  },
]

const rowsOf = (lists: ContactLists, customer: Customer | null): readonly ListRow[] =>
  lists.get(customer?.id ?? -1) ?? []

/** Unknown ordering fields are ignored. */
function ordered(rows: readonly ListRow[], ordering: string): readonly ListRow[] {
  const keys = ordering
    .split(',')
    .map((key) => ({ field: key.trim().replace(/^-/, ''), sign: key.trim().startsWith('-') ? -1 : 1 }))
    .filter((key): key is { field: 'title' | 'create_date'; sign: number } =>
      ['title', 'create_date'].includes(key.field),
    )
  return [...rows].sort((one, other) => {
    for (const { field, sign } of keys) {
      if (one[field] !== other[field]) return one[field] < other[field] ? -sign : sign
    }
    return 0
  })
}

/** The envelope of one page; null when it does not exist. */
function pageOf(rows: readonly ListRow[], request: EmulatedRequest, knobs: PostacellKnobs, origin: string) {
  const pages = Math.max(1, Math.ceil(rows.length / knobs.pageSize))
  const wanted = request.query.get('page') || '1'
  const number = wanted === 'last' ? pages : /^\s*[+-]?\d+\s*$/.test(wanted) ? Number(wanted) : NaN
  if (!(number >= 1 && number <= pages)) return null
  const link = (page: number) => linkTo(request, knobs.linkOrigin ?? origin, page)
  return {
    count: rows.length,
    next: number < pages || knobs.strayNext ? link(number + 1) : null,
    previous: number > 1 ? link(number - 1) : null,
    results: rows.slice((number - 1) * knobs.pageSize, number * knobs.pageSize),
  }
}

/** Absolute, with the other parameters sorted by name; the first page has no `page`. */
function linkTo(request: EmulatedRequest, origin: string, page: number): string {
  const query = new URLSearchParams(request.query)
  if (page === 1) query.delete('page')
  else query.set('page', String(page))
  query.sort()
  return `${origin}${request.path}${query.size > 0 ? `?${query.toString()}` : ''}`
}
