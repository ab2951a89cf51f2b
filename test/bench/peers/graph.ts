/** The part of the schema that the workloads ask, for the servers that take SDL and resolvers. */
import { Directory, officeOf, task } from './directory.js'
import { accountKeyOf, globalId, inOrder, toCall, toDid, toExtension, toGroup, toHours, toProfile } from './model.js'

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar PhoneNumber
  scalar Decimal
  scalar TimeZone
  scalar LocalTime

  enum AccountStatus {
    PENDING
    ACTIVE
    INBOUND_SUSPENDED
    SUSPENDED
    TERMINATED
    UNKNOWN
  }
  enum DidStatus {
    PENDING
    PORTING
    ACTIVE
    CANCELLED
    TERMINATED
    UNKNOWN
  }
  enum CallKind {
    VOICE
    FAX
    UNKNOWN
  }
  enum CallDirection {
    INBOUND
    OUTBOUND
    INTERNAL
    UNKNOWN
  }
  enum CallDisposition {
    ANSWERED
    MISSED
    NO_ANSWER
    BUSY
    REJECTED
    CANCELLED
    VOICEMAIL
    FAILED
    IN_PROGRESS
    UNKNOWN
  }
  enum HangupParty {
    CALLER
    CALLEE
    SYSTEM
    UNKNOWN
  }
  enum DayOfWeek {
    MONDAY
    TUESDAY
    WEDNESDAY
    THURSDAY
    FRIDAY
    SATURDAY
    SUNDAY
  }

  type Query {
    account(id: ID!): Account
    callRecords(first: Int!): CallRecordConnection
  }

  type Account {
    id: ID!
    label: String!
    profile: AccountProfile
    dids(first: Int = 25, filter: DidFilter): DidConnection
  }

  type AccountProfile {
    name: String
    status: AccountStatus!
    plan: String
  }

  input DidFilter {
    statuses: [DidStatus!]
  }

  type DidConnection {
    totalCount: Int
    nodes: [Did!]!
  }

  type Did {
    id: ID!
    number: PhoneNumber
    status: DidStatus!
    destination: RoutingDestination
    businessHours: BusinessHours
  }

  type BusinessHours {
    enabled: Boolean!
    timeZone: TimeZone
    days: [BusinessDay!]!
  }
  type BusinessDay {
    day: DayOfWeek!
    open: Boolean!
    intervals: [TimeInterval!]!
  }
  type TimeInterval {
    start: LocalTime!
    end: LocalTime!
  }

  union RoutingDestination = Extension | Group

  type Extension {
    id: ID!
    number: String!
    displayName: String
  }
  type Group {
    id: ID!
    name: String
  }

  type CallRecordConnection {
    totalCount: Int
    nodes: [CallRecord!]!
    pageInfo: PageInfo!
  }
  type PageInfo {
    hasNextPage: Boolean!
  }

  type CallRecord {
    id: ID!
    account: Account!
    kind: CallKind!
    direction: CallDirection!
    startedAt: DateTime!
    answeredAt: DateTime
    endedAt: DateTime
    durationSeconds: Int
    waitSeconds: Int
    talkSeconds: Int
    disposition: CallDisposition!
    nativeHangupCause: String
    hangupParty: HangupParty!
    caller: CallParty!
    callee: CallParty!
    cost: Money
  }

  type CallParty {
    number: PhoneNumber
  }
  type Money {
    amount: Decimal!
  }
`

/** Made for each request: what was read before is not shared with it. */
export interface Context {
  directory(key: string): Directory
}

export function createContext(): Context {
  const directories = new Map<string, Directory>()
  return {
    directory(key) {
      let known = directories.get(key)
      if (!known) directories.set(key, (known = new Directory(key)))
      return known
    },
  }
}

type Account = { readonly key: string; readonly label: string }
type Did = ReturnType<typeof toDid> & { readonly account: string }

interface DidArguments {
  readonly first: number
  readonly filter?: { readonly statuses?: readonly string[] | null } | null
}

export const resolvers = {
  Query: {
    account: (_root: unknown, { id }: { id: string }) => officeOf(accountKeyOf(id)),

    async callRecords(_root: unknown, { first }: { first: number }, { directory }: Context) {
      const logs = await Promise.all(
        task.offices.map(async (office) => {
          const { cdrs, pagination } = await directory(office.key).calls(first)
          return { calls: cdrs.map((wire) => toCall(office, wire)), total: pagination.total_count }
        }),
      )
      const all = inOrder(logs.flatMap(({ calls }) => calls))
      return {
        totalCount: logs.reduce((sum, { total }) => sum + total, 0),
        nodes: all.slice(0, first),
        pageInfo: { hasNextPage: all.length > first },
      }
    },
  },

  Account: {
    id: ({ key }: Account) => globalId('A', key),
    profile: async ({ key }: Account, _none: unknown, { directory }: Context) => toProfile(await directory(key).me()),

    async dids({ key }: Account, { first, filter }: DidArguments, { directory }: Context) {
      const wires = await directory(key).dids()
      const all = wires.map((wire) => ({ ...toDid(key, wire), account: key }))
      const wanted = filter?.statuses ? all.filter(({ status }) => filter.statuses!.includes(status)) : all
      return { totalCount: wanted.length, nodes: wanted.slice(0, first) }
    },
  },

  Did: {
    async destination({ account, wire }: Did, _none: unknown, { directory }: Context) {
      const source = directory(account)
      if (wire.destination_type === 'Group') {
        const group = (await source.groups()).get(wire.destination_id)
        return group ? toGroup(account, group) : null
      }
      const extension = (await source.extensions()).get(wire.destination_id)
      return extension ? toExtension(account, extension) : null
    },

    businessHours: async ({ account, wire }: Did, _none: unknown, { directory }: Context) =>
      toHours(wire.working_hour ? await directory(account).did(wire.id) : wire),
  },
}
