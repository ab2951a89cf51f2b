import { describe, expect, test } from '@jest/globals'
import { getVariableValues, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'

import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { createCompiler } from '../../../src/graphql/execution/compiler.js'
import { workedOperations } from '../../support/worked-operations.js'

const schema = buildDialgraphSchema()

function readOperation(source: string) {
  const document = parse(source)
  expect(validate(schema, document)).toEqual([])
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], {})
  return [document, operation, coerced] as const
}

/** The worked operations by file; mutations are never compiled. */
const queries = workedOperations.filter(([, text]) => /^query /m.test(text))

describe('an operation', () => {
  test.each(queries)('such as %s becomes code', (_file, text) => {
    const compiler = createCompiler(schema, { atOnce: true })
    expect(compiler.compiled(...readOperation(text))).not.toBeNull()
  })

  test('becomes code when it is asked again, and is made only once', () => {
    const compiler = createCompiler(schema, { atOnce: false })
    const asked = readOperation('{ accounts { nodes { label } } }')
    expect(compiler.compiled(...asked)).toBeNull()
    const made = compiler.compiled(...asked)
    expect(made).not.toBeNull()
    expect(compiler.compiled(...asked)).toBe(made)
  })

  // Each step has six possible types, and each of them the next step.
  const steps = (count: number): string =>
    count === 0
      ? '__typename'
      : `... on Extension { forwarding { destination { ${steps(count - 1)} } } dids { nodes { destination { ${steps(count - 1)} } } } }`

  test('that would become too much code stays what it is', () => {
    const compiler = createCompiler(schema, { atOnce: true })
    const asked = (count: number) => readOperation(`{ dids { nodes { destination { ${steps(count)} } } } }`)
    expect(compiler.compiled(...asked(2))).not.toBeNull()
    const began = performance.now()
    expect(compiler.compiled(...asked(9))).toBeNull()
    // Without a limit this would take hours.
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('of introspection stays what it is', () => {
    const compiler = createCompiler(schema, { atOnce: true })
    expect(compiler.compiled(...readOperation('{ __schema { queryType { name } } }'))).toBeNull()
  })

  test('that was not asked for long is forgotten', () => {
    const compiler = createCompiler(schema, { atOnce: true, keptFields: 10 })
    const first = readOperation('{ viewer { name } }')
    const made = compiler.compiled(...first)
    for (const field of ['label', 'key', 'id']) {
      expect(compiler.compiled(...first)).toBe(made)
      compiler.compiled(...readOperation(`{ accounts { nodes { ${field} } } }`))
    }
    compiler.compiled(...readOperation('{ accounts { nodes { id key label health { circuit } } } }'))
    expect(compiler.compiled(...first)).not.toBe(made)
  })
})
