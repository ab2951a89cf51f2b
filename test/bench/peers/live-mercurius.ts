/** Mercurius with its own subscriptions and pub/sub. */
import fastify from 'fastify'
import { mercurius, type IResolvers } from 'mercurius'

import type { Delivery } from '../live/question.js'
import { eventOf, typeDefs } from './live-graph.js'

const resolvers: IResolvers = {
  Subscription: { callEvents: { subscribe: (_root, _args, { pubsub }) => pubsub.subscribe('callEvents') } },
}

const app = fastify()
await app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, subscription: true })
app.post<{ Body: Delivery }>('/webhook', async ({ body }, reply) => {
  app.graphql.pubsub.publish({ topic: 'callEvents', payload: { callEvents: eventOf(body) } })
  return reply.code(204).send()
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`GraphQL: ${address}/graphql`)
