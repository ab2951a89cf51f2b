import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLError } from 'graphql'

import { startBareServer, type BareServer } from '../bare-server.js'

const SECRET = 'canary-5d0f'

const circular: Record<string, unknown> = { text: SECRET }
circular['self'] = circular
const circularError = Object.assign(new Error(SECRET), { cause: null as unknown })
circularError.cause = circularError
const hostileError = new Error(SECRET)
Object.defineProperty(hostileError, 'message', {
  get() {
    throw new Error(SECRET)
  },
})

const thrown = (value: unknown) => () => {
  throw value
}

/** What throws again when it is looked at. */
const TRAPS: Readonly<Record<string, () => unknown>> = {
  hostile: () => {
    throw hostileError
  },
  proxy: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error at all is what is thrown here
    throw new Proxy({}, { get: thrown(new Error(SECRET)) })
  },
  thenable: () => ({ then: thrown(new Error(SECRET)) }),
  symbol: thrown(Symbol(SECRET)),
}

/** What resolvers throw that nobody foresaw. */
const FAULTS: Readonly<Record<string, () => unknown>> = {
  text: thrown(SECRET),
  nothing: thrown(null),
  undefinedly: thrown(undefined),
  number: thrown(42),
  error: thrown(new TypeError(SECRET)),
  circular: thrown(circular),
  circularError: thrown(circularError),
  frozen: thrown(Object.freeze(new Error(SECRET))),
  withCode: thrown(
    Object.assign(new Error(SECRET), { code: 'NOT_FOUND', extensions: { code: 'NOT_FOUND', secret: SECRET } }),
  ),
  wrapped: thrown(new GraphQLError('wrapped', { originalError: new Error(SECRET) })),
  rejected: () => Promise.reject(new Error(SECRET)),
  rejectedNothing: () => Promise.reject(),
  many: () => Promise.reject(new AggregateError([new Error(SECRET)], SECRET)),
  returned: () => new Error(SECRET),
}

let server: BareServer
beforeAll(async () => {
  server = await startBareServer({ ...FAULTS, ...TRAPS, hello: () => 'there' })
})
afterAll(() => server.close())

const ask = async (query: string) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'asked' },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, text: await response.text() }
}

describe('a resolver that fails with', () => {
  test.each(Object.keys(FAULTS))('%s fails its field alone, and tells nothing', async (name) => {
    const { status, text } = await ask(`{ ${name} hello }`)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      data: { [name]: null, hello: 'there' },
      errors: [
        {
          message: 'This server failed to answer. The request id helps its operator to find out why.',
          locations: [{ line: 1, column: 3 }],
          path: [name],
          extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'asked' },
        },
      ],
    })
    expect(text + server.logLines.join()).not.toContain(SECRET)
  })

  test.each(Object.keys(TRAPS))(
    '%s, which fails whoever looks at it, fails no more than its operation',
    async (name) => {
      const { status, text } = await ask(`{ ${name} hello }`)
      expect([200, 500]).toContain(status)
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })
      expect(text + server.logLines.join()).not.toContain(SECRET)
      expect((await ask('{ hello }')).status).toBe(200)
    },
  )

  test('everything at once leaves the server as it was', async () => {
    const names = Object.keys(FAULTS)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`{ ${names.join(' ')} hello }`)))
    for (const { text } of answers) {
      expect(JSON.parse(text)).toMatchObject({ data: { hello: 'there' } })
      const { errors } = JSON.parse(text) as { errors: { path: string[] }[] }
      expect(errors.map(({ path }) => path[0]).sort()).toEqual([...names].sort())
    }
    expect(JSON.parse((await ask('{ hello }')).text)).toEqual({ data: { hello: 'there' } })
  })
})
