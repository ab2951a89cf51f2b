import { Kind, lexicographicSortSchema, parse, printSchema, type GraphQLSchema } from 'graphql'

import { ENTITIES } from './entities.js'

/** What stands in front of the schema: the version of Federation, and the directives it uses. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])`

/**
 * Directives by type, or by type and field. Every graph with pages has a `PageInfo`, so it is
 * shared. `node` and `nodes` would look like those of the supergraph, and know only ids of this
 * graph.
 */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ...ENTITIES.map((name) => [name, '@key(fields: "id")'] as const),
  ['PageInfo', '@shareable'],
  ['Query.node', '@inaccessible'],
  ['Query.nodes', '@inaccessible'],
])

/**
 * The schema as a subgraph of Federation 2.9, in text: as graphql prints it, with directives.
 * Composition adds `_service` and `_entities` itself. In the order of the alphabet, because the
 * schema's own follows from the order in which modules are loaded: a server and the file in the
 * package must say the same.
 */
export function subgraphSdl(schema: GraphQLSchema): string {
  const plain = printSchema(lexicographicSortSchema(schema))
  const pieces = [LINK, '\n\n']
  let end = 0
  for (const { coordinate, at } of places(plain)) {
    const directive = DIRECTIVES.get(coordinate)
    if (directive === undefined) continue
    pieces.push(plain.slice(end, at), ' ', directive)
    end = at
  }
  return [...pieces, plain.slice(end)].join('')
}

/** Where directives of each object type and field belong in a printed schema, from its beginning. */
function* places(printed: string): Generator<{ readonly coordinate: string; readonly at: number }> {
  for (const type of parse(printed).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    const { name, interfaces = [], fields = [] } = type
    // Behind the last word before the fields.
    yield { coordinate: name.value, at: (interfaces.at(-1) ?? name).loc!.end }
    for (const field of fields) yield { coordinate: `${name.value}.${field.name.value}`, at: field.loc!.end }
  }
}
