#!/usr/bin/env bash
# libsql's close() leaves the database open until its statements are collected as garbage.
#
# Package: libsql 0.5.29
# Node: 20.20, 22.23, 24.22
# Expected: after close() the process has no file of the database open, and another process may
# change the journal mode, for which it must be alone.
# Happens: a statement that somebody still refers to, or that is not collected yet, keeps the
# connection with its files and locks.
# Output seen:
#   before close() 3 files open, another process gets SQLITE_BUSY
#   after it       3 files open, another process gets SQLITE_BUSY
# Why it matters: a backup, a vacuum or a move of the file waits for a process that believes to have
# closed it; and opening and closing the file by other means then drops its locks unseen.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts libsql@0.5.29 >> npm.log

cat > other.cjs <<'END'
const database = new (require('libsql'))('seen.db', { timeout: 0 })
try {
  console.log(database.prepare('pragma journal_mode = delete').all()[0].journal_mode)
} catch (error) {
  console.log(error.code)
}
END

cat > seen.cjs <<'END'
const { execFileSync } = require('node:child_process')
const { readdirSync, readlinkSync } = require('node:fs')
const Database = require('libsql')

const isOpen = (fd) => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).includes('seen.db')
  } catch {
    return false
  }
}
const tell = (when) => {
  const mode = execFileSync(process.execPath, ['other.cjs'], { encoding: 'utf8' }).trim()
  console.log(when, `${readdirSync('/proc/self/fd').filter(isOpen).length} files open, another process gets ${mode}`)
}

const database = new Database('seen.db')
database.exec('pragma journal_mode = wal; create table t (a)')
const statement = database.prepare('insert into t values (1)')
statement.run()
tell('before close()')
database.close()
tell('after it      ')
if (!statement) throw new Error('the statement is referred to until here')
END

node seen.cjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
