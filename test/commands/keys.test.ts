import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'

import { addKeysCommand } from '../../src/commands/keys.js'
import { checkConfig, type Config } from '../../src/server/config/config.js'
import type { ApiKeyState } from '../../src/commands/made-keys.js'
import { openConfiguredStore } from '../../src/server/config/open-store.js'
import { storedKeys } from '../../src/server/callers/stored-keys.js'
import { systemClock } from '../../src/clock.js'

let folder: string
let config: Config
/** Output of a command, as printed. */
let out: string[]
let err: string[]
const { log, error } = console

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-keys-'))
  const store = { url: `sqlite:${folder}/keys.db`, encryptionKeys: [randomBytes(32).toString('base64')] }
  config = checkConfig({ store, callers: {} }, [], { environment: {} })
  out = []
  err = []
  console.log = (text: string) => void out.push(text)
  console.error = (text: string) => void err.push(text)
})
afterEach(() => {
  Object.assign(console, { log, error })
  rmSync(folder, { recursive: true, force: true })
})

async function run(...words: string[]): Promise<void> {
  const program = new Command('dialgraph').exitOverride().configureOutput({ writeErr: (text) => err.push(text) })
  addKeysCommand(program, ['--config <file>', 'configuration file'], () => config)
  await program.parseAsync(['keys', ...words], { from: 'user' })
}
const listed = async (): Promise<readonly ApiKeyState[]> => {
  out = []
  await run('list', '--json')
  return JSON.parse(out.join('\n')) as ApiKeyState[]
}

describe('dialgraph keys', () => {
  test('makes a key that is alone on standard output, and that a server lets in as what was asked for', async () => {
    await run('create', '--name', 'Wall board', '--workspace', 'sales', '--scopes', 'telephony:read, recordings:read')
    expect(out).toEqual([expect.stringMatching(/^dialgraph_[0-9a-f]{16}_[\w-]{43}$/)])
    expect(err.join()).toContain('cannot be shown again')
    const store = await openConfiguredStore(config)
    expect((await storedKeys(store, systemClock).authenticate(out[0]!))?.viewer).toEqual({
      ...{ name: 'Wall board', workspace: 'sales', scopes: new Set(['telephony:read', 'recordings:read']) },
      extension: null,
    })
    await store.close()
  })

  test('binds a key to an extension', async () => {
    await run('create', '--name', 'Ayşe', '--scopes', 'telephony:read:own', '--extension', 'istanbul/0101')
    const [key] = out
    expect(await listed()).toMatchObject([{ name: 'Ayşe', extension: 'istanbul/0101' }])
    const store = await openConfiguredStore(config)
    expect((await storedKeys(store, systemClock).authenticate(key!))?.viewer).toMatchObject({
      scopes: new Set(['telephony:read:own']),
      extension: { accountKey: 'istanbul', number: '0101' },
    })
    await store.close()
  })

  test('gives a key little unless more is asked for', async () => {
    await run('create', '--name', 'reader')
    expect(await listed()).toMatchObject([{ name: 'reader', workspace: 'default', scopes: ['telephony:read'] }])
  })

  test('lists what there is, without a secret', async () => {
    await run('create', '--name', 'one')
    const [key = ''] = out
    await run('create', '--name', 'two')
    expect((await listed()).map(({ name, revokedAt }) => [name, revokedAt])).toEqual([
      ['one', null],
      ['two', null],
    ])
    out = []
    await run('list')
    expect(
      out
        .join('\n')
        .split('\n')
        .map((line) => line.split('\t').length),
    ).toEqual([7, 7])
    expect(out.join()).not.toContain(key.slice(-43))
  })

  test('revokes by id, and by the whole key, once', async () => {
    await run('create', '--name', 'one')
    await run('create', '--name', 'two')
    const [one, two] = out as [string, string]
    await run('revoke', one.split('_')[1]!)
    await run('revoke', two)
    expect(out.slice(2).join()).not.toContain(two.slice(-43))
    expect((await listed()).filter(({ revokedAt }) => revokedAt === null)).toEqual([])
    await expect(run('revoke', two)).rejects.toThrow('no key of this id is good')
    await expect(run('revoke', 'canary')).rejects.not.toThrow('canary')
  })

  test('keeps nothing a key could be made of again', async () => {
    await run('create', '--name', 'one')
    const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1'))
    expect(kept.join()).toContain(out[0]!.split('_')[1]!)
    expect(kept.join()).not.toContain(out[0]!.slice(-43))
  })

  test.each([
    [['create'], /required option '--name/],
    [['create', '--name', ' '], /--name must have/],
    [['create', '--name', 'x', '--workspace', 'Sales!'], /--workspace must be/],
    [['create', '--name', 'x', '--scopes', 'telephony:write,everything'], /--scopes must be some of telephony:read,/],
    [['create', '--name', 'x', '--scopes', ','], /--scopes must be some of/],
    [['create', '--name', 'x', '--extension', '0101'], /--extension must be the key of an account, a slash/],
    [['create', '--name', 'x', '--scopes', 'telephony:read:own'], /telephony:read:own needs the extension/],
    [
      ['create', '--name', 'x', '--scopes', 'telephony:read:own,accounts:manage', '--extension', 'a/1'],
      /accounts:manage reaches all accounts/,
    ],
    [['revoke'], /missing required argument 'id'/],
  ])('%j is told what is wrong with it, and makes nothing', async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message)
    expect(await listed()).toEqual([])
  })

  test('says where keys can be, when the store keeps nothing', async () => {
    config = checkConfig({ callers: {} }, [], { environment: {} })
    await expect(run('create', '--name', 'x')).rejects.toThrow('store.url: memory: keeps no key')
  })

  test('says when nobody is asked for a key yet', async () => {
    config = { ...config, callers: null }
    await run('create', '--name', 'x')
    expect(err.join()).toContain('`callers: {}` is enough')
  })
})
