import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import pg from 'pg'

/** A PostgreSQL for tests: a database of its own for each caller, and a server that can be stopped and started when it is ours. */
export interface TestPostgres {
  /** A fresh, empty database. */
  createDatabase(): Promise<string>
  /** All that is in a database, as whoever stole a copy of it would have it: `pg_dump` where there is one, else every row of every table. */
  dump(url: string): Promise<string>
  /** Only a server started here can be stopped. */
  readonly server: { stop(): Promise<void>; start(): Promise<void> } | null
  close(): Promise<void>
}

/** Why there is none, or the way to start one: a running server by URL first, then the system's own programs. */
export const postgresUnavailable: string | null =
  process.env['DIALGRAPH_TEST_POSTGRES'] || findBinaries()
    ? null
    : 'no PostgreSQL: set DIALGRAPH_TEST_POSTGRES or install its server programs'

export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['DIALGRAPH_TEST_POSTGRES']
  const own = given ? null : await startOwn(findBinaries() as string)
  const admin = given ?? (own as OwnServer).url
  const names: string[] = []
  const run = async (statement: string) => {
    const client = new pg.Client(admin)
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  return {
    async createDatabase() {
      const name = `dialgraph_${process.pid}_${Date.now()}_${names.length}`
      names.push(name)
      await run(`create database ${name}`)
      return Object.assign(new URL(admin), { pathname: `/${name}` }).href
    },
    async dump(url) {
      const binaries = findBinaries()
      if (binaries)
        return execFileSync(join(binaries, 'pg_dump'), [url], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
      const client = new pg.Client(url)
      await client.connect()
      const tables = await client.query<{ name: string }>(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
      )
      const rows: unknown[] = []
      for (const { name } of tables.rows) rows.push((await client.query(`select * from ${name}`)).rows)
      await client.end()
      return JSON.stringify(rows)
    },
    server: own,
    async close() {
      if (own) return own.remove()
      for (const name of names) await run(`drop database if exists ${name} with (force)`)
    },
  }
}

function findBinaries(): string | null {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return null
  const [newest] = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  const folder = join(base, newest ?? '', 'bin')
  return existsSync(join(folder, 'initdb')) ? folder : null
}

interface OwnServer {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** PostgreSQL refuses to run as root, so root lends it to nobody. */
const NOBODY = 65534

async function startOwn(binaries: string): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-postgres-'))
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (identity.uid) chownSync(folder, NOBODY, NOBODY)
  const port = await freePort()
  const data = join(folder, 'data')
  execFileSync('cp', ['-a', emptyCluster(binaries, identity), data])
  let child: ChildProcess | null = null
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`

  const start = async () => {
    child = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'], {
      ...identity,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    // Its log tells each step of its start, the last one once it takes connections.
    const log = child.stderr!
    let steps = 0
    log.on('data', () => steps++)
    for (;;) {
      const seen = steps
      const client = new pg.Client(url)
      const up = await client.connect().then(
        () => true,
        () => false,
      )
      await client.end().catch(() => {})
      if (up) return
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`)
      if (steps === seen) await Promise.race([once(log, 'data'), once(child, 'exit')])
    }
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null) return resolve()
      child.once('exit', () => resolve())
      // Fast shutdown: sessions are ended, nothing is lost.
      child.kill('SIGINT')
    })
  await start()
  return {
    url,
    start,
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * A cluster without a database of ours, made once on this machine and copied from then on: making one
 * costs ten times as much.
 */
function emptyCluster(binaries: string, identity: { readonly uid?: number; readonly gid?: number }): string {
  const version = basename(dirname(binaries))
  const kept = join(tmpdir(), `dialgraph-empty-cluster-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(kept)) return kept
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-postgres-'))
  if (identity.uid) chownSync(folder, identity.uid, NOBODY)
  const made = join(folder, 'data')
  execFileSync(join(binaries, 'initdb'), ['-D', made, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...identity,
    cwd: folder,
    stdio: 'pipe',
  })
  try {
    renameSync(made, kept)
  } catch (error) {
    // Another worker did the same and was first.
    if (!existsSync(kept)) throw error
  }
  rmSync(folder, { recursive: true, force: true })
  return kept
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
