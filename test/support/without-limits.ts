/** Operations of any size: for tests that ask for everything at once. */
export const WITHOUT_LIMITS = {
  operationTokens: 100_000,
  operationDepth: 1_000,
  operationAliases: 10_000,
  operationRootFields: 10_000,
  operationDirectives: 10_000,
  operationSelections: 100_000,
  operationComparisons: 1_000_000,
  operationValues: 10_000_000,
  providerRequestsPerOperation: 10_000,
  operationTimeoutMs: 60_000,
} as const
