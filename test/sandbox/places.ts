import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
} from 'graphql'

import { parseGlobalId, type NodeType } from '../../src/model/id.js'

/** Where an id or a cursor can be put in: the field, and the way from there to the value. */
export interface Place {
  readonly name: string
  readonly type: string
  readonly field: GraphQLField<unknown, unknown>
  readonly way: readonly (GraphQLArgument | GraphQLInputField)[]
}

/** Arguments that take a cursor. */
export const isCursor = ({ name }: { name: string }) => ['after', 'before', 'cursor'].includes(name)

/** Every place of the schema whose argument or input field is wanted, however deep. */
export function places(
  schema: GraphQLSchema,
  wanted: (input: GraphQLArgument | GraphQLInputField) => boolean,
): Place[] {
  const below = (input: GraphQLArgument | GraphQLInputField): Place['way'][] => {
    if (wanted(input)) return [[input]]
    const named = getNamedType(input.type)
    if (!isInputObjectType(named)) return []
    return Object.values(named.getFields()).flatMap((next) => below(next).map((way) => [input, ...way]))
  }
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap(below).map((way) => ({
          name: `${type.name}.${field.name}(${way.map(({ name }) => name).join('.')})`,
          type: type.name,
          field,
          way,
        })),
      ),
    )
}

/** Arguments that take an id. */
export const isId = (input: GraphQLArgument | GraphQLInputField) => getNamedType(input.type).name === 'ID'

/** Ids that a caller may write with; what stands beside an id that is tried. */
export interface Writable {
  /** An account whose extensions can be made. */
  readonly account: string
  /** An extension that can be changed. */
  readonly extension: string
  /** An extension from which a call can be placed. */
  readonly line: string
  /** A call under way. */
  readonly call: string
}
const NOTHING: Writable = { account: 'x', extension: 'x', line: 'x', call: 'x' }

/** Without these an input means nothing, as literals by the name of their field. */
const BESIDE: Readonly<Record<string, (reach: Writable) => Readonly<Record<string, string>>>> = {
  ExtensionCreateInput: ({ account }) => ({
    ...{ accountId: JSON.stringify(account), number: '"4711"', displayName: '"Defne"', email: '"defne@ornek.example"' },
  }),
  ExtensionUpdateInput: ({ extension }) => ({ id: JSON.stringify(extension), forwarding: '[]' }),
  ForwardingRuleInput: () => ({ condition: 'ALWAYS' }),
  CallOriginateInput: ({ line }) => ({
    ...{ fromExtensionId: JSON.stringify(line), to: '"+420222333444"', idempotencyKey: '"at-every-place"' },
  }),
  CallTransferInput: ({ call, line }) => ({ id: JSON.stringify(call), toExtensionId: JSON.stringify(line) }),
}

/** Fields of which exactly one is given. */
const ALTERNATIVES = [/^from[A-Z]/, /^to[A-Z]/]

const isInPlaceOf = (field: string, other: string): boolean =>
  field === other || ALTERNATIVES.some((alike) => alike.test(field) && alike.test(other))

/** The value of an argument in which this one stands, and what must stand beside it. */
function around(
  { name, type }: GraphQLArgument | GraphQLInputField,
  field: string,
  inner: string,
  { writable }: Reach,
) {
  const beside = Object.entries(BESIDE[getNamedType(type).name]?.(writable ?? NOTHING) ?? {})
    .filter(([other]) => !isInPlaceOf(field, other))
    .map(([other, literal]) => `${other}: ${literal}`)
  return `${name}: { ${[inner, ...beside].join(', ')} }`
}

/** What a caller can name. */
export interface Reach {
  /** Of an account it sees. */
  readonly accountKey: string
  /** Of a list that lacked something; only its own caller may use it. */
  readonly retryCursor: string
  readonly writable?: Writable
}

