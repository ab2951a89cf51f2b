import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'

import { describe, expect, test } from '@jest/globals'
import { parseSync, type RegExpLiteral } from '@swc/core'

const SOURCE = fileURLToPath(new URL('../src', import.meta.url))

interface Found {
  readonly file: string
  readonly pattern: string
}

/** The regular expressions of a parsed file, as they are written. */
function* literals(node: object): Generator<string> {
  if ('type' in node && node.type === 'RegExpLiteral') {
    const { pattern, flags } = node as RegExpLiteral
    yield `/${pattern}/${flags}`
  }
  for (const part of Object.values(node)) if (typeof part === 'object' && part !== null) yield* literals(part)
}

/** Every regular expression that is written in the source, once. */
function expressions(): Found[] {
  const found = new Map<string, Found>()
  for (const entry of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(entry)) continue
    const source = parseSync(readFileSync(join(SOURCE, entry), 'utf8'), {
      ...{ syntax: 'typescript', tsx: /x$/.test(entry), decorators: true },
    })
    for (const pattern of literals(source)) found.set(pattern, { file: entry, pattern })
  }
  return [...found.values()]
}

/** Characters that some part of an expression may take: those written in it, and one of each common kind. */
function alphabet(pattern: string): string[] {
  const written = pattern.replace(/\\[a-zA-Z]\{?/g, '').match(/[^()[\]{}|?*+^$.\\/]/g) ?? []
  return [...new Set([...written, 'a', 'A', '0', ' ', '\t', '-', '_', '.', '/', '"', '\\', '%', '\u00e7'])].slice(0, 40)
}

/** Texts on which an expression that goes back and forth takes for ever: one thing many times, and then something that does not fit. */
function* attacks(pattern: string): Generator<string> {
  const characters = alphabet(pattern)
  const words = pattern.match(/[A-Za-z0-9_-]{2,}/g) ?? []
  const parts = [
    ...characters,
    ...words,
    ...characters.slice(0, 8).flatMap((one) => characters.slice(0, 6).map((other) => one + other)),
  ]
  for (const part of parts) {
    const many = part.repeat(Math.ceil(LENGTH / part.length))
    yield many
    yield `${many}\u0000`
    yield `${words[0] ?? ''}${many}!`
  }
}

/** As much as comes in a header or a field; what is quadratic still ends, what is worse does not. */
const LENGTH = 8_192
const SECOND = 1_000

const sandbox = createContext({ texts: [] as string[] })

/** Null when the expression is done with each of these in time, ms; else what it is not done with. */
function isQuick(pattern: string, timeout = SECOND): string | null {
  const texts = [...attacks(pattern)]
  // All of them together first, which is nearly always enough: to watch the time of each takes longer than most of them do.
  if (isDone(pattern, texts, timeout)) return null
  const slow = texts.find((text) => !isDone(pattern, [text], timeout))
  return slow === undefined ? null : `not done in time: ${JSON.stringify(slow.slice(0, 12))} and so on`
}

function isDone(pattern: string, texts: readonly string[], timeout: number): boolean {
  sandbox['texts'] = texts
  try {
    runInContext(`for (const text of texts) (${pattern}).test(text)`, sandbox, { timeout })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw error
  }
}

describe('regular expressions', () => {
  const all = expressions()

  test('of the source are found', () => {
    expect(all.length).toBeGreaterThan(60)
  })

  test('are all done within a second, whatever they are given', () => {
    const slow = all.flatMap(({ file, pattern }) => {
      const why = isQuick(pattern)
      return why === null ? [] : [{ file, pattern, why }]
    })
    expect(slow).toEqual([])
  })

  test('that are not would be found', () => {
    for (const slow of ['/^(a+)+$/', '/(x|x)*y/', '/^([a-z]+-?)+$/']) expect(isQuick(slow, 100)).not.toBeNull()
  })
})
