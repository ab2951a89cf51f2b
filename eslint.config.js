import graphql from '@graphql-eslint/eslint-plugin'
import { defineConfig } from 'eslint/config'

/** Examples that people copy: named, without waste, and with the `id` that caches go by. All else is linted by oxlint. */
export default defineConfig({
  files: ['schema/operations/*.graphql'],
  plugins: { '@graphql-eslint': graphql },
  languageOptions: {
    parser: graphql.parser,
    parserOptions: {
      graphQLConfig: { schema: 'schema/schema.graphql', documents: 'schema/operations/*.graphql' },
    },
  },
  rules: graphql.configs['flat/operations-recommended'].rules,
})
