#!/usr/bin/env bash
# graphql-jit refuses a request that leaves out a non-null variable with a default value.
#
# Package: graphql-jit 0.8.9 with graphql 16.15.0
# Node: 20.20, 22.23, 24.21
# Expected: `$size: Int! = 20` is optional for the caller, and null is what the exclamation mark
# forbids (GraphQL specification, section 6.1.2).
# Happens: the variable is called required, and nothing is executed.
# Output seen:
#   graphql     {"data":{"page":20}}
#   graphql-jit {"errors":[{"message":"Variable \"$size\" of required type \"Int!\" was not provided.","locations":[{"line":1,"column":8}]}]}
# Why it matters: documents with defaults that run everywhere else fail as soon as the executor is
# exchanged, and every client has to send its defaults itself.
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

const schema = buildSchema(`type Query { page(size: Int!): Int }`)
schema.getQueryType().getFields().page.resolve = (_, { size }) => size
const document = parse(`query ($size: Int! = 20) { page(size: $size) }`)
const variables = {}
console.log('graphql    ', JSON.stringify(await execute({ schema, document, variableValues: variables })))
console.log('graphql-jit', JSON.stringify(await compileQuery(schema, document).query({}, {}, variables)))
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
