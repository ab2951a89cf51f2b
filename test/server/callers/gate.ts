import { expect } from '@jest/globals'
import { request } from 'node:http'

import { startLoginServer, type LoginServer, type LoginServerOptions } from '../logins/login-servers.js'

/** What a request that was refused or let in is told, as far as callers are concerned. */
export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    readonly data?: { readonly viewer: Viewer } | null
    readonly errors?: readonly {
      readonly message: string
      readonly path?: readonly (string | number)[]
      readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string }
    }[]
  }
}

export interface Viewer {
  readonly name: string | null
  readonly workspace: string
  readonly scopes: readonly string[]
}

export const VIEWER = '{ viewer { name workspace scopes } }'

/** A server without accounts, unless it is given some, that asks who asks. */
export const startGate = (
  callers: object,
  { config = {}, ...options }: LoginServerOptions = {},
): Promise<LoginServer> => startLoginServer({ ...options, config: { callers, ...config } })

export async function ask(
  { url }: { readonly url: string },
  credential: string | null,
  query = VIEWER,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credential !== null && { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Told['body'] }
}

/** With exactly these headers, as often and in the order they stand here. */
export function askRaw({ url }: { readonly url: string }, headers: readonly string[], query = VIEWER): Promise<Told> {
  const body = JSON.stringify({ query })
  const sent = ['Host', new URL(url).host, 'Content-Type', 'application/json', 'Content-Length', String(body.length)]
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', headers: [...sent, ...headers] as never }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: new Headers(response.headers as Record<string, string>),
          body: JSON.parse(text) as Told['body'],
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** The answer to whoever is not known: the same to the letter, but for the id of the request. */
export const UNKNOWN = {
  message: 'This server wants to know who asks: send `Authorization: Bearer` and a valid API key or token.',
  extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: expect.any(String) as unknown },
}
