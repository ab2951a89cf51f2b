import type { ApolloServerPlugin } from '@apollo/server'

import { partialSources } from '../../graphql/partial-lists.js'
import type { Operation } from '../../operation.js'
import type { EndpointContext } from './endpoint-context.js'
import { addExtensions, type Responding } from './response-extensions.js'

/**
 * Adds to every response what most fields cannot say themselves, and most clients do not select:
 * `extensions.partial`, the accounts that failed or broke off in a list, and `extensions.stale`, the
 * accounts whose data is older than it should be. Neither is there where nothing falls short.
 */
export function shortcomingsPlugin<Context extends EndpointContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: { operation } }) {
      return {
        async willSendResponse({ response }: Responding) {
          if (response.body.kind !== 'single') return
          const { data } = response.body.singleResult
          const shortcomings = await shortcomingsOf(operation, data)
          if (shortcomings) addExtensions(response, shortcomings)
        },
      }
    },
  }
}

/** The same for any result of an operation; null where nothing falls short. */
export async function shortcomingsOf(operation: Operation, data: unknown): Promise<Record<string, unknown> | null> {
  const partial = await partialSources(operation, data)
  // Explain waits for reads that no field waited for; they may be stale as well.
  if (operation.journal) await Promise.all(operation.journal.pending)
  const stale = [...operation.stale].map(([accountId, ageSeconds]) => ({ accountId, ageSeconds }))
  if (partial.length === 0 && stale.length === 0) return null
  return { ...(partial.length > 0 && { partial }), ...(stale.length > 0 && { stale }) }
}
