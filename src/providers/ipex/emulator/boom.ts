import { json, type EmulatedResponse } from '../../../emulator/serve.js'

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
}

/** A refusal thrown inside a route; the guard turns it into a response. */
export class Refusal extends Error {
  constructor(readonly answer: EmulatedResponse) {
    super(`refused with ${answer.status}`)
  }
}

/** An error as hapi's boom formats it: `{statusCode, error, message}` and further keys. */
export const boom = (
  status: number,
  message: string,
  { headers = {}, ...more }: { headers?: EmulatedResponse['headers']; validation?: object } = {},
): EmulatedResponse =>
  json({ statusCode: status, error: PHRASES[status] ?? 'Error', message, ...more }, status, headers)

/** A 400 that names the query parameter, like hapi's validation. */
export const badQuery = (key: string, complaint: string): Refusal => invalid('query', key, complaint)

/** The same for a key of the body. */
export const badPayload = (key: string, complaint: string): Refusal => invalid('payload', key, complaint)

const invalid = (source: 'query' | 'payload', key: string, complaint: string): Refusal =>
  new Refusal(
    boom(400, `child "${key}" fails because ["${key}" ${complaint}]`, { validation: { source, keys: [key] } }),
  )
