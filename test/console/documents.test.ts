import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { isAbstractType, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'

import { POSSIBLE_TYPES } from '../../src/console/graph/possible-types.js'
import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { startHarness, type Harness } from '../sandbox/harness.js'
import { BUILT } from './browser.js'

const FOLDER = fileURLToPath(new URL('../../src/console/', import.meta.url))
const schema = buildDialgraphSchema()

/** The text of each operation of a file, with the fragments of its folder. */
function operationsOf(file: string): readonly (readonly [name: string, text: string])[] {
  const folder = join(FOLDER, file, '..')
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const definitions = parse(texts.join('\n')).definitions
  const source = texts.join('\n')
  const textOf = ({ loc }: (typeof definitions)[number]) => source.slice(loc!.start, loc!.end)
  const fragments = new Map(
    definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, textOf(one)] as const] : [],
    ),
  )
  const named = new Set(
    parse(readFileSync(join(FOLDER, file), 'utf8')).definitions.map((one) => 'name' in one && one.name?.value),
  )
  return definitions
    .filter(
      (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION && named.has(one.name?.value),
    )
    .map((one) => {
      const used = new Set<string>()
      const add = (text: string): void => {
        for (const [, name] of text.matchAll(/\.\.\.(\w+)/g)) {
          const fragment = fragments.get(name!)
          if (fragment === undefined || used.has(fragment)) continue
          used.add(fragment)
          add(fragment)
        }
      }
      const text = textOf(one)
      add(text)
      return [one.name!.value, [text, ...used].join('\n')] as const
    })
}

const files = (readdirSync(FOLDER, { recursive: true }) as string[]).filter((file) => file.endsWith('.graphql')).sort()
const operations = new Map(files.flatMap((file) => [...operationsOf(file)]))

