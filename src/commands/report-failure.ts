import { CommanderError } from 'commander'

import { ConfigurationError } from '../errors.js'
import type { Log } from '../server/observing/log.js'
import { CommandFailed } from './command-failed.js'
import { EXIT } from './exit-codes.js'

/** Socket errors for an address that is in use, forbidden, or not of this machine. */
const CANNOT_LISTEN: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'])

/** Reports a failure on stderr, unless commander already has, and returns its exit code. */
export function reportFailure(error: unknown, log: Log): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.fixable
  if (error instanceof ConfigurationError) {
    console.error(error.message)
    return EXIT.fixable
  }
  if (error instanceof CommandFailed) {
    console.error(error.message)
    return error.exitCode
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
