import type { DocumentNode } from 'graphql'

import { AppError } from '../../errors.js'
import type { LiveLimits } from '../config/live-limits.js'
import type { EventExecution, ExecutedFor } from './event-execution.js'
import { Group } from './group.js'
import type { PreparedSubscription } from './prepare.js'
import { Rounds } from './rounds.js'
import { Turns } from './turns.js'
import { groupKey } from './sharing.js'
import { LiveSubscription, type Subscriber, type SubscriptionEnd } from './subscription.js'

export type Transport = 'websocket' | 'sse' | 'multipart'

/** A subscription that begins or has ended, for the log and for figures. */
export interface SubscriptionRecord {
  readonly requestId: string
  readonly transport: Transport
  readonly operation: string | null
}

export interface EndedSubscription extends SubscriptionRecord {
  readonly how: SubscriptionEnd
  /** Payloads delivered. */
  readonly events: number
  readonly durationMs: number
}

/** Watches subscriptions come and go. */
export interface SubscriptionObserver {
  began(record: SubscriptionRecord): void
  ended(record: EndedSubscription): void
  delivered(transport: Transport, count: number): void
  executed(): void
}

export interface EngineOptions {
  readonly execution: EventExecution
  readonly limits: Pick<LiveLimits, 'subscriptionsPerCaller'>
  readonly selectsCredential: (document: DocumentNode) => boolean
  readonly observer: SubscriptionObserver
}

export interface BeginningSubscription extends Omit<ExecutedFor, 'subscription'> {
  readonly subscription: PreparedSubscription
  readonly requestId: string
  readonly transport: Transport
  readonly subscriber: Subscriber
}

/** Subscriptions of all transports. */
export interface SubscriptionEngine {
  /**
   * Delivers from now on, what was missed first.
   * @throws AppError RATE_LIMITED when the caller has as many as it may
   */
  begin(beginning: BeginningSubscription): { stop(how: SubscriptionEnd): void }
  /** Resolves once everything that has been received is delivered. */
  settle(): Promise<void>
}

/**
 * A group with the first of its subscriptions, which stands for all: of the others nothing is kept
 * that they were prepared with.
 */
interface Grouped {
  readonly group: Group
  readonly of: ExecutedFor
}

export function subscriptionEngine(options: EngineOptions): SubscriptionEngine {
  const { execution, limits, selectsCredential, observer } = options
  const groups = new Map<string, Grouped>()
  const rounds = new Rounds()
  const turns = new Turns()
  const running = new Set<LiveSubscription>()
  const perCaller = new Map<string, number>()

  function groupOf(of: ExecutedFor): Grouped {
    const key = groupKey(of, selectsCredential)
    const known = groups.get(key)
    if (known) return known
    const group = new Group({
      ...{ feed: of.subscription.opened.feed, turns, rounds },
      execute(item) {
        observer.executed()
        return execution.execute(of, item)
      },
      onEmpty: () => void groups.delete(key),
    })
    const grouped = { group, of }
    groups.set(key, grouped)
    return grouped
  }

  /** Counts a subscription of the caller; gives what takes it back. */
  function counted(identity: string | null): () => void {
    if (identity === null) return () => {}
    const count = perCaller.get(identity) ?? 0
    if (count >= limits.subscriptionsPerCaller) throw tooMany(limits.subscriptionsPerCaller)
    perCaller.set(identity, count + 1)
    return () => {
      const left = perCaller.get(identity)! - 1
      if (left > 0) perCaller.set(identity, left)
      else perCaller.delete(identity)
    }
  }

  return {
    begin({ subscription, caller, explain, requestId, transport, subscriber }) {
      const release = counted(caller.identity)
      const { group, of } = groupOf({ subscription, caller, explain })
      const operation = subscription.operation.name?.value ?? null
      const beganAt = performance.now()
      const record = { requestId, transport, operation }
      observer.began(record)
      const live = new LiveSubscription({
        group,
        after: subscription.opened.after,
        subscriber: {
          ...subscriber,
          next(payload) {
            observer.delivered(transport, payload.texts.length)
            subscriber.next(payload)
          },
        },
        execute(item) {
          observer.executed()
          return execution.execute(of, item)
        },
        failure: (error) => execution.failure(of, error, requestId),
        onEnd(how) {
          release()
          running.delete(live)
          const durationMs = Math.round(performance.now() - beganAt)
          observer.ended({ ...record, how, events: live.delivered, durationMs })
        },
      })
      running.add(live)
      live.begin()
      return live
    },
    async settle() {
      await Promise.all([...running].map((one) => one.settle()))
      await Promise.all([...groups.values()].map(({ group }) => group.settle()))
    },
  }
}

const tooMany = (most: number): AppError =>
  new AppError('RATE_LIMITED', `This caller has ${most} subscriptions, as many as it may. End one of them first.`)
