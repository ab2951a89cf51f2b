import { z } from 'zod'

/** What live calls and subscriptions may hold: the keys under `limits.live:`. */
export interface LiveLimits {
  /** How long events are kept for whoever comes back, hours. */
  readonly retentionHours: number
  /** Bytes that one connection may leave unread before it is closed. */
  readonly eventBufferBytes: number
  /** Operations of one WebSocket at once. */
  readonly subscriptionsPerConnection: number
  /** Subscriptions of one caller at once, over all its connections. */
  readonly subscriptionsPerCaller: number
  /** Connections that events are sent over. */
  readonly connections: number
}

const KIBIBYTE = 1024
const MEBIBYTE = 1024 * KIBIBYTE

const limit = (fallback: number, minimum: number, maximum: number, description: string) =>
  z.number().int().min(minimum).max(maximum).default(fallback).describe(description)

export const liveLimitsSchema = z
  .strictObject({
    retentionHours: limit(24, 1, 24 * 366, 'How long events are kept for whoever comes back to them, in hours.'),
    eventBufferBytes: limit(
      MEBIBYTE,
      256 * KIBIBYTE,
      1024 * MEBIBYTE,
      'Bytes one connection may leave unread; then it is closed, and its client goes on from its cursor.',
    ),
    subscriptionsPerConnection: limit(50, 1, 10_000, 'Operations of one WebSocket at once.'),
    subscriptionsPerCaller: limit(
      200,
      1,
      1_000_000,
      'Subscriptions of one caller at once, over all its connections. Without `callers` there is no such limit.',
    ),
    connections: limit(10_000, 1, 1_000_000, 'Connections that events are sent over; more are refused.'),
  })
  .prefault({})
  .describe('Live calls and subscriptions.') satisfies z.ZodType<LiveLimits>
