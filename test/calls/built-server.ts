import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

/** Whether `npm run build` has been run. */
export const isBuilt = existsSync(join(DIST, 'main.js'))

/** A process of ours that has said where it listens. */
export interface Started<Said> {
  readonly said: Said
  readonly pid: number
  /** MiB, the most it ever held; null where the system does not tell. */
  peakMemory(): number | null
  /** Asks it to end; resolves with its exit code when it has. */
  stop(): Promise<number | null>
}

/** The server as it is shipped, in a process of its own. */
export function startBuiltServer(config: object, nodeOptions: readonly string[] = []): Promise<Started<string>> {
  const file = join(mkdtempSync(join(tmpdir(), 'dialgraph-walk-')), 'config.json')
  writeFileSync(file, JSON.stringify(config))
  return start(
    [...nodeOptions, join(DIST, 'main.js'), 'start', '--config', file],
    (line) => /^GraphQL: +(http:\/\/\S+)\/graphql$/.exec(line)?.[1],
  )
}

/**
 * The emulators of both providers with calls, in a process of their own; says the accounts that
 * join a server to them.
 */
export function startBuiltEmulators(options: object): Promise<Started<readonly object[]>> {
  const script = `
    import { startBulutfonEmulator } from './providers/bulutfon/emulator/emulator.js'
    import { startIpexEmulator } from './providers/ipex/emulator/emulator.js'
    const options = ${JSON.stringify(options)}
    const [bulutfon, ipex] = [await startBulutfonEmulator(options), await startIpexEmulator(options)]
    const accounts = [{ id: 'izmir', ...bulutfon.accounts.password }, { id: 'praha', ...ipex.accounts.password }]
    console.log('accounts ' + JSON.stringify(accounts))`
  return start(['--input-type=module', '--eval', script], (line) =>
    line.startsWith('accounts ') ? (JSON.parse(line.slice('accounts '.length)) as object[]) : undefined,
  )
}

async function start<Said>(
  commandLine: readonly string[],
  read: (line: string) => Said | undefined,
): Promise<Started<Said>> {
  const child = spawn(process.execPath, commandLine, { cwd: DIST, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint = (complaint + String(chunk)).slice(-2_000)))
  const closed = once(child, 'close')
  const said = await firstSaid(child.stdout, read)
  if (said === undefined) throw new Error(`ended instead of starting: ${complaint}`)
  // Nobody reads on, and a full pipe would hold the process up.
  child.stdout.resume()
  return {
    ...{ said, pid: child.pid! },
    peakMemory: () => peakMemoryOf(child.pid!),
    async stop() {
      child.kill('SIGTERM')
      const [code] = (await closed) as [number | null]
      return code
    },
  }
}

async function firstSaid<Said>(output: Readable, read: (line: string) => Said | undefined): Promise<Said | undefined> {
  for await (const line of createInterface(output)) {
    const said = read(line)
    if (said !== undefined) return said
  }
  return undefined
}

function peakMemoryOf(pid: number): number | null {
  const status = `/proc/${pid}/status`
  const [, kibibytes] = (existsSync(status) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))) || []
  return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1024)
}
