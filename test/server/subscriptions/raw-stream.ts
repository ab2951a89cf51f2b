import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'

import { until } from './ticker-server.js'

/** A response as its bytes come, over a connection of its own. */
export interface RawStream {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly response: IncomingMessage
  /** All that has come. */
  text(): string
  /** The results in events or parts that have come whole. */
  results(): readonly Result[]
  untilResults(count: number): Promise<readonly Result[]>
  /** Resolves with whether the response ended as it should. */
  readonly ended: Promise<boolean>
  destroy(): void
}

export interface Result {
  readonly data?: Record<string, Readonly<Record<string, unknown>> | null> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

export interface StreamRequest {
  readonly query?: string
  readonly variables?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly body?: object
}

export const EVENT_STREAM = { accept: 'text/event-stream' }

export function openStream(
  url: string,
  { query, variables, headers = EVENT_STREAM, method = 'POST', body = { query, variables } }: StreamRequest,
): Promise<RawStream> {
  const parameters = Object.entries(body)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  const target = method === 'GET' ? `${url}/graphql?${new URLSearchParams(parameters as string[][])}` : `${url}/graphql`
  return new Promise((resolve, reject) => {
    const sent = { 'content-type': 'application/json', ...headers }
    const asked = request(target, { method, headers: sent, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      const ended = new Promise<boolean>((settle) => {
        response.once('end', () => settle(true))
        response.once('error', () => settle(false))
      })
      const results = () => resultsIn(text, String(response.headers['content-type']))
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        response,
        text: () => text,
        results,
        async untilResults(count) {
          await until(() => results().length >= count)
          return results()
        },
        ended,
        destroy: () => void response.destroy(),
      })
    })
    asked.on('error', reject)
    asked.end(method === 'POST' ? JSON.stringify(body) : undefined)
  })
}

function resultsIn(text: string, type: string): readonly Result[] {
  if (type.startsWith('multipart/')) {
    const parts = [...text.matchAll(/\r\n\r\n(\{.*?\})(?=\r\n--graphql)/gs)].map(
      ([, json]) => JSON.parse(json!) as object,
    )
    return parts.flatMap((part) => ('payload' in part ? [part.payload as Result] : []))
  }
  return [...text.matchAll(/event: next\ndata: (.*)\n\n/g)].map(([, json]) => JSON.parse(json!) as Result)
}
