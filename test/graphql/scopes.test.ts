import { describe, expect, test } from '@jest/globals'
import {
  getNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
} from 'graphql'

import { globalId } from '../../src/model/id.js'
import { demandOf } from '../../src/loaders/calls/demand.js'
import { gapCursors } from '../../src/loaders/calls/gap-cursor.js'
import { LinkDisposition } from '../../src/model/signed-link.js'
import { enforceScopes, scopeOf } from '../../src/graphql/needs.js'
import { SCOPES } from '../../src/graphql/scope.js'
import { call, did, extension, group, InMemoryAccount } from '../loaders/in-memory.js'
import { ask, cursors, schema } from './ask.js'

const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields())
const stated = (type: GraphQLObjectType) =>
  Object.fromEntries(fieldsOf(type).map((field) => [field.name, scopeOf(field)]))
const objects = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))

describe('the schema', () => {
  test('says of every way in what it needs', () => {
    expect(stated(schema.getQueryType()!)).toEqual({
      node: 'telephony:read:own',
      nodes: 'telephony:read:own',
      viewer: null,
      providers: null,
      provider: null,
      accounts: 'telephony:read:own',
      account: 'telephony:read:own',
      dids: 'telephony:read:own',
      extensions: 'telephony:read:own',
      groups: 'telephony:read:own',
      callRecords: 'telephony:read:own',
      callRecordGap: 'telephony:read:own',
      liveCalls: 'telephony:read:own',
      phoneNumber: null,
      changes: 'accounts:manage',
      callRecordChanges: 'telephony:read:own',
      callStatistics: 'telephony:read:own',
      export: 'telephony:read:own',
    })
    expect(stated(schema.getSubscriptionType()!)).toEqual({
      callEvents: 'telephony:read:own',
      accountHealthChanged: 'telephony:read',
      callRecordChanged: 'telephony:read:own',
    })
    expect(stated(schema.getMutationType()!)).toEqual({
      accountAuthorizationBegin: 'accounts:manage',
      accountLink: 'accounts:manage',
      accountUnlink: 'accounts:manage',
      accountRetry: 'accounts:manage',
      extensionCreate: 'telephony:write',
      extensionUpdate: 'telephony:write',
      extensionDelete: 'telephony:write',
      callOriginate: 'telephony:write',
      callTransfer: 'telephony:write',
      callHangUp: 'telephony:write',
      callRecordsExport: 'telephony:read:own',
      callRecordsExportCancel: 'telephony:read:own',
    })
  })

  test('says so of payloads and of recordings, wherever they are', () => {
    const further = objects.flatMap((type) => fieldsOf(type).map((field) => ({ type, field })))
    const needing = (scope: string) =>
      further.filter(({ field }) => scopeOf(field) === scope).map(({ type, field }) => `${type.name}.${field.name}`)
    const resources = objects.filter((type) => type.getInterfaces().some(({ name }) => name === 'ProviderResource'))
    expect(needing('telephony:raw').sort()).toEqual(resources.map(({ name }) => `${name}.raw`).sort())
    expect(needing('recordings:read')).toEqual(['Recording.link'])
  })

  test('shows nothing of telephony to whoever may not read it, by whatever way', () => {
    const reached = (type: GraphQLObjectType, allowed: string | null, found = new Set<string>()): Set<string> => {
      const open = fieldsOf(type).filter((field) => [undefined, null, allowed].includes(scopeOf(field)))
      for (const next of open.flatMap((field) => possible(getNamedType(field.type)))) {
        if (found.has(next.name)) continue
        found.add(next.name)
        reached(next, allowed, found)
      }
      return found
    }
    const plain = ['Viewer', 'Provider', 'Capability', 'PhoneNumberLookup']
    expect([...reached(schema.getQueryType()!, null)].sort()).toEqual(plain.sort())
    const managed = [
      'Account',
      'AccountHealth',
      'Authorization',
      'AuthorizationError',
      'Capability',
      'Provider',
      'AccountUserError',
      'WebhookEndpoint',
    ]
    const payloadsFor = (scope: string) =>
      fieldsOf(schema.getMutationType()!)
        .filter((field) => scopeOf(field) === scope)
        .map((field) => getNamedType(field.type).name)
    expect([...reached(schema.getMutationType()!, 'accounts:manage')].sort()).toEqual(
      [...managed, ...payloadsFor('accounts:manage')].sort(),
    )
    // Who may write, and not read, is told what became of it and nothing of the object.
    expect([...reached(schema.getMutationType()!, 'telephony:write')].sort()).toEqual(
      [...new Set([...payloadsFor('telephony:write'), 'ProviderWriteError'])].sort(),
    )
  })

  test('is not made when a way in does not say what it needs', () => {
    const config = schema.toConfig()
    const query = schema.getQueryType()!.toConfig()
    const silent = { ...query, fields: { ...query.fields, viewer: { ...query.fields['viewer']!, extensions: {} } } }
    const Query = schema.getQueryType()!.constructor as new (config: unknown) => GraphQLObjectType
    const changed = new GraphQLSchema({ ...config, query: new Query(silent), types: [] })
    expect(() => enforceScopes(changed)).toThrow('Query.viewer does not say what it needs')
    const told = new GraphQLObjectType({ name: 'Told', fields: { told: { type: GraphQLString } } })
    expect(() => enforceScopes(new GraphQLSchema({ subscription: told }))).toThrow('Told.told does not say')
  })
})

