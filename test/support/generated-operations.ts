import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLNamedInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

import { createRandom, type Random } from '../../src/emulator/random.js'
import { DEFAULT_PAGE_SIZE } from '../../src/graphql/page-size.js'
import { operationSize } from './operation-size.js'
import type { OperationMaterial } from './operation-material.js'

/**
 * One operation as a client would send it. The same seed and material give the same one, on every
 * machine.
 */
export interface GeneratedOperation {
  readonly seed: number
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

export interface GenerationOptions {
  /** Of the first operation; the next ones have the next seeds. */
  readonly seed?: number
  /**
   * Coordinates of fields that are left out, such as those that differ from one response to the
   * next.
   */
  readonly without?: readonly string[]
  /** The most provider requests an operation may cause, as estimated here; default 120. */
  readonly requests?: number
}

/**
 * `count` valid queries, each within the default limits: tokens, depth, aliases, root fields,
 * directives, requests.
 */
export function generateOperations(
  schema: GraphQLSchema,
  material: OperationMaterial,
  count: number,
  options: GenerationOptions = {},
): GeneratedOperation[] {
  const first = options.seed ?? 1
  return Array.from({ length: count }, (_, at) => generateOperation(schema, material, first + at, options))
}

export function generateOperation(
  schema: GraphQLSchema,
  material: OperationMaterial,
  seed: number,
  options: Omit<GenerationOptions, 'seed'> = {},
): GeneratedOperation {
  // Operations with fields that cannot be merged, or too large, are drawn again: rare, and simpler
  // than avoiding them.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const random = createRandom(seed * 1_000 + attempt)
    const { query, variables } = new OperationWriter(schema, material, random, options).write()
    const document = parse(query)
    if (validate(schema, document).length === 0 && isWithinLimits(operationSize(document))) {
      return { seed, query, variables }
    }
  }
  throw new Error(`no operation could be made of the seed ${seed}`)
}

const isWithinLimits = ({ tokens, depth, aliases, rootFields, directives }: ReturnType<typeof operationSize>) =>
  tokens <= 2_000 && depth <= 15 && aliases <= 30 && rootFields <= 20 && directives <= 50

/** The most levels of nested fields; connections take two levels per list. */
const DEPTH = 11
const FIELDS = 60

/**
 * Requests per object. Estimated apart from the costs the server states, so that these can be
 * tested.
 */
const COSTS_EACH: Readonly<Record<string, number>> = {
  'Did.businessHours': 1,
  'Did.callRecords': 6,
  'Extension.callerIdDid': 1,
  'Extension.voicemailEnabled': 1,
  'Extension.forwarding': 1,
  'Extension.callPermissions': 1,
  'Extension.callRecords': 60,
  'Group.number': 1,
  'Group.displayNumber': 1,
  'Group.members': 1,
  'Group.memberCount': 1,
  'Group.callRecords': 60,
  'CallRecord.answeredBy': 1,
  'CallRecord.groups': 1,
  'CallRecord.legs': 1,
  'Account.callRecords': 5,
  'Query.callRecords': 10,
  'PhoneNumberLookup.callRecords': 12,
  'PhoneNumberLookup.extensions': 40,
  'Query.node': 3,
  'Query.nodes': 12,
}
/** Requests per account. */
const COSTS_ONCE: Readonly<Record<string, number>> = { 'Extension.groups': 15, 'Account.groups': 3, 'Query.groups': 3 }
/** Filters that may need the detail of every object. */
const COSTLY_FILTERS: ReadonlySet<string> = new Set(['extensionIds', 'groupIds', 'didIds', 'hasRecording'])
const COSTLY_FILTER = 100

interface Place {
  readonly depth: number
  /** The most objects that can be here. */
  readonly objects: number
  /** The response names in use here. */
  readonly taken: Map<string, Taken>
}
interface Taken {
  readonly signature: string
  readonly below: Place['taken']
}

