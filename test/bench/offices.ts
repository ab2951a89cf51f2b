/** How much one account of the stub has. */
export interface Office {
  readonly key: string
  readonly dids: number
  /** Whether the numbers have business hours, which only their details tell. */
  readonly hours: boolean
  /** Rows of its call log, all on one page. */
  readonly calls: number
}

/** What people call it, and what its `/me` says. */
export const labelOf = ({ key }: Pick<Office, 'key'>) => `Office ${key}`

/** All answers of one office, as Bulutfon spells them, by path below its address. */
export function answersOf(office: Office): ReadonlyMap<string, unknown> {
  const seed = seedOf(office)
  const extensions = Array.from({ length: Math.max(30, office.dids) }, (_, index) => extension(seed, index))
  const groups = Array.from({ length: Math.max(6, Math.ceil(office.dids / 4)) }, (_, index) => group(seed, index))
  const dids = Array.from({ length: office.dids }, (_, index) => did(office, seed, index, extensions, groups))
  const calls = Array.from({ length: office.calls }, (_, index) => callAt(seed, index))
  return new Map<string, unknown>([
    ['/me', me(office)],
    ['/dids', { dids }],
    ['/extensions', { extensions }],
    ['/groups', { groups }],
    ['/cdrs', { cdrs: calls, pagination: paginationOf(1, office.calls, Math.max(1, office.calls)) }],
    ...dids.map(
      (one) => [`/dids/${one.id}`, { did: { ...one, ...(office.hours && { working_hours: WEEK }) } }] as const,
    ),
    ...extensions.map((one) => [`/extensions/${one.id}`, { extension: one }] as const),
    ...groups.map((one) => [`/groups/${one.id}`, { group: one }] as const),
  ])
}

/** Numbers that differ from office to office, so that an answer of the wrong one is seen. */
export const seedOf = ({ key }: Pick<Office, 'key'>) => Number(key.replace(/\D/g, '')) % 1_000

export const paginationOf = (page: number, total: number, limit: number) => ({
  page,
  total_count: total,
  total_pages: Math.max(1, Math.ceil(total / limit)),
  limit,
})

/** The call that `index` others are newer than; no two of one office began in the same second. */
export function callAt(seed: number, index: number) {
  const direction = index % 3 === 1 ? 'OUT' : 'IN'
  const answered = index % 5 !== 0
  const startedAt = NEWEST_CALL - index * SECONDS_BETWEEN_CALLS * 1000 - seed * 1000
  const answeredAt = startedAt + (4 + (index % 9)) * 1000
  const endedAt = answeredAt + (15 + (index % 240)) * 1000
  const ours = Number(ownNumber(seed, index % 20))
  const theirs = 905_320_000_000 + ((seed * 7_919 + index * 104_729) % 9_999_999)
  return {
    uuid: uuidOf(seed, index),
    bf_calltype: 'voice',
    direction,
    caller: direction === 'IN' ? theirs : ours,
    callee: direction === 'IN' ? ours : theirs,
    ...(direction === 'OUT' && { extension: String(ours) }),
    call_time: time(startedAt),
    answer_time: answered ? time(answeredAt) : null,
    hangup_time: time(endedAt),
    missing_call: !answered && direction === 'IN',
    ...(direction === 'OUT' && { call_price: answered ? '0.35' : null }),
    call_record: 'NO',
    hangup_cause: answered ? 'NORMAL_CLEARING' : 'NO_ANSWER',
    hangup_state: answered ? (index % 2 === 0 ? 'recv_bye' : 'send_bye') : null,
  }
}

const NEWEST_CALL = Date.parse('2026-02-10T14:00:00Z')
const SECONDS_BETWEEN_CALLS = 97
const SHIFT = { open: true, shift_start: '09:00', shift_finish: '18:00' }
const WORKDAY = { ...SHIFT, lunch_break_start: '12:30', lunch_break_finish: '13:30' }
const WEEK = {
  monday: WORKDAY,
  tuesday: WORKDAY,
  wednesday: WORKDAY,
  thursday: WORKDAY,
  friday: WORKDAY,
  saturday: SHIFT,
  sunday: { ...SHIFT, open: false },
}

const me = (office: Office) => ({
  user: { email: `admin@${office.key}.example.com`, name: 'Deniz Yılmaz', gsm: '905321112233' },
  pbx: {
    name: labelOf(office),
    url: `${office.key}.bulutfon.com`,
    state: 'CONFIRMED',
    package: 'PRO',
    customer_type: 'COMPANY',
  },
  credit: { balance: '118.40', sms_credit: 250 },
})

const extension = (seed: number, index: number) => ({
  id: 5_000 + index,
  number: 1_000 + index,
  registered: index % 3 !== 0,
  caller_name: `Person ${seed}-${index}`,
  email: `person-${index}@office-${seed}.example.com`,
})

const group = (seed: number, index: number) => ({
  id: 700 + index,
  number: 200 + index,
  name: `Team ${seed}-${index}`,
  timeout: 30,
  delay_time: 5,
  ring_duration: 20,
})

/** Three of four numbers ring an extension, the fourth a group; no two ring the same. */
function did(
  { hours }: Office,
  seed: number,
  index: number,
  extensions: readonly { readonly id: number; readonly number: number }[],
  groups: readonly { readonly id: number; readonly number: number }[],
) {
  const ringsGroup = index % 4 === 3
  const target = ringsGroup ? groups[index >> 2]! : extensions[(index * 7) % extensions.length]!
  return {
    id: 9_000 + index,
    number: ownNumber(seed, index),
    state: 'CONFIRMED',
    destination_type: ringsGroup ? 'Group' : 'Extension',
    destination_id: target.id,
    destination_number: target.number,
    working_hour: hours,
  }
}

const ownNumber = (seed: number, index: number) => `90232${String(1_000_000 + seed * 1_000 + index)}`

/** ISO 8601 with the offset of Turkey, as the API writes it. */
const time = (at: number) => `${new Date(at + 3 * 3_600_000).toISOString().slice(0, 19)}+03:00`

const uuidOf = (seed: number, index: number) =>
  `${String(seed).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`
