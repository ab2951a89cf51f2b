import type { Slug } from './harness.js'

/** A JSON value of a provider's answer, to be damaged in place. */
// Tests reach into answers of any shape; what they damage is what they prove.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

/** Damages an answer in place; `victim`: the provider's id of what is to be left out. */
export type Damage = (answer: Json, victim: string) => void

/** The rows of a list lose the one with this id: what stands there instead is no row. */
const rowOf =
  (list: string, id = 'id'): Damage =>
  (answer, victim) => {
    const rows: Json[] = list === '' ? answer : answer[list]
    answered(rows).forEach((row, at) => {
      if (String(row?.[id]) === victim) rows[at] = 'damaged'
    })
  }

/** Every row of a call, which has no time any more. */
const callRows: Damage = ({ items = [] }, victim) => {
  for (const row of items) if (row.linkedid === victim) row.calldate = 'damaged'
}

/** The agents' queue with this id, which has neither id nor name any more. */
const queueOfAgents: Damage = (agents, victim) => {
  for (const agent of agents) {
    agent.queues = (agent.queues ?? []).map((queue: Json) => (`queue:${queue.id}` === victim ? {} : queue))
  }
}

const answered = (rows: readonly Json[]): readonly Json[] => (Array.isArray(rows) ? rows : [])

/** A list with a row that is left out of it. */
export interface Case {
  readonly slug: Slug
  /** Which answers are damaged, and how. */
  readonly path: RegExp
  readonly damage: Damage
  /** What is left out, as the log and the metrics call it. */
  readonly noun: string
  /** Asks for the list, with `id` and `providerResourceId` of what is in it, and `sources`. */
  readonly query: string
  /** Where the list is in the answer; `*` is every item of a list. */
  readonly at: string
  /** Told at every list of that place: what is left out may belong to any of them. */
  readonly everywhere?: true
  /** Other lists that the same row is missing from, each told, too. */
  readonly also?: readonly string[]
  /** Nothing of the list itself is missing: what is left out was no item of it. */
  readonly none?: true
  /** How many keys of the place are within the object that is told to lack something. */
  readonly within?: number
}

export const KEY: Readonly<Record<Slug, string>> = {
  ...{ bulutfon: 'izmir', ipex: 'prague', postacell: 'mailings', 'rails-api-v1': 'directory' },
  freepbx: 'ankara',
}
export const ITEM = 'id providerResourceId account { key }'
export const SOURCES = 'sources { account { key } state errorCode }'
export const LIST = `nodes { ${ITEM} } ${SOURCES}`
const CALLS = `callRecords(first: 100) { ${LIST} }`

export const inAccount = (slug: Slug, fields: string) => `{ account(key: "${KEY[slug]}") { ${fields} } }`
export const ofEach = (slug: Slug, list: string, fields: string, first = 100) =>
  inAccount(slug, `${list}(first: ${first}) { nodes { id ${fields} } }`)

export type Row = Pick<Case, 'slug' | 'path' | 'damage' | 'noun'>
const BULUTFON = { slug: 'bulutfon' } as const
const IPEX = { slug: 'ipex' } as const
export const ROWS = {
  'Bulutfon’s DIDs': { ...BULUTFON, path: /^\/dids$/, damage: rowOf('dids'), noun: 'Did' },
  'Bulutfon’s extensions': { ...BULUTFON, path: /^\/extensions$/, damage: rowOf('extensions'), noun: 'Extension' },
  'Bulutfon’s groups': { ...BULUTFON, path: /^\/groups$/, damage: rowOf('groups'), noun: 'Group' },
  'Bulutfon’s calls': { ...BULUTFON, path: /^\/cdrs$/, damage: rowOf('cdrs', 'uuid'), noun: 'CallRecord' },
  'IPEX’ numbers': { ...IPEX, path: /\/numbers$/, damage: rowOf(''), noun: 'Number' },
  'IPEX’ agents': { ...IPEX, path: /\/members$/, damage: queueOfAgents, noun: 'Member' },
  'IPEX’ rows of calls': { ...IPEX, path: /\/calls$/, damage: callRows, noun: 'CallRow' },
  'Postacell’s lists': { slug: 'postacell', path: /\/list-filter/, damage: rowOf('results'), noun: 'Group' },
} satisfies Record<string, Row>
type RowName = keyof typeof ROWS

export const DIRECTORY: readonly (readonly [list: 'dids' | 'extensions' | 'groups', rows: RowName])[] = [
  ['dids', 'Bulutfon’s DIDs'],
  ['extensions', 'Bulutfon’s extensions'],
  ['groups', 'Bulutfon’s groups'],
  ['dids', 'IPEX’ numbers'],
  ['extensions', 'IPEX’ numbers'],
  ['groups', 'IPEX’ agents'],
  ['groups', 'Postacell’s lists'],
]
const CALL_ROWS = ['Bulutfon’s calls', 'IPEX’ rows of calls'] as const

