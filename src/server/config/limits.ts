import { z } from 'zod'

import type { CostLimits } from '../../graphql/limits/cost-rule.js'
import type { ShapeLimits } from '../../graphql/limits/operation-shape.js'
import { defaultHttpLimits, type HttpLimits } from '../../http/limits.js'
import type { SlowReaderLimits } from '../web/slow-readers.js'
import type { ExportLimits } from '../../exports/export-services.js'
import { exportLimitsSchema } from './export-limits.js'
import { liveLimitsSchema, type LiveLimits } from './live-limits.js'

/** Every limit, each a key under `limits:` of the configuration. */
export interface Limits extends HttpLimits, ShapeLimits, CostLimits, SlowReaderLimits {
  /** Largest `first` or `last` of a list. */
  readonly pageSize: number
  /** Concurrent requests for the details of single objects in one operation. */
  readonly detailConcurrency: number
  /** Whole operation, ms. */
  readonly operationTimeoutMs: number
  /** Lexical tokens of one GraphQL document. */
  readonly operationTokens: number
  /** GraphQL requests that one caller may send per second, sustained. */
  readonly requestsPerSecond: number
  /** GraphQL requests that one caller may send at once after a pause. */
  readonly requestBurst: number
  /** Attempts of one caller to link or unlink an account, per minute. */
  readonly accountChangesPerMinute: number
  /** Failed authentications of one address, per minute. */
  readonly failedAuthenticationsPerMinute: number
  /** Bytes of one request's body. */
  readonly requestBodyBytes: number
  /** Within this time a client must have sent its headers, ms. */
  readonly headersTimeoutMs: number
  /** Within this time a client must have sent its whole request, ms. */
  readonly requestTimeoutMs: number
  /** Open connections of clients; further ones are closed. */
  readonly connections: number
  /**
   * Keep-alive time of an idle client connection, ms; longer than that of a proxy in front of this
   * server.
   */
  readonly keepAliveTimeoutMs: number
  /** Concurrent playbacks of one account's recordings. */
  readonly recordingConcurrency: number
  /** Largest recording, bytes. */
  readonly recordingBytes: number
  /** Longest playback of one recording, ms. */
  readonly recordingTimeoutMs: number
  /** Longest time without progress of a recording, on either side, ms. */
  readonly recordingIdleMs: number
  /** Time that running operations have to finish during a shutdown, ms. */
  readonly drainTimeoutMs: number
  /**
   * Part of it in which the server still accepts requests, so that a proxy's health check can
   * notice, ms.
   */
  readonly drainNoticeMs: number
  /** How long the record of changes at providers is kept, days. */
  readonly changesDays: number
  readonly exports: ExportLimits
  readonly live: LiveLimits
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const KIBIBYTE = 1024
const MEBIBYTE = 1024 * KIBIBYTE

const limit = (fallback: number, minimum: number, maximum: number, description: string) =>
  z.number().int().min(minimum).max(maximum).default(fallback).describe(description)

const http = defaultHttpLimits

/**
 * The bounds of each limit: a token request, for example, must end well within the 20 s lease of a
 * login.
 */
export const limitsSchema = z
  .strictObject({
    pageSize: limit(100, 1, 1_000, 'Largest `first` or `last` of a list.'),
    detailConcurrency: limit(8, 1, 64, 'Requests for details of single objects under way at once in one operation.'),
    providerRequestsPerOperation: limit(200, 1, 10_000, 'Requests to providers one operation may cause.'),
    operationTimeoutMs: limit(8 * SECOND, 100, 2 * MINUTE, 'Whole operation, in milliseconds.'),
    operationTokens: limit(2_000, 100, 100_000, 'Lexical tokens of one GraphQL document.'),
    operationDepth: limit(15, 1, 1_000, 'Fields in one another; a list with pages takes two levels.'),
    operationAliases: limit(30, 0, 10_000, 'Aliases of one operation, its fragments written out.'),
    operationRootFields: limit(20, 1, 10_000, 'Fields at the root of one operation.'),
    operationDirectives: limit(50, 0, 10_000, 'Directives of one operation, its fragments written out.'),
    operationSelections: limit(1_000, 10, 100_000, 'Fields and fragments of one operation, its fragments written out.'),
    operationComparisons: limit(
      5_000,
      0,
      1_000_000,
      'Pairs of equal fields or of fragments in one place, over a whole document.',
    ),
    operationValues: limit(
      20_000,
      100,
      10_000_000,
      'Values one answer may hold, by the sizes of the pages that are asked for.',
    ),
    requestsPerSecond: limit(
      200,
      1,
      1_000_000,
      'Requests for GraphQL that one caller may send in a second, for as long as it likes. Without `callers` there is no such limit.',
    ),
    requestBurst: limit(400, 1, 1_000_000, 'Requests that one caller may send at once after a while of silence.'),
    accountChangesPerMinute: limit(30, 1, 1_000_000, 'Accounts that one caller may try to link or unlink in a minute.'),
    failedAuthenticationsPerMinute: limit(60, 1, 1_000_000, 'Wrong credentials that one address may try in a minute.'),
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
    responseTimeoutMs: limit(
      30 * SECOND,
      100,
      5 * MINUTE,
      'Time a client has to take an answer that is ready, in milliseconds.',
    ),
    waitingResponseBytes: limit(
      128 * MEBIBYTE,
      MEBIBYTE,
      16 * 1024 * MEBIBYTE,
      'Bytes of answers that are ready and that clients have not taken yet, in all.',
    ),
    connections: limit(10_000, 1, 1_000_000, 'Connections of clients; more are closed as they come.'),
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
    drainNoticeMs: limit(
      2 * SECOND,
      0,
      MINUTE,
      'How much of it the server still accepts requests, so that a proxy that asks /readyz can notice, in milliseconds.',
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
    originConnections: limit(
      http.originConnections,
      1,
      1_024,
      'Connections to one host of a provider, of all accounts.',
    ),
    originQueue: limit(http.originQueue, 0, 100_000, 'Requests to one host that may wait for a connection.'),
    attempts: limit(http.attempts, 1, 10, 'Times one read is sent to a provider at most, counting the first.'),
    retryPauseMs: limit(http.retryPauseMs, 1, 10 * SECOND, 'Pause before the second of them, about, in milliseconds.'),
    retryBudgetPercent: limit(
      http.retryBudgetPercent,
      0,
      100,
      'Retries of one account for every hundred requests it sends.',
    ),
    retryBudgetFloor: limit(
      http.retryBudgetFloor,
      0,
      1_000,
      'Retries of one account that are allowed within ten seconds all the same.',
    ),
    cacheBytes: limit(
      http.cacheBytes,
      0,
      16 * 1024 * MEBIBYTE,
      'Bytes of all answers that are kept to be given again, estimated. 0: none is kept, and none is shared between operations.',
    ),
    staleMs: limit(
      http.staleMs,
      0,
      24 * 60 * MINUTE,
      'How long after its time an answer may be given while its provider cannot answer, in milliseconds.',
    ),
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
    changesDays: limit(90, 1, 3_660, 'How long it is kept who changed what at a provider, in days.'),
    exports: exportLimitsSchema,
    live: liveLimitsSchema,
  })
  .prefault({})
  .describe('What may be asked, waited for and read at most.') satisfies z.ZodType<Limits>
