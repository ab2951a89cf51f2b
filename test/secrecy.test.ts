import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, inspect } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'

import { buildDialgraphSchema } from '../src/graphql/schema.js'
import { Secret } from '../src/secret.js'
import { startHarness, type Harness } from './sandbox/harness.js'
import { leakIn } from './support/leaks.js'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))
/** Emulators have secrets of nobody; the pages of GraphiQL have none. */
const sources = (readdirSync(SRC, { recursive: true }) as string[])
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !/emulator|explorer|console\//.test(file))
  .map((file) => ({ file, lines: readFileSync(join(SRC, file), 'utf8').split('\n') }))

describe('a secret', () => {
  const TEXT = 'canary-8c31'
  const secret = new Secret(TEXT)
  const held = { secret, list: [secret], map: new Map([[secret, secret]]) }

  test.each<[string, () => unknown]>([
    ['a template', () => `${secret as unknown as string}`],
    ['a sum of texts', () => 'it is ' + (secret as unknown as string)],
    ['String', () => String(secret)],
    ['JSON', () => JSON.stringify({ ...held, map: [...held.map] })],
    ['inspect', () => inspect(held, { depth: 9, showHidden: true, getters: true })],
    ['format', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
    [
      'the message of an error',
      () => inspect(new Error(`failed with ${secret as unknown as string}`, { cause: secret })),
    ],
    ['a copy', () => inspect(structuredClone({ ...secret }))],
    ['its own keys', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
  ])('is not shown by %s', (_how, show) => expect(String(show())).not.toContain(TEXT))

  test('says what it is to whoever asks for that, and equals its like', () => {
    expect(secret.reveal()).toBe(TEXT)
    expect([secret.equals(new Secret(TEXT)), secret.equals(new Secret(`${TEXT}.`)), secret.equals(null)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('is asked for by those alone who send it, seal it, or make a mark of it', () => {
    const asking = sources
      .filter(({ lines }) => lines.some((line) => line.includes('.reveal()')))
      .map(({ file }) => file)
    expect(asking.sort()).toEqual([
      'auth/flows/b2b-login.ts',
      'auth/flows/carry.ts',
      'auth/flows/fingerprint.ts',
      'auth/flows/jwt-login.ts',
      'auth/flows/password-per-call.ts',
      'auth/flows/revocation.ts',
      'auth/flows/sso-login.ts',
      'auth/flows/token-endpoint.ts',
      'auth/flows/token-exchange.ts',
      'auth/granted-row.ts',
      'commands/run-keys.ts',
      'http/wire/proxy.ts',
      'providers/bulutfon/recordings.ts',
      'server/accounts/registry.ts',
      'server/callers/configured-keys.ts',
      'store/sql/api-keys.ts',
      'store/sql/exports/exports.ts',
      'store/sql/grants.ts',
      'store/sql/rows.ts',
      'store/sql/writes.ts',
    ])
  })
})

describe('what strangers may try again and again', () => {
  test('is compared in constant time', () => {
    const compared =
      /\b(\w*(?:digest|signature|hmac|secret|password|verifier|apiKey)\w*(?:\([^()]*\))?)\s*[!=]==?\s*(\S+)/i
    const found = sources.flatMap(({ file, lines }) =>
      lines.flatMap((line) => {
        const [, one, other = ''] = compared.exec(line) ?? []
        // Whether there is one at all is no secret.
        return one && !/^(null|undefined|''|0|'string'|'object')/.test(other) ? [`${file}: ${line.trim()}`] : []
      }),
    )
    expect(found).toEqual([])
  })

  test('is compared somewhere', () => {
    const comparing = sources
      .filter(({ lines }) => lines.some((line) => line.includes('timingSafeEqual(')))
      .map(({ file }) => file)
    expect(comparing.sort()).toEqual([
      'secret.ts',
      'server/callers/configured-keys.ts',
      'server/digest.ts',
      'server/webhooks/tokens.ts',
      'signed-text.ts',
    ])
  })
})

describe('the schema', () => {
  const schema: GraphQLSchema = buildDialgraphSchema()
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const SECRET = /token|secret|password|credential|verifier|passphrase|cookie|apikey/i

  test('has no field that answers with a secret', () => {
    const fields = types.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
        : [],
    )
    expect(fields.length).toBeGreaterThan(150)
    expect(fields.filter((field) => SECRET.test(field))).toEqual([])
  })

  test('takes secrets in, in inputs that nothing answers with', () => {
    const secret = types.flatMap((type) =>
      isInputObjectType(type)
        ? Object.keys(type.getFields()).flatMap((name) => (SECRET.test(name) ? [`${type.name}.${name}`] : []))
        : [],
    )
    expect(secret.length).toBeGreaterThan(3)
  })
})

describe('pages for operators', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/authorizationCode', desk: 'rails-api-v1/password' } })
    await harness.query('{ accounts { nodes { profile { name } authorization { status } } } }')
  })
  afterAll(() => harness.close())

  test.each(['/healthz', '/readyz', '/metrics', '/nothing'])('%s shows nothing of what is secret', async (path) => {
    const answer = await fetch(harness.url + path)
    const shown = `${JSON.stringify([...answer.headers])}${await answer.text()}`
    expect(leakIn(shown)).toBeNull()
    for (const secret of harness.emulators.bulutfon.secrets()) expect(shown).not.toContain(secret)
    expect(shown).not.toContain(process.env['PATH'])
  })
})
