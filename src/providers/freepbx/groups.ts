import { oncePer, ProviderError, readRecords, received } from '../../provider.js'
import type { AccountFacts, Group, Page, Reply, Rest } from '../../provider.js'
import { ask, rowsOf, type Asking } from './ask.js'
import { FRESHNESS } from './freshness.js'
import { toQueue, toQueueMembers, toRingGroup } from './map/group.js'
import { RING_GROUPS } from './questions.js'
import { RECORD_RULES } from './record-rules.js'

/** How long REST is left alone after it failed, ms: whole releases do not answer it. */
const PAUSE_MS = 10 * 60_000

const ringGroupsIn = oncePer((reply: Reply, account: AccountFacts) => {
  const toGroup = (value: unknown) => toRingGroup(account, value, reply.receivedAt)
  return readRecords(account, 'RingGroup', RECORD_RULES.RingGroup, rowsOf(reply, RING_GROUPS, 'ringgroups'), toGroup)
})

/**
 * Ring groups by GraphQL and queues by REST. One for each account: remembers that REST does not
 * answer.
 */
export class GroupLists {
  readonly #rest: string
  readonly #account: AccountFacts
  /** ms; by the time of answers. */
  #restPausedUntil = 0

  constructor(rest: string, account: AccountFacts) {
    this.#rest = rest
    this.#account = account
  }

  /** Without the queues, and saying so, where REST does not answer: the switchboard is not down for it. */
  async read(asking: Asking): Promise<Page<Group>> {
    const reply = await ask(asking, RING_GROUPS, {}, { freshness: FRESHNESS.groups })
    const ring = ringGroupsIn(reply, this.#account)
    const queues = await this.#queues(asking.rest, Date.parse(reply.receivedAt))
    const items = [...ring.items, ...(queues?.items ?? [])]
    const unreadable = ring.unreadable + (queues?.unreadable ?? 1)
    return { items, totalCount: items.length, unreadable }
  }

  /** Null where they cannot be had. */
  async #queues(rest: Rest, now: number) {
    if (now < this.#restPausedUntil) return null
    try {
      const queues = await rest.get(`${this.#rest}/queues/`, {}, { freshness: FRESHNESS.queues })
      return queuesIn(queues, this.#account)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (error.reason !== 'OPERATION_ENDED') this.#restPausedUntil = now + PAUSE_MS
      return null
    }
  }

  /** Who answers in a queue, of which one list tells for all; those of a ring group are in its list. */
  async members(rest: Rest, { providerResourceId, internalNumber }: Group): Promise<Partial<Group>> {
    if (!providerResourceId.startsWith('queue:')) return {}
    const { body } = await rest.get(`${this.#rest}/queues/members`, {}, { freshness: FRESHNESS.queueMembers })
    const memberships = toQueueMembers(received<Record<string, unknown>>(body)?.[internalNumber ?? ''], this.#account)
    return { memberships, countedMembers: memberships.length }
  }
}

/** An object by number; `false`, or an empty list, where there are none. */
const queuesIn = oncePer((reply: Reply, account: AccountFacts) => {
  const entries = Object.values(received<Record<string, unknown>>(reply.body) ?? {})
  const items = entries.flatMap((queue) => toQueue(account, queue, reply.receivedAt) ?? [])
  return { items, unreadable: entries.length - items.length }
})
