import { readFileSync } from 'node:fs'

import { leakIn } from './leaks.js'

/** `node processes/run.js scan-output <file>…`: fails when one of these shows a secret of an emulator. */
for (const file of process.argv.slice(2)) {
  const leak = leakIn(readFileSync(file, 'utf8'))
  if (leak === null) continue
  console.error(`A secret was shown by the run of the tests: ${leak}`)
  process.exitCode = 1
}
