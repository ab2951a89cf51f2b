#!/usr/bin/env bash
# Fastify's inject fails inside jest, although nothing of the application is an ES module.
#
# Package: fastify 5.12.8, light-my-request 6.8.1, cookie 2.0.2, jest 30.5.2
# Node: 20.20, 22.23, 24.21
# Expected: app.inject, the way of testing that its documentation shows, works in a plain CommonJS
# test.
# Happens: since 6.8 light-my-request, which is loaded at the first inject, requires an ES module.
# Node itself can, and so can Fastify outside of jest; the module loader of jest cannot.
# Output seen:
#   node: 200
#   jest: Must use import to load ES Module: node_modules/cookie/dist/index.js
# Why it matters: a range of fastify brings the newer light-my-request by itself, so that all
# tests of a routes file break with an update of the lock file. Ways out: an older light-my-
# request by an override, or a real port.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts fastify@5.12.8 light-my-request@6.8.1 cookie@2.0.2 jest@30.5.2 >> npm.log

cat > app.js <<'END'
const app = require('fastify')()
app.get('/', async () => 'fine')
module.exports = app
END
cat > app.test.js <<'END'
test('answers', async () => {
  const first = (message) => message.split('\n')[0].replace(/: .*node_modules/, ': node_modules')
  const inject = async () => (await require('./app.js').inject('/')).statusCode
  const seen = await inject().catch(({ message }) => first(message))
  require('fs').writeFileSync('jest.txt', `jest: ${seen}\n`)
})
END
cat > seen.cjs <<'END'
require('./app.js').inject('/').then(({ statusCode }) => console.log(`node: ${statusCode}`))
END
npx jest --silent >> npm.log 2>&1

node seen.cjs > seen.txt
cat jest.txt >> seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