function possible(type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type]
  if (isInterfaceType(type) || isUnionType(type)) return schema.getPossibleTypes(type)
  return []
}

const office = () =>
  new InMemoryAccount('office', {
    dids: { items: [did('office', '1')] },
    extensions: { items: [extension('office', '1')] },
    groups: { items: [group('office', '1')] },
    calls: [call('office', 'a')],
    profile: {},
  })
const recordingLinks = {
  sign: async () => ({ url: 'https://phones.example/recordings/x', expiresAt: '2026-02-11T08:05:00.000Z' }),
}
const ID = did('office', '1').id
const RETRY_CURSOR = gapCursors(cursors, 'default', new Set(['office'])).write({
  demand: demandOf([]),
  order: 'DESC',
  range: { account: 'office', start: null, end: null },
  ...{ top: null, hint: null },
})
const WAYS: Readonly<Record<string, string>> = {
  node: `node(id: "${ID}") { id }`,
  nodes: `nodes(ids: ["${ID}", "${ID}"]) { id }`,
  accounts: 'accounts { totalCount }',
  account: 'account(key: "office") { key }',
  dids: 'dids { nodes { id } }',
  extensions: 'extensions { nodes { id } }',
  groups: 'groups { nodes { id } }',
  liveCalls: 'liveCalls { nodes { id } }',
  callRecordChanges: 'callRecordChanges { nodes { id } }',
  callStatistics: 'callStatistics(filter: {}) { total { calls } }',
  export: `export(id: "${globalId('CallRecordExport', '', 'none')}") { id }`,
  callRecords: 'callRecords(first: 1) { nodes { id } }',
  callRecordGap: `callRecordGap(cursor: "${RETRY_CURSOR}") { nodes { id } }`,
}

