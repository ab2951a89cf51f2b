import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'

import { WebSocket, type ClientOptions } from 'ws'

import type { Result } from './raw-stream.js'
import { until } from './ticker-server.js'

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: Result | readonly { readonly extensions: { readonly code: string } }[]
}

/** A WebSocket that sends what a test says, and keeps what comes. */
export interface RawSocket {
  readonly socket: WebSocket
  readonly messages: readonly Message[]
  /** Payloads of `next`, of this subscription. */
  results(id?: string): readonly Result[]
  send(message: object | string): void
  subscribe(id: string, query: string, variables?: object): void
  untilMessages(count: number): Promise<readonly Message[]>
  untilResults(count: number, id?: string): Promise<readonly Result[]>
  readonly closed: Promise<readonly [code: number, reason: string]>
}

export interface SocketOptions extends ClientOptions {
  readonly protocol?: string
  /** Of `connection_init`; null: it is not sent. */
  readonly init?: object | null
}

export async function openSocket(
  url: string,
  { protocol = 'graphql-transport-ws', init = {}, ...options }: SocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol, options)
  const messages: Message[] = []
  socket.on('message', (data: Buffer) => void messages.push(JSON.parse(data.toString()) as Message))
  socket.on('error', () => {})
  const closed = once(socket, 'close').then(([code, reason]) => [code as number, String(reason)] as const)
  await once(socket, 'open')
  const results = (id?: string) =>
    messages.flatMap((message) =>
      message.type === 'next' && (id === undefined || message.id === id) ? [message.payload as Result] : [],
    )
  const send = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  const raw: RawSocket = {
    ...{ socket, messages, results, send, closed },
    subscribe: (id, query, variables) => send({ id, type: 'subscribe', payload: { query, variables } }),
    async untilMessages(count) {
      await until(() => messages.length >= count)
      return messages
    },
    async untilResults(count, id) {
      await until(() => results(id).length >= count)
      return results(id)
    },
  }
  if (init === null) return raw
  send({ type: 'connection_init', payload: init })
  await Promise.race([raw.untilMessages(1), closed])
  return raw
}

/** The status by which a handshake is refused, and the codes in its body. */
export async function refusedHandshake(url: string, options: ClientOptions = {}) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', options)
  socket.on('error', () => {})
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, text }
}
