import graphql from '@graphql-eslint/eslint-plugin'
import { defineConfig } from 'eslint/config'
import typescript from 'typescript-eslint'

/** Types catch most mistakes; these rules catch what types do not: forgotten promises, unused names, imports that would run for nothing. */
export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'test/generated/', 'test/bench/dist/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [typescript.configs.recommended],
    languageOptions: {
      parserOptions: { project: ['tsconfig.json', 'test/bench/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `!` stands where the line above has just made it true and the compiler cannot see it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/only-throw-error': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Names are exported, so that they are the same everywhere.' },
      ],
    },
  },
  {
    // Examples that people copy: named, without waste, and with the `id` that caches go by.
    files: ['schema/operations/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: { schema: 'schema/schema.graphql', documents: 'schema/operations/*.graphql' },
      },
    },
    rules: graphql.configs['flat/operations-recommended'].rules,
  },
  {
    // The only reader of the environment.
    files: ['src/**/*.ts'],
    ignores: ['src/server/config/config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only server/config/config.ts reads the environment.' },
      ],
    },
  },
)
