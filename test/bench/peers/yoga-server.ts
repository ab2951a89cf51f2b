import { createSchema, createYoga } from 'graphql-yoga'

import { createContext, resolvers, typeDefs } from './graph.js'

export const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: createContext,
  ...{ logging: false, graphiql: false, landingPage: false },
})
