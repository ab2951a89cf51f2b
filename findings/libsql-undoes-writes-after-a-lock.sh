#!/usr/bin/env bash
# After a statement of libsql has met a lock, the writes of its connection are undone.
#
# Package: libsql 0.5.29
# Node: 20.20, 22.23, 24.22
# Expected: "database is locked" is the end of that statement. Once the lock is gone, a write that
# returns is committed, as it is with node:sqlite on the same files.
# Happens: the statement stays in progress until it is run again or collected as garbage. Until
# then each write returns its changes and is seen by its own connection, but nothing is committed,
# the lock is kept, and a COMMIT fails. When the statement goes, all that was written is undone.
# Only exec() leaves nothing behind.
# Output seen:
#   refused by exec()
#     insert:                    1 change
#     own rows, others' rows:    1, 1
#     another connection:        writes
#     own rows after collection: 1
#     begin, insert, commit:     committed
#   refused by run()
#     insert:                    1 change
#     own rows, others' rows:    1, 0
#     another connection:        database is locked
#     own rows after collection: 0
#     begin, insert, commit:     cannot commit transaction - SQL statements in progress
# Why it matters: another process that holds the lock for longer than the busy time-out, once, makes
# a server lose what it writes in the next seconds, and answer that it is written.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts libsql@0.5.29 >> npm.log

cat > seen.mjs <<'END_OF_SCRIPT'
import { setImmediate as turn } from 'node:timers/promises'

import Database from 'libsql'

const INSERT = 'insert into t default values'
const attempt = (run) => {
  try {
    return run()
  } catch (error) {
    return error.message
  }
}
const rows = (database) => database.prepare('select count(*) as rows from t').get().rows
const show = (name, value) => console.log(`  ${`${name}:`.padEnd(26)} ${value}`)

async function refusedBy(name, run) {
  console.log(`refused by ${name}()`)
  const [holder, writer, other] = [1, 2, 3].map(() => new Database(`${name}.db`, { timeout: 10 }))
  holder.exec('pragma journal_mode = wal; create table t (id integer primary key)')
  // What is returned is kept, as by a garbage collector that has not come yet.
  const refused = () => {
    const statement = writer.prepare(INSERT)
    holder.exec('begin immediate')
    const message = attempt(() => run(writer, statement))
    holder.exec('rollback')
    if (message !== 'database is locked') throw new Error(`the lock was not met: ${message}`)
    return statement
  }

  let kept = refused()
  show('insert', `${writer.prepare(INSERT).run().changes} change`)
  show("own rows, others' rows", `${rows(writer)}, ${rows(other)}`)
  show('another connection', attempt(() => (other.exec('begin immediate; rollback'), 'writes')))
  kept = null
  await turn()
  gc()
  await turn()
  show('own rows after collection', rows(writer))

  kept = refused()
  const commit = () => (writer.exec(`begin; ${INSERT}; commit`), 'committed')
  show('begin, insert, commit', attempt(commit))
  if (writer.inTransaction) writer.exec('rollback')
  return kept
}

await refusedBy('exec', (writer) => writer.exec(INSERT))
await refusedBy('run', (_, statement) => statement.run())
END_OF_SCRIPT

node --expose-gc seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
