import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'

import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

import { providers } from '../src/providers/index.js'
import { startSandbox } from '../src/sandbox.js'
import { checkConfig } from '../src/server/config/config.js'
import { createLog } from '../src/server/observing/log.js'
import { startServer } from '../src/server/server.js'
import { PassThrough } from 'node:stream'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ''

test('the question in the README gets the answer in the README', async () => {
  const sandbox = await startSandbox(providers)
  const config = checkConfig({ store: { url: 'memory:' }, server: { port: 0 }, accounts: sandbox.accounts }, providers)
  const server = await startServer(config, { providers, log: createLog(new PassThrough()) })
  try {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: block('graphql') }),
    })
    expect(await response.json()).toEqual(JSON.parse(block('json')))
  } finally {
    await server.close()
    await sandbox.close()
  }
})

test("a consumer's assertion in the README holds, and would not for one request less", async () => {
  const sandbox = await startSandbox(providers)
  const config = checkConfig({ store: { url: 'memory:' }, server: { port: 0 }, accounts: sandbox.accounts }, providers)
  const server = await startServer(config, { providers, log: createLog(new PassThrough()) })
  const run = (code: string) => {
    const AsyncFunction = (async () => {}).constructor as new (
      name: string,
      code: string,
    ) => (a: unknown) => Promise<void>
    const body = code.replace(/^import .*$/m, '').replace('http://127.0.0.1:4000', server.url)
    return new AsyncFunction('assert', body)(assert)
  }
  try {
    await expect(run(block('js').replace('<= 3', '<= 2'))).rejects.toThrow()
    await run(block('js'))
  } finally {
    await server.close()
    await sandbox.close()
  }
})

test('the configuration in the README is one the server takes', () => {
  const environment = {
    DIALGRAPH_KEY: Buffer.alloc(32).toString('base64'),
    BF_ID: 'a',
    BF_SECRET: 'b',
    BF_REFRESH: 'c',
    IPEX_USER: 'd',
    IPEX_PASSWORD: 'e',
  }
  const { accounts, warnings } = checkConfig(parse(block('yaml')), providers, { environment })
  expect(accounts.map(({ facts }) => facts.key)).toEqual(['istanbul', 'praha'])
  expect(warnings).toEqual([])
})

test('the callers in the README are ones the server takes', () => {
  const environment = { DASHBOARD_KEY: 'a key that is long enough'.replaceAll(' ', '-') }
  const { server, callers, warnings } = checkConfig(parse(block('yml')), providers, { environment })
  expect(server.host).toBe('0.0.0.0')
  expect(callers).toMatchObject({ apiKeys: [{ name: 'dashboard' }], jwt: { workspaceClaim: 'org' } })
  expect(warnings).toEqual([])
})

test('every file the README points at is there', () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.includes('://'))
  expect(targets.length).toBeGreaterThan(5)
  for (const target of targets)
    expect(() => readFileSync(new URL(`../${target}`, import.meta.url))).not.toThrow(/ENOENT/)
})

test('every command of package.json names a command or a file that is there', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  const lines = Object.values(scripts).join(' && ')
  const commands = [...lines.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!)
  const files = [...lines.matchAll(/\bnode (?:--[\w-]+(?:=\S+)? )*([\w./-]+\.js)/g)].map(([, file]) => file!)
  expect(commands.filter((name) => !(name in scripts))).toEqual([])
  // What the build makes is looked for by those who run it.
  const kept = files.filter((file) => !file.startsWith('dist/'))
  expect(kept).toContain('test/bench/start.js')
  expect(kept.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([])
  expect([...readme.matchAll(/npm run ([\w:-]+)/g)].filter(([, name]) => !(name! in scripts))).toEqual([])
})
