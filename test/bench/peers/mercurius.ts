import fastify from 'fastify'
import { mercurius, type IResolvers } from 'mercurius'

import { createContext, resolvers, typeDefs } from './graph.js'

const app = fastify()
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: resolvers as unknown as IResolvers,
  context: createContext,
  // Compiled the first time it is asked.
  jit: 1,
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`GraphQL: ${address}/graphql`)
