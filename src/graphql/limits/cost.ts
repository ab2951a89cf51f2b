import {
  isObjectType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { Extensions } from 'type-graphql'

import type { NodeType } from '../../model/id.js'
import { DETAIL_FIELDS, type DetailField, type ListName, type NumberFilter } from '../../model/request-fields.js'

/**
 * The provider requests a field may cause, besides those of its parent. Lists and details are
 * shared within an operation, so this is the most that is sent. Nobody can know beforehand how many
 * groups or extensions an account has, nor how far a call log must be read until enough calls match
 * a filter the provider cannot evaluate: for those a typical number is assumed, and the budget of
 * requests really sent stops the rest.
 */
export interface FieldCost {
  /** Reads every account of the viewer. Absent: the accounts its parent objects belong to. */
  readonly accounts?: 'all'
  /** Lists its objects are looked up in; each is read once per account. */
  readonly lists?: readonly ListName[]
  /**
   * One request per object, at providers that have this field only in an object's detail; or those
   * that have the other field named here only there, when it has the value.
   */
  readonly detail?: true | DetailField
  /** The profile of the account: one request per account. */
  readonly profile?: true
  /** A page of calls. */
  readonly calls?: CallsCost
  /** The calls under way: one request per account whose provider lists them. */
  readonly currentCalls?: true
  /**
   * Details of this many objects per account, at providers that have one of these fields only
   * there.
   */
  readonly sweep?: { readonly fields: readonly DetailField[]; readonly objects: number }
  /** Looks objects up by the ids in its arguments: what one id costs, by the type of the object. */
  readonly ids?: Readonly<Record<NodeType, IdCost>>
  /**
   * Requests of a write: what it is checked by, itself, what is looked for where its answer is lost,
   * and what is read of its object afterwards.
   */
  readonly requests?: number
  /** Its page never holds more items than the viewer has accounts. */
  readonly pageOf?: 'accounts'
  /** A list that is the page of the object around it, whose field has `first`. */
  readonly items?: 'page'
  /** How many values of the answer its value counts as; default 1. */
  readonly values?: number
}

export interface CallsCost {
  /**
   * Whether the call log is read once per account, or once per parent object, or the archive in its
   * place: then lists alone are read, those of `groupBy`, too.
   */
  readonly per: 'account' | 'object' | 'archive'
  /** A filter that the field applies by itself. */
  readonly filter?: NumberFilter
}

/**
 * A list the object is looked up in; a request for it alone; the request and the detail of its call,
 * shared by all legs of that call; or nothing, for what this server knows itself.
 */
export type IdCost = ListName | 'request' | 'legs' | 'free'

/** What looking up anything a provider may refer to by number, name or id can cost. */
export const ANY_LIST = ['dids', 'extensions', 'groups'] as const satisfies readonly ListName[]

/** States what a field costs. Every field with a resolver does, with this or with `@Free`. */
export const Cost = (cost: FieldCost): PropertyDecorator & MethodDecorator => Extensions({ cost })

/** States that a field causes no provider request. */
export const Free = Cost({})

/** The provider requests a filter of calls may cause. */
export type FilterCost =
  | {
      /** The list its ids are looked up in. */
      readonly list: ListName
      /** A field that is read of each object there. */
      readonly detail?: DetailField
    }
  | {
      /** Reads the detail of every call found, at providers that say so. */
      readonly details: true
    }

/** States what a field of an input type for filtering calls costs; a filter without it is free. */
export const CostOfFilter = (cost: FilterCost): PropertyDecorator & MethodDecorator => Extensions({ cost })

/** The stated cost of a field; undefined for a plain value, which has no resolver. */
export const costOf = ({ extensions }: GraphQLField<unknown, unknown>): FieldCost | undefined =>
  extensions['cost'] as FieldCost | undefined

export const filterCostOf = ({ extensions }: GraphQLInputField): FilterCost | undefined =>
  extensions['cost'] as FilterCost | undefined

/**
 * Whether a type is a page of a list: its own methods cost nothing, because the list that made it
 * has been charged.
 */
export const isConnection = ({ name }: GraphQLObjectType): boolean => name.endsWith('Connection')

/**
 * Checks that no field with a resolver forgets its cost, and that the fields of details are
 * those that providers can name.
 *
 * @throws Error naming the field that is wrong.
 */
export function requireCosts(schema: GraphQLSchema): void {
  const details = new Set<string>(DETAIL_FIELDS)
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || isConnection(type)) continue
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`
      const cost = costOf(field)
      if (field.resolve && !cost) throw new Error(`${coordinate} does not state its cost`)
      if (cost?.detail === true && !details.delete(coordinate))
        throw new Error(`${coordinate} is not among DETAIL_FIELDS`)
    }
  }
  if (details.size > 0) throw new Error(`${[...details].join(', ')}: no such field costs a detail`)
}
