import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'

import { globalId } from '../../../src/model/id.js'
import { providers } from '../../../src/providers/index.js'
import { startSandbox, type Sandbox } from '../../../src/sandbox.js'
import { agree, startLoginServer, Browser, type LoginServer } from './login-servers.js'

const FOLDER = new URL('../../../schema/operations/', import.meta.url)
const operations = readdirSync(FOLDER)
  .sort()
  .map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')] as const)
const NEW = globalId('Account', 'browser')

let sandbox: Sandbox
let server: LoginServer

beforeAll(async () => {
  sandbox = await startSandbox(providers, { scale: 0.05 })
  server = await startLoginServer({ accounts: [...sandbox.accounts, ...sandbox.unlinked] })
}, 60_000)
afterAll(async () => {
  await server.close()
  await sandbox.close()
})

describe('the sandbox has an account that nobody has logged in', () => {
  test('and shows where to do so', async () => {
    const { data } = await server.ask<{ account: { authorization: object } }>(
      '{ account(key: "browser") { label authorization { flow status authorizeUrl lastError { code } } } }',
    )
    expect(data.account).toEqual({
      label: 'To be linked in the browser',
      authorization: {
        flow: 'OAUTH2_AUTHORIZATION_CODE',
        status: 'NEW',
        authorizeUrl: `${server.url}/connect/browser`,
        lastError: null,
      },
    })
  })

  test.each(operations)('%s answers for the others, and names that one alone', async (_, query) => {
    const { data, errors = [] } = await server.ask(query)
    expect(data).not.toBeNull()
    for (const { extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'REAUTHORIZATION_REQUIRED', reason: 'NOT_LINKED', accountId: NEW })
    }
  })

  test('and everything answers without an error once a browser has been there', async () => {
    const browser = new Browser()
    const callback = await agree(browser, server, 'browser')
    expect((await browser.follow(await browser.get(callback), callback)).page.status).toBe(200)
    for (const [file, query] of operations) expect({ file, errors: (await server.ask(query)).errors }).toEqual({ file })
  })
})
