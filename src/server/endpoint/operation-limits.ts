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
  /** Whether callers may know the limits. */
  readonly explore: boolean
}

/** What keeps too large operations from being executed, as an Apollo Server takes it. */
export interface OperationLimits {
  /** Decided once for each document, before graphql's own rules. */
  readonly validationRules: readonly ValidationRule[]
  /** Decided for each request, before anything is resolved: the cost depends on its variables and on who asks. */
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
          // Whoever coerces them, or tells what is wrong with them, walks down as far as they go.
          if (isDeeperThan(MOST_LEVELS, variables)) throw badRequest('The variables have too many levels')
          const error = refusal({ document, operation, variables, accounts })
          if (error) throw error
        },
      }),
    },
  }
}

/** What graphql finds out only when it executes, and then answers as if all were well. */
const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
