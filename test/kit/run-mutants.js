// @ts-check
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import 'reflect-metadata'

import { findProvider } from '../../dist/commands/provider/find-provider.js'
import { conformance } from '../../dist/testing.js'
import { MUTANTS } from './mutants.js'

// `node run-mutants.js`: tries the suite on every mutant, and prints a row of a table for each: the defect, and the first promise that
// sees it. `--as-documented`: tries only the promise that the table of docs/adding-a-provider.md names for it, which takes seconds.
// Exits with 1 where more than three are not seen, or one is not seen as documented.
const PARLEY = fileURLToPath(new URL('./parley', import.meta.url))
const DOCUMENT = new URL('../../docs/adding-a-provider.md', import.meta.url)
const documented = process.argv.includes('--as-documented') ? readTable() : null
const MOST_UNSEEN = documented ? 0 : 3

/** Promises that wait for time-outs or play whole days: tried last. */
const SLOW = /^logins\.|^faults\.staying\.(hang|late)/

/** From each defect of the table to the promise that sees it. @returns {Map<string, string>} */
function readTable() {
  const rows = readFileSync(DOCUMENT, 'utf8').matchAll(/^\| (.+?) +\| `([a-z\d.-]+)` +\|$/gm)
  return new Map([...rows].map(([, what = '', promise = '']) => [what, promise]))
}

/**
 * The first promise that sees it.
 *
 * @param {string} folder
 * @param {string} [only] the promise to try; without it, all
 * @returns {Promise<string | null>}
 */
async function seenBy(folder, only) {
  const promises = [...conformance(await findProvider(folder), { crowd: 20, timeoutMs: 15_000 })]
  promises.sort((a, b) => Number(SLOW.test(a.id)) - Number(SLOW.test(b.id)))
  for (const { id, check } of promises) {
    if (only !== undefined && id !== only) continue
    if ((await check()).outcome === 'red') return id
  }
  return null
}

// As documented, the promises that are tried are seen to be kept by the test that checks parley.
const sound = documented ? null : await seenBy(PARLEY)
if (sound !== null) throw new Error(`Parley itself is red: ${sound}`)

const place = mkdtempSync(join(tmpdir(), 'dialgraph-mutants-'))
let unseen = 0
const tried = MUTANTS.filter(([what]) => !documented || documented.has(what))
for (const [index, [what, file, text, defect]] of tried.entries()) {
  const folder = join(place, `mutant-${index}`)
  cpSync(PARLEY, folder, { recursive: true })
  const whole = readFileSync(join(folder, file), 'utf8')
  if (whole.split(text).length < 2) throw new Error(`${file} has no ${text}: ${what}`)
  writeFileSync(
    join(folder, file),
    whole.replace(text, () => defect),
  )
  // One that does not load is no defect, but a mistake of this list.
  const seen = await seenBy(folder, documented?.get(what))
  if (seen === null) unseen += 1
  console.log(`| ${what} | ${seen === null ? 'nothing' : `\`${seen}\``} |`)
}
rmSync(place, { recursive: true })
console.log(`\n${tried.length - unseen} of ${tried.length} are seen`)
process.exit(unseen > MOST_UNSEEN || tried.length < MUTANTS.length - 3 ? 1 : 0)
