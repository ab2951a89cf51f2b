#!/usr/bin/env bash
# cockatiel waits out the pause between two attempts after an abort, and then attempts again.
#
# Package: cockatiel 3.2.1; 4.0.0 does the same
# Node: 20.20, 22.23, 24.21
# Expected: a retry that is given an AbortSignal ends when the signal aborts, or at least begins
# no further attempt.
# Happens: an abort during the pause is not heard. The pause goes on to its end, and the function
# is called once more with a signal that is aborted already.
# Output seen:
#   aborted during the pause of 400 ms before attempt 2
#   attempt 2 begins, its signal is aborted: true
#   ended with the error of attempt 2, not before the pause was over: true
# Why it matters: with exponential pauses, a server that wants to stop stays for seconds or
# minutes, and a function that does not look at the signal repeats its work for a caller who has
# gone.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts cockatiel@3.2.1 >> npm.log

cat > seen.mjs <<'END'
import { ConstantBackoff, handleAll, retry } from 'cockatiel'

const PAUSE_MS = 400
const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(PAUSE_MS) })
const controller = new AbortController()
let attempts = 0
let abortedAt = 0
policy.onRetry(() => {
  setImmediate(() => {
    abortedAt = performance.now()
    controller.abort()
    console.log(`aborted during the pause of ${PAUSE_MS} ms before attempt ${attempts + 1}`)
  })
})
const run = policy.execute(({ signal }) => {
  attempts += 1
  if (attempts > 1) console.log(`attempt ${attempts} begins, its signal is aborted: ${signal.aborted}`)
  throw new Error(`attempt ${attempts}`)
}, controller.signal)
await run.catch(({ message }) => {
  const waited = performance.now() - abortedAt
  console.log(`ended with the error of ${message}, not before the pause was over: ${waited > PAUSE_MS / 2}`)
})
END

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
