#!/usr/bin/env node
import 'reflect-metadata'

import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

import { EXIT } from './commands/exit-codes.js'
import { program } from './commands/program.js'
import { reportFailure } from './commands/report-failure.js'
import { boundHeapGrowth } from './heap-growth.js'
import { gatheredLines } from './server/observing/gathered-lines.js'
import { createLog } from './server/observing/log.js'

// V8 allocates objects from sites whose objects often survive straight into the old generation
// (pretenuring), where they and all they point to stay until a full collection. Here everything
// dies with its operation. docs/performance.md has the figures.
setFlagsFromString('--no-allocation-site-pretenuring')
// On one core, threads that collect young objects together only take turns.
if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge')
boundHeapGrowth()
const lines = gatheredLines(process.stderr)
const log = createLog(lines)
// However the process ends, but by SIGKILL.
process.on('exit', lines.flush)
// The environment may hold secrets: Node's diagnostic reports leave it out (from Node 22 on).
Object.assign(process.report, { excludeEnv: true })
process.on('uncaughtException', (error) => {
  log.defect(null, error)
  process.exit(EXIT.ourFault)
})
// A rejection that nothing handles is a defect, but no reason to fail all other requests.
process.on('unhandledRejection', (reason) => log.defect(null, reason))

await main(process.argv)

async function main(argv: readonly string[]): Promise<void> {
  try {
    await program(log).parseAsync([...argv])
  } catch (error) {
    process.exitCode = reportFailure(error, log)
    // What a provider of somebody else began while it was loaded may go on for ever.
    setTimeout(() => process.exit(), 1_000).unref()
  }
}
