import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { getMetadataStorage } from 'type-graphql'

import type { Context } from './context.js'

type Resolve = GraphQLFieldResolver<unknown, Context, Readonly<Record<string, unknown>>>
type Storage = ReturnType<typeof getMetadataStorage>
type FieldResolver = Storage['fieldResolvers'][number]
type Query = Storage['queries'][number]
type Parameter = NonNullable<FieldResolver['params']>[number]

/**
 * Lets graphql call the methods of the resolver classes directly. type-graphql calls them through a
 * chain that finds the instance, sorts the parameters and copies arguments into instances of their
 * classes, for each field of each object. Nothing here needs that: arguments are only read, and
 * every type knows its own objects. Mutations keep type-graphql's chain: they are few.
 *
 * @throws Error for a method whose middleware or parameters would be lost.
 */
export function resolveDirectly(schema: GraphQLSchema): void {
  const storage = getMetadataStorage()
  const instances = new Map<object, object>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type === schema.getMutationType()) continue
    const methods =
      type === schema.getQueryType()
        ? byName(storage.queries)
        : type === schema.getSubscriptionType()
          ? byName(storage.subscriptions)
          : methodsOf(storage, type.name)
    for (const field of Object.values(type.getFields())) {
      const method = methods.get(field.name)
      if (field.resolve && method) field.resolve = direct(method, instances)
    }
  }
}

const byName = (methods: readonly Query[]) => new Map(methods.map((method) => [method.schemaName, method]))

/** The methods of the type itself, of the classes it extends, and of its interfaces. */
function methodsOf({ objectTypes, interfaceTypes, fieldResolvers }: Storage, name: string): Map<string, FieldResolver> {
  const declared = objectTypes.find((type) => type.name === name)
  if (!declared) return new Map()
  const classes = new Set<unknown>(declared.interfaceClasses ?? [])
  for (let one: unknown = declared.target; typeof one === 'function'; one = Object.getPrototypeOf(one)) classes.add(one)
  for (const { target, interfaceClasses } of interfaceTypes) {
    if (classes.has(target)) for (const one of interfaceClasses ?? []) classes.add(one)
  }
  const own = fieldResolvers.filter((resolver) => classes.has(resolver.getObjectType!()))
  const isInherited = (resolver: FieldResolver) => resolver.getObjectType!() !== declared.target
  // Later entries replace earlier ones: a type's own method replaces that of its interface.
  const inOrder = [...own.filter(isInherited), ...own.filter((resolver) => !isInherited(resolver))]
  return new Map(inOrder.map((resolver) => [resolver.schemaName, resolver]))
}

function direct(method: FieldResolver | Query, instances: Map<object, object>): Resolve {
  const { methodName, params = [], target } = method
  if ((method.middlewares ?? []).length > 0) throw new Error(`${methodName} has middleware, which would be left out`)
  const readers = [...params].sort((a, b) => a.index - b.index).map(reader)
  const [first, second] = readers
  if ('kind' in method && method.kind === 'internal') {
    if (first) throw new Error(`${methodName} takes parameters, and a type's own methods take none`)
    return (source) => (source as Methods)[methodName]!()
  }
  const instance = (instances.get(target) ?? new (target as unknown as new () => object)()) as Methods
  instances.set(target, instance)
  if (readers.length === 1) return (...args) => instance[methodName]!(first!(...args))
  if (readers.length === 2) return (...args) => instance[methodName]!(first!(...args), second!(...args))
  return (...args) => instance[methodName]!(...readers.map((read) => read(...args)))
}

type Methods = Record<string, (...parameters: unknown[]) => unknown>

function reader(parameter: Parameter): Resolve {
  switch (parameter.kind) {
    case 'root':
      return (source) => source
    case 'args':
      return (_source, args) => args
    case 'arg': {
      const { name } = parameter
      return (_source, args) => args[name]
    }
    case 'context':
      return (_source, _args, context) => context
    case 'info':
      return (_source, _given, _context, info) => info
    default:
      throw new Error(`a parameter of kind ${parameter.kind} is not supported here`)
  }
}
