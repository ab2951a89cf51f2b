import { isIPv6 } from 'node:net'

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Awaitable } from '../../awaitable.js'
import type { Clock } from '../../clock.js'
import { AppError } from '../../errors.js'
import type { Config } from '../config/config.js'
import { isLoopback } from '../config/loopback.js'
import type { Log } from '../observing/log.js'
import { respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { ANYONE, type Authenticator, type Caller } from './caller.js'
import { rateLimit } from './rate-limit.js'

/** Authenticates requests and applies the rate limits of their callers. */
export interface Admission {
  /**
   * Before anything but the head of a request is read: notes its caller, or answers it with an
   * error, and then it is false. At once where the caller is known without waiting, as most are.
   */
  admit(request: FastifyRequest, reply: FastifyReply): Awaitable<boolean>
  /**
   * The same for a connection that may say later who its caller is: admits one whose request does
   * not say it, too.
   */
  admitConnection(request: FastifyRequest, reply: FastifyReply): Awaitable<boolean>
  /**
   * The caller of a connection that says later who it is, by what would be the value of an
   * Authorization header.
   * @throws AppError as `admit` answers
   */
  identify(request: FastifyRequest, authorization: string | undefined): Promise<Caller>
  /**
   * Counts an operation over a connection as a request of its caller.
   * @throws AppError RATE_LIMITED
   */
  count(caller: Caller): void
  /**
   * The caller of an admitted request.
   * @throws Error for one that was not admitted.
   */
  callerOf(request: FastifyRequest): Caller
}

export interface AdmissionOptions {
  readonly config: Pick<Config, 'limits' | 'server'>
  /** Null: a server without `callers`. */
  readonly authenticator: Authenticator | null
  readonly publicUrl: () => string
  readonly clock: Clock
  readonly log: Pick<Log, 'defect'>
}

export function admission(options: AdmissionOptions): Admission {
  const { authenticator, log } = options
  const { byRequest, byText, count } = authenticator ? byCredential(options, authenticator) : byLoopback(options)
  const admit: Admission['admit'] = (request, reply) => {
    const note = (caller: Caller) => {
      request.caller = caller
      return true
    }
    const refuse = (error: unknown) => {
      void respondWithError(request, reply, error, { statuses: STATUSES, log })
      return false
    }
    try {
      const caller = byRequest(request)
      return caller instanceof Promise ? caller.then(note, refuse) : note(caller)
    } catch (error) {
      return refuse(error)
    }
  }
  return {
    admit,
    admitConnection: (request, reply) =>
      authenticator !== null && request.headers.authorization === undefined ? true : admit(request, reply),
    identify: async (request, authorization) => byText(request, authorization),
    count,
    callerOf(request) {
      const { caller } = request
      if (!caller) throw new Error('A request was served that nobody admitted')
      return caller
    },
  }
}

/** The ways of one kind of server to find the caller. */
interface Authentication {
  byRequest(request: FastifyRequest): Awaitable<Caller>
  byText(request: FastifyRequest, authorization: string | undefined): Awaitable<Caller>
  count(caller: Caller): void
}

/**
 * Refuses every Host but loopback and our own: a page of another site can make its host name
 * resolve to this machine and then call as if it were local (DNS rebinding).
 */
function byLoopback({ publicUrl }: AdmissionOptions): Authentication {
  const byRequest = (request: FastifyRequest): Caller => {
    const host = request.hostname.toLowerCase()
    if (isLoopback(host) || host === new URL(publicUrl()).hostname) return ANYONE
    throw new AppError('FORBIDDEN', 'Without `callers` this server answers on loopback only, under a name of loopback.')
  }
  return { byRequest, byText: byRequest, count: () => {} }
}

/** By the Authorization header alone. */
function byCredential({ config: { limits }, clock }: AdmissionOptions, authenticator: Authenticator): Authentication {
  const requests = rateLimit({ perSecond: limits.requestsPerSecond, burst: limits.requestBurst }, clock)
  const perMinute = limits.failedAuthenticationsPerMinute
  const failures = rateLimit({ perSecond: perMinute / 60, burst: perMinute }, clock)

  /**
   * Reads the store or verifies a signature, so guesses are limited by address. Cached callers do
   * not come here.
   */
  async function authenticate(credential: string, address: string): Promise<Caller> {
    const wait = failures.take(address)
    if (wait > 0) throw rateLimited('Too many credentials from this address were wrong.', wait)
    try {
      const caller = await authenticator.authenticate(credential)
      if (!caller) throw unauthenticated()
      failures.giveBack(address)
      return caller
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'UNAUTHENTICATED')) failures.giveBack(address)
      throw error
    }
  }

  function count(caller: Caller): void {
    const wait = requests.take(caller.identity!)
    if (wait > 0) throw rateLimited('Too many requests with this credential.', wait)
  }

  function withinRate(caller: Caller): Caller {
    count(caller)
    return caller
  }

  function find(request: FastifyRequest, credential: string | null): Awaitable<Caller> {
    if (credential === null) throw unauthenticated()
    const caller = authenticator.authenticateLocally(credential)
    return caller ? withinRate(caller) : authenticate(credential, networkOf(request.ip)).then(withinRate)
  }

  return {
    byRequest: (request) => find(request, credentialIn(request)),
    byText: (request, authorization) => find(request, bearer(authorization)),
    count,
  }
}

/**
 * Null for anything but one Bearer credential (RFC 6750 §2.1). Several Authorization headers are
 * refused: a proxy in front of this server might have checked another one of them.
 */
function credentialIn({ raw: { rawHeaders, headers } }: FastifyRequest): string | null {
  const names = rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'authorization')
  if (names.length !== 1) return null
  return bearer(headers.authorization)
}

const bearer = (authorization = ''): string | null =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1] ?? null

/**
 * An IPv4 address, or the /64 of an IPv6 address, which usually belongs to one household or host.
 */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail?.split(':') ?? [])]
    .slice(0, 4)
    .join(':')
}

/** The same message whatever was wrong, so that guessing reveals nothing. */
const unauthenticated = (): AppError =>
  new AppError(
    'UNAUTHENTICATED',
    'This server wants to know who asks: send `Authorization: Bearer` and a valid API key or token.',
  )

const rateLimited = (what: string, retryAfterMs: number): AppError =>
  new AppError('RATE_LIMITED', `${what} Try again later.`, { retryAfterMs })

const STATUSES: ErrorStatuses = {
  byCode: { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429, SERVICE_UNAVAILABLE: 503 },
  otherwise: 500,
}
