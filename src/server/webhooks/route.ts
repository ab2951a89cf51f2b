import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { BulkheadFull } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { AppError, ProviderError } from '../../errors.js'
import type { CallFact } from '../../providers/live.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import type { Log } from '../observing/log.js'
import { shownName } from '../observing/shown-name.js'
import { failure, nothingHere } from '../web/failure.js'
import { unreadableBody } from '../web/request-bodies.js'
import { CLIENT_GONE, registerApart, type Routes } from '../web/routes.js'
import { whenClosed } from '../web/when-closed.js'
import { CHALLENGE, isAuthenticated } from './basic.js'
import { readBody, type DeliveredBody } from './body.js'
import type { AccountDeliveries, DeliveryResult } from './deliveries.js'
import { WEBHOOKS_PATH } from './endpoints.js'
import type { WebhookTokens } from './tokens.js'

/** How many of the facts of a delivery were new, and how many were known. */
export interface ReceivedFacts {
  readonly added: number
  readonly repeated: number
}

/** Resolves once the facts are stored; rejects when they cannot be. */
export type ReceiveFacts = (account: JoinedAccount, facts: readonly CallFact[]) => Promise<ReceivedFacts>

export interface WebhookRouteOptions {
  readonly tokens: WebhookTokens
  /** The account that is served under this key; asks no store. */
  readonly find: (key: string) => JoinedAccount | null
  readonly receive: ReceiveFacts
  readonly deliveriesOf: (account: JoinedAccount) => AccountDeliveries
  readonly onDelivery: (provider: string, result: DeliveryResult) => void
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** A delivery whose address is right. */
interface Delivery {
  readonly account: JoinedAccount
  readonly seen: AccountDeliveries
  /** Name of the event. */
  event: string | null
  received: ReceivedFacts
}

declare module 'fastify' {
  interface FastifyRequest {
    delivery: Delivery | null
  }
}

const MOST_BYTES = 64 * 1024
const NOTHING: ReceivedFacts = { added: 0, repeated: 0 }
/** Names of unknown events that are logged; somebody may send any number. */
const MOST_LOGGED = 100
const RETRY_AFTER_SECONDS = 10

/**
 * `POST /webhooks/:accountKey/:token`: what providers deliver. The address is the credential, so it
 * is judged before all else, and no page's origin matters. 204 is said once the event is stored.
 */
export function webhookRoute(options: WebhookRouteOptions): Routes {
  const { tokens, find, receive, deliveriesOf, onDelivery, clock, log } = options
  const logged = new Set<string>()

  /** Before the body is read: the address, then the method, then the password. */
  function judge(request: FastifyRequest<WebhookAddress>, reply: FastifyReply, done: () => void): void {
    const account = addressed(request.params['*'])
    if (!account) return void nothingHere(request, reply)
    const delivery = (request.delivery = begin(request, reply, account))
    if (request.method !== 'POST')
      return void refuse(request, reply.header('allow', 'POST'), 405, 'Events are delivered with POST')
    if (!isAuthenticated(request.headers.authorization, account.live.basic)) {
      void reply.header('www-authenticate', CHALLENGE)
      return void refuse(request, reply, 401, 'The name or the password is missing or wrong', 'UNAUTHENTICATED')
    }
    delivery.seen.lastReceivedAt = clock.now()
    const unreadable = unreadableBody(request, reply)
    if (unreadable !== null) return void refuse(request, reply, 415, unreadable)
    done()
  }

  /** Takes the same steps whether or not there is such an account, and whether its webhook is open. */
  function addressed(path: string): JoinedAccount | null {
    const [key = '', token = '', ...more] = path.split('/')
    const account = find(key)
    const isToken = tokens.matches({ key, workspace: account?.workspace ?? '' }, token)
    return isToken && account?.live.webhook && more.length === 0 ? account : null
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { account } = request.delivery!
    const read = readBody(request.headers['content-type'], request.body as Buffer | undefined)
    if ('status' in read) return refuse(request, reply, read.status, read.message)
    let facts: readonly CallFact[] | null
    try {
      facts = factsOf(request.delivery!, read.body)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return refuse(request, reply, 400, 'The event does not say what it must')
    }
    if (facts === null) {
      logUnknown(account, request.delivery!.event)
      return answer(request, reply, 'unknown')
    }
    if (facts.length === 0) return answer(request, reply, 'accepted')
    return store(request, reply, facts)
  }

  function factsOf(delivery: Delivery, body: DeliveredBody): readonly CallFact[] | null {
    const { provider, facts, live } = delivery.account
    const format = provider.webhook!
    delivery.event = format.nameOf(body, live.keys)
    return format.read(body, facts, live.keys)
  }

  async function store(
    request: FastifyRequest,
    reply: FastifyReply,
    facts: readonly CallFact[],
  ): Promise<FastifyReply> {
    const delivery = request.delivery!
    const { account, seen } = delivery
    try {
      delivery.received = await seen.storing.run(() => receive(account, facts))
    } catch (error) {
      if (!(error instanceof BulkheadFull) && !(error instanceof AppError)) log.defect(request.id, error)
      void reply.header('retry-after', RETRY_AFTER_SECONDS)
      const why = error instanceof BulkheadFull ? 'Too many events are delivered at once' : 'The event was not stored'
      return refuse(request, reply, 503, `${why}. Deliver it again`, 'SERVICE_UNAVAILABLE')
    }
    const { added, repeated } = delivery.received
    return answer(request, reply, added === 0 && repeated > 0 ? 'duplicate' : 'accepted')
  }

  /** The delivery, with the line of the log that its end writes. */
  function begin(request: FastifyRequest, reply: FastifyReply, account: JoinedAccount): Delivery {
    const delivery: Delivery = { account, seen: deliveriesOf(account), event: null, received: NOTHING }
    const beganAt = performance.now()
    whenClosed(reply, () =>
      log.webhook({
        requestId: request.id,
        account: account.key,
        status: reply.raw.writableFinished ? reply.statusCode : CLIENT_GONE,
        durationMs: Math.round(performance.now() - beganAt),
        event: delivery.event,
        ...delivery.received,
      }),
    )
    return delivery
  }

  function answer(request: FastifyRequest, reply: FastifyReply, result: DeliveryResult): FastifyReply {
    count(request, result)
    return reply.code(204).send()
  }

  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    message: string,
    code = 'BAD_USER_INPUT',
  ): FastifyReply {
    count(request, 'refused')
    return failure(request, reply, status, code, message)
  }

