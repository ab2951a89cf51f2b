import { Counter, Gauge, type Registry } from 'prom-client'

import { tally } from './metrics-tally.js'

/** Figures of subscriptions; every label is one of a few words of ours. */
export interface SubscriptionMetrics {
  subscriptionBegan(transport: string): void
  subscriptionEnded(transport: string, how: string): void
  eventDelivered(transport: string, count: number): void
  eventExecuted(): void
  slowReaderClosed(transport: string): void
  /** What counts the open connections of a transport at a scrape. */
  countConnections(count: (transport: string) => number): void
}

const TRANSPORTS = ['websocket', 'sse', 'multipart'] as const

export function subscriptionMetrics(registers: Registry[]): SubscriptionMetrics {
  const active = new Map<string, number>()
  let connectionsOf: (transport: string) => number = () => 0
  const add = (transport: string, change: number) => void active.set(transport, (active.get(transport) ?? 0) + change)
  new Gauge({
    name: 'dialgraph_subscriptions_active',
    help: 'Subscriptions under way, by transport.',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const transport of TRANSPORTS) this.set({ transport }, active.get(transport) ?? 0)
    },
  })
  new Gauge({
    name: 'dialgraph_subscription_connections',
    help: 'Open connections that events are sent over, by transport.',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const transport of TRANSPORTS) this.set({ transport }, connectionsOf(transport))
    },
  })
  const ended = tally({
    name: 'dialgraph_subscriptions_total',
    help: 'Subscriptions that are over, by transport and by what ended them.',
    labelNames: ['transport', 'end'],
    registers,
  })
  const delivered = tally({
    name: 'dialgraph_subscription_events_total',
    help: 'Events delivered to subscribers, by transport.',
    labelNames: ['transport'],
    registers,
  })
  const executed = new Counter({
    name: 'dialgraph_subscription_executions_total',
    help: 'Executions of events: one for all subscribers who ask the same.',
    registers,
  })
  const slow = new Counter({
    name: 'dialgraph_slow_subscribers_total',
    help: 'Connections closed because their clients did not read, by transport.',
    labelNames: ['transport'],
    registers,
  })
  return {
    subscriptionBegan: (transport) => add(transport, 1),
    subscriptionEnded(transport, how) {
      add(transport, -1)
      ended(transport, how)
    },
    eventDelivered: (transport, count) => delivered.add(count, transport),
    eventExecuted: () => executed.inc(),
    slowReaderClosed: (transport) => slow.inc({ transport }),
    countConnections: (count) => void (connectionsOf = count),
  }
}
