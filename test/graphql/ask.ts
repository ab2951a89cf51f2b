import { graphql, type GraphQLFormattedError } from 'graphql'

import { Operation } from '../../src/operation.js'
import type { Context } from '../../src/graphql/context.js'
import { formatError } from '../../src/graphql/format-error.js'
import { partialSources, type PartialSource } from '../../src/graphql/partial-lists.js'
import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { cursorSigner } from '../../src/loaders/cursor.js'
import { createLoaders } from '../../src/loaders/loaders.js'
import type { InMemoryAccount } from '../loaders/in-memory.js'

export const schema = buildDialgraphSchema()
export const cursors = cursorSigner(Buffer.from('a key that every replica has'))

export interface AskOptions {
  readonly scopes?: readonly string[]
  readonly workspace?: string
  readonly limits?: Partial<Context['limits']>
  readonly variables?: Readonly<Record<string, unknown>>
  readonly recordingLinks?: Context['recordingLinks']
  readonly onDefect?: (error: unknown) => void
}

export interface Answer {
  // Tests state what they expect of it; a type for every operation would add nothing.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any
  readonly errors: readonly GraphQLFormattedError[]
}

/** With what its lists lack, as `extensions.partial` has it. */
export interface PartialAnswer extends Answer {
  readonly partial: readonly PartialSource[]
}

/** Runs one operation as the server would for a caller who may see these accounts. */
export async function ask(
  accounts: readonly InMemoryAccount[],
  source: string,
  options: AskOptions = {},
): Promise<Answer> {
  const { data, errors } = await askForPartial(accounts, source, options)
  return { data, errors }
}

export async function askForPartial(
  accounts: readonly InMemoryAccount[],
  source: string,
  options: AskOptions = {},
): Promise<PartialAnswer> {
  const { workspace = 'default', scopes = ['telephony:read'], onDefect = () => {} } = options
  const connected = new Map(accounts.map((account) => [account.key, account]))
  const operation = new Operation({ requestId: 'request-1', signal: new AbortController().signal })
  const limits = { pageSize: 100, detailConcurrency: 8, providerRequestsPerOperation: 200, ...options.limits }
  const contextValue: Context = {
    viewer: { name: 'tests', workspace, scopes: new Set(scopes), extension: null },
    operation,
    providers: accounts.map(({ provider }) => provider),
    accounts: connected,
    loaders: createLoaders(connected, operation, limits, { workspace, cursors, onDefect }),
    cursors,
    limits,
    recordingLinks: options.recordingLinks,
    onDefect,
  }
  const { data, errors = [] } = await graphql({ schema, source, contextValue, variableValues: options.variables })
  return {
    data,
    errors: errors.map((error) => formatError(error, { requestId: 'request-1', onDefect })),
    partial: await partialSources(operation, data),
  }
}
