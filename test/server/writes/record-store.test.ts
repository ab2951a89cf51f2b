import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'
import { startWrittenReplicas, type WrittenReplicas } from './written-replicas.js'

const UPDATE =
  'mutation ($input: ExtensionUpdateInput!) { write: extensionUpdate(input: $input) { userErrors { code field } } }'
const CHANGES = '{ changes { nodes { id } } }'
const NODE = 'query ($id: ID!) { node(id: $id) { id } }'

const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `(skipped: ${postgresUnavailable})` : 'the record of changes in PostgreSQL', () => {
  let postgres: TestPostgres
  let here: WrittenReplicas
  beforeAll(async () => {
    postgres = await startPostgres()
    here = await startWrittenReplicas(await postgres.createDatabase(), 1)
  }, 60_000)
  afterAll(async () => {
    await here.close()
    await postgres.close()
  })
  const ask = <Data>(document: string, variables: object = {}) => here.replicas[0]!.ask<Data>(document, variables)

  test('is asked for nothing with a NUL, which it has no text for: such an id names nothing', async () => {
    const id = globalId('Extension', 'izmir', '301\0')
    expect(await ask(UPDATE, { input: { id, displayName: 'Kaya' } })).toEqual({
      write: { userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] },
    })
    expect(await ask(NODE, { id: globalId('ProviderChange', 'izmir', '\0') })).toEqual({ node: null })
    expect(here.writes()).toEqual([])
  })

  test('is told to be out of reach for now while it is, and is there again afterwards', async () => {
    const { server } = postgres
    // Somebody else's server is not ours to stop.
    if (!server) return
    await server.stop()
    try {
      const change = { id: globalId('ProviderChange', 'izmir', 'a-change') }
      const update = { input: { id: globalId('Extension', 'izmir', '301'), displayName: 'Kaya' } }
      for (const [document, variables] of [
        [CHANGES, {}],
        [NODE, change],
        [UPDATE, update],
      ] as const)
        await expect(ask(document, variables)).rejects.toThrow('"code":"SERVICE_UNAVAILABLE"')
      expect(here.writes()).toEqual([])
    } finally {
      await server.start()
    }
    expect(await ask(CHANGES)).toEqual({ changes: { nodes: [] } })
  }, 60_000)
})
