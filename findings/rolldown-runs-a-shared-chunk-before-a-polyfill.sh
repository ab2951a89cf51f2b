#!/usr/bin/env bash
# Rolldown with two entries runs a shared module before the polyfill that is imported first.
#
# Package: rolldown 1.2.19
# Node: 20.20
# Expected: modules run in the order in which they are imported, as Node runs them unbundled:
# `import './polyfill.js'` stands first, so it has run when `./uses.js` does.
# Happens: with one entry that is so. With two, what they share becomes chunks of its own, by which
# entries reach it, and a chunk is run before the code of whoever imports it: where one more entry
# needs only `uses.js`, it is cut off from the polyfill, whose code stands in the chunk of the first
# entry, and it runs first. Nothing is warned of. `output.strictExecutionOrder: true` keeps the
# order; it is off by default.
# Output seen:
#   unbundled:                     polyfilled
#   one entry:                     polyfilled
#   two entries:                   not yet
#   two entries, in strict order:  polyfilled
# Why it matters: a polyfill of decorators' metadata is imported first for a reason. The same source
# works unbundled and with one entry, and fails, or quietly does without, on the day when a second
# entry is added.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm pkg set type=module >> npm.log
npm install --ignore-scripts rolldown@1.2.19 >> npm.log

echo "globalThis.polyfill = 'polyfilled'" > polyfill.js
echo "export const seen = globalThis.polyfill ?? 'not yet'" > uses.js
cat > main.js <<'END_OF_SCRIPT'
import './polyfill.js'
import { seen } from './uses.js'
console.log(seen)
END_OF_SCRIPT
echo "export { seen } from './uses.js'" > other.js

cat > build.js <<'END_OF_SCRIPT'
import { rolldown } from 'rolldown'

const [dir, order, ...input] = process.argv.slice(2)
const bundle = await rolldown({ input, onLog: (level, log) => console.error(level, log.message) })
await bundle.write({ dir, ...(order === 'strict' && { strictExecutionOrder: true }) })
END_OF_SCRIPT

node build.js one default main.js
node build.js two default main.js other.js
node build.js strict strict main.js other.js
{
  echo "unbundled:                     $(node main.js)"
  echo "one entry:                     $(node one/main.js)"
  echo "two entries:                   $(node two/main.js)"
  echo "two entries, in strict order:  $(node strict/main.js)"
} > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
