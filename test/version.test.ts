import { readFileSync } from 'node:fs'

import { afterEach, expect, test } from '@jest/globals'

import { program } from '../src/commands/program.js'
import { clientOf, upstream, readsOf } from './http/upstream.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

test('a provider sees the version of package.json, and no address, in every request and every stream', async () => {
  const server = await upstream([
    { method: 'GET', pattern: /\/sound/, handle: () => ({ status: 200, body: Buffer.from('OggS\0') }) },
  ])
  const { client, sender } = clientOf(server.url)
  open.push(sender, server)
  const rest = readsOf(client).rest()
  await rest.get(`${server.url}/ok`)
  for await (const _ of (await rest.file(`${server.url}/sound`))!.stream!.chunks);
  const agents = server.journal.entries.map(({ headers }) => headers['user-agent'])
  expect(agents).toHaveLength(2)
  for (const agent of agents) {
    expect(agent).toMatch(/^dialgraph\/\S+ \([^():/]+\)$/)
    expect(agent).toContain(`dialgraph/${version} `)
  }
})

test('--version prints the version of package.json', async () => {
  let printed = ''
  const command = program({} as never).configureOutput({ writeOut: (text) => void (printed += text) })
  await expect(command.parseAsync(['--version'], { from: 'user' })).rejects.toMatchObject({ code: 'commander.version' })
  expect(printed).toBe(`${version}\n`)
})
