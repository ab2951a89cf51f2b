import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

/** What modules keep for as long as the process lives: each is what a pure function made of its key, and nothing else may be. */
const REMEMBERED: Readonly<Record<string, readonly string[]>> = {
  'clock.ts': ['lastSecond'],
  'emulator/create-story.ts': ['stories'],
  'emulator/story/call-times.ts': ['zones'],
  'graphql/schema.ts': ['built'],
  'model/values/date-time.ts': ['lastHour', 'offsets', 'formatters'],
  'model/values/phone-number.ts': ['rememberedNumbers', 'remembered'],
  'providers/freepbx/emulator/schema.ts': ['built'],
  'providers/freepbx/emulator/wall-clock.ts': ['offsets', 'formatters'],
  'providers/ipex/emulator/zoned-time.ts': ['offsets', 'formatters'],
  // What the process has under the three names of its entries.
  'server/providers/module-hooks.ts': ['entries'],
  'server/subscriptions/websocket-frames.ts': ['framings'],
  'server/web/encodings.ts': ['joined'],
  'statistics/call-class.ts': ['classes'],
}

/** The explorer and the console are pages in a browser, and are loaded by no suite; `main` is a process. */
const isLoaded = (file: string) => /\.ts$/.test(file) && !/^(explorer|console)\//.test(file) && file !== 'main.ts'

/**
 * Names of what a module could tell all who import it: its variables, the collections it fills, and fields of a class itself. What hangs on
 * an object (`WeakMap`, `WeakSet`, `oncePer`) goes with that object, which belongs to whoever made it.
 */
function stateIn(text: string): readonly string[] {
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!)
  const isChanged = (name: string) =>
    new RegExp(
      `(?<![.\\w])${name}(\\.(set|add|delete|clear|push|splice|shift|unshift|pop)\\(|(\\.\\w+|\\[[^\\]]+\\]) [-+]?= )`,
    ).test(text)
  return [
    ...named(/^(?:export )?(?:let|var) (\w+)/gm),
    ...named(/^(?:export )?const (\w+)(?:: .+)? = (?!new Weak)/gm).filter(isChanged),
    ...named(/^ {2}(?:(?:private|protected|public|override) )*static (?!readonly )#?(\w+)(?:: [^(]+)?(?: =|$)/gm),
  ]
}

describe('modules of src, which all suites of a worker share', () => {
  test('keep nothing but what is the same for everybody', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(isLoaded).sort()
    const state = files.map((file) => [file, stateIn(readFileSync(join(SRC, file), 'utf8'))] as const)
    expect(Object.fromEntries(state.filter(([, names]) => names.length > 0))).toEqual(REMEMBERED)
  })

  test.each([
    ['let count = 0', ['count']],
    ['export let last: string | null = null', ['last']],
    ['const seen = new Set<string>()\nseen.add(one)', ['seen']],
    ['const all: Item[] = []\nfunction keep(item: Item) {\n  all.push(item)\n}', ['all']],
    ['const totals: Totals = {}\nconst count = (name: string) => (totals[name] = 1)', ['totals']],
    ['const totals = { calls: 0 }\nexport const count = () => (totals.calls += 1)', ['totals']],
    ['export class Pool {\n  static size = 1\n}', ['size']],
    ['export class Pool {\n  static #free: Socket[] = []\n}', ['free']],
    ['const made = new WeakMap<object, Made>()\nmade.set(object, value)', []],
    ['const CODES: ReadonlySet<string> = new Set(["a"])\nCODES.has("a")', []],
    ['class Pool {\n  static readonly SIZE = 1\n  static of(items: Item[]): Pool {\n  }\n}', []],
  ])('are seen to keep something: %j', (text, names) => expect(stateIn(text)).toEqual(names))
})