  function count({ delivery }: FastifyRequest, result: DeliveryResult): void {
    const { account, seen } = delivery!
    seen.counts[result] += 1
    onDelivery(account.provider.slug, result)
  }

  function logUnknown({ provider }: JoinedAccount, event: string | null): void {
    const shown = shownName(event)
    const message = `${provider.name} delivers ${shown ? `the event ${shown}` : 'an event whose name cannot be shown'}, which is not known here`
    if (logged.has(message) || logged.size >= MOST_LOGGED) return
    logged.add(message)
    log.warning(message)
  }

  /** What Fastify refuses while it reads a body, and defects. */
  function onError(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { statusCode: status = 500 } = error
    if (status === 413) return refuse(request, reply, 413, 'The body is too large')
    if (status < 500) return refuse(request, reply, status, 'The body is not readable')
    log.defect(request.id, error)
    return refuse(request, reply, 500, 'Internal server error', 'INTERNAL_SERVER_ERROR')
  }

  return {
    register: (app: FastifyInstance) =>
      registerApart(app, 'webhooks', async (within) => {
        within.decorateRequest('delivery', null)
        within.removeAllContentTypeParsers()
        within.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
        within.setErrorHandler(onError)
        within.all<WebhookAddress>(
          // A wildcard: Fastify answers a parameter of more than a hundred characters by itself.
          `${WEBHOOKS_PATH}/*`,
          { bodyLimit: MOST_BYTES, config: { judgesItself: true }, onRequest: judge },
          take,
        )
      }),
  }
}

interface WebhookAddress {
  Params: { '*': string }
}
