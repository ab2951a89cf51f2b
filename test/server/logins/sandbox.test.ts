import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { providers } from '../../../src/providers/index.js'
import { startSandbox, type Sandbox } from '../../../src/sandbox.js'
import { agree, startLoginServer, Browser, type LoginServer } from './login-servers.js'
import { workedOperations } from '../../support/worked-operations.js'

const NEW = globalId('Account', 'browser')
const example = (name: string) => workedOperations.find(([file]) => file.endsWith(`-${name}.graphql`))![1]

interface LoginSteps {
  readonly account: {
    readonly id: string
    readonly authorization: { readonly status: string; readonly authorizeUrl: string | null }
  }
  readonly dids: {
    readonly sources: readonly {
      readonly account: { readonly id: string }
      readonly state: string
      readonly errorCode: string | null
    }[]
  }
}

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

  test.each(workedOperations)('%s answers without an error', async (_, query) => {
    const { data, errors } = await server.ask(query)
    expect({ data, errors }).toEqual({ data: expect.any(Object), errors: undefined })
  })

  test('names it in the error of a field that needs it', async () => {
    const { errors } = await server.ask('{ account(key: "browser") { profile { name } } }')
    const extensions = { code: 'REAUTHORIZATION_REQUIRED', reason: 'NOT_LINKED', accountId: NEW }
    expect(errors).toMatchObject([{ path: ['account', 'profile'], extensions }])
  })

  test('shows every account that is logged in on the first page of the first example', async () => {
    const { data } = await server.ask<{ accounts: { nodes: readonly { label: string }[] } }>(workedOperations[0]![1])
    expect(data.accounts.nodes.map(({ label }) => label)).toEqual(sandbox.accounts.map(({ label }) => label))
  })

  test('has examples of its own: they say where to log it in, and when that is done', async () => {
    const steps = async () => {
      const { data } = await server.ask<LoginSteps>(example('account-to-log-in'))
      const { status, authorizeUrl } = data.account.authorization
      const source = data.dids.sources.find(({ account }) => account.id === data.account.id)
      return { status, authorizeUrl, state: source?.state, errorCode: source?.errorCode }
    }
    const address = `${server.url}/connect/browser`
    expect(await steps()).toEqual({
      status: 'NEW',
      authorizeUrl: address,
      state: 'FAILED',
      errorCode: 'REAUTHORIZATION_REQUIRED',
    })
    const { data } = await server.ask(example('begin-a-login'))
    expect(data).toEqual({ accountAuthorizationBegin: { authorizeUrl: address, expiresAt: null, userErrors: [] } })

    const browser = new Browser()
    const callback = await agree(browser, server, 'browser')
    expect((await browser.follow(await browser.get(callback), callback)).page.status).toBe(200)
    expect(await steps()).toEqual({ status: 'ACTIVE', authorizeUrl: null, state: 'COMPLETE', errorCode: null })
  })

  test('and everything answers without an error then', async () => {
    for (const [file, query] of workedOperations)
      expect({ file, errors: (await server.ask(query)).errors }).toEqual({ file })
    const { data } = await server.ask('{ account(key: "browser") { profile { name } } }')
    expect(data).toEqual({ account: { profile: { name: expect.any(String) } } })
  })
})
