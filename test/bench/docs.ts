import { readFile, writeFile } from 'node:fs/promises'

import { archiveReport, type ArchiveResults } from './archive.js'
import { callStatisticsReport, type CallStatisticsResults } from './call-statistics.js'
import { exportReport, type ExportResults } from './exports.js'
import { consoleReport, type ConsoleResults } from './console.js'
import { bytesReport, type BytesResults } from './bytes.js'
import { liveReport, type LiveResults } from './live/report-live.js'
import { report } from './report.js'
import { kept, type BenchResults } from './results.js'
import { scaleReport, type ScaleResults } from './scale.js'
import { walkTable, type WalkResults } from './walk.js'

/** Seen from `dist`, where the bench is compiled to. */
const PAGE = new URL('../../../docs/performance.md', import.meta.url)

/** Writes what was measured last between the marks of docs/performance.md; what was never measured here stays as it is. */
export async function fillPage(): Promise<string> {
  const bench = kept<BenchResults>('bench')
  const walk = kept<WalkResults>('walk')
  const scale = kept<ScaleResults>('scale')
  const bytes = kept<BytesResults>('bytes')
  const live = kept<LiveResults>('live')
  const archive = kept<ArchiveResults>('archive')
  const statistics = kept<CallStatisticsResults>('call-statistics')
  const exports = kept<ExportResults>('exports')
  const consolePage = kept<ConsoleResults>('console')
  const parts: Readonly<Record<string, string | null>> = {
    measured: bench && report(bench, walk),
    walk: walk && `\`${walk.command}\`, ${walk.date}, ${walk.machine}.\n\n${walkTable(walk)}`,
    scale: scale && scaleReport(scale),
    bytes: bytes && bytesReport(bytes),
    live: live && liveReport(live),
    archive: archive && archiveReport(archive),
    exports: exports && exportReport(exports),
    console: consolePage && consoleReport(consolePage),
    statistics: statistics && callStatisticsReport(statistics),
  }
  let text = await readFile(PAGE, 'utf8')
  const filled: string[] = []
  for (const [name, content] of Object.entries(parts)) {
    if (content === null) continue
    const marks = new RegExp(`(<!-- bench:${name} -->\n)[^]*?(<!-- bench:${name} end -->)`)
    if (!marks.test(text))
      throw new Error(`docs/performance.md has no marks <!-- bench:${name} --> and <!-- bench:${name} end -->`)
    text = text.replace(marks, (_all, begin: string, end: string) => `${begin}\n${content}\n\n${end}`)
    filled.push(name)
  }
  await writeFile(PAGE, text)
  return filled.length > 0
    ? `docs/performance.md now shows: ${filled.join(', ')}.`
    : 'Nothing has been measured yet: npm run bench.'
}
