import {
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'

/** Whether a field states it with `HoldsCredential`. */
export const holdsCredential = ({ extensions }: GraphQLField<unknown, unknown>): boolean =>
  extensions['holdsCredential'] === true

/**
 * Whether a valid document selects a field that may hold a credential, in any of its operations and
 * whatever its variables leave out. Remembered for as long as the document is.
 */
export function credentialSelector(schema: GraphQLSchema): (document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>()
  const mayHold = (parent: GraphQLCompositeType | null | undefined, name: string): boolean =>
    (isAbstractType(parent) ? schema.getPossibleTypes(parent) : isObjectType(parent) ? [parent] : []).some((type) => {
      const field = type.getFields()[name]
      return field !== undefined && holdsCredential(field)
    })
  const selects = (document: DocumentNode): boolean => {
    const types = new TypeInfo(schema)
    let isSelected = false
    const Field = ({ name }: { readonly name: { readonly value: string } }) =>
      void (isSelected ||= mayHold(types.getParentType(), name.value))
    visit(document, visitWithTypeInfo(types, { Field }))
    return isSelected
  }
  return (document) => {
    let answer = known.get(document)
    if (answer === undefined) known.set(document, (answer = selects(document)))
    return answer
  }
}
