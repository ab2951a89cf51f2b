#!/usr/bin/env bash
# A circuit breaker of cockatiel whose time is over says "open" until somebody calls through it.
#
# Package: cockatiel 3.2.1
# Node: 20.20
# Expected: once `halfOpenAfter` has passed, `state` is HalfOpen and `onHalfOpen` has been called:
# the next call is let through, and whoever looks can see that.
# Happens: the passing of the time changes nothing. `state` stays Open and no event is emitted, for
# ever. The next call is let through, and only it emits `onHalfOpen`; while it begins `state` is
# still Open.
# Output seen:
#   when it has opened:         Open, events: break
#   ten times its time later:   Open, events: break
#   within the next call:       Open, events: break halfOpen
#   after the next call:        Closed, events: break halfOpen reset
# Why it matters: a background task that spares what is broken, and looks at `state` to do so, waits
# for a call that only itself would make, and never comes back after an outage.
set -euo pipefail
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts cockatiel@3.2.1 >> npm.log

cat > seen.mjs <<'END_OF_SCRIPT'
import { setTimeout as passed } from 'node:timers/promises'

import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel'

const HALF_OPEN_AFTER = 50
const breaker = circuitBreaker(handleAll, { halfOpenAfter: HALF_OPEN_AFTER, breaker: new ConsecutiveBreaker(1) })
const events = []
breaker.onBreak(() => events.push('break'))
breaker.onHalfOpen(() => events.push('halfOpen'))
breaker.onReset(() => events.push('reset'))
const show = (when) =>
  console.log(`${`${when}:`.padEnd(27)} ${CircuitState[breaker.state]}, events: ${events.join(' ')}`)

await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
show('when it has opened')
await passed(10 * HALF_OPEN_AFTER)
show('ten times its time later')
await breaker.execute(async () => show('within the next call'))
show('after the next call')
END_OF_SCRIPT

node seen.mjs > seen.txt
cat seen.txt
sed -n 's/^#   //p' "$self" | diff - seen.txt
