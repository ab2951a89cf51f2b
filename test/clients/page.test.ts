import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { ApolloClient, gql, InMemoryCache, type ApolloLink } from '@apollo/client'
import { describe, expect, test } from '@jest/globals'
import { parse, validate } from 'graphql'
import { parse as parseYaml } from 'yaml'

import { checkConfig } from '../../src/server/config/config.js'
import { startHarness } from '../sandbox/harness.js'
import { example, facts, run } from './page.js'
import { SDL, schema, valueTypes } from './questions.js'

interface OtherOrigin {
  ask(query: string, token: string): Promise<object>
}

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const node = (cwd: string, ...command: string[]) => promisify(execFile)(process.execPath, command, { cwd })

test('the facts for caches are those of the schema', () => {
  expect(facts.values).toEqual(valueTypes.map(({ name }) => name))
  expect(facts.possibleTypes['RoutingDestination']).toEqual(
    schema.getPossibleTypes(schema.getType('RoutingDestination') as never).map(({ name }) => name),
  )
  expect(facts.possibleTypes['Node']).toContain('CallRecord')
})

describe('gql.tada', () => {
  test('asks what the schema has', () => {
    const [, text] = /graphql\(`([^`]+)`/.exec(example('missed-calls.ts'))!
    expect(validate(schema, parse(text!))).toEqual([])
  })

  test('types the example, and refuses what the schema does not have', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-tada-'))
    try {
      const code = example('missed-calls.ts')
      const files = {
        'package.json': '{ "type": "module" }',
        'schema.graphql': SDL,
        'tsconfig.json': example('tsconfig.json'),
        'missed-calls.ts': code,
        'wrong-name.ts': code.replace('node.caller.number', 'node.caller.nmber'),
        'wrong-type.ts': code.replace('(string | null)[]', 'string[]'),
        'wrong-variable.ts': code.replace("'2026-02-11T00:00:00Z'", '7'),
      }
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      symlinkSync(MODULES, join(folder, 'node_modules'))
      await node(folder, join(MODULES, 'gql.tada/bin/cli.js'), 'generate', 'output')
      const refused = await node(folder, join(MODULES, 'typescript/bin/tsc'), '--pretty', 'false').catch(
        ({ stdout }: { stdout: string }) => ({ stdout }),
      )
      const places = [...refused.stdout.matchAll(/^([\w-]+\.ts)\(/gm)].map(([, name]) => name!)
      expect([...new Set(places)].sort()).toEqual(['wrong-name.ts', 'wrong-type.ts', 'wrong-variable.ts'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

test('the persisted queries on the page are answered, the second time by their digest', async () => {
  const harness = await startHarness({ accounts: {} })
  try {
    const { link } = await run<{ link: ApolloLink }>('persisted.js', { url: harness.url })
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    const query = gql`
      query Who {
        viewer {
          workspace
        }
      }
    `
    for (const _time of [1, 2]) {
      const { data } = await client.query({ query, fetchPolicy: 'network-only' })
      expect(data).toMatchObject({ viewer: { workspace: 'default' } })
    }
  } finally {
    await harness.close()
  }
})

const DEVELOPMENT_SERVER = `
  import { createServer } from 'vite'
  const server = await createServer({ logLevel: 'error', server: { port: 0, host: '127.0.0.1', watch: null, ws: false } })
  await server.listen()
  process.stdout.write(String(server.httpServer.address().port))
  process.stdin.on('end', () => server.close().then(() => process.exit())).resume()
`

describe('an app of another origin', () => {
  test('is listed as the page says', () => {
    const { server, warnings } = checkConfig({ ...(parseYaml(example('cors.yaml')) as object), callers: {} }, [])
    expect(server.cors).toMatchObject({
      origins: ['https://app.example.com', 'capacitor://localhost'],
      maxAgeSeconds: 600,
    })
    expect(warnings).toEqual([])
  })

  test('asks as the page says, and knows how long to wait', async () => {
    const key = 'a-key-of-an-app-of-another-origin'
    const apiKeys = [{ name: 'app', key, scopes: ['telephony:read'] }]
    const limits = { requestsPerSecond: 1, requestBurst: 1 }
    const harness = await startHarness({ accounts: {}, limits, config: { callers: { apiKeys } } })
    try {
      const { ask } = await run<OtherOrigin>('other-origin.js', { url: harness.url })
      expect(await ask('{ viewer { name } }', key)).toEqual({
        data: { viewer: { name: 'app' } },
        requestId: expect.stringMatching(/./),
      })
      await expect(ask('{ viewer { name } }', key)).rejects.toThrow('Too many requests: wait 1 s')
    } finally {
      await harness.close()
    }
  })
})

test('the development server on the page passes questions on, with the key', async () => {
  const seen: IncomingHttpHeaders[] = []
  const target = createServer((request, response) => {
    seen.push(request.headers)
    response.setHeader('content-type', 'application/json').end('{"data":{}}')
  }).listen(0, '127.0.0.1')
  await once(target, 'listening')
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-vite-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'vite.config.js'), example('vite.config.js').replace('http://127.0.0.1:4000', url))
  symlinkSync(MODULES, join(folder, 'node_modules'))
  // In a process of its own: its bundler does not know the regular expressions of a test's realm.
  const vite = spawn(process.execPath, ['--input-type=module', '--eval', DEVELOPMENT_SERVER], {
    cwd: folder,
    env: { ...process.env, DIALGRAPH_API_KEY: 'the-key-of-the-developer' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [port] = (await once(vite.stdout, 'data')) as [Buffer]
    const response = await fetch(`http://127.0.0.1:${String(port)}/graphql`, { method: 'POST', body: '{}' })
    expect(await response.json()).toEqual({ data: {} })
    expect(seen).toMatchObject([{ authorization: 'Bearer the-key-of-the-developer', host: url.replace('http://', '') }])
  } finally {
    vite.stdin.end()
    await once(vite, 'exit')
    rmSync(folder, { recursive: true })
    target.closeAllConnections()
    target.close()
  }
})