/** A number of ours. */
const NUMBER = { bulutfon: '+902320000042', ipex: '+420910000341' } as const

/** Lists that lead to objects of other lists. */
const EDGES: readonly (readonly [list: string, rows: RowName, more?: Pick<Case, 'also'>])[] = [
  ['Extension.dids', 'Bulutfon’s DIDs'],
  ['Extension.groups', 'Bulutfon’s groups'],
  ['Group.dids', 'Bulutfon’s DIDs'],
  ['Extension.dids', 'IPEX’ numbers', { also: ['account.extensions'] }],
  ['Extension.groups', 'IPEX’ agents'],
  ['Group.dids', 'IPEX’ numbers'],
]

const PATHS = { bulutfon: /^\/cdrs\/[^/]+$/, ipex: /\/calls\/[^/]+\/detail$/ } as const
const legsOf = (slug: 'bulutfon' | 'ipex') =>
  inAccount(slug, 'callRecords(first: 12, filter: { directions: [INBOUND] }) { nodes { id legs { id } } }')

/** Lists within one object, most of them told by its detail alone. */
const WITHIN: readonly (readonly [list: string, rows: string, one: Case])[] = [
  [
    'CallRecord.legs',
    'Bulutfon’s steps',
    {
      ...{ ...BULUTFON, path: PATHS.bulutfon, noun: 'CallStep', query: legsOf('bulutfon') },
      ...{ damage: ({ cdr }) => void cdr.call_flow?.splice(-1, 1, 'damaged'), at: 'account.callRecords.nodes.*.legs' },
    },
  ],
  [
    'CallRecord.legs',
    'Bulutfon’s phones that rang',
    {
      ...{ ...BULUTFON, path: PATHS.bulutfon, noun: 'CallOrigination', query: legsOf('bulutfon') },
      damage: ({ cdr }) => {
        for (const { origination } of cdr.call_flow ?? []) if (origination?.length > 1) origination[0] = 'damaged'
      },
      at: 'account.callRecords.nodes.*.legs',
    },
  ],
  [
    'CallRecord.legs',
    'IPEX’ events',
    {
      ...{ ...IPEX, path: PATHS.ipex, noun: 'Event', query: legsOf('ipex'), everywhere: true },
      damage: (events) => void (events[events.findLastIndex(({ eventtype }: Json) => eventtype === 'CHAN_START')] = {}),
      at: 'account.callRecords.nodes.*.legs',
    },
  ],
  [
    'CallRecord.groups',
    'Bulutfon’s groups',
    {
      ...ROWS['Bulutfon’s groups'],
      query: inAccount(
        'bulutfon',
        `callRecords(first: 30, filter: { directions: [INBOUND] }) { nodes { id groups { ${ITEM} } } }`,
      ),
      at: 'account.callRecords.nodes.*.groups',
    },
  ],
  [
    'CallRecord.groups',
    'IPEX’ agents',
    {
      ...ROWS['IPEX’ agents'],
      query: inAccount('ipex', `callRecords(first: 100) { nodes { id groups { ${ITEM} } } }`),
      at: 'account.callRecords.nodes.*.groups',
    },
  ],
  [
    'Extension.forwarding',
    'IPEX’ profiles',
    {
      ...{ ...IPEX, path: /\/profiles$/, noun: 'Profile', none: true },
      damage: (profiles) => void profiles.push('damaged'),
      query: ofEach('ipex', 'extensions', 'forwarding { condition }', 20),
      at: 'account.extensions.nodes.*.forwarding',
    },
  ],
  [
    'Group.members',
    'Bulutfon’s members',
    {
      ...{ ...BULUTFON, path: /^\/groups\/\d+$/, noun: 'GroupMember' },
      damage: ({ group }) => void group.extensions.splice(0, 1, 'damaged'),
      query: ofEach('bulutfon', 'groups', 'members { nodes { ... on Extension { id } } }'),
      ...{ at: 'account.groups.nodes.*.members', everywhere: true },
    },
  ],
  [
    'Extension.groups',
    'Bulutfon’s members',
    {
      ...{ ...BULUTFON, path: /^\/groups\/\d+$/, noun: 'GroupMember' },
      damage: ({ group }) => void group.extensions.splice(0, 1, 'damaged'),
      query: ofEach('bulutfon', 'extensions', 'groups { nodes { id } sources { account { key } errorCode } }'),
      ...{ at: 'account.extensions.nodes.*.groups', everywhere: true },
    },
  ],
  [
    'Group.members',
    'IPEX’ agents who are nobody',
    {
      ...{ ...IPEX, path: /\/members$/, noun: 'Member' },
      damage: (agents) => void Object.assign(agents[0], { userId: null, exten: null }),
      query: ofEach('ipex', 'groups', 'members { nodes { ... on Extension { id } } }'),
      at: 'account.groups.nodes.*.members',
    },
  ],
  ...(
    [
      ['BusinessHours.days', 'days', 'days { day }', 1],
      ['BusinessDay.intervals', 'days.*.intervals', 'days { day intervals { start } }', 3],
    ] as const
  ).map(([list, place, fields, within]): readonly [string, string, Case] => [
    list,
    'Bulutfon’s days',
    {
      ...{ ...BULUTFON, path: /^\/dids\/\d+$/, noun: 'WorkingDay', within },
      damage({ did: { working_hours: week } }) {
        if (week) week.tuesday = within === 1 ? 'damaged' : { ...week.tuesday, shift_start: 'early' }
      },
      query: ofEach('bulutfon', 'dids', `businessHours { ${fields} }`),
      at: `account.dids.nodes.*.businessHours.${place}`,
    },
  ]),
]

