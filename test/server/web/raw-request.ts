import { request } from 'node:http'

import { plain } from '../../support/raw-answer.js'

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Codes of its errors, in order. */
  readonly codes: readonly string[]
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  /** A header with several values is sent as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

/** A request with exactly these headers: what a browser would not let a page send, too. */
export function send(url: string, { method = 'GET', path = '/graphql', headers = {}, body }: RawRequest) {
  const sent = Object.entries({
    host: new URL(url).host,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]))
  return new Promise<RawAnswer>((resolve, reject) => {
    const asked = request(`${url}${path}`, { method, headers: sent as never, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const { statusCode = 0, headers: answered } = response
        const text = chunks.length > 0 ? plain(Buffer.concat(chunks), answered['content-encoding']) : ''
        const isJson = text !== '' && (answered['content-type']?.includes('json') ?? false)
        const { errors = [] } = (isJson ? JSON.parse(text) : {}) as Errors
        const codes = errors.map(({ extensions }) => extensions.code)
        resolve({ status: statusCode, headers: new Headers(answered as Record<string, string>), text, codes })
      })
    })
    asked.once('upgrade', () => reject(new Error('the connection was upgraded')))
    asked.once('error', reject)
    asked.end(body)
  })
}

interface Errors {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}
