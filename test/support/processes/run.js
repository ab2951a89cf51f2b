/** Runs one of the scripts of the tests by itself: `node test/support/processes/run.js scan-output <file>…`. */
import { spawnSync } from 'node:child_process'

import { processScript } from './bundles.js'

const [name, ...args] = process.argv.slice(2)
const { script, execArgv } = await processScript(name)
process.exitCode = spawnSync(process.execPath, [...execArgv, script, ...args], { stdio: 'inherit' }).status ?? 1
