#!/usr/bin/env bash
# Fastify compares each plugin that has no name of its own with the exports of every loaded module.
#
# Package: fastify 5.12.8
# Node: 20.20, 22.23, 24.21
# Expected: registering a plugin costs the same in a small process and in a large one; a named
# function is called by its name.
# Happens: unless fastify-plugin or a display name says what it is called, all of require.cache is
# listed and read twice for each plugin, a named function included, before its name is used.
# Output seen:
#   plugin with a display name: 0 lists of require.cache, every module read: false
#   named function: 2 lists of require.cache, every module read: true
#   function without a name: 2 lists of require.cache, every module read: true
# Why it matters: where require.cache is no plain object the search is expensive: in jest a proxy
# stands there, and in one large suite each plugin took about 10 ms by this alone. A test that
# builds an application for each case spends its time there.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts fastify@5.12.8 >> npm.log

cat > seen.cjs <<'END'
const Module = require('node:module')

// What a module gets as require.cache, with its readers counted.
let lists = 0
const read = new Set()
const cache = Module._cache
Module._cache = new Proxy(cache, {
  ownKeys: (target) => ((lists += 1), Reflect.ownKeys(target)),
  get: (target, key) => (read.add(key), target[key]),
})
const fastify = require('fastify')

async function look(what, plugin) {
  const app = fastify()
  const modules = Object.keys(cache).length
  lists = 0
  read.clear()
  await app.register(plugin)
  console.log(`${what}: ${lists} list${lists === 1 ? '' : 's'} of require.cache, every module read: ${read.size >= modules}`)
}

const display = Symbol.for('fastify.display-name')
look('plugin with a display name', Object.assign(async () => {}, { [display]: 'routes' }))
  .then(() => look('named function', async function routes() {}))
  .then(() => look('function without a name', (() => async () => {})()))
END

node seen.cjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