/** Writes one operation at random. */
class OperationWriter {
  readonly #schema: GraphQLSchema
  readonly #material: OperationMaterial
  readonly #random: Random
  readonly #without: ReadonlySet<string>
  readonly #definitions: string[] = []
  readonly #declared: string[] = []
  readonly #variables: Record<string, unknown> = {}
  readonly #fragments: { readonly name: string; readonly on: string; readonly requests: number }[] = []
  #requestsLeft: number
  #fieldsLeft: number
  #names = 0

  constructor(
    schema: GraphQLSchema,
    material: OperationMaterial,
    random: Random,
    { without = [], requests = 120 }: GenerationOptions,
  ) {
    this.#schema = schema
    this.#material = material
    this.#random = random
    this.#without = new Set(without)
    this.#requestsLeft = requests
    this.#fieldsLeft = random.whole(6, FIELDS)
  }

  write(): Pick<GeneratedOperation, 'query' | 'variables'> {
    const query = this.#schema.getQueryType()!
    const body = this.#selection(query, { depth: 0, objects: 1, taken: new Map() }, this.#random.whole(1, 4))
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : ''
    const operation = `query Generated${declared} ${body}`
    return { query: [operation, ...this.#definitions].join('\n'), variables: this.#variables }
  }

  #selection(type: GraphQLCompositeType, place: Place, wanted: number): string {
    const parts: string[] = []
    for (let part = 0; part < wanted; part += 1) parts.push(...this.#part(type, place))
    // A selection must not be empty, even where nothing could be afforded.
    return `{ ${parts.length > 0 ? parts.join(' ') : this.#leaf(place)} }`
  }

  #leaf({ taken }: Place): string {
    taken.set('__typename', { signature: '__typename', below: new Map() })
    return '__typename'
  }

  /** One field, or a fragment with several. */
  #part(type: GraphQLCompositeType, place: Place): string[] {
    const random = this.#random
    if (this.#fieldsLeft <= 0) return []
    if (random.chance(0.06)) return [this.#leaf(place) + this.#condition()]
    const isBare = isAbstractType(type) && !isInterfaceType(type)
    if (isBare || random.chance(isAbstractType(type) ? 0.6 : 0.12)) return this.#fragment(type, place)
    const fields = Object.values((type as GraphQLObjectType | GraphQLInterfaceType).getFields())
    if (type === this.#schema.getQueryType()) {
      const root = random.weighted(ROOTS)
      return (
        this.#field(
          type.name,
          fields.find(({ name }) => name === root)!,
          place,
        ) ?? []
      )
    }
    // Objects are preferred to values, and the items of a list to its facts: they cause the work.
    const objects = fields.filter((field) => !isLeafType(getNamedType(field.type)))
    const items = objects.filter(({ name }) => ITEMS.has(name))
    const drawn = items.length > 0 && random.chance(0.6) ? items : random.chance(0.4) ? objects : fields
    return this.#field(type.name, random.pick(drawn.length > 0 ? drawn : fields), place) ?? []
  }

  #fragment(type: GraphQLCompositeType, place: Place): string[] {
    const random = this.#random
    const target = this.#conditionFor(type)
    const known = this.#fragments.find(({ on }) => on === target.name)
    if (known && random.chance(0.4) && this.#spend(known.requests * place.objects)) {
      return [`...${known.name}${this.#condition()}`]
    }
    const before = this.#requestsLeft
    const body = this.#selection(target, place, random.whole(1, 3))
    if (random.chance(0.4)) {
      const name = `Part${this.#fragments.length + 1}`
      this.#definitions.push(`fragment ${name} on ${target.name} ${body}`)
      this.#fragments.push({ name, on: target.name, requests: before - this.#requestsLeft })
      return [`...${name}${this.#condition()}`]
    }
    const on = target === type && random.chance(0.5) ? '' : ` on ${target.name}`
    return [`...${on}${this.#condition()} ${body}`]
  }

