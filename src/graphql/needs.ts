import {
  defaultFieldResolver,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { Extensions } from 'type-graphql'

import type { Context } from './context.js'
import { requireScope, type Scope } from './scope.js'

/**
 * The scope a field requires of the caller; null: none. Every field of Query, Mutation and
 * Subscription states it, and below them only fields that require more: the rest is allowed with the field it is
 * reached through.
 */
export const Needs = (scope: Scope | null): PropertyDecorator & MethodDecorator => Extensions({ scope })

/** The scope a field states with `Needs`; undefined when it states nothing. */
export const scopeOf = ({ extensions }: GraphQLField<unknown, unknown>): Scope | null | undefined =>
  extensions['scope'] as Scope | null | undefined

/**
 * Makes every field that needs a scope check it before it is resolved; the others are left as they
 * are.
 *
 * @throws Error for a field of Query, Mutation or Subscription that does not state its scope.
 */
export function enforceScopes(schema: GraphQLSchema): void {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const scope = scopeOf(field)
      if (scope === undefined && roots.has(type))
        throw new Error(`${type.name}.${field.name} does not say what it needs`)
      if (scope && !failsItemByItem(field.type)) guard(field, scope)
    }
  }
}

function guard(field: GraphQLField<unknown, Context>, scope: Scope): void {
  const { resolve = defaultFieldResolver } = field
  field.resolve = (source, args, context, info) => {
    requireScope(context, scope)
    return resolve(source, args, context, info)
  }
}

/**
 * A non-null list of nullable items checks the scope per item: failing as a whole would null its
 * parent as well.
 */
const failsItemByItem = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) && isListType(type.ofType) && !isNonNullType(type.ofType.ofType)