describe('a caller', () => {
  test.each(Object.entries(WAYS))('without its scope is refused %s, and no provider is asked', async (name, field) => {
    const account = office()
    const scopes = SCOPES.filter((scope) => !scope.startsWith('telephony:read'))
    const { errors } = await ask([account], `{ ${field} }`, { scopes })
    expect(errors.length).toBeGreaterThan(0)
    for (const { message, path, extensions } of errors) {
      expect(message).toBe('This field needs the scope telephony:read, or telephony:read:own for what is your own.')
      expect(path?.[0]).toBe(name)
      expect(extensions).toEqual({ code: 'FORBIDDEN', retryable: false, requestId: 'request-1' })
    }
    expect(account.requests).toEqual([])
    const { errors: allowed } = await ask([account], `{ ${field} }`, { scopes: ['telephony:read'] })
    // No calls are followed in these tests, and none are archived.
    expect(allowed.map(({ extensions }) => extensions?.['code'])).toEqual(
      ['liveCalls', 'callRecordChanges', 'callStatistics'].includes(name) ? ['SERVICE_UNAVAILABLE'] : [],
    )
  })

  test('every such way in is tried here', () => {
    const needing = Object.entries(stated(schema.getQueryType()!)).filter(([, scope]) => scope !== null)
    expect([...Object.keys(WAYS), 'changes'].sort()).toEqual(needing.map(([name]) => name).sort())
  })

  test.each(['telephony:read telephony:write', 'accounts:manage telephony:read:own', 'recordings:read'])(
    'with %s is refused the record of changes',
    async (scopes) => {
      const { data, errors } = await ask([office()], '{ changes { nodes { id } } }', { scopes: scopes.split(' ') })
      expect(data).toEqual({ changes: null })
      expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN'])
    },
  )

  test('who manages accounts is told that a server without a store keeps no record of changes', async () => {
    const { errors } = await ask([office()], '{ changes { nodes { id } } }', { scopes: ['accounts:manage'] })
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['CAPABILITY_UNSUPPORTED'])
  })

  test('is given the rest of what it asked for', async () => {
    const source = `{
      viewer { workspace }
      providers { slug }
      ${WAYS['dids']} ${WAYS['node']} ${WAYS['nodes']} ${WAYS['account']} ${WAYS['callRecords']}
      phoneNumber(number: "+902120000001") { number country dids { id } extensions { id } callRecords { nodes { id } } }
    }`
    const { data, errors } = await ask([office()], source, { scopes: ['recordings:read'] })
    expect(data).toEqual({
      viewer: { workspace: 'default' },
      providers: [{ slug: 'bulutfon' }],
      ...{ dids: null, node: null, nodes: [null, null], account: null, callRecords: null },
      phoneNumber: { number: '+902120000001', country: 'TR', dids: null, extensions: null, callRecords: null },
    })
    expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual(
      [
        ...['dids', 'node', 'nodes.0', 'nodes.1', 'account', 'callRecords'],
        ...['phoneNumber.dids', 'phoneNumber.extensions', 'phoneNumber.callRecords'],
      ].sort(),
    )
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']))
  })

  test('sees a call without its recording and its payload, unless it may have those', async () => {
    const source = `{ callRecords(first: 1) { nodes { kind raw recordings { mimeType link { url } } } } }`
    const asked = (...scopes: string[]) =>
      ask([office()], source, { scopes: ['telephony:read', ...scopes], recordingLinks })
    const plain = await asked()
    expect(plain.data.callRecords.nodes).toEqual([
      { kind: 'VOICE', raw: null, recordings: [{ mimeType: null, link: null }] },
    ])
    expect(plain.errors.map(({ message }) => message).sort()).toEqual([
      'This field needs the scope recordings:read.',
      'This field needs the scope telephony:raw.',
    ])
    const whole = await asked('recordings:read', 'telephony:raw')
    expect(whole.errors).toEqual([])
    expect(whole.data.callRecords.nodes[0].recordings[0].link.url).toMatch(/^https:/)
  })

  test('may not have a link that outlives five minutes', async () => {
    const asked = (seconds: number) =>
      ask(
        [office()],
        `{ callRecords(first: 1) { nodes { recordings { link(expiresInSeconds: ${seconds}, disposition: ${LinkDisposition.INLINE}) { url } } } } }`,
        {
          scopes: ['telephony:read', 'recordings:read'],
          recordingLinks,
        },
      )
    expect((await asked(300)).errors).toEqual([])
    expect((await asked(301)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})