  /** The type itself, one of its possible types, or one of its interfaces. */
  #conditionFor(type: GraphQLCompositeType): GraphQLCompositeType {
    if (isAbstractType(type)) return this.#random.pick(this.#schema.getPossibleTypes(type))
    const interfaces = isObjectType(type) ? type.getInterfaces() : []
    return interfaces.length > 0 && this.#random.chance(0.3) ? this.#random.pick(interfaces) : type
  }

  /** Null when the field is not possible here. */
  #field(parent: string, field: GraphQLField<unknown, unknown>, place: Place): string[] | null {
    const coordinate = `${parent}.${field.name}`
    const type = getNamedType(field.type)
    if (this.#without.has(coordinate)) return null
    if (!isLeafType(type) && place.depth >= DEPTH - 1) return null
    const size = this.#pageSize(coordinate, field)
    const costs = (COSTS_EACH[coordinate] ?? 0) * place.objects + (COSTS_ONCE[coordinate] ?? 0)
    if (!this.#spend(costs)) return null
    this.#fieldsLeft -= 1
    const given = this.#arguments(coordinate, field, size)
    const signature = `${field.name}${given} ${String(field.type)}`
    const name = this.#responseName(field.name, signature, place)
    const called = `${name === field.name ? '' : `${name}: `}${field.name}${given}${this.#condition()}`
    if (isLeafType(type)) return [called]
    const { below } = place.taken.get(name)!
    const objects = place.objects * (size ?? (isListType(getNullableType(field.type)) ? LISTED : 1))
    const next = { depth: place.depth + 1, objects, taken: below }
    return [`${called} ${this.#selection(type as GraphQLCompositeType, next, this.#random.whole(1, 5))}`]
  }

  /** The field's own name where that is unused, or used for the same; else an alias. */
  #responseName(name: string, signature: string, { taken }: Place): string {
    const same = taken.get(name)
    if (same?.signature === signature && this.#random.chance(0.8)) return name
    const free = !same && this.#random.chance(0.95) ? name : `${name}${(this.#names += 1)}`
    taken.set(free, { signature, below: new Map() })
    return free
  }

  #spend(requests: number): boolean {
    if (requests > this.#requestsLeft) return false
    this.#requestsLeft -= requests
    return true
  }

  #condition(): string {
    const random = this.#random
    if (!random.chance(0.07)) return ''
    const value = random.chance(0.5)
    const condition = random.chance(0.5) ? String(value) : this.#variable('Boolean!', value)
    return ` @${random.pick(['skip', 'include'])}(if: ${condition})`
  }

  /** The page size: a number, the default, or null for a field without pages. */
  #pageSize(coordinate: string, { args }: GraphQLField<unknown, unknown>): number | null {
    if (!args.some(({ name }) => name === 'first')) return null
    const isRequired = coordinate === 'Query.callRecords'
    return !isRequired && this.#random.chance(0.15) ? DEFAULT_PAGE_SIZE : this.#random.whole(1, 4)
  }

  #arguments(coordinate: string, { args }: GraphQLField<unknown, unknown>, size: number | null): string {
    const page = this.#pageArguments(coordinate, args, size)
    const others = args.filter(({ name }) => !PAGING.has(name) && !(coordinate === 'Query.account' && name === 'id'))
    const given = [
      ...page,
      ...others.flatMap((argument) => {
        const isNeeded = isNonNullType(argument.type) || coordinate === 'Query.account'
        return isNeeded || this.#random.chance(0.45) ? [`${argument.name}: ${this.#value(argument, coordinate)}`] : []
      }),
    ]
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }

  #pageArguments(coordinate: string, args: readonly GraphQLArgument[], size: number | null): string[] {
    const random = this.#random
    if (size === null) return []
    if (size === DEFAULT_PAGE_SIZE) return random.chance(0.3) ? [`first: ${this.#variable('Int')}`] : []
    const direction = args.some(({ name }) => name === 'last') && random.chance(0.3) ? 'last' : 'first'
    return [`${direction}: ${random.chance(0.3) ? this.#variable('Int', size) : size}`]
  }

  /** A literal, or a variable with the value. */
  #value(input: GraphQLArgument | GraphQLInputField, coordinate: string): string {
    const { type, name } = input
    const value = this.#draw(type, name, coordinate)
    if (!this.#random.chance(0.3)) return literal(value, type)
    if (!isNonNullType(type) && coordinate !== 'Query.account' && this.#random.chance(0.15)) {
      return this.#variable(String(type))
    }
    if (this.#random.chance(0.2)) return this.#variable(String(type), undefined, literal(value, type))
    return this.#variable(String(type), value)
  }

  /** With `value` undefined the variable is not sent; its default applies, if it has one. */
  #variable(type: string, value?: unknown, byDefault?: string): string {
    const name = `v${this.#declared.length + 1}`
    this.#declared.push(`$${name}: ${type}${byDefault === undefined ? '' : ` = ${byDefault}`}`)
    if (value !== undefined) this.#variables[name] = value
    return `$${name}`
  }

  #draw(type: GraphQLInputType, name: string, coordinate: string): unknown {
    const nullable = getNullableType(type)
    if (isListType(nullable)) {
      const item: GraphQLInputType = nullable.ofType
      return Array.from({ length: this.#random.whole(1, 3) }, () => this.#draw(item, name, coordinate))
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter((field) => this.#isAffordable(field))
      const drawn = fields.filter((field) => isNonNullType(field.type) || this.#random.chance(0.3))
      return Object.fromEntries(drawn.map((field) => [field.name, this.#draw(field.type, field.name, nullable.name)]))
    }
    return this.#scalar(getNamedType(nullable), name, coordinate)
  }

  #isAffordable({ name }: GraphQLInputField): boolean {
    return !COSTLY_FILTERS.has(name) || (this.#random.chance(0.1) && this.#spend(COSTLY_FILTER))
  }

  #scalar(type: GraphQLNamedInputType, name: string, coordinate: string): unknown {
    const { accountIds, objectIds, accountKeys, providers, numbers, internalNumbers, words, times } = this.#material
    const random = this.#random
    if (isEnumType(type)) return random.pick(type.getValues()).name
    switch (type.name) {
      case 'ID':
        if (name === 'accountIds' || coordinate === 'AccountFilter') return random.pick(accountIds)
        return random.chance(0.9) ? random.pick([...objectIds, ...accountIds]) : 'nothing-has-this-id'
      case 'PhoneNumber':
        return random.pick(numbers)
      case 'DateTime':
        return random.pick(times)
      case 'Boolean':
        return random.chance(0.5)
      case 'Int':
        return name === 'expiresInSeconds' ? random.whole(1, 3_600) : random.whole(0, 300)
      default:
        if (name === 'key') return random.pick(accountKeys)
        if (name === 'slug' || name === 'providers') return random.pick(providers)
        if (name === 'numbers') return random.pick(internalNumbers)
        return random.pick(words)
    }
  }
}

/** The weights of the root fields: mostly those that cause provider requests. */
const ROOTS = {
  account: 5,
  accounts: 5,
  dids: 5,
  extensions: 5,
  groups: 5,
  callRecords: 4,
  phoneNumber: 2,
  node: 2,
  nodes: 1,
  provider: 1,
  providers: 1,
  viewer: 1,
}
const ITEMS: ReadonlySet<string> = new Set(['nodes', 'edges', 'node'])
/** Objects assumed for a list without pages. */
const LISTED = 3
/** Cursors are left out: they come from a response. */
const PAGING: ReadonlySet<string> = new Set(['first', 'last', 'after', 'before'])

/** A value as a literal of the document. */
function literal(value: unknown, type: GraphQLInputType): string {
  const nullable = getNullableType(type)
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const item = isListType(nullable) ? (nullable.ofType as GraphQLInputType) : nullable
    return `[${value.map((one) => literal(one, item)).join(', ')}]`
  }
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields()
    const entries = Object.entries(value as Record<string, unknown>)
    return `{ ${entries.map(([name, one]) => `${name}: ${literal(one, fields[name]!.type)}`).join(', ')} }`
  }
  return isEnumType(nullable) ? String(value) : JSON.stringify(value)
}
