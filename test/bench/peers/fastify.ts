/** Fastify alone: reads the request and prints what is always the same. The least that an operation can cost behind it. */
import fastify from 'fastify'

const app = fastify()
app.post('/graphql', () => ({ data: { __typename: 'Query' } }))
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`GraphQL: ${address}/graphql`)
