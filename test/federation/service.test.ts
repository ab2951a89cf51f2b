import { describe, expect, test } from '@jest/globals'
import { buildSchema, parse, type GraphQLObjectType } from 'graphql'

import { startHarness, type HarnessOptions } from '../sandbox/harness.js'
import { compose, DESKS, SERVER, SUBGRAPH } from './supergraph.js'

const SDL = '{ _service { sdl } }'
const ENTITIES = [...SUBGRAPH.matchAll(/^type (\w+) .*@key\(fields: "id"\)/gm)].map(([, name]) => name!)

async function answer(config: HarnessOptions['config'], query: string, headers = {}) {
  const harness = await startHarness({ accounts: {}, config })
  try {
    return await harness.query<{ _service: { sdl: string } }>(query, {}, headers)
  } finally {
    await harness.close()
  }
}

describe('the schema for composition', () => {
  test('is that of the package, also where the schema may not be explored and the caller may do little', async () => {
    const key = 'key-of-whoever-composes-0001'
    const callers = { apiKeys: [{ name: 'build', key, workspace: 'default', scopes: ['recordings:read'] }] }
    const server = { ...SERVER, explore: false }
    const { data } = await answer({ server, callers }, SDL, { authorization: `Bearer ${key}` })
    expect(`${data._service.sdl}\n`).toBe(SUBGRAPH)
    expect((await answer({ server, callers }, SDL)).status).toBe(401)
    const introspection = await answer({ server, callers }, '{ __schema { queryType { name } } }', {
      authorization: `Bearer ${key}`,
    })
    expect(introspection.errors).toHaveLength(1)
  })

  test.each([{}, { federation: false }])('is not there with server: %j', async (server) => {
    for (const query of [SDL, '{ _entities(representations: []) { __typename } }']) {
      const { status, errors = [] } = await answer({ server }, query)
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' })
    }
  })
})

describe('composition', () => {
  const dialgraph = { name: 'dialgraph', url: 'http://127.0.0.1:4000/graphql', sdl: SUBGRAPH }
  const queryOf = (supergraph: string) =>
    parse(supergraph).definitions.find((one) => 'name' in one && one.name?.value === 'Query')!

  test('takes it alone, and hides what would promise objects of all subgraphs', () => {
    const supergraph = compose([dialgraph])
    const inaccessible = (
      queryOf(supergraph) as { fields?: { name: { value: string }; directives?: { name: { value: string } }[] }[] }
    )
      .fields!.filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'inaccessible'))
      .map(({ name }) => name.value)
    expect(inaccessible).toEqual(['node', 'nodes'])
  })

  test('takes it with a subgraph that adds to every entity and has what such subgraphs have', () => {
    const notes = `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires"])
      interface Node { id: ID! }
      scalar DateTime
      scalar JSON
      type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
      type Note { text: JSON writtenAt: DateTime about: Node }
      type Query { notes: [Note!]! pageOfNotes: PageInfo! }
      ${ENTITIES.map((name) => `type ${name} implements Node @key(fields: "id") { id: ID! note: Note }`)
        .join('\n')
        .replace(
          'type Extension implements Node @key(fields: "id") {',
          '$& number: String! @external badge: String @requires(fields: "number")',
        )}`
    const supergraph = buildSchema(
      compose([
        dialgraph,
        { name: 'notes', url: 'http://127.0.0.1:1', sdl: notes },
        { name: 'desks', url: 'http://127.0.0.1:2', sdl: DESKS },
      ]),
    )
    for (const name of ENTITIES)
      expect(Object.keys((supergraph.getType(name) as GraphQLObjectType).getFields())).toContain('note')
    expect(Object.keys((supergraph.getType('Extension') as GraphQLObjectType).getFields())).toEqual(
      expect.arrayContaining(['desk', 'badge', 'label']),
    )
  })
})
