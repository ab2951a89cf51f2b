import { checkProvider, type Scorecard, type ScorecardRow } from '../../testing/conformance/conformance.js'
import { EXIT } from '../exit-codes.js'
import { findProvider } from './find-provider.js'

/** `provider check`: tries every promise of a provider against its emulator, and prints the scorecard. */
export async function check(path: string, { json }: { readonly json?: true }): Promise<void> {
  const provider = await findProvider(path)
  const onRow = (row: ScorecardRow) => console.log(rowText(row))
  const scorecard = await checkProvider(provider, json ? {} : { onRow })
  console.log(json ? JSON.stringify(scorecard, null, 2) : summary(scorecard))
  if (scorecard.promises.some(({ outcome }) => outcome === 'red')) process.exitCode = EXIT.fixable
}

const rowText = ({ id, name, outcome, reason }: ScorecardRow): string =>
  `${outcome.padEnd('not claimed'.length)}  ${id.padEnd(LONGEST_ID)}  ${outcome === 'green' ? name : `${name}: ${reason}`}`

/** Of those there are; a longer one only moves its own row. */
const LONGEST_ID = 'capabilities.unavailable'.length

function summary({ provider, promises }: Scorecard): string {
  const count = (wanted: ScorecardRow['outcome']) => promises.filter(({ outcome }) => outcome === wanted).length
  return `${provider}: ${count('green')} green, ${count('red')} red, ${count('not claimed')} not claimed`
}
