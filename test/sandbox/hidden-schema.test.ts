import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
} from 'graphql'

import { startHarness, type Harness } from './harness.js'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
const composites = types.filter(
  (type): type is GraphQLObjectType | GraphQLInterfaceType => isObjectType(type) || isInterfaceType(type),
)
const inputs = types.filter(isInputObjectType)

/** Every word of the schema but those that graphql itself brings. */
const WORDS = new Set(
  types.flatMap((type) => [
    type.name,
    ...(isEnumType(type) ? type.getValues().map(({ name }) => name) : []),
    ...(isInputObjectType(type) ? Object.keys(type.getFields()) : []),
    ...(isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).flatMap(({ name, args }) => [name, ...args.map((argument) => argument.name)])
      : []),
  ]),
)
for (const scalar of ['Int', 'Float', 'String', 'Boolean', 'ID']) WORDS.delete(scalar)

interface Probe {
  readonly query: string
  readonly variables?: object
}

/** The word as somebody who guesses would have it: near enough that graphql would suggest the right one. */
const misspelt = (word: string) => `${word.slice(0, -1)}${word.endsWith('x') ? 'y' : 'x'}`

const onType = (type: string, selection: string): Probe => ({
  query: `{ ...F } fragment F on ${type} { ${selection} }`,
})
const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

const fieldsOf = (type: GraphQLObjectType | GraphQLInterfaceType) => Object.values(type.getFields())
const isLeaf = (field: GraphQLField<unknown, unknown>) => isLeafType(getNamedType(field.type))

const guessedFields = composites.map((type) =>
  onType(
    type.name,
    fieldsOf(type)
      .map(({ name }) => misspelt(name))
      .join(' '),
  ),
)
const wrongSelections = composites.flatMap((type) => [
  onType(
    type.name,
    fieldsOf(type)
      .map(({ name }) => name)
      .join(' '),
  ),
  onType(
    type.name,
    fieldsOf(type)
      .filter(isLeaf)
      .map(({ name }) => `${name} { id }`)
      .join(' ') || '__typename { id }',
  ),
])
const withArguments = composites.flatMap((type) =>
  fieldsOf(type)
    .filter(({ args }) => args.length > 0)
    .map((field) => ({ type, field })),
)
const below = (field: GraphQLField<unknown, unknown>) => (isLeaf(field) ? '' : '{ __typename }')
const WRONG_VALUES = ['{ zzz: 1 }', '"zzz"', '[[1]]', 'ZZZ', '1.5', '$v']

/** Fields with one argument each, so many in one document as it may have aliases. */
function withEachArgument(values: (name: string) => readonly string[]): Probe[] {
  const selections = withArguments.flatMap(({ type, field }) =>
    field.args.flatMap(({ name }) =>
      values(name).map((given) => ({ type: type.name, selection: `${field.name}(${given}) ${below(field)}` })),
    ),
  )
  return chunks(selections, 30).map((some) => ({
    query: `query($v: Float) { ${some.map((_, at) => `...F${at}`).join(' ')} } ${some
      .map(({ type, selection }, at) => `fragment F${at} on ${type} { a${at}: ${selection} }`)
      .join(' ')}`,
  }))
}
const guessedArguments = withEachArgument((name) => [`${misspelt(name)}: 1`])
const wrongArguments = withEachArgument((name) => WRONG_VALUES.map((value) => `${name}: ${value}`))
const guessedTypes = chunks(types, 25).map((some) => ({
  query: `query(${some.map(({ name }, at) => `$v${at}: ${misspelt(name)}`).join(', ')}) { viewer { ${some
    .map(({ name }) => `... on ${misspelt(name)} { name }`)
    .join(' ')} } }`,
}))
const guessedOnUnions = types
  .filter((type) => isUnionType(type) || isInterfaceType(type))
  .map(({ name }) => onType(name, 'number name label startedAt rawNumber displayName slug'))
const guessedDirectives = [
  'skp(if: true)',
  'skip',
  'include(i: true)',
  'deprecate',
  'specifiedBy(url: 1)',
  'oneOf',
].map((directive) => ({
  query: `{ viewer @${directive} { name } }`,
}))

const WRONG_INPUTS: readonly unknown[] = ['zzz', 1.5, [[{}]], { zzz: 1 }, true, null, 'ZZZ', [null]]

/** Values of an input with every field wrong in one way, and with every field below a field wrong. */
function wrongInputs(input: GraphQLInputObjectType, depth = 0): object[] {
  const fields = Object.values(input.getFields())
  const all = (value: unknown) => Object.fromEntries(fields.map(({ name }) => [name, value]))
  const deeper = fields.flatMap(({ name, type }) => {
    const named = getNamedType(type)
    return isInputObjectType(named) && depth < 3
      ? wrongInputs(named, depth + 1).map((value) => ({ [name]: value }))
      : []
  })
  return [Object.fromEntries(fields.map(({ name }) => [misspelt(name), 1])), ...WRONG_INPUTS.map(all), ...deeper]
}

