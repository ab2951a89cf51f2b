import { describe, expect, test } from '@jest/globals'
import { graphql } from 'graphql'

import type { AccountLinks, Context } from '../../src/graphql/context.js'
import { formatError } from '../../src/graphql/format-error.js'
import { schema } from './ask.js'

const MUTATIONS = {
  begin: 'mutation { accountAuthorizationBegin(input: { accountId: "x" }) { authorizeUrl userErrors { code } } }',
  link: 'mutation { accountLink(input: { provider: "p", key: "k", label: "l", flow: STATIC_TOKEN, credentials: { token: "canary" } }) { account { key } userErrors { code } } }',
  unlink: 'mutation { accountUnlink(input: { accountId: "x" }) { unlinkedAccountId userErrors { code } } }',
  retry: 'mutation { accountRetry(input: { accountId: "x" }) { account { key } userErrors { code } } }',
}

async function ask(source: string, scopes: readonly string[], accountLinks?: AccountLinks) {
  const contextValue = {
    viewer: { name: null, workspace: 'default', scopes: new Set(scopes), extension: null },
    accountLinks,
  } as Partial<Context>
  const { data, errors = [] } = await graphql({ schema, source, contextValue })
  return { data, errors: errors.map((error) => formatError(error, { requestId: 'one', onDefect: () => {} })) }
}

describe.each(Object.entries(MUTATIONS))('the mutation to %s accounts', (name, source) => {
  test('needs the scope accounts:manage, and does nothing without it', async () => {
    let called = 0
    const links = new Proxy({}, { get: () => () => (called += 1) }) as AccountLinks
    const everythingElse = ['telephony:read', 'recordings:read', 'telephony:raw', 'telephony:write']
    const { errors } = await ask(source, everythingElse, links)
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'This field needs the scope accounts:manage.',
        extensions: expect.objectContaining({ code: 'FORBIDDEN' }),
      }),
    ])
    expect(called).toBe(0)
  })

  test('says so where a server does not do that', async () => {
    const { errors } = await ask(source, ['accounts:manage'])
    expect(errors[0]?.extensions).toMatchObject({ code: 'CAPABILITY_UNSUPPORTED' })
  })

  test('gives what the caller can fix as data', async () => {
    const userErrors = [{ code: 'NOT_FOUND', message: 'no', field: ['input', 'accountId'] }] as const
    const links = { [name]: async () => ({ userErrors }) } as unknown as AccountLinks
    const { data, errors } = await ask(source, ['accounts:manage'], links)
    expect(errors).toEqual([])
    expect(Object.values(data!)[0]).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] })
  })
})
