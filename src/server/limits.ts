import { z } from 'zod'

import { defaultHttpLimits, type HttpLimits } from '../http/limits.js'

/** Everything that is bounded, each a key under `limits:` of the configuration. */
export interface Limits extends HttpLimits {
  /** Largest `first` or `last` of a list. */
  readonly pageSize: number
  /** Requests for details of single objects under way at once in one operation. */
  readonly detailConcurrency: number
  /** Requests to providers one operation may cause. */
  readonly providerRequestsPerOperation: number
  /** Whole operation, ms. */
  readonly operationTimeoutMs: number
  /** Lexical tokens of one GraphQL document. */
  readonly operationTokens: number
  /** Bytes of one request's body. */
  readonly requestBodyBytes: number
  /** Time a client has for its request's headers, ms. */
  readonly headersTimeoutMs: number
  /** Time a client has for its whole request, ms. */
  readonly requestTimeoutMs: number
  /** How long an idle connection of a client is kept, ms; longer than a proxy's in front of it. */
  readonly keepAliveTimeoutMs: number
  /** Recordings of one account that are listened to at once. */
  readonly recordingConcurrency: number
  /** Bytes a provider may send for one recording. */
  readonly recordingBytes: number
  /** How long listening to one recording may take, ms. */
  readonly recordingTimeoutMs: number
  /** How long a provider may send nothing of a recording, or its listener take nothing, ms. */
  readonly recordingIdleMs: number
  /** How long running operations may take to finish once the server is told to stop, ms. */
  readonly drainTimeoutMs: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const KIBIBYTE = 1024
const MEBIBYTE = 1024 * KIBIBYTE

const limit = (fallback: number, minimum: number, maximum: number, description: string) =>
  z.number().int().min(minimum).max(maximum).default(fallback).describe(description)

const http = defaultHttpLimits

/** Bounds on the limits themselves: the lease on a login lasts 20 s, so a token call must end well before it. */
export const limitsSchema = z
  .strictObject({
    pageSize: limit(100, 1, 1_000, 'Largest `first` or `last` of a list.'),
    detailConcurrency: limit(8, 1, 64, 'Requests for details of single objects under way at once in one operation.'),
    providerRequestsPerOperation: limit(200, 1, 10_000, 'Requests to providers one operation may cause.'),
    operationTimeoutMs: limit(8 * SECOND, 100, 2 * MINUTE, 'Whole operation, in milliseconds.'),
    operationTokens: limit(2_000, 100, 100_000, 'Lexical tokens of one GraphQL document.'),
    requestBodyBytes: limit(256 * KIBIBYTE, KIBIBYTE, MEBIBYTE, "Bytes of one request's body."),
    headersTimeoutMs: limit(
      10 * SECOND,
      SECOND,
      MINUTE,
      "Time a client has for its request's headers, in milliseconds.",
    ),
    requestTimeoutMs: limit(
      30 * SECOND,
      SECOND,
      5 * MINUTE,
      'Time a client has for its whole request, in milliseconds.',
    ),
    keepAliveTimeoutMs: limit(
      65 * SECOND,
      SECOND,
      10 * MINUTE,
      "How long a client's idle connection is kept, in milliseconds.",
    ),
    recordingConcurrency: limit(16, 1, 1_000, 'Recordings of one account that are listened to at once.'),
    recordingBytes: limit(500 * MEBIBYTE, KIBIBYTE, 4 * 1024 * MEBIBYTE, 'Bytes of one recording.'),
    recordingTimeoutMs: limit(
      15 * MINUTE,
      100,
      24 * 60 * MINUTE,
      'How long listening to one recording may take, in milliseconds.',
    ),
    recordingIdleMs: limit(
      30 * SECOND,
      100,
      10 * MINUTE,
      'How long a recording may stand still before it is given up, in milliseconds.',
    ),
    drainTimeoutMs: limit(
      10 * SECOND,
      100,
      MINUTE,
      'Time running operations have to finish when the server stops, in milliseconds.',
    ),
    providerTimeoutMs: limit(http.providerTimeoutMs, 10, MINUTE, 'One call to a provider, in milliseconds.'),
    tokenTimeoutMs: limit(http.tokenTimeoutMs, 10, 12 * SECOND, 'One call to a token endpoint, in milliseconds.'),
    responseBytes: limit(http.responseBytes, KIBIBYTE, 512 * MEBIBYTE, "Bytes of one provider's answer, unpacked."),
    compressionRatio: limit(
      http.compressionRatio,
      2,
      10_000,
      "How many times larger a provider's answer may be than what was sent.",
    ),
    providerConcurrency: limit(http.providerConcurrency, 1, 256, 'Requests of one account under way at once.'),
    providerQueue: limit(http.providerQueue, 0, 100_000, 'Requests of one account that may wait for their turn.'),
    breakerFailures: limit(
      http.breakerFailures,
      1,
      1_000,
      'Failures in a row after which an account is left alone for a while.',
    ),
    breakerOpenMs: limit(http.breakerOpenMs, 10, 10 * MINUTE, 'How long it is left alone, in milliseconds.'),
    retryAfterDefaultMs: limit(
      http.retryAfterDefaultMs,
      0,
      15 * MINUTE,
      'Wait after a 429 that names no time, in milliseconds.',
    ),
    retryAfterMaximumMs: limit(
      http.retryAfterMaximumMs,
      0,
      60 * MINUTE,
      'Longest wait a provider may ask for, in milliseconds.',
    ),
  })
  .prefault({})
  .describe('What may be asked, waited for and read at most.') satisfies z.ZodType<Limits>
