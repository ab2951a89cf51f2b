/** Yoga with its own pub/sub, over its server-sent events and over graphql-ws, joined as its documentation joins them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { ExecutionArgs } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'

import { eventOf, readDelivery, typeDefs, type CallEvent } from './live-graph.js'

const pubSub = createPubSub<{ callEvents: [CallEvent] }>()
const yoga = createYoga({
  schema: createSchema({
    typeDefs,
    resolvers: {
      Subscription: {
        callEvents: { subscribe: () => pubSub.subscribe('callEvents'), resolve: (event: CallEvent) => event },
      },
    },
  }),
  ...{ logging: false, graphiql: false, landingPage: false },
})

const server = createServer((request, response) => {
  if (request.url !== '/webhook') return void yoga(request, response)
  void readDelivery(request).then((delivery) => {
    pubSub.publish('callEvents', eventOf(delivery))
    response.writeHead(204).end()
  })
})

interface EnvelopedArguments extends ExecutionArgs {
  readonly rootValue: {
    execute(args: ExecutionArgs): never
    subscribe(args: ExecutionArgs): never
  }
}

useServer(
  {
    execute: (args) => (args as EnvelopedArguments).rootValue.execute(args),
    subscribe: (args) => (args as EnvelopedArguments).rootValue.subscribe(args),
    async onSubscribe(context, _id, params) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      })
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      }
      const errors = validate(args.schema, args.document)
      return errors.length > 0 ? errors : args
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
)

server.listen(0, '127.0.0.1', () => {
  console.log(`GraphQL: http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
})
