import { availableParallelism } from 'node:os'

/** @type {import('jest').Config} */
export default {
  // A context for each suite, Jest's own way, loads and compiles every package anew for each.
  testEnvironment: '<rootDir>/test/support/runner/own-realm.js',
  runtime: '<rootDir>/test/support/runner/shared-packages.js',
  injectGlobals: false,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': '@swc/jest' },
  moduleNameMapper: {
    '^(\\.{1,2}/.*(?<!\\.json))\\.js$': '$1',
    // The doors of the package, as a provider of somebody else names them.
    '^dialgraph$': '<rootDir>/src/index.ts',
    '^dialgraph/(provider|testing)$': '<rootDir>/src/$1.ts',
  },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/no-leaks.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test/bench/node_modules', '<rootDir>/test/bench/dist'],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  testTimeout: 60_000,
  // Some tests wait for a deadline or for another process, and one more worker than cores works meanwhile.
  maxWorkers: availableParallelism() + 1,
  // What suites leave behind in a worker slows down those that follow; a new worker is dearer than a short suite.
  workerIdleMemoryLimit: '1000MB',
}
