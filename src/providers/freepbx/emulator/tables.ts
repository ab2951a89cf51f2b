import type { Office, StoryExtension, StoryTarget } from '../../../emulator/story.js'
import { SECRET_MARK } from '../../../emulator/marked-bytes.js'
import { didDigits, rowsOf, type CallRow } from './call-rows.js'
import type { FreepbxKnobs } from './knobs.js'

/** A user with its device: both have the same number. */
export interface UserRow {
  extension: string
  name: string
  /** Mailbox context; `novm`: none. */
  voicemail: string
  outboundCid: string
  emergencyCid: string
  noanswerDestination: string
  busyDestination: string
  chanunavailDestination: string
  tech: string
  email: string
  maxContacts: string
  /** Both in clear, as the tables have them. */
  password: string
  extPassword: string
}

/** An inbound route; its number and the caller's condition together name it. */
export interface RouteRow {
  extension: string
  cidnum: string
  description: string
  /** A string of the dialplan. */
  destination: string
}

/** A ring group. */
export interface GroupRow {
  readonly number: string
  readonly description: string
  readonly list: string
  readonly seconds: number
  readonly strategy: string
  readonly postAnswer: string
  /** Shown before the caller's name. */
  readonly prefix: string
}

/** A queue with its static and its dynamic members. */
export interface QueueRow {
  readonly extension: string
  readonly name: string
  readonly timeout: number
  readonly members: readonly string[]
  readonly dynamicMembers: readonly string[]
  readonly password: string
}

/** What the switchboard has stored. */
export interface Tables {
  readonly users: Map<string, UserRow>
  readonly routes: RouteRow[]
  readonly groups: GroupRow[]
  readonly queues: QueueRow[]
  /** In the order of the table: rows are written when they end. */
  readonly calls: CallRow[]
  readonly menus: Office['menus']
  reset(): void
}

/** Made up of the office, and emptied of all changes by `reset`. */
export function createTables(office: Office, knobs: FreepbxKnobs): Tables {
  const users = new Map<string, UserRow>()
  const routes: RouteRow[] = []
  const groups: GroupRow[] = []
  const calls: CallRow[] = []
  const zone = knobs.timeZone ?? office.timeZone
  let rows: readonly CallRow[] | null = null
  const tables: Tables = {
    users,
    routes,
    calls,
    groups,
    queues: queuesOf(office),
    menus: office.menus,
    reset() {
      users.clear()
      for (const extension of office.extensions) users.set(extension.number, userOf(extension, office))
      routes.splice(0, Infinity, ...routesOf(office, knobs))
      groups.splice(0, Infinity, ...groupsOf(office, knobs))
      rows ??= callRows(office, zone)
      calls.length = 0
      for (const row of rows) calls.push(row)
    },
  }
  tables.reset()
  return tables
}

function callRows(office: Office, zone: string): CallRow[] {
  const counters = { channel: 900, row: 4000 }
  // Written when they end: a long call comes late, with an early date.
  return office.calls.flatMap((call) => rowsOf(call, office, counters, zone)).sort((a, b) => a.end - b.end)
}

/** As a secret is stored: recognised wherever it leaks. */
export const secretFor = (what: string): string => `${SECRET_MARK}${Buffer.from(what).toString('hex')}`

function userOf(extension: StoryExtension, office: Office): UserRow {
  const { number, person, voicemail, callerId, forwarding } = extension
  const unreachable = forwarding?.when === 'UNREACHABLE' ? dialplan(forwarding.to, office) : ''
  return {
    extension: number,
    name: person ? `${person.firstName} ${person.lastName}` : 'Toplantı Odası',
    voicemail: voicemail ? 'default' : 'novm',
    outboundCid: callerId === null ? '' : `"${office.label}" <${didDigits(callerId)}>`,
    emergencyCid: '',
    noanswerDestination: voicemail ? `ext-local,vmu${number},1` : '',
    busyDestination: '',
    chanunavailDestination: unreachable,
    tech: 'pjsip',
    email: person?.email ?? '',
    maxContacts: '1',
    password: secretFor(`device ${number}`),
    extPassword: secretFor(`sip ${number}`),
  }
}

/** Where a target of the story is in the dialplan. */
function dialplan(target: StoryTarget, office: Office): string {
  if (target.kind === 'external') return 'ext-miscdests,1,1'
  if (target.kind === 'menu') return `ivr-${target.id},s,1`
  if (target.kind === 'extension') return `from-did-direct,${target.number},1`
  const isQueue = office.groups.find(({ id }) => id === target.id)?.kind === 'queue'
  return `${isQueue ? 'ext-queues' : 'ext-group'},${target.number},1`
}

function routesOf(office: Office, { unusualRoutes }: FreepbxKnobs): RouteRow[] {
  const active = office.dids.filter(({ state }) => state === 'active')
  const plain = active.map(({ number, destination }): RouteRow => ({
    extension: didDigits(number),
    cidnum: '',
    description: '',
    destination: destination ? dialplan(destination, office) : '',
  }))
  if (!unusualRoutes) return plain
  const [first] = plain
  return [
    { extension: '', cidnum: '', description: 'Geri kalan', destination: 'app-blackhole,hangup,1' },
    { extension: '_90312000XX99', cidnum: '', description: 'Blok', destination: plain[1]?.destination ?? '' },
    { ...first!, cidnum: '05550005001', description: 'Bayi', destination: 'timeconditions,1,1' },
    ...plain,
  ]
}

function groupsOf(office: Office, { randomStrategy, groupList }: FreepbxKnobs): GroupRow[] {
  const ring = office.groups.filter(({ kind }) => kind === 'ring')
  return ring.map((group, index): GroupRow => {
    const members = numbersOf(group.members, office)
    const outside = index === 0 ? ['05550002001#'] : []
    return {
      number: group.number,
      description: group.name,
      list: (index === 0 ? groupList : null) ?? [...members, ...outside].join('-'),
      seconds: group.timeoutSeconds,
      strategy: index === 1 && randomStrategy ? 'random' : 'ringall',
      postAnswer: 'app-blackhole,hangup,1',
      prefix: '',
    }
  })
}

function queuesOf(office: Office): QueueRow[] {
  const queues = office.groups.filter(({ kind }) => kind === 'queue')
  return queues.map(({ number, name, ringSeconds, members }): QueueRow => {
    const numbers = numbersOf(members, office)
    return {
      extension: number,
      name,
      timeout: ringSeconds,
      members: numbers.slice(0, -1),
      dynamicMembers: numbers.slice(-1),
      password: secretFor(`queue ${number}`),
    }
  })
}

const numbersOf = (members: readonly number[], office: Office): string[] =>
  members.flatMap((member) => office.extensions.find(({ id }) => id === member)?.number ?? [])
