import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import type { ResourceKind, ResourceOperation } from '../../../src/model/capability.js'
import { providers } from '../../../src/providers/index.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

const ACCOUNTS = {
  bulutfon: 'bulutfon/masterToken',
  ipex: 'ipex/password',
  postacell: 'postacell/gateway',
  'rails-api-v1': 'rails-api-v1/password',
} as const
type Slug = keyof typeof ACCOUNTS

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: ACCOUNTS })
})
afterAll(() => harness.close())
beforeEach(() => harness.clear())

interface Kind {
  readonly resource: `${ResourceKind}`
  readonly operation: `${ResourceOperation}`
  /** Field of the input that tells the account. */
  readonly where: string
  /** The smallest input at this account. */
  readonly input: (account: string) => object
}

const outside = '+420222333444'
const extension = (account: string) => globalId('Extension', account, '1')
const call = (account: string) => globalId('LiveCall', account, '1')
const MUTATIONS: Readonly<Record<string, Kind>> = {
  extensionCreate: {
    ...{ resource: 'EXTENSION', operation: 'CREATE', where: 'accountId' },
    input: (account) => ({ accountId: globalId('Account', account), number: '4711', displayName: 'Ada' }),
  },
  extensionUpdate: {
    ...{ resource: 'EXTENSION', operation: 'UPDATE', where: 'id' },
    input: (account) => ({ id: extension(account) }),
  },
  extensionDelete: {
    ...{ resource: 'EXTENSION', operation: 'DELETE', where: 'id' },
    input: (account) => ({ id: extension(account) }),
  },
  callOriginate: {
    ...{ resource: 'LIVE_CALL', operation: 'ORIGINATE', where: 'fromExtensionId' },
    input: (account) => ({ fromExtensionId: extension(account), to: outside, idempotencyKey: 'one' }),
  },
  callTransfer: {
    ...{ resource: 'LIVE_CALL', operation: 'UPDATE', where: 'id' },
    input: (account) => ({ id: call(account), toNumber: outside }),
  },
  callHangUp: {
    ...{ resource: 'LIVE_CALL', operation: 'DELETE', where: 'id' },
    input: (account) => ({ id: call(account) }),
  },
}

/** What each has, as the table of the page on writing says it. */
const HAS: Readonly<Record<Slug, readonly string[]>> = {
  bulutfon: ['extensionCreate', 'extensionUpdate', 'extensionDelete', 'callOriginate'],
  ipex: ['extensionUpdate', 'callOriginate', 'callTransfer', 'callHangUp'],
  postacell: [],
  'rails-api-v1': [],
}
const CASES = Object.keys(ACCOUNTS).flatMap((slug) =>
  Object.entries(MUTATIONS).map(([name, kind]) => ({ name, slug: slug as Slug, ...kind })),
)
const capabilityOf = ({ slug, resource, operation }: Pick<Kind, 'resource' | 'operation'> & { slug: Slug }) =>
  providers
    .find((one) => one.slug === slug)!
    .capabilities.find((one) => one.resource === resource && one.operation === operation)

interface UserError {
  readonly code: string
  readonly field: readonly string[] | null
  readonly message: string
}

async function errorsOf(name: string, input: object): Promise<readonly UserError[]> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const document = `mutation ($input: ${type}!) { write: ${name}(input: $input) { userErrors { code field message } } }`
  return (await harness.data<{ write: { userErrors: readonly UserError[] } }>(document, { input })).write.userErrors
}

describe.each(CASES.filter(({ name, slug }) => !HAS[slug].includes(name)))('$name at $slug', (one) => {
  test('is UNSUPPORTED with the reason, is refused with it, and nobody is asked', async () => {
    const { support, reason } = capabilityOf(one)!
    expect({ support, hasReason: reason !== null && reason !== '' }).toEqual({
      support: 'UNSUPPORTED',
      hasReason: true,
    })
    expect(await errorsOf(one.name, one.input(one.slug))).toEqual([
      { code: 'CAPABILITY_UNSUPPORTED', field: [one.where], message: reason },
    ])
    expect(harness.requests()).toEqual([])
  })
})

/** A value for each field that some provider does not take. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...{ number: '4712', displayName: 'Ada', email: 'ada@ornek.example', voicemailEnabled: true, callPermissions: [] },
  ...{ ringTimeoutSeconds: 20 },
}
const valueOf = (field: string, account: string): unknown =>
  VALUES[field] ?? globalId(/Did/.test(field) ? 'Did' : /Group/.test(field) ? 'Group' : 'AutoAttendant', account, '1')

describe.each(CASES.filter(({ name, slug }) => HAS[slug].includes(name)))('$name at $slug', (one) => {
  const lacking = (capabilityOf(one)!.unavailableFields ?? []).filter((field) => /Input\./.test(field))

  test(`takes no ${lacking.join(', ') || 'field that it lacks'}, and nobody is asked`, async () => {
    for (const coordinate of lacking) {
      const [type, field] = coordinate.split('.') as [string, string]
      const isRule = type === 'ForwardingRuleInput'
      const value = valueOf(field, one.slug)
      const more = isRule ? { forwarding: [{ condition: 'ALWAYS', [field]: value }] } : { [field]: value }
      const errors = await errorsOf(one.name, { ...one.input(one.slug), ...more })
      expect(errors).toContainEqual({
        ...{ code: 'CAPABILITY_UNSUPPORTED', message: expect.any(String) },
        field: isRule ? ['forwarding', '0', field] : [field],
      })
    }
    expect(harness.requests()).toEqual([])
  })
})
