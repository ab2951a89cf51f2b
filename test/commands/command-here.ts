import { program } from '../../src/commands/program.js'
import { reportFailure } from '../../src/commands/report-failure.js'
import { createLog } from '../../src/server/observing/log.js'
import { leakIn } from '../support/leaks.js'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command that ends by itself as `dialgraph` does, in this process and another directory:
 * what a process of its own adds is the same for all, and dear.
 */
export async function commandHere(
  commandLine: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const told = { stdout: '', stderr: '' }
  const tell = (stream: 'stdout' | 'stderr') => (text: unknown) => ((told[stream] += String(text)), true)
  const line = (stream: 'stdout' | 'stderr') => (text: unknown) => void tell(stream)(`${String(text)}\n`)
  const ended = (code: number): Ended => {
    const leak = leakIn(told.stdout + told.stderr)
    if (leak !== null) throw new Error(`the output of a command: ${leak}`)
    return { code, ...told }
  }
  const { log, warn, error } = console
  const [writeOut, writeErr] = [process.stdout.write, process.stderr.write]
  const [before, was] = [process.cwd(), { ...process.env }]
  Object.assign(console, { log: line('stdout'), warn: line('stderr'), error: line('stderr') })
  Object.assign(process.stdout, { write: tell('stdout') })
  Object.assign(process.stderr, { write: tell('stderr') })
  Object.assign(process.env, environment)
  delete process.env['DIALGRAPH_CONFIG']
  process.chdir(cwd)
  const ownLog = createLog({ write: tell('stderr') })
  try {
    await program(ownLog).parseAsync(['node', 'dialgraph', ...commandLine])
    return ended(0)
  } catch (failure) {
    return ended(reportFailure(failure, ownLog))
  } finally {
    process.chdir(before)
    for (const name of Object.keys(environment)) delete process.env[name]
    Object.assign(process.env, was)
    Object.assign(process.stdout, { write: writeOut })
    Object.assign(process.stderr, { write: writeErr })
    Object.assign(console, { log, warn, error })
  }
}
