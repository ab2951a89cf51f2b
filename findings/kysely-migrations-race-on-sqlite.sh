#!/usr/bin/env bash
# Of two Kysely migrators of one SQLite file, one fails.
#
# Package: kysely 0.28.19 with libsql 0.5.29; kysely 0.29.9 does the same
# Node: 20.20, 22.23, 24.21
# Expected: the documentation of migrations says that they hold a lock of the database, so that
# several instances of a server may migrate at once and one waits for the other.
# Happens: for SQLite there is no lock: the dialect counts on the one connection of its own
# process. Both find the migration not done, both run it, and the later one ends with an error.
# Output seen:
#   one migrator: Success
#   one migrator: Error, table "accounts" already exists
# Why it matters: two containers over one volume, a rolling restart or a test run with several
# workers fails at its start, now and then.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts kysely@0.28.19 libsql@0.5.29 >> npm.log

cat > seen.mjs <<'END'
import Database from 'libsql'
import { Kysely, Migrator, SqliteDialect } from 'kysely'

// Two connections as two processes have them; each asks for the migrations when it has begun, and both have begun.
let begun = 0
let bothHaveBegun
const both = new Promise((resolve) => (bothHaveBegun = resolve))
const provider = {
  async getMigrations() {
    if (++begun === 2) bothHaveBegun()
    await both
    return { '001': { up: (db) => db.schema.createTable('accounts').addColumn('id', 'text').execute() } }
  },
}
const migrate = () => {
  const dialect = new SqliteDialect({ database: new Database('store.db', { timeout: 5000 }) })
  return new Migrator({ db: new Kysely({ dialect }), provider }).migrateToLatest()
}
const ends = await Promise.all([migrate(), migrate()])
const lines = ends.map(({ error, results }) => [results[0].status, ...(error ? [error.message] : [])].join(', '))
for (const line of lines.sort().reverse()) console.log(`one migrator: ${line}`)
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
