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

/** A refusal thrown from anywhere inside a route; the guard around the route turns it into an answer. */
export class Refusal extends Error {
  constructor(readonly answer: EmulatedResponse) {
    super(`refused with ${answer.status}`)
  }
}

/** An error as hapi's boom spells it: `{statusCode, error, message}` and what else is given. */
export const boom = (
  status: number,
  message: string,
  { headers = {}, ...more }: { headers?: EmulatedResponse['headers']; validation?: object } = {},
): EmulatedResponse =>
  json({ statusCode: status, error: PHRASES[status] ?? 'Error', message, ...more }, status, headers)

/** A 400 that names the query parameter, as hapi's validation does. */
export const badQuery = (key: string, complaint: string): Refusal =>
  new Refusal(
    boom(400, `child "${key}" fails because ["${key}" ${complaint}]`, { validation: { source: 'query', keys: [key] } }),
  )
