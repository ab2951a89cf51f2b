import type { GraphQLField } from 'graphql'
import { Extensions } from 'type-graphql'

import type { AccountLoader } from '../../loaders/account-loader.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { Reference } from '../../model/reference.js'
import type { EdgeField, ListName } from '../../model/request-fields.js'

/** An object of one of an account's lists. */
export type Item = Did | Extension | Group

/** In which lists a field looks up what its object refers to. */
export interface EdgeLists<T> {
  /** All it may look in, but for the list the object itself is from. */
  readonly lists: readonly ListName[]
  /**
   * Those it will look in for this object, as far as the object's own row shows: its detail is not
   * counted.
   */
  readonly needed: (item: T) => readonly ListName[]
}

/**
 * States that a field leads from an object of a list to objects of other lists, so that these can
 * be read ahead.
 */
export const Edge = <T extends Item>(edge: EdgeLists<T>): PropertyDecorator & MethodDecorator => Extensions({ edge })

/** A field with its edge. */
export interface FieldEdge extends EdgeLists<never> {
  readonly field: EdgeField
}

/** The edge a field states; null when it states none. */
export function edgeOf(type: string, { name, extensions }: GraphQLField<unknown, unknown>): FieldEdge | null {
  const edge = extensions['edge'] as EdgeLists<never> | undefined
  return edge ? { ...edge, field: `${type}.${name}` as EdgeField } : null
}

/**
 * The lists that this field of this object leads to; none at a provider where the field is always
 * null.
 */
export function listsNeeded({ field, needed }: FieldEdge, item: Item, account: AccountLoader): readonly ListName[] {
  return account.lacks(field) ? [] : needed(item as never)
}

const LISTS: Readonly<Partial<Record<Reference['kind'], ListName>>> = {
  Did: 'dids',
  Extension: 'extensions',
  Group: 'groups',
}

/**
 * The list a reference is looked up in; none for what is not looked up, and without a reference.
 */
export const listOf = (reference: Reference | null | undefined): readonly ListName[] => {
  const list = reference && LISTS[reference.kind]
  return list ? [list] : []
}

/** Ids the provider does not give (undefined) are found in reverse, by reading the whole list. */
export const listOfIds = (ids: readonly string[] | undefined, list: ListName): readonly ListName[] =>
  ids?.length === 0 ? [] : [list]
