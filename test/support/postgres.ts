import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import pg from 'pg'

import { openDialect } from '../../src/store/open-store.js'
import { migrate } from '../../src/store/sql/migrate.js'

/** A PostgreSQL for tests: a database of its own for each caller, and a server that can be stopped and started when it is ours. */
export interface TestPostgres {
  /** A fresh database that has the tables of this version, where the server is ours: making them in each costs more than most tests do. */
  createDatabase(): Promise<string>
  createEmptyDatabase(): Promise<string>
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
  const create = async (template: string) => {
    const name = `dialgraph_${process.pid}_${Date.now()}_${names.length}`
    names.push(name)
    await run(`create database ${name} template ${template}${own?.copying ?? ''}`)
    return addressOf(admin, name)
  }
  return {
    createDatabase: () => create(own ? MIGRATED : 'template1'),
    createEmptyDatabase: () => create('template1'),
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

const addressOf = (server: string, database: string) =>
  Object.assign(new URL(server), { pathname: `/${database}` }).href

function findBinaries(): string | null {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return null
  const [newest] = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  const folder = join(base, newest ?? '', 'bin')
  return existsSync(join(folder, 'initdb')) ? folder : null
}

interface OwnServer {
  /** How it copies a database: files in a fifth of the time in which their pages are logged, which is the default since version 15. */
  readonly copying: string
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** PostgreSQL refuses to run as root, so root lends it to nobody. */
const NOBODY = 65534

type Identity = { readonly uid?: number; readonly gid?: number }

async function startOwn(binaries: string): Promise<OwnServer> {
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const kept = await emptyCluster(binaries, identity)
  const folder = folderFor(identity)
  execFileSync('cp', ['-a', kept, join(folder, 'data')])
  const server = await serve(binaries, folder, identity)
  return {
    ...server,
    copying: Number(basename(dirname(binaries))) < 15 ? '' : ' strategy file_copy',
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function folderFor({ uid }: Identity): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-postgres-'))
  if (uid) chownSync(folder, uid, NOBODY)
  return folder
}

/** Nothing of it outlives its machine, and its log is read only when it starts again after it was stopped in order. */
const SETTINGS = ['-F', '-c', 'full_page_writes=off', '-c', 'wal_level=minimal', '-c', 'max_wal_senders=0']

/** Starts the server of the cluster in `data` of this folder. */
async function serve(
  binaries: string,
  folder: string,
  identity: Identity,
): Promise<Omit<OwnServer, 'copying' | 'remove'>> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`

  const start = async () => {
    const place = ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder]
    child = spawn(join(binaries, 'postgres'), [...place, ...SETTINGS], {
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
  return { url, start, stop }
}

/** The database of a cluster of ours that has the tables of this version and nothing in them, not even the mark of a key. */
const MIGRATED = 'dialgraph_migrated'

/**
 * A cluster without a row of ours, made once on this machine for each set of migrations and copied from then on: making one
 * costs ten times as much.
 */
async function emptyCluster(binaries: string, identity: Identity): Promise<string> {
  const kept = join(
    tmpdir(),
    `dialgraph-cluster-${basename(dirname(binaries))}-${process.getuid?.() ?? 0}-${sources()}`,
  )
  if (existsSync(kept)) return kept
  const folder = folderFor(identity)
  const made = join(folder, 'data')
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', made, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--wal-segsize=1'],
    { ...identity, cwd: folder, stdio: 'pipe' },
  )
  const server = await serve(binaries, folder, identity)
  const admin = new pg.Client(server.url)
  await admin.connect()
  await admin.query(`create database ${MIGRATED}`).finally(() => admin.end())
  const dialect = await openDialect(addressOf(server.url, MIGRATED))
  await migrate(dialect).finally(() => dialect.db.destroy())
  await server.stop()
  try {
    renameSync(made, kept)
  } catch (error) {
    // Another worker did the same and was first.
    if (!existsSync(kept)) throw error
  }
  rmSync(folder, { recursive: true, force: true })
  return kept
}

/** Stands for what makes the tables. */
function sources(): string {
  const digest = createHash('sha256')
  for (const name of ['migrations.ts', 'archive/marking-tallies.ts'])
    digest.update(readFileSync(new URL(`../../src/store/sql/${name}`, import.meta.url)))
  return digest.digest('hex').slice(0, 16)
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
