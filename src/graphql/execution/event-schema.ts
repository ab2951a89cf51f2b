import { GraphQLSchema, Kind, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql'

/**
 * The schema in which the events of subscriptions are executed: its queries are the subscriptions,
 * with the event as their root value. So events are compiled as queries are: graphql-jit would
 * subscribe, too, and gives a field's `subscribe` the variables in place of its arguments.
 */
export function eventSchema(schema: GraphQLSchema): GraphQLSchema | null {
  const query = schema.getSubscriptionType()
  if (!query) return null
  return new GraphQLSchema({ ...schema.toConfig(), query, mutation: null, subscription: null, assumeValid: true })
}

/** The document with its subscription as a query; made once for each subscription. */
export function eventDocuments(): (document: DocumentNode, subscription: OperationDefinitionNode) => DocumentNode {
  const made = new WeakMap<OperationDefinitionNode, DocumentNode>()
  return (document, subscription) => {
    const known = made.get(subscription)
    if (known) return known
    const query: OperationDefinitionNode = { ...subscription, operation: OperationTypeNode.QUERY }
    // Other operations are left out: the one that runs is then the only one.
    const fragments = document.definitions.filter(({ kind }) => kind !== Kind.OPERATION_DEFINITION)
    const event: DocumentNode = { ...document, definitions: [query, ...fragments] }
    made.set(subscription, event)
    return event
  }
}
