import { graphqlRecords, oncePer, ProviderError, received } from '../../provider.js'
import type { AccountFacts, GraphqlClient, Group, Records, Reply, Rest } from '../../provider.js'
import { FRESHNESS } from './freshness.js'
import { toQueue, toQueueMembers, toRingGroup } from './map/group.js'
import { RING_GROUPS } from './questions.js'

/** How long REST is left alone after it failed, ms: whole releases do not answer it. */
const PAUSE_MS = 10 * 60_000

const ringGroupsIn = graphqlRecords(RING_GROUPS, toRingGroup)

/** An object by number; `false`, or an empty list, where there are none. */
const queuesIn = oncePer((reply: Reply, account: AccountFacts): Records<Group> => {
  const entries = Object.values(received<Record<string, unknown>>(reply.body) ?? {})
  const items = entries.flatMap((queue) => toQueue(account, queue, reply.receivedAt) ?? [])
  return { items, unreadable: entries.length - items.length }
})

/**
 * Ring groups by GraphQL and queues by REST. One for each account: remembers that REST does not
 * answer.
 */
export class GroupLists {
  /** ms; by the time of answers. */
  #restPausedUntil = 0

  constructor(
    private readonly url: string,
    private readonly account: AccountFacts,
  ) {}

  /** Without the queues, and saying so, where REST does not answer: the switchboard is not down for it. */
  async read(pbx: GraphqlClient): Promise<Records<Group>> {
    const reply = await pbx.ask(RING_GROUPS, { freshness: FRESHNESS.groups })
    const ring = ringGroupsIn(reply, this.account)
    const queues = await this.#queues(pbx.rest, Date.parse(reply.receivedAt))
    return {
      items: [...ring.items, ...(queues?.items ?? [])],
      unreadable: ring.unreadable + (queues?.unreadable ?? 1),
    }
  }

  /** Null where they cannot be had. */
  async #queues(rest: Rest, now: number): Promise<Records<Group> | null> {
    if (now < this.#restPausedUntil) return null
    try {
      return queuesIn(await rest.get(`${this.url}/queues/`, {}, { freshness: FRESHNESS.queues }), this.account)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (error.reason !== 'OPERATION_ENDED') this.#restPausedUntil = now + PAUSE_MS
      return null
    }
  }

  /** Who answers in a queue, of which one list tells for all; those of a ring group are in its list. */
  async members(rest: Rest, { providerResourceId, internalNumber }: Group): Promise<Partial<Group>> {
    if (!providerResourceId.startsWith('queue:')) return {}
    const { body } = await rest.get(`${this.url}/queues/members`, {}, { freshness: FRESHNESS.queueMembers })
    const memberships = toQueueMembers(this.account, received<Record<string, unknown>>(body)?.[internalNumber ?? ''])
    return { memberships, countedMembers: memberships.length }
  }
}
