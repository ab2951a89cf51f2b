/** The same graph as most would write it: classes, a data source per account and operation, a loader per noun with one request per id. */
import 'reflect-metadata'

import { RESTDataSource } from '@apollo/datasource-rest'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import DataLoader from 'dataloader'
import { Arg, buildSchema, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'

import type { PeerTask } from '../contestants.js'
import { accountKeyOf, globalId, statusOf, toHours } from './model.js'
import {
  Account,
  AccountProfile,
  BusinessHours,
  CallDirection,
  CallDisposition,
  CallKind,
  CallRecord,
  CallRecordConnection,
  Did,
  DidConnection,
  DidFilter,
  type DidStatus,
  Extension,
  Group,
  HangupParty,
  RoutingDestination,
  type AccountStatus,
} from './usual-schema.js'
import type { WireCall, WireCalls, WireDid, WireExtension, WireGroup, WireMe } from './wire.js'

class BulutfonAPI extends RESTDataSource {
  override baseURL: string

  constructor(key: string) {
    super()
    this.baseURL = `${task.stubUrl}/${key}/`
  }

  private ask<T>(path: string, params: Record<string, string> = {}): Promise<T> {
    return this.get<T>(path, { params: { ...params, access_token: 'access-token-of-the-stub' } })
  }

  me = () => this.ask<WireMe>('me')
  dids = async () => (await this.ask<{ dids: WireDid[] }>('dids')).dids
  did = async (id: number) => (await this.ask<{ did: WireDid }>(`dids/${id}`)).did
  extension = async (id: number) => (await this.ask<{ extension: WireExtension }>(`extensions/${id}`)).extension
  group = async (id: number) => (await this.ask<{ group: WireGroup }>(`groups/${id}`)).group
  calls = (limit: number) => this.ask<WireCalls>('cdrs', { limit: String(limit), page: '1' })
}

class Sources {
  readonly api: BulutfonAPI
  readonly didById: DataLoader<number, WireDid>
  readonly extensionById: DataLoader<number, WireExtension>
  readonly groupById: DataLoader<number, WireGroup>

  constructor(key: string) {
    const api = (this.api = new BulutfonAPI(key))
    this.didById = new DataLoader((ids) => Promise.all(ids.map((id) => api.did(id))))
    this.extensionById = new DataLoader((ids) => Promise.all(ids.map((id) => api.extension(id))))
    this.groupById = new DataLoader((ids) => Promise.all(ids.map((id) => api.group(id))))
  }
}

interface Context {
  sources(key: string): Sources
}

@Resolver(() => Account)
class AccountResolver {
  @Query(() => Account, { nullable: true })
  account(@Arg('id', () => ID) id: string): Account | null {
    const office = task.offices.find(({ key }) => key === accountKeyOf(id))
    return office ? accountOf(office) : null
  }

  @FieldResolver(() => AccountProfile, { nullable: true })
  async profile(@Root() { key }: Account, @Ctx() { sources }: Context): Promise<AccountProfile> {
    const { pbx } = await sources(key).api.me()
    return { name: pbx.name, status: statusOf(pbx.state) as AccountStatus, plan: pbx.package }
  }

  @FieldResolver(() => DidConnection, { nullable: true })
  async dids(
    @Root() { key }: Account,
    @Ctx() { sources }: Context,
    @Arg('first', () => Int, { defaultValue: 25 }) first: number,
    @Arg('filter', () => DidFilter, { nullable: true }) filter: DidFilter | null,
  ): Promise<DidConnection> {
    const wires = await sources(key).api.dids()
    const all = wires.map((wire) => ({
      id: globalId('D', key, wire.id),
      number: `+${wire.number}`,
      status: statusOf(wire.state) as DidStatus,
      account: key,
      wire,
    }))
    const wanted = filter?.statuses ? all.filter(({ status }) => filter.statuses!.includes(status)) : all
    return { totalCount: wanted.length, nodes: wanted.slice(0, first) }
  }
}

@Resolver(() => Did)
class DidResolver {
  @FieldResolver(() => RoutingDestination, { nullable: true })
  async destination(@Root() { account, wire }: Did, @Ctx() { sources }: Context): Promise<Extension | Group> {
    const { extensionById, groupById } = sources(account)
    if (wire.destination_type === 'Group') {
      const { id, name } = await groupById.load(wire.destination_id)
      return Object.assign(new Group(), { id: globalId('G', account, id), name })
    }
    const { id, number, caller_name } = await extensionById.load(wire.destination_id)
    const shown = { id: globalId('E', account, id), number: String(number), displayName: caller_name }
    return Object.assign(new Extension(), shown)
  }

  @FieldResolver(() => BusinessHours, { nullable: true })
  async businessHours(@Root() { account, wire }: Did, @Ctx() { sources }: Context): Promise<BusinessHours> {
    return toHours(await sources(account).didById.load(wire.id)) as BusinessHours
  }
}

@Resolver(() => CallRecord)
class CallRecordResolver {
  @Query(() => CallRecordConnection, { nullable: true })
  async callRecords(
    @Arg('first', () => Int) first: number,
    @Ctx() { sources }: Context,
  ): Promise<CallRecordConnection> {
    const logs = await Promise.all(
      task.offices.map(async (office) => {
        const { cdrs, pagination } = await sources(office.key).api.calls(first)
        return { calls: cdrs.map((wire) => toCallRecord(accountOf(office), wire)), total: pagination.total_count }
      }),
    )
    const all = logs.flatMap(({ calls }) => calls).sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    return {
      totalCount: logs.reduce((sum, { total }) => sum + total, 0),
      nodes: all.slice(0, first),
      pageInfo: { hasNextPage: all.length > first },
    }
  }

  @FieldResolver(() => Int, { nullable: true })
  durationSeconds(@Root() { startedAt, endedAt }: CallRecord): number | null {
    return seconds(startedAt, endedAt)
  }

  @FieldResolver(() => Int, { nullable: true })
  waitSeconds(@Root() { startedAt, answeredAt, endedAt }: CallRecord): number | null {
    return seconds(startedAt, answeredAt ?? endedAt)
  }

  @FieldResolver(() => Int, { nullable: true })
  talkSeconds(@Root() { answeredAt, endedAt }: CallRecord): number | null {
    return answeredAt ? seconds(answeredAt, endedAt) : 0
  }
}

const task = JSON.parse(process.argv[2]!) as PeerTask

const accountOf = ({ key, label }: PeerTask['offices'][number]): Account => ({ id: globalId('A', key), label, key })

const seconds = (from: Date, to: Date | null) => (to ? Math.round((to.getTime() - from.getTime()) / 1000) : null)

function toCallRecord(account: Account, wire: WireCall): CallRecord {
  const answered = wire.answer_time !== null
  return {
    id: globalId('C', account.key, wire.uuid),
    kind: wire.bf_calltype === 'voice' ? CallKind.VOICE : CallKind.UNKNOWN,
    direction: wire.direction === 'IN' ? CallDirection.INBOUND : CallDirection.OUTBOUND,
    startedAt: new Date(wire.call_time),
    answeredAt: wire.answer_time === null ? null : new Date(wire.answer_time),
    endedAt: wire.hangup_time === null ? null : new Date(wire.hangup_time),
    disposition: answered
      ? CallDisposition.ANSWERED
      : wire.direction === 'IN'
        ? CallDisposition.MISSED
        : CallDisposition.NO_ANSWER,
    nativeHangupCause: wire.hangup_cause,
    hangupParty:
      wire.hangup_state === 'recv_bye'
        ? HangupParty.CALLER
        : wire.hangup_state === 'send_bye'
          ? HangupParty.CALLEE
          : HangupParty.UNKNOWN,
    caller: { number: `+${wire.caller}` },
    callee: { number: `+${wire.callee}` },
    cost: wire.call_price == null ? null : { amount: wire.call_price },
    account,
  }
}

const server = new ApolloServer<Context>({
  schema: await buildSchema({ resolvers: [AccountResolver, DidResolver, CallRecordResolver], validate: false }),
})
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => {
    const known = new Map<string, Sources>()
    return {
      sources(key) {
        let sources = known.get(key)
        if (!sources) known.set(key, (sources = new Sources(key)))
        return sources
      },
    }
  },
})
console.log(`GraphQL: ${url}graphql`)
