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
// sees it. `--every 6`: each sixth mutant only. Parley itself must be sound, which the whole run sees
// to. Exits with 1 where more than three are not seen.
const PARLEY = fileURLToPath(new URL('./parley', import.meta.url))
const at = process.argv.indexOf('--every')
const every = at < 0 ? 1 : Number(process.argv[at + 1])
const MOST_UNSEEN = 3

/** Promises that wait for time-outs or play whole days: tried last. */
const SLOW = /^logins\.|^faults\.staying\.(hang|late)/

/** The first promise that sees it. @param {string} folder @returns {Promise<string | null>} */
async function seenBy(folder) {
  const promises = [...conformance(await findProvider(folder), { crowd: 20, timeoutMs: 15_000 })]
  promises.sort((a, b) => Number(SLOW.test(a.id)) - Number(SLOW.test(b.id)))
  for (const { id, check } of promises) {
    if ((await check()).outcome === 'red') return id
  }
  return null
}

const sound = every > 1 ? null : await seenBy(PARLEY)
if (sound !== null) throw new Error(`Parley itself is red: ${sound}`)

const place = mkdtempSync(join(tmpdir(), 'dialgraph-mutants-'))
let unseen = 0
const tried = MUTANTS.filter((_, index) => index % every === 0)
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
  const seen = await seenBy(folder)
  if (seen === null) unseen += 1
  console.log(`| ${what} | ${seen === null ? 'nothing' : `\`${seen}\``} |`)
}
rmSync(place, { recursive: true })
console.log(`\n${tried.length - unseen} of ${tried.length} are seen`)
process.exit(unseen > MOST_UNSEEN ? 1 : 0)
