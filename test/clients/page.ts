import type { ApolloClient } from '@apollo/client'
import type { Client } from '@urql/core'
import type { IntrospectionQuery } from 'graphql'
import type { Environment } from 'relay-runtime'

import { pageExamples } from '../support/page-examples.js'
import { SDL } from './questions.js'

export const { example, run } = pageExamples('clients.md')

export interface Facts {
  readonly possibleTypes: Record<string, string[]>
  readonly values: readonly string[]
  readonly introspection: IntrospectionQuery
}

const { cacheFacts } = await run<{ cacheFacts(sdl: string): Facts }>('cache-facts.js')
/** What the build step on the page makes of the schema. */
export const facts: Facts = cacheFacts(SDL)
const beside = { './cache-facts.json': facts }

export const apolloClient = async (url: string): Promise<ApolloClient> =>
  (await run<{ client: ApolloClient }>('apollo.js', { beside, url })).client

export const urqlClient = async (url: string): Promise<Client> =>
  (await run<{ client: Client }>('urql.js', { beside, url })).client

export const relayEnvironment = async (url: string): Promise<Environment> =>
  (await run<{ environment: Environment }>('relay.js', { url })).environment