/** How each type that has such fields is reached by a caller. */
const REACHED: Readonly<Record<string, (reach: Reach, field: string) => string>> = {
  Query: (_reach, field) => `{ ${field} }`,
  Mutation: (_reach, field) => `mutation { ${field} }`,
  Subscription: (_reach, field) => `subscription { ${field} }`,
  Account: ({ accountKey }, field) => `{ account(key: "${accountKey}") { ${field} } }`,
  Did: (_reach, field) => `{ dids(first: 1) { nodes { ${field} } } }`,
  Extension: (_reach, field) => `{ extensions(first: 1) { nodes { ${field} } } }`,
  Group: (_reach, field) => `{ groups(first: 1) { nodes { ${field} } } }`,
  PhoneNumberLookup: (_reach, field) => `{ phoneNumber(number: "+420910000341") { ${field} } }`,
}

/** What of an answer tells whether anything was found. */
function shown({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type)
  const { name } = named
  // A feed goes on: nobody counts it.
  const total = isObjectType(named) && 'totalCount' in named.getFields() ? ' totalCount' : ''
  if (name.endsWith('Connection')) return `{ edges { cursor } pageInfo { hasNextPage hasPreviousPage }${total} }`
  if (name === 'CallStatistics') return '{ total { calls } rows { calls } sources { state } }'
  if (name === 'LiveCallList') return '{ nodes { id } sources { state } }'
  return name.endsWith('Payload') ? '{ userErrors { code message field } }' : '{ __typename id }'
}

/** Asks for as many as the place takes: a list all at once, one id after the other. */
export function questions(place: Place, reach: Reach, values: readonly string[], order = ''): string[] {
  const { type, field, way } = place
  const takesMany = isListType(getNullableType(way.at(-1)!.type))
  const paging =
    way[0]!.name === 'before' ? 'last: 2, ' : field.args.some(({ name }) => name === 'first') ? 'first: 2, ' : ''
  const gap = field.name === 'callRecordGap' && way[0]!.name === 'after' ? `cursor: "${reach.retryCursor}", ` : ''
  const given = takesMany ? [values] : values.slice(0, 10)
  return given
    .map((one) => JSON.stringify(one))
    .map((value) => {
      const last = `${way.at(-1)!.name}: ${value}`
      const written = way
        .slice(0, -1)
        .reduceRight((inner, input, at) => around(input, way[at + 1]!.name, inner, reach), last)
      return REACHED[type]!(reach, `${field.name}(${paging}${gap}${written}${order}) ${shown(field)}`)
    })
}

/** A filter takes ids of one type, and refuses all others alike. */
const FILTERED: Readonly<Record<string, NodeType>> = {
  ids: 'Account',
  accountIds: 'Account',
  extensionIds: 'Extension',
  groupIds: 'Group',
  didIds: 'Did',
}
export const fitting = ({ way }: Place, ids: readonly string[]): readonly string[] => {
  const { name } = way.at(-1)!
  // `nodes` takes ids of any type.
  const type = way.length > 1 || name !== 'ids' ? FILTERED[name] : undefined
  return type ? ids.filter((id) => parseGlobalId(id)!.type === type) : ids
}

/** The types of objects that inputs of writes name. */
const NAMED: Readonly<Record<string, NodeType>> = {
  callerIdDidId: 'Did',
  extensionId: 'Extension',
  fromExtensionId: 'Extension',
  toExtensionId: 'Extension',
  groupId: 'Group',
  fromGroupId: 'Group',
  toGroupId: 'Group',
  autoAttendantId: 'AutoAttendant',
  fromAutoAttendantId: 'AutoAttendant',
}
const WRITTEN: Readonly<Record<string, NodeType>> = {
  CallTransferInput: 'LiveCall',
  CallHangUpInput: 'LiveCall',
  ExtensionUpdateInput: 'Extension',
  ExtensionDeleteInput: 'Extension',
}

/** A few of the ids that this input of a write is for; null for any other place. */
export function meantFor({ field, way }: Place, ids: readonly string[]): readonly string[] | null {
  const { name } = way.at(-1)!
  const type = name === 'id' ? WRITTEN[getNamedType(way[0]!.type).name] : NAMED[name]
  if (!type) return null
  const account = /^call/.test(field.name) && type !== 'AutoAttendant' ? /-ipex$/ : /-bulutfon$/
  return ids.filter((id) => parseGlobalId(id)!.type === type && account.test(parseGlobalId(id)!.account)).slice(0, 2)
}
