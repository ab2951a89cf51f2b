import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLSchema, type ValidationRule } from 'graphql'

import type { Context } from '../../graphql/context.js'
import { costRule, type CostLimits } from '../../graphql/limits/cost-rule.js'
import { isDeeperThan, MOST_LEVELS } from '../../graphql/limits/nesting.js'
import type { ShapeLimits } from '../../graphql/limits/operation-shape.js'
import { shapeRule } from '../../graphql/limits/shape-rule.js'
import type { SizedOperation } from './short-road.js'

export interface OperationLimitsOptions {
  readonly schema: GraphQLSchema
  readonly limits: ShapeLimits & CostLimits
  /** Whether error messages tell the limits. */
  readonly explore: boolean
}

/** Refuses operations that are too large. */
export interface OperationLimits {
  /** Applied once per document, before graphql's own rules. */
  readonly validationRules: readonly ValidationRule[]
  /**
   * Applied to each request before execution: the cost depends on the variables and the caller's
   * accounts.
   */
  readonly plugin: ApolloServerPlugin<Pick<Context, 'accounts'>>
  /** The same, for whoever runs an operation without Apollo Server; null where it may run. */
  readonly refusal: (sized: SizedOperation<Pick<Context, 'accounts'>>) => GraphQLError | null
}

export function operationLimits(options: OperationLimitsOptions): OperationLimits {
  const costly = costRule(options)
  const refusal: OperationLimits['refusal'] = ({ document, operation, variables, context: { accounts } }) => {
    if (!options.schema.getRootType(operation.operation)) return badRequest(`There are no ${operation.operation}s here`)
    // Coercing them, and printing what is wrong with them, recurses once for each level.
    if (isDeeperThan(MOST_LEVELS, variables)) return badRequest('The variables have too many levels')
    return costly({ document, operation, variables, accounts })
  }
  return {
    validationRules: [shapeRule(options)],
    refusal,
    plugin: {
      requestDidStart: async () => ({
        async didResolveOperation({ document, operation, request: { variables }, contextValue: context }) {
          const error = operation && refusal({ document, operation, variables, context })
          if (error) throw error
        },
      }),
    },
  }
}

/** graphql reports these during execution, with status 200. */
const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
