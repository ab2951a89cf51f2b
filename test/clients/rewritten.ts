import {
  getNamedType,
  isAbstractType,
  isUnionType,
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type InlineFragmentNode,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql'

import { schema, type Question } from './questions.js'

/**
 * The same question with the `id` of every object that has one. Relay asks for ids by itself; Apollo Client and urql keep
 * an object without its id inside another one, so that it is there twice.
 */
export function withIds({ query, ...question }: Question): Question {
  const types = new TypeInfo(schema)
  const id: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } }
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
  const onNode: InlineFragmentNode = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Node' } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [id] },
  }
  const visitor: ASTVisitor = {
    SelectionSet(set) {
      const type = types.getParentType()!
      // They ask for the type by themselves, unless `__typename @include(if: false)` is there already.
      const kept = set.selections.filter((one) => one.kind !== Kind.FIELD || one.name.value !== '__typename')
      const more = !isUnionType(type) && 'id' in type.getFields() ? [id] : isAbstractType(type) ? [onNode] : []
      const selections = [...kept, ...more]
      return { ...set, selections: selections.length > 0 ? selections : [typename] }
    },
  }
  return { ...question, query: print(withoutUnusedVariables(visit(parse(query), visitWithTypeInfo(types, visitor)))) }
}

/**
 * One operation with a name that Relay takes, and without fragments: Relay would hide what is in them from the asker. It
 * refuses, too, what can never be: `... on Extension { ... on Node { ... on Did { id } } }`.
 */
export function forRelay(query: string, index: number): string {
  const document = parse(query)
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  )
  const name: NameNode = { kind: Kind.NAME, value: `Asked${index}Query` }
  const inlined: DocumentNode = visit(
    { ...document, definitions: document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) },
    {
      OperationDefinition: (operation) => ({ ...operation, name }),
      // `String! = "browser"` is refused as well; with a default the `!` says nothing.
      VariableDefinition: (definition) =>
        definition.defaultValue && definition.type.kind === Kind.NON_NULL_TYPE
          ? { ...definition, type: definition.type.type }
          : undefined,
      FragmentSpread({ name, directives }) {
        const { typeCondition, selectionSet } = fragments.get(name.value)!
        return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet, ...(directives && { directives }) }
      },
    },
  )
  return print(withoutUnusedVariables(withoutImpossible(inlined)))
}

function withoutImpossible(document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema)
  const possible: (readonly GraphQLNamedType[])[] = []
  const typesOf = (type: GraphQLNamedType): readonly GraphQLNamedType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  const visitor: ASTVisitor = {
    Field: {
      enter(field) {
        if (isNeverAsked(field)) return null
        possible.push(typesOf(getNamedType(types.getType()!)))
        return undefined
      },
      leave: () => void possible.pop(),
    },
    InlineFragment: {
      enter(fragment) {
        if (isNeverAsked(fragment)) return null
        const { typeCondition } = fragment
        const wanted = typeCondition && typesOf(schema.getType(typeCondition.name.value)!)
        const left = possible.at(-1)?.filter((type) => wanted?.includes(type) ?? true) ?? wanted ?? []
        if (left.length === 0) return null
        possible.push(left)
        return undefined
      },
      leave: () => void possible.pop(),
    },
    SelectionSet: {
      leave(set) {
        const isRoot = types.getParentType() === schema.getQueryType()
        const kept = isRoot ? set.selections.filter((one) => !isTypename(one)) : set.selections
        return { ...set, selections: kept.length > 0 ? kept : isRoot ? VIEWER : TYPENAME }
      },
    },
  }
  return visit(document, visitWithTypeInfo(types, visitor))
}
const isNeverAsked = ({ directives = [] }: FieldNode | InlineFragmentNode) =>
  directives.some(({ name, arguments: [condition] = [] }) => {
    const { value } = condition!
    return value.kind === Kind.BOOLEAN && value.value === (name.value === 'skip')
  })
const selectionsOf = (text: string) => (parse(text).definitions[0] as OperationDefinitionNode).selectionSet.selections
const TYPENAME = selectionsOf('{ __typename }')
const VIEWER = selectionsOf('{ viewer { workspace } }')
const isTypename = (one: SelectionNode) => one.kind === Kind.FIELD && one.name.value === '__typename'

function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Map<string, number>()
  visit(document, { Variable: ({ name }) => void used.set(name.value, (used.get(name.value) ?? 0) + 1) })
  // Once: in its definition.
  return visit(document, {
    VariableDefinition: ({ variable }) => (used.get(variable.name.value) === 1 ? null : undefined),
  })
}
