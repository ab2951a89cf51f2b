#!/usr/bin/env bash
# graphql-js finds no breaking change where an input object becomes a @oneOf.
#
# Package: graphql 16.15.0
# Node: 20.20, 22.23, 24.21
# Expected: findBreakingChanges, or at least findDangerousChanges, names a change by which valid
# operations become invalid.
# Happens: both lists are empty, while an operation that was valid is refused by validation
# afterwards.
# Output seen:
#   breaking: []
#   dangerous: []
#   errors of { calls(by: { id: 1, number: 2 }) } before: 0, after: 1
#   errors of { calls(by: { id: null }) } before: 0, after: 1
# Why it matters: checks of schemas in continuous integration stand on these two functions and let
# the change pass.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts graphql@16.15.0 >> npm.log

cat > seen.mjs <<'END'
import { buildSchema, findBreakingChanges, findDangerousChanges, parse, validate } from 'graphql'

const schema = (directive) => buildSchema(`input By ${directive} { id: Int number: Int } type Query { calls(by: By): Int }`)
const [before, after] = [schema(''), schema('@oneOf')]
console.log('breaking:', JSON.stringify(findBreakingChanges(before, after)))
console.log('dangerous:', JSON.stringify(findDangerousChanges(before, after)))
for (const text of ['{ calls(by: { id: 1, number: 2 }) }', '{ calls(by: { id: null }) }']) {
  const errors = (one) => validate(one, parse(text)).length
  console.log(`errors of ${text} before: ${errors(before)}, after: ${errors(after)}`)
}
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
