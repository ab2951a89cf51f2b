/** Live calls by hand: what a delivery says becomes one event, which is published once. */
import type { IncomingMessage } from 'node:http'

import type { Delivery } from '../live/question.js'
import { Directory, task } from './directory.js'
import { globalId, toExtension } from './model.js'

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar PhoneNumber

  enum CallEventType {
    STARTED
    ENTERED_MENU
    ENTERED_GROUP
    RINGING
    ANSWERED
    TRANSFERRED
    MISSED
    ENDED
    RECORDED
  }
  enum LiveCallState {
    RINGING
    IN_MENU
    QUEUED
    ANSWERED
    ENDED
    UNKNOWN
  }

  type Query {
    hello: String
  }

  type Subscription {
    callEvents: CallEvent
  }

  type CallEvent {
    id: ID!
    cursor: String!
    type: CallEventType!
    occurredAt: DateTime!
    call: LiveCall!
  }

  type LiveCall {
    id: ID!
    state: LiveCallState!
    startedAt: DateTime!
    caller: CallParty!
    callee: CallParty!
    currentTarget: RoutingDestination
  }

  type CallParty {
    number: PhoneNumber
  }

  union RoutingDestination = Extension | ExternalNumber

  type ExternalNumber {
    rawNumber: String!
  }

  type Extension {
    id: ID!
    number: String!
    displayName: String
  }
`

const [office] = task.offices
const account = office!.key

/** All extensions of the account, read once: no event waits for the provider. */
const extensions = new Map(
  [...(await new Directory(account).extensions()).values()].map((wire) => [wire.number, toExtension(account, wire)]),
)

const externalOf = (rawNumber: string) => ({ __typename: 'ExternalNumber' as const, rawNumber })

interface Call {
  readonly id: string
  readonly state: 'RINGING' | 'ENDED'
  readonly startedAt: string
  readonly caller: { readonly number: string }
  readonly callee: { readonly number: string }
  readonly currentTarget: ReturnType<typeof toExtension> | ReturnType<typeof externalOf> | null
}

export interface CallEvent {
  readonly id: string
  readonly cursor: string
  readonly type: 'STARTED' | 'RINGING' | 'ENDED'
  readonly occurredAt: string
  readonly call: Call
}

/** The calls under way, by their uuid. */
const calls = new Map<string, Call>()
let position = 0

/** What a subscriber is told of a delivery. */
export function eventOf(delivery: Delivery): CallEvent {
  const { event_type, uuid, caller, callee, timestamp, destination } = delivery
  const occurredAt = new Date(timestamp / 1_000).toISOString()
  const known = calls.get(uuid)
  const isOver = event_type === 'call_hangup'
  const call: Call = {
    id: known?.id ?? globalId('L', account, uuid),
    state: isOver ? 'ENDED' : 'RINGING',
    startedAt: known?.startedAt ?? occurredAt,
    caller: known?.caller ?? { number: `+${caller}` },
    callee: known?.callee ?? { number: `+${callee}` },
    currentTarget: isOver
      ? null
      : destination === undefined
        ? externalOf(callee)
        : (extensions.get(destination) ?? null),
  }
  if (isOver) calls.delete(uuid)
  else calls.set(uuid, call)
  position += 1
  return {
    id: globalId('V', account, position),
    cursor: Buffer.from(String(position)).toString('base64url'),
    type: isOver ? 'ENDED' : event_type === 'call_init' ? 'STARTED' : 'RINGING',
    occurredAt,
    call,
  }
}

/** The body of a delivery that comes to a bare server. */
export async function readDelivery(request: IncomingMessage): Promise<Delivery> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as Delivery
}
