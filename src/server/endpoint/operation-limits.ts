import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLSchema, type ValidationRule } from 'graphql'

import type { Context } from '../../graphql/context.js'
import { costRule, type CostLimits } from '../../graphql/limits/cost-rule.js'
import { isDeeperThan, MOST_LEVELS } from '../../graphql/limits/nesting.js'
import type { ShapeLimits } from '../../graphql/limits/operation-shape.js'
import { shapeRule } from '../../graphql/limits/shape-rule.js'

export interface OperationLimitsOptions {
  readonly schema: GraphQLSchema
  readonly limits: ShapeLimits & CostLimits
  /** Whether error messages tell the limits. */
  readonly explore: boolean
}

/** Refuses operations that are too large, in the two forms Apollo Server takes. */
export interface OperationLimits {
  /** Applied once per document, before graphql's own rules. */
  readonly validationRules: readonly ValidationRule[]
  /**
   * Applied to each request before execution: the cost depends on the variables and the caller's
   * accounts.
   */
  readonly plugin: ApolloServerPlugin<Pick<Context, 'accounts'>>
}

export function operationLimits(options: OperationLimitsOptions): OperationLimits {
  const refusal = costRule(options)
  return {
    validationRules: [shapeRule(options)],
    plugin: {
      requestDidStart: async () => ({
        async didResolveOperation({ document, operation, request: { variables }, contextValue: { accounts } }) {
          if (!operation) return
          if (!options.schema.getRootType(operation.operation))
            throw badRequest(`There are no ${operation.operation}s here`)
          // Coercing them, and printing what is wrong with them, recurses once for each level.
          if (isDeeperThan(MOST_LEVELS, variables)) throw badRequest('The variables have too many levels')
          const error = refusal({ document, operation, variables, accounts })
          if (error) throw error
        },
      }),
    },
  }
}

/** graphql reports these during execution, with status 200. */
const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
