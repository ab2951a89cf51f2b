#!/usr/bin/env node
import 'reflect-metadata'

import { setFlagsFromString } from 'node:v8'

import { CommanderError } from 'commander'

import { EXIT } from './commands/exit-codes.js'
import { program } from './commands/program.js'
import { ConfigurationError } from './errors.js'
import { createLog } from './server/observing/log.js'

/** Socket errors of an address that is taken, forbidden, or not of this machine. */
const CANNOT_LISTEN: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'])

// What many operations in a row held on to for a while, V8 begins to make among its old objects, where it stays until a full collection,
// and keeps alive all it points to. Here everything goes with its operation: a question over 50 accounts costs a third less without.
setFlagsFromString('--no-allocation-site-pretenuring')
// Old objects may grow by 80 % before they are collected; V8 lets those of a small heap grow fourfold, which is most of what the process would hold.
setFlagsFromString('--heap-growing-percent=80')
const log = createLog(process.stderr)
// The environment may hold every secret there is: a diagnostic report of Node's, where one is written, leaves it out (from Node 22 on).
Object.assign(process.report, { excludeEnv: true })
process.on('uncaughtException', (error) => {
  log.defect(null, error)
  process.exit(EXIT.ourFault)
})
// What one request left behind is a defect, but no reason to fail all the others.
process.on('unhandledRejection', (reason) => log.defect(null, reason))

await main(process.argv)

async function main(argv: readonly string[]): Promise<void> {
  try {
    await program(log).parseAsync([...argv])
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}

/** Reports a failure on stderr, unless commander already has, and returns its exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.fixable
  if (error instanceof ConfigurationError) {
    console.error(error.message)
    return EXIT.fixable
  }
  const { code, address, port } = error as { code?: string; address?: string; port?: number }
  if (code && CANNOT_LISTEN.has(code)) {
    const where = port === undefined ? (address ?? '') : `${address}:${port}`
    console.error(
      `Cannot listen on ${where} (${code}). ${code === 'EADDRINUSE' ? 'Something else listens there: choose another port with --port.' : 'Change server.host or server.port.'}`,
    )
    return EXIT.fixable
  }
  log.defect(null, error)
  return EXIT.ourFault
}
