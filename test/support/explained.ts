import { readFileSync } from 'node:fs'

import { buildSchema } from 'graphql'

import type { Explanation } from '../../src/server/endpoint/explain.js'
import type { Harness } from '../sandbox/harness.js'
import { generateOperations, type GeneratedOperation } from './generated-operations.js'
import { operationMaterial } from './operation-material.js'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))

/** What an answer says of its own cost. */
export async function explained(harness: Harness, query: string, variables = {}, headers = {}): Promise<Explanation> {
  const { text } = await harness.query(query, variables, { 'x-dialgraph-explain': '1', ...headers })
  const { extensions } = JSON.parse(text) as { extensions?: { explain?: Explanation } }
  if (!extensions?.explain) throw new Error(`No explanation: ${text.slice(0, 500)}`)
  return extensions.explain
}

export interface Costs {
  readonly requests: number
  readonly tokenRequests: number
}
/** The same operations, as their answers tell their cost and as the providers' journals do. */
export interface Compared {
  readonly seeds: readonly number[]
  readonly reported: Costs
  readonly counted: Costs
}

/**
 * Asks generated operations, some at once, and yields what each group of them cost. Some groups find tokens that the providers take no
 * more, others that all tokens and all that was kept have run out. None comes at a time when a token is renewed ahead of its end:
 * that belongs to no operation.
 */
export async function* compareCosts(harness: Harness, count: number, together: number): AsyncGenerator<Compared> {
  const material = await operationMaterial((query) => harness.data(query))
  const operations = generateOperations(schema, material, count)
  for (let at = 0; at < operations.length; at += together) {
    const group = at / together
    harness.advance(group % 4 === 3 ? 3 * 3600 : 1)
    if (group % 3 === 2) revokeTokens(harness)
    harness.clear()
    yield compare(harness, operations.slice(at, at + together))
  }
}

async function compare(harness: Harness, operations: readonly GeneratedOperation[]): Promise<Compared> {
  const reported = await Promise.all(operations.map(({ query, variables }) => explained(harness, query, variables)))
  const sum = (of: keyof Costs) => reported.reduce((total, { totals }) => total + totals[of], 0)
  return {
    seeds: operations.map(({ seed }) => seed),
    reported: { requests: sum('requests'), tokenRequests: sum('tokenRequests') },
    counted: {
      requests: harness.requests().length,
      tokenRequests: Object.values(harness.tokenRequests()).reduce((total, one) => total + one, 0),
    },
  }
}

function revokeTokens({ emulators }: Harness): void {
  for (const emulator of Object.values(emulators)) emulator.revokeAccessTokens()
}
