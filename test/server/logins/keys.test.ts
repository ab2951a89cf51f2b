import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { ConfigurationError } from '../../../src/errors.js'
import { providers } from '../../../src/providers/index.js'
import { readConfig } from '../../../src/server/config/config.js'
import { openConfiguredStore } from '../../../src/server/config/open-store.js'
import { Secret } from '../../../src/secret.js'

const RIGHT = randomBytes(32)
const base64 = (bytes: Buffer) => bytes.toString('base64')

let folder: string
let file: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-keys-'))
  file = join(folder, 'dialgraph.config.yaml')
  writeFileSync(file, "store: { encryptionKeys: ['${DIALGRAPH_KEY}'] }\n")
  const store = await open({ DIALGRAPH_KEY: base64(RIGHT) })
  await store.write('izmir', 0, {
    ...{ generation: 1, status: 'ACTIVE', receivedAt: 1, lifetimeSeconds: 300, refreshExpiresAt: null, scopes: [] },
    ...{ identity: {}, configuredWith: 'fingerprint', intent: null, lastError: null },
    accessToken: new Secret('access'),
    refreshToken: null,
  })
  await store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = async (environment: Readonly<Record<string, string>>) =>
  openConfiguredStore(readConfig(file, providers, environment))

/** All bytes on the disk, but for the file in which SQLite keeps its locks. */
const stored = () =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  )

test.each<[string, string | undefined, RegExp]>([
  ['is not set', undefined, /^store\.encryptionKeys\[0\]: .*DIALGRAPH_KEY/],
  ['is empty', '', /^store\.encryptionKeys\[0\]: .*DIALGRAPH_KEY/],
  [
    'is another one',
    base64(randomBytes(32)),
    /^store\.encryptionKeys: none of these keys opens the store .* nothing was changed\.$/,
  ],
  ['is all zeros', base64(Buffer.alloc(32)), /^store\.encryptionKeys: none of these keys opens the store/],
  ['is one byte short', base64(RIGHT.subarray(1)), /^store\.encryptionKeys\[0\]: must be 32 bytes/],
  [
    'is one byte long',
    base64(Buffer.concat([RIGHT, Buffer.alloc(1)])),
    /^store\.encryptionKeys\[0\]: must be 32 bytes/,
  ],
  ['is half as long', base64(RIGHT.subarray(16)), /^store\.encryptionKeys\[0\]: must be 32 bytes/],
  ['is in hexadecimal', RIGHT.toString('hex'), /^store\.encryptionKeys\[0\]: must be 32 bytes/],
  ['is no base64', `${base64(RIGHT).slice(0, -2)}!=`, /^store\.encryptionKeys/],
  ['is a pass phrase', 'correct horse battery staple', /^store\.encryptionKeys\[0\]: must be 32 bytes/],
  [
    'has one bit changed',
    base64(Buffer.from(RIGHT.map((byte, at) => (at === 31 ? byte ^ 1 : byte)))),
    /none of these keys/,
  ],
])(
  'a key that %s stops the start by its name, shows nothing of itself, and changes nothing',
  async (_, value, problem) => {
    const before = stored()
    const refused = await open(value === undefined ? {} : { DIALGRAPH_KEY: value }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ConfigurationError)
    expect((refused as ConfigurationError).problems).toEqual([expect.stringMatching(problem)])
    if (value) expect(String(refused)).not.toContain(value)
    expect(stored()).toEqual(before)
  },
)

test('the right key opens it as ever', async () => {
  const store = await open({ DIALGRAPH_KEY: base64(RIGHT) })
  expect((await store.read('izmir'))?.accessToken?.reveal()).toBe('access')
  await store.close()
})
