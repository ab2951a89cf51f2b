#!/usr/bin/env bash
# npm dedupe replaces locked versions by newer ones where two copies cannot become one.
#
# Package: npm 11.19.1, with make-dir 4.0.0, node-abi 3.75.0 and semver 5.7.2
# Node: 20.20
# Expected: copies of a package move or go away; its documentation says that a run never brings a
# module that was not there, and the lock holds every version.
# Happens: both copies of semver 7.6.0 stay where they are, since another major stands at the root;
# both are now the newest 7 that there is, and npm says "up to date". An install keeps them.
# Output seen:
#   locked:         make-dir > semver 7.6.0, node-abi > semver 7.6.0
#   after install:  make-dir > semver 7.6.0, node-abi > semver 7.6.0
#   after dedupe:   make-dir > semver newer, node-abi > semver newer
#   npm said:       up to date
# Why it matters: a tidier tree for continuous integration also brings versions that nobody has
# reviewed, published this morning perhaps; the diff of the lock does not set the two apart.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts npm@11.19.1 >> npm.log

mkdir project
cat > project/package.json <<'END'
{
  "name": "project",
  "private": true,
  "dependencies": { "make-dir": "4.0.0", "node-abi": "3.75.0", "semver": "5.7.2" },
  "overrides": { "make-dir": { "semver": "7.6.0" }, "node-abi": { "semver": "7.6.0" } }
}
END

cat > seen.mjs <<'END'
import { readFileSync } from 'node:fs'
const { packages } = JSON.parse(readFileSync('project/package-lock.json', 'utf8'))
const copies = ['make-dir', 'node-abi'].map((name) => {
  const { version } = packages[`node_modules/${name}/node_modules/semver`]
  return `${name} > semver ${version === '7.6.0' ? version : 'newer'}`
})
console.log(`${process.argv[2]}:`.padEnd(15), copies.join(', '))
END

lock() { (cd project && node ../node_modules/npm/bin/npm-cli.js "$@" --package-lock-only --no-audit --no-fund); }
lock install > npm.log
node seen.mjs locked > seen.txt
# The wish for that version goes; the lock still has it.
node -e "
  const { overrides, ...rest } = require('./project/package.json')
  fs.writeFileSync('project/package.json', JSON.stringify(rest))"
lock install > npm.log
node seen.mjs 'after install' >> seen.txt
lock dedupe > said.txt
node seen.mjs 'after dedupe' >> seen.txt
echo "npm said:       $(grep -o 'up to date' said.txt)" >> seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