/** By schema coordinate. */
export const CASES: readonly (readonly [list: string, rows: string, one: Case])[] = [
  ...DIRECTORY.flatMap(([list, rows]): (readonly [string, string, Case])[] => {
    const row = ROWS[rows]
    return [
      [`Query.${list}`, rows, { ...row, query: `{ ${list}(first: 100) { ${LIST} } }`, at: list }],
      [
        `Account.${list}`,
        rows,
        { ...row, query: inAccount(row.slug, `${list}(first: 100) { ${LIST} }`), at: `account.${list}` },
      ],
    ]
  }),
  ...CALL_ROWS.flatMap((rows): (readonly [string, string, Case])[] => {
    const row = ROWS[rows]
    const { slug } = row
    return [
      [
        'Query.callRecords',
        rows,
        {
          ...row,
          query: `{ callRecords(first: 100, filter: { accountKeys: ["${KEY[slug]}"] }) { ${LIST} } }`,
          at: 'callRecords',
        },
      ],
      ['Account.callRecords', rows, { ...row, query: inAccount(slug, CALLS), at: 'account.callRecords' }],
      ...(['Did', 'Extension', 'Group'] as const).map((type): readonly [string, string, Case] => {
        const list = `${type.toLowerCase()}s`
        const at = `account.${list}.nodes.*.callRecords`
        return [`${type}.callRecords`, rows, { ...row, query: ofEach(slug, list, CALLS, 4), at }]
      }),
      [
        'PhoneNumberLookup.callRecords',
        rows,
        {
          ...row,
          query: `{ phoneNumber(number: "${NUMBER[slug]}") { ${CALLS} } }`,
          at: 'phoneNumber.callRecords',
        },
      ],
    ]
  }),
  ...EDGES.map(([list, rows, more]): readonly [string, string, Case] => {
    const [type, edge] = list.split('.') as [string, string]
    const from = `${type.toLowerCase()}s`
    const row = ROWS[rows]
    const query = ofEach(row.slug, from, `${edge}(first: 10) { ${LIST} }`, 50)
    return [list, rows, { ...row, query, at: `account.${from}.nodes.*.${edge}`, everywhere: true, ...more }]
  }),
  ...WITHIN,
]

/** Lists of the schema in which nothing of a provider is left out, and why. */
export const NOT_READ: Readonly<Record<string, string>> = {
  'Query.accounts': 'the configuration has them',
  'Query.providers': 'this server has them',
  'Account.capabilities': 'this server has them',
  'Provider.capabilities': 'this server has them',
  'Provider.authFlows': 'this server has them',
  'Capability.pushdownFields': 'this server has them',
  'Capability.unavailableFields': 'this server has them',
  'Authorization.scopes': 'they are those of a login',
  'Viewer.scopes': 'they are those of a caller',
  'LiveCallList.sources': 'they are of the answer',
  'SourceStatus.pushedDown': 'they are of the question',
  'SourceStatus.residual': 'they are of the question',
  'CallRecord.recordings': 'they are told in the rows of the call itself',
  'AccountUserError.field': 'it is of a mutation',
  'ProviderWriteError.field': 'it is of a mutation',
  'ProviderChange.fields': 'this server has written them down',
  'Query.changes': 'this server has written them down',
  'Query.callRecordChanges': 'this server has written them down',
  'CallStatistics.rows': 'they are figures',
  'CallStatistics.sources': 'they are of the answer',
  'CallStatisticsRow.cost': 'it is a figure',
  'CallRecordChange.changedFields': 'this server has written them down',
  'CallRecordExport.sources': 'they are of the file',
  'CallRecordsExportError.field': 'it is of a mutation',
}
