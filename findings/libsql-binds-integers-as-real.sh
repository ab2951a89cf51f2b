#!/usr/bin/env bash
# libsql binds every JavaScript number as REAL, whole numbers too.
#
# Package: libsql 0.5.29
# Node: 20.20, 22.23, 24.21
# Expected: a whole number that is bound to a parameter is the integer that the same digits are in
# the statement.
# Happens: it becomes a REAL. A column of INTEGER affinity turns it back; a TEXT column stores and
# compares "2.0", division is no integer division, and JSON gets a decimal point. BigInts are
# bound as integers.
# Output seen:
#                 2 written, 2 bound, 2n bound
#   7 / 2         3, 3.5, 3
#   json_array(2) [2], [2.0], [2]
#   as text       2, 2.0, 2
#   code = 2      1 row, 0 rows, 1 row
# Why it matters: a code, an extension or a foreign id that is a number in JavaScript and TEXT in
# the table is stored as "2.0" and never found again, without an error.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts libsql@0.5.29 >> npm.log

cat > seen.mjs <<'END'
import Database from 'libsql'

const database = new Database(':memory:')
database.exec("create table t (code text); insert into t values ('2')")
const first = (query, ...bound) => database.prepare(query).raw().get(...bound)[0]
const ROWS = {
  '7 / 2': 'select 7 / ?',
  'json_array(2)': 'select json_array(?)',
  'as text': "select '' || ?",
  'code = 2': "select count(*) || case count(*) when 1 then ' row' else ' rows' end from t where code = ?",
}
console.log(`${''.padEnd(13)} 2 written, 2 bound, 2n bound`)
for (const [name, query] of Object.entries(ROWS)) {
  const written = first(query.replace('?', '2'))
  console.log(name.padEnd(13), [written, first(query, 2), first(query, 2n)].join(', '))
}
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