/** Where each input may be given, as a variable. */
const PLACES: Readonly<Record<string, string>> = {
  CallRecordFilter: 'callRecords(first: 1, filter: $v) { totalCount }',
  CallRecordOrder: 'callRecords(first: 1, orderBy: $v) { totalCount }',
  AccountFilter: 'accounts(filter: $v) { totalCount }',
  DidFilter: 'dids(filter: $v) { totalCount }',
  DidOrder: 'dids(orderBy: $v) { totalCount }',
  ExtensionFilter: 'extensions(filter: $v) { totalCount }',
  ExtensionOrder: 'extensions(orderBy: $v) { totalCount }',
  GroupFilter: 'groups(filter: $v) { totalCount }',
}
const wrongVariables = inputs.flatMap((input) => {
  const mutation = schema.getMutationType()!.getFields()
  const field = Object.values(mutation).find(({ args }) =>
    args.some((argument) => getNamedType(argument.type) === input),
  )
  const place = PLACES[input.name] ?? (field && `${field.name}(input: $v) { userErrors { code } }`)
  if (!place) return []
  const kind = field && !PLACES[input.name] ? 'mutation' : 'query'
  return [...wrongInputs(input), 'zzz', {}, [1]].map((v) => ({
    query: `${kind}($v: ${input.name}${kind === 'mutation' ? '!' : ''}) { ${place} }`,
    variables: { v },
  }))
})
const wrongScalars = types.filter(isLeafType).flatMap(({ name }) => {
  const place = withArguments.find(
    ({ type, field }) =>
      type === schema.getQueryType() && field.args.some((one) => getNamedType(one.type).name === name),
  )
  const argument = place?.field.args.find((one) => getNamedType(one.type).name === name)
  if (!place || !argument) return []
  return ['zzz', 1.5, { zzz: 1 }, [[]], null, -1].map((v) => ({
    query: `query($v: ${String(argument.type)}) { ${place.field.name}(${argument.name}: $v) ${below(place.field)} }`,
    variables: { v },
  }))
})

const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'a field that is nearly right': guessedFields,
  'a selection where there is none, and none where there must be one': wrongSelections,
  'an argument that is nearly right': guessedArguments,
  'an argument of the wrong kind': wrongArguments,
  'a type that is nearly right': guessedTypes,
  'fields that only some of several types have': guessedOnUnions,
  'directives that are nearly right': guessedDirectives,
  'variables that are wrong somewhere within': wrongVariables,
  'variables of the wrong kind': wrongScalars,
}

/** Words of the schema that a message tells: in quotes any, elsewhere those that can be no ordinary word. */
function told(message: string, { query, variables = {} }: Probe): string[] {
  const asked = new Set(`${query} ${JSON.stringify(variables)}`.match(/\w+/g))
  const quoted = [...message.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|'([^']*)'/g)].flatMap(
    ([text]) => text.match(/\w+/g) ?? [],
  )
  const elsewhere = (message.match(/\w+/g) ?? []).filter((word) => /[A-Z].*[A-Z]|[a-z][A-Z]|_/.test(word))
  return [...new Set([...quoted, ...elsewhere])].filter((word) => WORDS.has(word) && !asked.has(word))
}

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' }, config: { server: { explore: false } } })
})
afterAll(() => harness.close())

describe('where nothing may be explored, no word of the schema is learnt from', () => {
  test.each(Object.entries(PROBES))('%s', async (_, probes) => {
    expect(probes.length).toBeGreaterThan(0)
    const learnt = new Set<string>()
    let errors = 0
    for (const probe of probes) {
      const answer = await harness.query(probe.query, probe.variables)
      expect(answer.status).toBeLessThan(500)
      for (const { message } of answer.errors ?? []) {
        errors += 1
        for (const word of told(message, probe)) learnt.add(`${word} from: ${message}`)
      }
    }
    expect([...learnt]).toEqual([])
    expect(errors).toBeGreaterThanOrEqual(probes.length / 2)
  })

  test('an argument that must be given', async () => {
    for (const query of [
      '{ callRecords { totalCount } }',
      '{ account { id } }',
      '{ node { id } }',
      '{ dids(first: 0) { totalCount } }',
    ]) {
      const { errors } = await harness.query(query)
      expect(errors!.flatMap(({ message }) => told(message, { query }))).toEqual([])
    }
  })
})

test('where it may be explored, errors say all they know', async () => {
  const open = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' } })
  const messages = async (query: string) => (await open.query(query)).errors!.map(({ message }) => message).join()
  expect(await messages('{ viewr { name } }')).toContain('Did you mean "viewer"?')
  expect(await messages('{ callRecords { totalCount } }')).toContain('`first`')
  await open.close()
})