test('every document fits the schema, and stands beside what it costs', () => {
  const wrong = [...operations].map(([name, text]) => [name, validate(schema, parse(text)).map(String)])
  expect(wrong.filter(([, errors]) => errors!.length > 0)).toEqual([])
  expect(operations.size).toBeGreaterThan(10)
  const texts = files.map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')] as const)
  const unsaid = texts.flatMap(([file, text]) =>
    [...text.matchAll(/(?<!Provider requests:[^\n]*\n(?:#[^\n]*\n)*)^(?:query|mutation|subscription) (\w+)/gm)].map(
      ([, name]) => `${file}: ${name}`,
    ),
  )
  expect(unsaid).toEqual([])
})

test('the cache knows what each interface and union may be', () => {
  const abstract = Object.values(schema.getTypeMap()).filter(
    (type) => isAbstractType(type) && !type.name.startsWith('_'),
  )
  expect(POSSIBLE_TYPES).toEqual(
    Object.fromEntries(
      abstract.map((type) => [
        type.name,
        schema
          .getPossibleTypes(type as never)
          .map(({ name }) => name)
          .sort(),
      ]),
    ),
  )
})

test('all scripts together are at most 300 KB as they are sent', () => {
  const folder = join(BUILT, 'console/assets')
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'))
  const sent = scripts.map((file) => {
    const compressed = join(folder, `${file}.br`)
    return statSync(statSync(compressed, { throwIfNoEntry: false }) ? compressed : join(folder, file)).size
  })
  expect(sent.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(300 * 1024)
})

describe('what the documents ask of providers', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness()
  })
  beforeEach(() => harness.clear())
  afterAll(() => harness.close())

  /** How many requests each provider got for a document. */
  async function costOf(name: string, variables: object = {}): Promise<Readonly<Record<string, number>>> {
    harness.clear()
    await harness.data(operations.get(name)!, variables)
    const counts: Record<string, number> = {}
    for (const request of harness.requests()) {
      const provider = request.split(' ')[0]!
      counts[provider] = (counts[provider] ?? 0) + 1
    }
    return counts
  }
  const idOf = async (list: string, account: string): Promise<string> => {
    const filter = `filter: { accountKeys: ["${account}"] }`
    const data = await harness.data<Record<string, { nodes: { id: string }[] }>>(
      `{ ${list}(first: 1, ${list === 'accounts' ? `filter: { keys: ["${account}"] }` : filter}) { nodes { id } } }`,
    )
    return data[list]!.nodes[0]!.id
  }

  test('accounts: nothing', async () => {
    expect(await costOf('ConsoleViewer')).toEqual({})
    expect(await costOf('ConsoleAccounts', { whole: true, manages: true })).toEqual({})
    expect(await costOf('ConsoleProviders')).toEqual({})
    expect(await costOf('ConsoleCapabilities', { id: await idOf('accounts', 'izmir') })).toEqual({})
  })

  test('numbers: a list of each kind, and what leads where', async () => {
    expect({
      dids: await costOf('ConsoleDids'),
      groups: await costOf('ConsoleGroups'),
      extensions: await costOf('ConsoleExtensions'),
    }).toEqual({
      dids: { bulutfon: 3, freepbx: 4, ipex: 4 },
      groups: { bulutfon: 4, freepbx: 3, ipex: 2, postacell: 1 },
      extensions: { bulutfon: 1, freepbx: 1, ipex: 2 },
    })
  })

  test('calls: a page of each log, and a call and its names when it is opened', async () => {
    const call = await harness.data<{ callRecords: { nodes: { id: string; recordings: { id: string }[] }[] } }>(
      '{ callRecords(first: 1, filter: { accountKeys: ["izmir"], hasRecording: true, directions: [INBOUND] }) { nodes { id recordings { id } } } }',
    )
    const [{ id, recordings }] = call.callRecords.nodes as [(typeof call.callRecords.nodes)[number]]
    expect({
      accounts: await costOf('ConsoleCallAccounts'),
      list: await costOf('ConsoleCalls', { filter: {}, whole: true }),
      call: await costOf('ConsoleCall', { id }),
      recording: await costOf('ConsoleRecording', { id: recordings[0]!.id }),
      extensions: await costOf('ConsoleCallExtensions'),
      groups: await costOf('ConsoleCallGroups'),
      line: await costOf('ConsoleCallLine', { id: await idOf('extensions', 'izmir') }),
      spelling: await costOf('ConsoleSpelling', { spelling: '0555 000 50 01', country: 'TR' }),
      exports: await costOf('ConsoleExport', { id: 'WDo6' }),
    }).toEqual({
      accounts: {},
      // Few calls a day are at FreePBX here, which is read by days.
      list: { bulutfon: 1, freepbx: 2, ipex: 1 },
      call: { bulutfon: 4 },
      recording: { bulutfon: 1 },
      extensions: { bulutfon: 1, freepbx: 1, ipex: 2 },
      groups: { bulutfon: 1, freepbx: 2, ipex: 2, postacell: 1 },
      line: { bulutfon: 1 },
      spelling: {},
      exports: {},
    })
  })

  test('live calls: those that nobody tells, and lists when a call is to be placed or moved', async () => {
    const accounts = [await idOf('accounts', 'izmir'), await idOf('accounts', 'prague')]
    expect({
      accounts: await costOf('ConsoleLiveAccounts'),
      calls: await costOf('ConsoleLiveCalls'),
      lines: await costOf('ConsoleLines', { accounts }),
      shown: await costOf('ConsoleShownNumbers', { account: accounts[0] }),
      dialled: await costOf('ConsoleDialled', { spelling: '0555 000 50 01', country: 'TR' }),
    }).toEqual({
      accounts: {},
      calls: { ipex: 1 },
      lines: { bulutfon: 1, ipex: 2 },
      shown: { bulutfon: 1 },
      dialled: {},
    })
  })

  test('statistics: nothing by time, and the lists of accounts with an archive by what is listed there', async () => {
    const startedAt = { from: '2026-02-05T00:00:00Z', until: '2026-02-11T00:00:00Z' }
    const variables = { filter: { startedAt }, filterBefore: { startedAt }, timeZone: 'UTC', whole: true }
    expect({
      zones: await costOf('ConsoleZones', { whole: true }),
      day: await costOf('ConsoleStatistics', { ...variables, groupBy: ['DAY'] }),
      // None of these accounts has an archive.
      group: await costOf('ConsoleStatistics', { ...variables, groupBy: ['GROUP'] }),
    }).toEqual({ zones: {}, day: {}, group: {} })
  })

  test('an entry that is opened', async () => {
    expect({
      did: await costOf('ConsoleDid', { id: await idOf('dids', 'izmir') }),
      group: await costOf('ConsoleMembers', { id: await idOf('groups', 'izmir') }),
      extension: await costOf('ConsoleExtension', { id: await idOf('extensions', 'izmir') }),
    }).toEqual({ did: { bulutfon: 1 }, group: { bulutfon: 3 }, extension: { bulutfon: 3 } })
  })
})
