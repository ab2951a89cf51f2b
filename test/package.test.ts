import { readdirSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { Scorecard } from '../src/testing.js'
import { installPacked, isBuilt, runNode, TYPE_CHECKER, type Installed } from './support/packed.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))

const TYPED = `
import { ConfigurationError, startServer, type Configuration } from 'dialgraph'
import { defineProvider, ProviderError, toE164, z, type Provider, type Rest, type Source } from 'dialgraph/provider'
import { createWorld, serve, type Emulator } from 'dialgraph/testing'

const source = (rest: Rest): Source => ({
  profile: async () => {
    const { body } = await rest.get('https://acme.example/me')
    throw new ProviderError('PROVIDER_BAD_RESPONSE', \`\${typeof body} \${toE164('0532 111 22 33', 'TR')}\`)
  },
})
export const acme: Provider = defineProvider({
  slug: 'acme',
  name: 'Acme',
  flows: ['STATIC_TOKEN'],
  capabilities: [],
  defaults: { country: 'TR', timeZone: 'UTC' },
  settings: z.object({ auth: z.strictObject({ token: z.string() }) }),
  connect: ({ auth }) => ({ flow: auth.token as never, origins: [], source }),
  emulator: async () => async () => ({}) as Emulator,
})
const configuration: Configuration = { store: { url: 'memory:' }, accounts: [{ id: 'a', provider: 'acme', auth: { token: 'x' } }] }
export const started = () => startServer(configuration, { providers: [acme] })
export const world = () => createWorld(acme, { scale: 0.1 })
export const known: readonly unknown[] = [serve, ConfigurationError]
// @ts-expect-error: a number is no slug
defineProvider({ slug: 7 })
`

const RUN = `
import assert from 'node:assert/strict'
import { startServer } from 'dialgraph'
import { toInstant, toE164 } from 'dialgraph/provider'
import { serve } from 'dialgraph/testing'

assert.equal(toE164('0532 111 22 33', 'TR'), '+905321112233')
assert.equal(toInstant('2026-02-11 09:30:00', 'Europe/Prague'), '2026-02-11T08:30:00.000Z')
assert.equal(typeof serve, 'function')
const { url, close } = await startServer({ store: { url: 'memory:' }, server: { port: 0 } })
const response = await fetch(url + '/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ providers { slug } }' }),
})
const { data } = await response.json()
assert.ok(data.providers.length >= 4, JSON.stringify(data))
assert.equal(await close(), true)
const refused = []
for (const inside of ['dialgraph/dist/main.js', 'dialgraph/dist/providers/index.js', 'dialgraph/package.json', 'dialgraph/src/errors.js', 'dialgraph/provider.js'])
  await import(inside).then(() => refused.push(inside), ({ code }) => assert.equal(code, 'ERR_PACKAGE_PATH_NOT_EXPORTED'))
assert.deepEqual(refused, [])
console.log('done')
`

const suite = isBuilt ? describe : describe.skip
suite(isBuilt ? 'the installed package' : 'the installed package (skipped: `npm run build` was not run)', () => {
  let installed: Installed
  beforeAll(async () => {
    installed = await installPacked()
  })
  afterAll(() => installed.remove())
  const write = (name: string, text: string) => writeFileSync(join(installed.folder, name), text)

  test('holds what runs and what people read, nothing else, and is the same to the byte when it is made again', () => {
    const [packed, again] = installed.tarballs
    expect(again.integrity).toBe(packed.integrity)
    const sources = files('src').map((file) => file.replace('src/', ''))
    const wanted = [
      ...['LICENSE', 'README.md', 'package.json'],
      ...sources
        .filter((file) => /\.ts$/.test(file) && !/^(explorer|console)\//.test(file))
        // With its types: those of the entries lead to all others.
        .flatMap((file) => ['.js', '.d.ts'].map((ending) => `dist/${file.replace(/\.ts$/, ending)}`)),
      // What `provider new` writes is copied, not compiled.
      ...sources.filter((file) => /\/template\//.test(file)).map((file) => `dist/${file}`),
      ...['schema', 'docs'].flatMap(files),
    ]
    // What the build makes of the pages has names of its own.
    const paths = packed.files.map(({ path }) => path).filter((path) => !/^dist\/(explorer|console)\//.test(path))
    const tooMany = paths.filter((path) => !wanted.includes(path))
    // Made of a source that is gone since: `npm run clean` removes it, as `npm pack` does by itself.
    expect({ tooMany, missing: wanted.filter((path) => !paths.includes(path)) }).toEqual({ tooMany: [], missing: [] })
    for (const page of ['explorer', 'console'])
      expect(packed.files.some(({ path }) => path === `dist/${page}/index.html`)).toBe(true)
    const strange = packed.files.filter(({ path }) =>
      /(?<!\.d)\.tsx?$|\.(map|tsbuildinfo|db)$|(?<!conformance)\.test\./.test(path),
    )
    expect(strange).toEqual([])
  })

  test('is used by its three entries in JavaScript, and nothing else of it can be imported', async () => {
    write('run.mjs', RUN)
    expect(await runNode(['run.mjs'], installed.folder)).toMatchObject({ code: 0, stdout: 'done\n' })
  })

  test('writes a provider in an empty folder that passes for what it claims, by every runner, and whose types fit', async () => {
    const { folder } = installed
    const dialgraph = (...args: string[]) => runNode(['node_modules/dialgraph/dist/main.js', ...args], folder)
    expect(await dialgraph('provider', 'new', 'acme')).toMatchObject({ code: 0 })
    const { code, stdout } = await dialgraph('provider', 'check', 'acme', '--json')
    expect(code).toBe(0)
    const { provider, promises } = JSON.parse(stdout) as Scorecard
    expect(provider).toBe('acme')
    const green = promises.filter(({ outcome }) => outcome === 'green')
    expect(green.length).toBeGreaterThan(75)
    expect(promises.filter(({ outcome }) => outcome === 'red')).toEqual([])
    expect(Object.keys(promises[0]!)).toEqual(['id', 'name', 'outcome', 'reason'])
    expect(await dialgraph('provider', 'new', 'acme')).toMatchObject({ code: 1 })
    expect(await dialgraph('provider', 'new', 'Acme!')).toMatchObject({ code: 1 })

    const tested = await runNode(
      ['--test', '--test-name-pattern', 'lists.extensions', 'acme/conformance.test.js'],
      folder,
    )
    expect(tested).toMatchObject({ code: 0 })
    const options = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowJs: true,
    }
    write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, types: ['node'] }, include: ['acme/*.js'] }))
    expect(await runNode([TYPE_CHECKER], folder)).toMatchObject({ code: 0, stdout: '' })
  }, 300_000)

  test('has types for its three entries, and for nothing else', async () => {
    const options = { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, skipLibCheck: true }
    write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, types: ['node'] }, files: ['typed.mts'] }))
    write('typed.mts', TYPED)
    expect(await runNode([TYPE_CHECKER], installed.folder)).toMatchObject({ code: 0, stdout: '' })
    write(
      'typed.mts',
      "import 'dialgraph/dist/errors.js'\nimport { x } from 'dialgraph/dist/providers/provider.js'\nx\n",
    )
    const { code, stdout } = await runNode([TYPE_CHECKER], installed.folder)
    expect(code).not.toBe(0)
    expect(stdout).toContain("Cannot find module 'dialgraph/dist/providers/provider.js'")
  })
})
