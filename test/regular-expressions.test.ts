import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'

import { expect, test } from '@jest/globals'
import typescript from 'typescript'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))
/** One match may take this long, ms, on texts of this many characters: what is quadratic still passes, what is worse does not. */
const DEADLINE_MS = 1_000
const LENGTH = 4_000

/** Texts on which careless expressions go back and forth: one thing again and again, and at the end something else. */
const PIECES = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '.',
  '-',
  '_',
  '/',
  ',',
  '"',
  '\\',
  '(',
  '=',
  ';',
  '+',
  '%41',
  'a0',
  'a ',
  '0.',
  ' ,',
  'a=',
  'é',
]
const TEXTS = PIECES.flatMap((piece) => ['!', '\n\0'].map((end) => piece.repeat(LENGTH / piece.length) + end))

interface Found {
  readonly file: string
  readonly literal: string
}

const found: Found[] = (readdirSync(SRC, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const source = typescript.createSourceFile(
      file,
      readFileSync(join(SRC, file), 'utf8'),
      typescript.ScriptTarget.ES2022,
    )
    const literals: Found[] = []
    const look = (node: typescript.Node): void => {
      if (typescript.isRegularExpressionLiteral(node)) literals.push({ file, literal: node.text })
      typescript.forEachChild(node, look)
    }
    look(source)
    return literals
  })

/** What took too long, told by its text. */
function slow(expressions: readonly Found[]): string[] {
  const context = createContext({ texts: TEXTS })
  return expressions.flatMap(({ file, literal }) => {
    const script = new Script(
      `{ const expression = ${literal}; for (const text of texts) { expression.lastIndex = 0; expression.exec(text) } }`,
    )
    try {
      script.runInContext(context, { timeout: DEADLINE_MS })
      return []
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      return [`${file}: ${literal}`]
    }
  })
}

test('no regular expression of ours takes long over any text', () => {
  expect(found.length).toBeGreaterThan(100)
  expect(slow(found)).toEqual([])
})

test('one that does would be found', () => {
  expect(slow([{ file: 'x', literal: '/^(a+)+$/' }])).toEqual(['x: /^(a+)+$/'])
})
