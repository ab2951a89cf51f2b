#!/usr/bin/env bash
# graphql-jit leaves a fragment out when it is spread twice under opposite conditions.
#
# Package: graphql-jit 0.8.9 with graphql 16.15.0
# Node: 20.20, 22.23, 24.21
# Expected: of two spreads of one fragment, one with @include and one with @skip, the one that
# applies is executed.
# Happens: when the first of them does not apply, the second is left out as well. The answer lacks
# the fields and has no error. The option useExperimentalPathBasedSkipInclude, which is meant for
# such documents, changes nothing here.
# Output seen:
#   graphql     {"data":{"account":{"id":"1","name":"Acme"}}}
#   graphql-jit {"data":{"account":{"id":"1"}}}
#   by paths    {"data":{"account":{"id":"1"}}}
# Why it matters: compilers of typed clients, and people who compose documents, spread shared
# fragments several times. Data is missing silently and only for some values of the variables.
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

const schema = buildSchema(`type Query { account: Account } type Account { id: ID! name: String }`)
schema.getQueryType().getFields().account.resolve = () => ({ id: '1', name: 'Acme' })
const document = parse(`query ($short: Boolean!) { account { id ...Name @include(if: $short) ...Name @skip(if: $short) } } fragment Name on Account { name }`)
const variables = { short: false }
console.log('graphql    ', JSON.stringify(await execute({ schema, document, variableValues: variables })))
console.log('graphql-jit', JSON.stringify(await compileQuery(schema, document).query({}, {}, variables)))
const byPaths = compileQuery(schema, document, '', { useExperimentalPathBasedSkipInclude: true })
console.log('by paths   ', JSON.stringify(await byPaths.query({}, {}, variables)))
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
