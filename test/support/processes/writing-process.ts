import { Secret } from '../../../src/secret.js'
import { openStore } from '../../../src/store/open-store.js'
import type { StoredGrant } from '../../../src/store/token-store.js'

export interface WritingSettings {
  readonly store: string
  readonly keys: readonly string[]
  /** Rows that are written over and over. */
  readonly rows: number
}

/**
 * `writing-process.ts <settings>`: writes, links and unlinks until
 * it is killed; a full disk does not stop it.
 */
const { store: url, keys, rows } = JSON.parse(process.argv[2]!) as WritingSettings
const store = await openStore(url, keys)

const grant = (generation: number, mark: string): StoredGrant => ({
  ...{ generation, status: 'ACTIVE', receivedAt: 1, lifetimeSeconds: 300, refreshExpiresAt: null },
  ...{ scopes: ['x'.repeat(generation % 3_000)], identity: {}, configuredWith: mark, intent: null, lastError: null },
  accessToken: new Secret(`access of ${mark}`),
  refreshToken: new Secret(`refresh of ${mark}`),
})

for (let turn = 0; ; turn++) {
  const key = `account-${turn % rows}`
  const link = `link-${turn % rows}`
  try {
    const generation = ((await store.read(key))?.generation ?? 0) + 1
    await store.write(key, generation - 1, grant(generation, `${key} in ${generation}`))
    await store.unlink(link, () => [])
    const account = { link, key: `linked-${turn % rows}`, workspace: 'default', provider: 'ipex', label: 'Linked' }
    const settings = new Secret(`settings of ${link}`)
    await store.link(
      { ...account, settings, pendingUntil: null },
      new Map(['', '#actor'].map((part) => [`${account.key}~${link}${part}`, grant(1, `${link}${part}`)])),
      5,
      0,
    )
  } catch {
    // The disk is full, or another process is writing.
  }
  if (turn === 0) process.send!('writing')
}
