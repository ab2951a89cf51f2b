#!/usr/bin/env bash
# Every promise of a jest suite carries a slot for each suite that ran before it in the process.
#
# Package: jest 30.5.2 (jest-circus 30.5.2)
# Node: 20.20 and 22.23; not 24, where AsyncLocalStorage has no hooks
# Expected: what jest makes for one suite is put away with it.
# Happens: for each suite jest-circus makes an AsyncLocalStorage and never disables it. On Node 20
# and 22 a storage in use copies its store to every new promise of the process, so each later
# suite makes promises that are slower and larger.
# Output seen:
#   suite 1: 1 store on a new promise
#   suite 2: 2 stores on a new promise
#   suite 3: 3 stores on a new promise
#   suite 4: 4 stores on a new promise
#   suite 5: 5 stores on a new promise
# Why it matters: a run of some hundred suites in few workers slows down towards its end.
# Disabling the storages of earlier suites before each suite was most of what took a third off
# such a run.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts jest@30.5.2 >> npm.log

cat > counted.js <<'END'
const { appendFileSync, existsSync, readFileSync } = require('fs')

module.exports = async () => {
  await null
  const stores = Object.getOwnPropertySymbols(Promise.resolve()).filter((one) => one.description === 'kResourceStore')
  const suite = existsSync('suites.txt') ? readFileSync('suites.txt', 'utf8').split('\n').length : 1
  const what = stores.length === 1 ? 'store' : 'stores'
  appendFileSync('suites.txt', `suite ${suite}: ${stores.length} ${what} on a new promise\n`)
}
END
for suite in a b c d e; do echo "test('counts', require('./counted.js'))" > "$suite.test.js"; done
npx jest --runInBand --silent >> npm.log 2>&1

node --print "fs.readFileSync('suites.txt', 'utf8').trimEnd()" > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
