/** The built server, but graphql-js itself runs every query: shows what the compiler is worth. Told the built `main.js` and the configuration file. */
import 'reflect-metadata'
import { pathToFileURL } from 'node:url'

const [main = '', file = ''] = process.argv.slice(2)

/** Found when it runs, because the bench is compiled without the server. */
const built = async <Module>(path: string) => (await import(new URL(path, pathToFileURL(main)).href)) as Module

const { providers } = await built<{ providers: readonly object[] }>('./providers/index.js')
const { readConfig } = await built<{ readConfig(file: string, providers: readonly object[]): object }>(
  './server/config/config.js',
)
const { createLog } = await built<{ createLog(destination: object): object }>('./server/observing/log.js')
const { startServer } = await built<{
  startServer(config: object, options: object): Promise<{ readonly url: string; close(): Promise<unknown> }>
}>('./server/server.js')

const log = createLog(process.stderr)
const server = await startServer(readConfig(file, providers), { providers, log, executor: 'interpreted' })
console.log(`GraphQL:  ${server.url}/graphql`)
process.on('SIGTERM', () => void server.close().then(() => process.exit()))
