import { readFileSync } from 'node:fs'

import {
  buildSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
  Kind,
  parse,
  type GraphQLObjectType,
} from 'graphql'

import { generateOperations } from '../support/generated-operations.js'
import { operationMaterial } from '../support/operation-material.js'
import { startHarness, type Harness } from '../sandbox/harness.js'
import { workedOperations } from '../support/worked-operations.js'

export const SDL = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8')
export const schema = buildSchema(SDL)

/** `npm run proof:clients` asks more of them, or others: GENERATED=5000 SEED=77. */
export const COUNT = Number(process.env['GENERATED'] ?? 12)
const SEED = Number(process.env['SEED'] ?? 1)

/** Answered anew each time, by their purpose: who may listen or log in, and what the answer cost. */
const NEW_EACH_TIME = [
  'Recording.link',
  'Authorization.authorizeUrl',
  'SourceStatus.upstreamRequests',
  'AccountHealth.lastSuccessAt',
]

export interface Question {
  readonly name: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A server that answers all of them: generated ones may ask for more values than any client's should. */
export const startServer = (): Promise<Harness> => startHarness({ limits: { operationValues: 1_000_000 } })

/** The worked operations that read, and generated ones. */
export async function questions(harness: Harness): Promise<readonly Question[]> {
  const worked = workedOperations
    .map(([name, query]) => ({ name, query, variables: {} }))
    .filter(({ query }) =>
      parse(query).definitions.every((one) => one.kind !== Kind.OPERATION_DEFINITION || one.operation === 'query'),
    )
  const material = await operationMaterial((query) => harness.data(query))
  const generated = generateOperations(schema, material, COUNT, { seed: SEED, without: NEW_EACH_TIME })
  return [...worked, ...generated.map(({ seed, ...question }) => ({ name: `generated ${seed}`, ...question }))]
}

/** The object types that have no `id`: a cache keeps them with the object they belong to. */
export const valueTypes: readonly GraphQLObjectType[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__') && !['Query', 'Mutation', 'Subscription'].includes(name))
  .filter((type) => !('id' in type.getFields()))

/** Fields, by type, that list objects without an `id`. */
export const valueLists: readonly (readonly [type: string, field: string])[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isListType(getNullableType(field.type)))
      .filter((field) => {
        const item = getNamedType(field.type)
        const items = isAbstractType(item) ? schema.getPossibleTypes(item) : [item]
        return items.some((one) => valueTypes.includes(one as GraphQLObjectType))
      })
      .map((field) => [type.name, field.name] as const),
  )

/**
 * Where two readings of the same fields differ, by path. What one of them lacks is passed over: a cache forgets items
 * of a list when the list is written again.
 */
export function contradictions(one: unknown, other: unknown, path = ''): string[] {
  if (one === undefined || other === undefined || one === other) return []
  if (!isObject(one) || !isObject(other)) return [`${path}: ${JSON.stringify(one)} or ${JSON.stringify(other)}`]
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length)
    return [`${path}: ${one.length} or ${other.length} items`]
  return Object.keys(one).flatMap((key) =>
    contradictions((one as Fields)[key], (other as Fields)[key], path === '' ? key : `${path}.${key}`),
  )
}
type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** How many facts an answer holds. */
export const factsOf = (value: unknown): number =>
  isObject(value) ? Object.values(value).reduce((sum: number, item) => sum + factsOf(item), 0) : 1
