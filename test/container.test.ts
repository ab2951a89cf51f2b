import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8')

interface Instruction {
  readonly name: string
  readonly value: string
}

/** The stages of the Dockerfile, each from its FROM on; lines that go on are joined. */
const stages: readonly (readonly Instruction[])[] = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(/\s/, 1)[0]!, value: line.replace(/^\S+\s+/, '') }))
  .reduce<Instruction[][]>(
    (all, instruction) =>
      instruction.name === 'FROM' ? [...all, [instruction]] : (all.at(-1)?.push(instruction), all),
    [],
  )
const last = stages.at(-1)!
const valuesOf = (stage: readonly Instruction[], name: string) =>
  stage.filter((instruction) => instruction.name === name).map(({ value }) => value)
/** What the first stage takes of the repository. */
const copied = valuesOf(stages[0]!, 'COPY').flatMap((value) => value.split(' ').slice(0, -1))

describe('the container', () => {
  test('is built in one stage and runs in another, which gets only what runs', () => {
    expect(stages).toHaveLength(2)
    expect(valuesOf(stages[0]!, 'RUN')).toEqual([
      'npm ci --ignore-scripts',
      'npm run build && npm prune --omit=dev --ignore-scripts',
    ])
    expect(valuesOf(last, 'COPY').every((value) => value.startsWith('--from=build '))).toBe(true)
    expect(valuesOf(last, 'RUN').join()).not.toMatch(/npm|apt|curl/)
  })

  test('runs the server in production, and not as root', () => {
    expect(valuesOf(last, 'USER')).toEqual(['node'])
    expect(valuesOf(last, 'ENV').join(' ')).toMatch(/\bNODE_ENV=production\b/)
    expect(JSON.parse(valuesOf(last, 'ENTRYPOINT')[0]!)).toEqual(['node', 'dist/main.js'])
    expect(JSON.parse(valuesOf(last, 'CMD')[0]!)).toEqual(['start', '--port', '4000'])
    expect(valuesOf(last, 'EXPOSE')).toEqual(['4000'])
    expect(valuesOf(last, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  })

  test('never begins as the sandbox: it names a configuration that must be there', () => {
    expect(valuesOf(last, 'ENV').join(' ')).toMatch(/\bDIALGRAPH_CONFIG=\/\S+\.yaml\b/)
  })

  test('is given what the build of GraphiQL reads besides the sources', () => {
    const folder = fileURLToPath(new URL('../src/explorer/', import.meta.url))
    const outside = readdirSync(folder)
      .flatMap((file) => [...readFileSync(folder + file, 'utf8').matchAll(/'\.\.\/\.\.\/([\w.-]+)/g)])
      .map(([, path]) => path!)
      .filter((path) => path !== 'dist')
    expect(new Set(outside)).toEqual(new Set(['README.md', 'docs', 'schema']))
    expect(outside.filter((path) => !copied.includes(path))).toEqual([])
  })

  test('is given no secret while it is built', () => {
    expect(stages.flatMap((stage) => valuesOf(stage, 'ARG'))).toEqual([])
    expect(read('Dockerfile')).not.toMatch(/secret|password|token|--mount/i)
    // Nothing but what is named here is even sent to the builder.
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    const sent = ['package.json', 'package-lock.json', 'tsconfig.json', 'README.md', 'docs', 'schema', 'src']
    expect(lines).toEqual(['*', ...sent.map((path) => `!${path}`)])
    expect(
      copied.every(
        (path) => lines.includes(`!${path}`) && existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url))),
      ),
    ).toBe(true)
  })

  test('asks itself whether it lives, by a command that says so', async () => {
    const [check] = valuesOf(last, 'HEALTHCHECK')
    expect(check).toMatch(/--interval=\d+s --timeout=\d+s --start-period=\d+s/)
    const [program, ...command] = JSON.parse(check!.slice(check!.indexOf('['))) as string[]
    expect(program).toBe('node')
    const exitCode = (port: number) =>
      once(
        spawn(
          program!,
          command.map((part) => part.replace(':4000', `:${port}`)),
        ),
        'close',
      ).then(([code]) => code as number)
    expect(await exitCode(1)).toBe(1)
    const server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? 200 : 500).end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    expect(await exitCode((server.address() as AddressInfo).port)).toBe(0)
    server.close()
  })
})
