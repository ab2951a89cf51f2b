import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'

import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { parse as parseYaml } from 'yaml'

import { pageExamples } from '../support/page-examples.js'

export const { example, run } = pageExamples('federation.md')

export const SUBGRAPH = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8')
/** What switches it on. */
export const { server: SERVER } = parseYaml(example('dialgraph.config.yaml')) as { readonly server: object }
export const DESKS = example('desks.graphql')

export interface Subgraph {
  readonly name: string
  readonly url: string
  readonly sdl: string
}

export const { compose } = await run<{ compose(subgraphs: readonly Subgraph[]): string }>('compose.js')

export interface Running {
  readonly url: string
  stop(): Promise<void>
}

/** Who sits where: the subgraph of another team. Ids of extensions by the names of desks; null: nobody's desk. */
export async function startDesks(desks: Readonly<Record<string, string | null>>): Promise<Running> {
  const deskOf = ({ id }: { readonly id: string }) => Object.keys(desks).find((name) => desks[name] === id) ?? null
  const schema = buildSubgraphSchema({
    typeDefs: parse(DESKS),
    resolvers: {
      Query: {
        desks: () =>
          Object.entries(desks).map(([name, id]) => ({ name, extension: id && { __typename: 'Extension', id } })),
      },
      Extension: { desk: deskOf },
    },
  })
  const server = new ApolloServer({ schema, plugins: [ApolloServerPluginInlineTraceDisabled()] })
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
  return { url, stop: () => server.stop() }
}

/** Starts a gateway as the page says, on any free port. */
export type StartGateway = (supergraph: string) => Promise<Running>

export const GATEWAYS: Readonly<Record<string, StartGateway>> = {
  async '@apollo/gateway'(supergraph) {
    const { startGateway } = await run<{ startGateway(sdl: string, port: number): Promise<Running> }>(
      'apollo-gateway.js',
    )
    return startGateway(supergraph, 0)
  },
  async 'Hive Gateway'(supergraph) {
    const { startGateway } = await run<{ startGateway(sdl: string, port: number): Server }>('hive-gateway.js')
    const server = startGateway(supergraph, 0)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      url: `http://127.0.0.1:${port}/graphql`,
      async stop() {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      },
    }
  },
}
