import { isIPv6 } from 'node:net'

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '../../clock.js'
import { AppError, type ErrorCode } from '../../errors.js'
import { formatError } from '../../graphql/format-error.js'
import type { Config } from '../config/config.js'
import { isLoopback } from '../config/loopback.js'
import { sendErrors } from '../web/failure.js'
import type { Log } from '../observing/log.js'
import { ANYONE, type Caller, type Recognition } from './caller.js'
import { rateLimit } from './rate-limit.js'

/** Lets requests in, each as somebody. */
export interface Admission {
  /** Before a request is read any further: remembers who it is, or answers it. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
  /** Who an admitted request is. */
  callerOf(request: FastifyRequest): Caller
}

export interface AdmissionOptions {
  readonly config: Pick<Config, 'limits' | 'server'>
  /** Null: there are no callers to be told apart. */
  readonly recognition: Recognition | null
  readonly publicUrl: () => string
  readonly clock: Clock
  readonly log: Pick<Log, 'defect'>
}

export function admission(options: AdmissionOptions): Admission {
  const { recognition, log } = options
  const recognize = recognition ? byCredential(options, recognition) : byLoopback(options)
  const callers = new WeakMap<FastifyRequest, Caller>()
  return {
    async admit(request, reply) {
      try {
        callers.set(request, await recognize(request))
      } catch (error) {
        return refuse(request, reply, error, log)
      }
    },
    callerOf(request) {
      const caller = callers.get(request)
      if (!caller) throw new Error('A request was served that nobody admitted')
      return caller
    },
  }
}

type Recognize = (request: FastifyRequest) => Caller | Promise<Caller>

/**
 * A page of another site can name this machine by a host name of its own and then ask as if it were at home (DNS rebinding): who asks
 * for a host that is neither loopback nor ours is not the owner.
 */
function byLoopback({ publicUrl }: AdmissionOptions): Recognize {
  return (request) => {
    const host = request.hostname.toLowerCase()
    if (isLoopback(host) || host === new URL(publicUrl()).hostname) return ANYONE
    throw new AppError('FORBIDDEN', 'Without `callers` this server answers on loopback only, under a name of loopback.')
  }
}

/** Nothing but the one Authorization header says who asks. */
function byCredential({ config: { limits }, clock }: AdmissionOptions, recognition: Recognition): Recognize {
  const requests = rateLimit({ perSecond: limits.requestsPerSecond, burst: limits.requestBurst }, clock)
  const perMinute = limits.failedAuthenticationsPerMinute
  const failures = rateLimit({ perSecond: perMinute / 60, burst: perMinute }, clock)

  /** Costs a look into the store or a signature: from an address that guesses, only so often. Who is known already need not wait for guessers. */
  async function find(credential: string, address: string): Promise<Caller> {
    const wait = failures.take(address)
    if (wait > 0) throw rateLimited('Too many credentials from this address were wrong.', wait)
    try {
      const caller = await recognition.find(credential)
      if (!caller) throw unauthenticated()
      failures.giveBack(address)
      return caller
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'UNAUTHENTICATED')) failures.giveBack(address)
      throw error
    }
  }

  function withinRate(caller: Caller): Caller {
    const wait = requests.take(caller.identity!)
    if (wait > 0) throw rateLimited('Too many requests with this credential.', wait)
    return caller
  }

  return (request) => {
    const credential = credentialIn(request)
    if (credential === null) throw unauthenticated()
    const known = recognition.recall(credential)
    return known ? withinRate(known) : find(credential, placeOf(request.ip)).then(withinRate)
  }
}

/** Null for none, for several, and for what is no Bearer credential (RFC 6750 §2.1): nobody else may choose which of several is looked at. */
function credentialIn({ raw: { rawHeaders, headers } }: FastifyRequest): string | null {
  const names = rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'authorization')
  if (names.length !== 1) return null
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

/** One household or host has a whole /64 of IPv6 to itself. */
function placeOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail?.split(':') ?? [])]
    .slice(0, 4)
    .join(':')
}

/** One text for whatever was wrong: who guesses learns nothing from the answer. */
const unauthenticated = (): AppError =>
  new AppError(
    'UNAUTHENTICATED',
    'This server wants to know who asks: send `Authorization: Bearer` and a valid API key or token.',
  )

const rateLimited = (what: string, retryAfterMs: number): AppError =>
  new AppError('RATE_LIMITED', `${what} Try again later.`, { retryAfterMs })

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Pick<Log, 'defect'>): FastifyReply {
  const code = error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR'
  const wait = error instanceof AppError ? error.details['retryAfterMs'] : null
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer')
  if (typeof wait === 'number') void reply.header('retry-after', Math.ceil(wait / 1000))
  const onDefect = (defect: unknown) => log.defect(request.id, defect)
  return sendErrors(reply, STATUS[code] ?? 500, [formatError(error, { requestId: request.id, onDefect })])
}
