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
 * What a field asks of its caller; null: nothing. Every field of Query and Mutation says so, and below them those that need more: what is
 * reached through a field was allowed with it.
 */
export const Needs = (scope: Scope | null): PropertyDecorator & MethodDecorator => Extensions({ scope })

/** The scope a field was given with `Needs`; undefined when it says nothing. */
export const scopeOf = ({ extensions }: GraphQLField<unknown, unknown>): Scope | null | undefined =>
  extensions['scope'] as Scope | null | undefined

/**
 * Makes every field that needs a scope ask for it before it is resolved; the others are left as they are. Throws for a field of Query or
 * Mutation that does not say what it needs.
 */
export function enforceScopes(schema: GraphQLSchema): void {
  const roots = new Set([schema.getQueryType(), schema.getMutationType()])
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

/** A list that is never null but may lack items checks them itself: to fail whole, it would take the rest of the answer along. */
const failsItemByItem = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) && isListType(type.ofType) && !isNonNullType(type.ofType.ofType)
