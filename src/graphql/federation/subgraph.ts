import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  type GraphQLFieldConfigMap,
} from 'graphql'

import type { Context } from '../context.js'
import { COST_OF_ID } from '../resolvers/node.resolver.js'
import type { FieldCost } from '../limits/cost.js'
import type { Scope } from '../scope.js'
import { entities, ENTITIES } from './entities.js'
import { subgraphSdl } from './subgraph-sdl.js'

/** What `@Needs` and `@Cost` write on the fields of resolver classes. */
interface FieldFacts {
  readonly scope: Scope | null
  readonly cost: FieldCost
}

/**
 * The same schema with the two queries a gateway asks of a subgraph. Types, fields and resolvers
 * are those of the schema itself: nothing is built a second time.
 *
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export function asSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const { types, ...config } = schema.toConfig()
  const query = config.query!.toConfig()
  return new GraphQLSchema({
    ...config,
    types: types.filter((type) => type !== config.query),
    query: new GraphQLObjectType({ ...query, fields: { ...query.fields, ...gatewayQueries(schema) } }),
  })
}

function gatewayQueries(schema: GraphQLSchema): GraphQLFieldConfigMap<unknown, Context> {
  const service = new GraphQLObjectType({
    name: '_Service',
    description: 'This graph as a gateway sees it.',
    fields: { sdl: { type: GraphQLString, description: 'The schema with the directives of Federation 2.' } },
  })
  const entity = new GraphQLUnionType({
    name: '_Entity',
    description: 'What other subgraphs may refer to.',
    types: ENTITIES.map((name) => schema.getType(name) as GraphQLObjectType),
  })
  const any = new GraphQLScalarType({
    name: '_Any',
    description: 'A reference to an object: `{ "__typename": "Extension", "id": … }`.',
  })
  let sdl: string | undefined
  return {
    _service: {
      type: new GraphQLNonNull(service),
      description: 'The schema for composition.',
      extensions: { scope: null, cost: {} } satisfies FieldFacts,
      resolve: () => ({ sdl: (sdl ??= subgraphSdl(schema)) }),
    },
    _entities: {
      type: new GraphQLNonNull(new GraphQLList(entity)),
      description: 'The objects that references stand for, in their order, null where there is none.',
      args: {
        representations: {
          type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(any))),
          description: 'The references, to at most 100 different objects.',
        },
      },
      extensions: { scope: 'telephony:read:own', cost: { ids: COST_OF_ID } } satisfies FieldFacts,
      resolve: (_source, { representations }, context) => entities(representations as readonly unknown[], context),
    },
  }
}
