import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

const PROGRAM = '/usr/sbin/pgbouncer'
const NOBODY = 65534

/** Why there is none. */
export const pgbouncerUnavailable: string | null = existsSync(PROGRAM) ? null : 'no PgBouncer: install its program'

/** A PgBouncer in transaction mode, otherwise as it comes, in front of the server of this address. */
export async function startPgbouncer(
  server: string,
): Promise<{ url(database: string): string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-pgbouncer-'))
  const port = await freePort()
  const { hostname, port: serverPort, username } = new URL(server)
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${serverPort} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
`,
  )
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [folder, settings]) chownSync(path, NOBODY, NOBODY)
  const child = spawn(PROGRAM, [settings], {
    stdio: 'ignore',
    cwd: folder,
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  })
  const at = (database: string) => `postgres://${username}@127.0.0.1:${port}/${database}`
  for (;;) {
    const client = new pg.Client(at('postgres'))
    const isUp = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => {})
    if (isUp) break
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`)
  }
  return {
    url: at,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(folder, { recursive: true, force: true })
          resolve()
        })
        child.kill('SIGKILL')
      }),
  }
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
