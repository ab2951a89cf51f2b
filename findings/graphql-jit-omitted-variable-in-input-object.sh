#!/usr/bin/env bash
# graphql-jit makes null of a variable that was left out inside an input object.
#
# Package: graphql-jit 0.8.9 with graphql 16.15.0
# Node: 20.20, 22.23, 24.21
# Expected: a member of an input object whose variable was not sent counts as not there, so that
# its default applies (GraphQL specification, section 3.10). A list item becomes null.
# Happens: the member is there and is null. For a variable that is an argument by itself the
# default does apply.
# Output seen:
#   graphql     {"data":{"argument":"{\"size\":20}","member":"{\"page\":{\"size\":20}}"}}
#   graphql-jit {"data":{"argument":"{\"size\":20}","member":"{\"page\":{\"size\":null}}"}}
# Why it matters: optional filters are usually written as `filter: { status: $status }`. "No
# filter" turns into "equals null", and a default of the schema is lost.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts graphql-jit@0.8.9 graphql@16.15.0 >> npm.log

cat > seen.mjs <<'END'
import { buildSchema, execute, parse } from 'graphql'
import { compileQuery } from 'graphql-jit'

const schema = buildSchema(`input Page { size: Int = 20 } type Query { argument(size: Int = 20): String member(page: Page): String }`)
for (const field of Object.values(schema.getQueryType().getFields())) field.resolve = (_, given) => JSON.stringify(given)
const document = parse(`query ($size: Int) { argument(size: $size) member(page: { size: $size }) }`)
const variables = {}
console.log('graphql    ', JSON.stringify(await execute({ schema, document, variableValues: variables })))
console.log('graphql-jit', JSON.stringify(await compileQuery(schema, document).query({}, {}, variables)))
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
