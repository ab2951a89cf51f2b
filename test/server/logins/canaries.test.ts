import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { openStore } from '../../../src/store/open-store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'
import { agree, startEmulators, startLoginServer, Browser, type Emulators } from './login-servers.js'

const KEY = randomBytes(32).toString('base64')

let emulators: Awaited<ReturnType<typeof startEmulators<keyof Emulators>>>
let postgres: TestPostgres | null = null
let folder: string

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon', 'ipex', 'postacell', 'rails-api-v1'])
  if (!postgresUnavailable) postgres = await startPostgres()
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-canaries-'))
}, 60_000)
afterAll(async () => {
  await emulators.close()
  await postgres?.close()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Logs in every way, links, unlinks, finishes one browser login and abandons one; returns all
 * secrets involved.
 */
async function liveThroughEverything(url: string): Promise<ReadonlySet<string>> {
  const secrets = new Set<string>([KEY])
  const store = await openStore(url, [KEY])
  const taken = { ...store }
  // Everything that is written passes through here.
  taken.write = (key, expected, next) => {
    for (const secret of [next.accessToken, next.refreshToken]) if (secret) secrets.add(secret.reveal())
    secrets.add(next.configuredWith)
    return store.write(key, expected, next)
  }
  taken.begin = (transaction, ...rest) => {
    secrets.add(transaction.codeVerifier.reveal())
    return store.begin(transaction, ...rest)
  }
  const configured = Object.entries(emulators).flatMap(([slug, emulator]) =>
    typeof emulator === 'function'
      ? []
      : Object.entries(emulator.accounts).map(([name, entry]) => ({ id: `${slug}-${name}`.toLowerCase(), ...entry })),
  )
  for (const { auth } of configured) collect(auth, secrets)
  const server = await startLoginServer({ accounts: configured, store: taken })
  try {
    await server.ask('{ accounts { nodes { profile { name } groups(first: 1) { totalCount } } } }')
    const { urls, auth } = emulators['rails-api-v1'].accounts.password
    const { flow: _flow, ...credentials } = auth
    const link =
      'mutation ($input: AccountLinkInput!) { accountLink(input: $input) { account { id } userErrors { message } } }'
    const input = { provider: 'rails-api-v1', label: 'Desk', flow: 'OAUTH2_PASSWORD', urls, credentials }
    for (const key of ['kept', 'gone']) {
      const { data } = await server.ask<{ accountLink: { account: { id: string } } }>(link, {
        input: { ...input, key },
      })
      if (key !== 'gone') continue
      emulators['rails-api-v1'].faults.next({ path: /revoke/, status: 503, times: Infinity })
      await server.ask('mutation ($id: ID!) { accountUnlink(input: { accountId: $id }) { unlinkedAccountId } }', {
        id: data.accountLink.account.id,
      })
    }
    const browser = new Browser()
    for (const finished of [true, false]) {
      const callback = await agree(browser, server, 'bulutfon-unlinked')
      for (const name of ['code', 'state']) secrets.add(new URL(callback).searchParams.get(name)!)
      if (finished) await browser.get(callback)
    }
    secrets.add(browser.cookie(server.url, 'dialgraph-connect')!)
    const { clientId, clientSecret } = emulators.bulutfon.accounts.unlinked.auth
    await server.ask(
      'mutation ($input: AccountAuthorizationBeginInput!) { accountAuthorizationBegin(input: $input) { authorizeUrl } }',
      {
        input: {
          provider: 'bulutfon',
          key: 'waiting',
          label: 'W',
          clientId,
          clientSecret,
          urls: emulators.bulutfon.accounts.unlinked.urls,
        },
      },
    )
    while (!server.logLines.some((line) => line.includes('revocation put off')))
      await new Promise((resolve) => setImmediate(resolve))
    for (const emulator of [emulators.bulutfon, emulators.ipex, emulators.postacell, emulators['rails-api-v1']]) {
      for (const secret of emulator.secrets()) secrets.add(secret)
    }
    for (const line of server.logLines) for (const secret of secrets) expect(line).not.toContain(secret)
  } finally {
    await server.close()
  }
  return secrets
}

/** Names and ids are no secrets; everything else under `auth` is. */
function collect(auth: unknown, secrets: Set<string>): void {
  for (const [key, value] of Object.entries(auth as object)) {
    if (typeof value === 'object' && value !== null) collect(value, secrets)
    else if (/password|secret|token/i.test(key) && key !== 'flow') secrets.add(String(value))
  }
}

const forms = (secret: string): string[] => [
  secret,
  // As in a file that is read byte by byte.
  Buffer.from(secret).toString('latin1'),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  // Without the last group, which depends on what follows.
  Buffer.from(secret).toString('base64').slice(0, -4),
  Buffer.from(secret).toString('base64url').slice(0, -4),
  Buffer.from(secret).toString('hex'),
]

function found(dump: string, secrets: ReadonlySet<string>): string[] {
  return [...secrets].filter((secret) => forms(secret).some((form) => form.length > 7 && dump.includes(form)))
}

describe('whoever steals the store', () => {
  test('as a file finds no secret that was put into it', async () => {
    const secrets = await liveThroughEverything(`sqlite:${join(folder, 'logins.db')}`)
    expect(secrets.size).toBeGreaterThan(40)
    const dump = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file)).toString('latin1'))
      .join('\n')
    expect(dump).toContain('rails-api-v1-password')
    expect(dump).toContain('waiting')
    expect(found(dump, secrets)).toEqual([])
    // The search itself works.
    expect(found(`${dump}${[...secrets][5]}`, secrets)).toEqual([[...secrets][5]])
  }, 60_000)

  const maybe = postgresUnavailable ? test.skip : test
  maybe(
    `as a dump of PostgreSQL finds none${postgresUnavailable ? ` (skipped: ${postgresUnavailable})` : ''}`,
    async () => {
      const url = await postgres!.createDatabase()
      const secrets = await liveThroughEverything(url)
      const dump = await postgres!.dump(url)
      expect(dump).toContain('rails-api-v1-password')
      expect(dump).toContain('waiting')
      expect(found(dump, secrets)).toEqual([])
    },
    60_000,
  )
})
