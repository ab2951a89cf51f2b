import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { systemClock } from '../../../src/clock.js'
import { LinkDisposition } from '../../../src/model/signed-link.js'
import type { ConnectedAccount } from '../../../src/providers/account.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { ANYONE } from '../../../src/server/callers/caller.js'
import { recordingLinkSigner } from '../../../src/server/links/recording-links.js'

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** The memory of the process is then what it holds, and hardly what it has done with. */
const COLLECT_SOON = '--max-semi-space-size=1'

/** Why there can be no server whose memory is measured, or null. */
export const noProcess = !existsSync(MAIN)
  ? '`npm run build` was not run'
  : !existsSync('/proc/self/status')
    ? 'this system does not tell the memory of a process'
    : null

/** The built server in a process of its own, with one account at Bulutfon, so that its memory can be looked at from outside. */
export interface RecordingProcess {
  /** A link that is good for an hour. */
  link(uuid: string): Promise<string>
  /** Resident bytes. */
  memory(): number
  close(): void
}

export async function startRecordingProcess(account: object): Promise<RecordingProcess> {
  const encryptionKeys = [Buffer.alloc(32, 'k').toString('base64')]
  const accounts = [{ id: 'office', ...account }]
  const document = { server: { port: 0 }, store: { url: 'memory:', encryptionKeys }, accounts }
  const directory = mkdtempSync(join(tmpdir(), 'dialgraph-recordings-'))
  const file = join(directory, 'dialgraph.config.yaml')
  writeFileSync(file, JSON.stringify(document))
  const child = spawn(process.execPath, [COLLECT_SOON, MAIN, 'start', '--config', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await announced(child)
  const links = recordingLinkSigner({
    signingKeys: checkConfig(document, [bulutfon], { environment: {} }).signingKeys,
    clock: systemClock,
    publicUrl: () => address,
    find: () => ({ provider: bulutfon }) as ConnectedAccount,
  }).linksOf(ANYONE)
  return {
    async link(nativeName) {
      const options = { expiresInSeconds: 3600, disposition: LinkDisposition.INLINE }
      return (await links.sign({ accountKey: 'office', nativeName } as never, options))!.url
    },
    memory: () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) * 1024,
    close() {
      child.kill('SIGKILL')
      rmSync(directory, { recursive: true })
    },
  }
}

async function announced(child: ChildProcess): Promise<string> {
  let output = ''
  for (;;) {
    const [, url] = /^GraphQL: +(http:\/\/\S+)\/graphql$/m.exec(output) ?? []
    if (url) return url
    output += String(((await once(child.stdout!, 'data')) as [Buffer])[0])
  }
}
