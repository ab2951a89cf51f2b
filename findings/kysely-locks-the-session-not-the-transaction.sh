#!/usr/bin/env bash
# From a patch release on, Kysely's lock around migrations outlives the transaction it guards.
#
# Package: kysely 0.28.17 beside kysely 0.28.18, with @electric-sql/pglite 0.3.14; the code of
# 0.28.19 and 0.29.9 is that of 0.28.18 here
# Node: 20.20
# Expected: what a migrator does on PostgreSQL is one transaction, its lock included, as it was up
# to 0.28.17: that works through a pooler that lends a connection for the length of a transaction.
# Happens: the lock is one of the session, taken before the transaction begins and given back after
# it has ended. Through such a pooler these are three loans, and may be three sessions: the lock
# stays with the first one, PostgreSQL only warns that the last one did not have it, and the next
# migrator that gets another session waits, for up to the hour that Kysely itself has set.
# Output seen:
#   0.28.17: begin, pg_advisory_xact_lock, create table, commit
#   0.28.18: pg_advisory_lock, begin, create table, commit, pg_advisory_unlock
# Why it matters: replicas that start together behind PgBouncer start, most of the time; one in some
# forty of our starts, on a busy machine, hung until something gave up.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts before@npm:kysely@0.28.17 after@npm:kysely@0.28.18 @electric-sql/pglite@0.3.14 >> npm.log

cat > seen.mjs <<'END'
import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'

const NOTED = /^\s*begin|commit|rollback|pg_advisory_\w+|create table "accounts"/i
for (const name of ['before', 'after']) {
  const { Kysely, Migrator, PostgresDialect } = await import(name)
  const database = new PGlite()
  const noted = []
  const connection = {
    async query(text, values) {
      noted.push(...(NOTED.exec(text)?.slice(0, 1) ?? []))
      const { rows, affectedRows } = await database.query(text, values)
      return { command: 'SELECT', rows, rowCount: affectedRows ?? rows.length }
    },
    release() {},
  }
  const db = new Kysely({ dialect: new PostgresDialect({ pool: { connect: async () => connection, end: async () => {} } }) })
  const migration = { up: (within) => within.schema.createTable('accounts').addColumn('id', 'text').execute() }
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ '001': migration }) } }).migrateToLatest()
  if (error) throw error
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
  console.log(`${version}: ${noted.map((text) => text.trim().replace(' "accounts"', '')).join(', ')}`)
  await database.close()
}
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
