import { useMemo, useRef } from 'react'

import { Button } from '../parts/button.js'
import { Empty } from '../parts/states.js'
import { words as shared } from '../parts/words.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { dayIn } from '../words/zone-days.js'
import { csvOf, download, pictureOf } from './downloads.js'
import { FIGURES } from './figures.js'
import { useFileNotes } from './lacking.js'
import { MOST_BARS, Plot } from './plot.js'
import { rowsOf } from './rows.js'
import { Incomplete, NotCounted } from './sources.js'
import { Sums, SumsToCome } from './sums.js'
import { Table } from './table.js'
import type { Answer } from './use-answer.js'
import { words } from './words.js'

interface Props {
  readonly answer: Answer
  onRetry(): void
}

/** The sums, the plot, the table, and what is not in them. */
export function Results({ answer, onRetry }: Props) {
  const said = useWords(words)
  const { during, before } = answer
  if (during.sources.every(({ state }) => state === 'UNSUPPORTED'))
    return <Empty title={said.noArchive} hint={said.noArchiveHint} />
  return (
    <>
      <Incomplete during={during.sources} before={before?.sources ?? null} onRetry={onRetry} />
      <Sums during={during.total} before={before?.total ?? null} />
      {during.total.calls === 0 ? <Empty title={said.empty} hint={said.emptyHint} /> : <Plotted {...answer} />}
      <NotCounted sources={during.sources} />
    </>
  )
}

/** The plot and its table, and both as files. */
function Plotted(answer: Answer) {
  const { during, before, period } = answer
  const { grouping, timeZone } = answer.chosen
  const said = useWords(words)
  const { locale, days, zone } = useFormats()
  const notes = useFileNotes(answer)
  const panel = useRef<HTMLElement>(null)
  const isByTime = grouping !== 'group' && grouping !== 'extension'
  const others = isByTime ? '' : said.others[grouping]
  const rows = useMemo(
    () =>
      rowsOf(during, before, {
        ...{ grouping, period, locale, others },
        dayOf: (moment) => dayIn(moment, timeZone),
      }),
    [during, before, grouping, period, locale, others, timeZone],
  )
  const name = `calls-${period.days[0]}-${period.days.at(-1)}-${grouping}`
  const keys = [
    { colour: '--accent', name: said.calls, look: 'key-calls' },
    { colour: '--bad', name: said.missed, look: 'key-missed' },
    ...(before ? [{ colour: '--muted', name: said.callsBefore, look: isByTime ? 'key-before' : 'key-point' }] : []),
  ]
  const saveTable = () =>
    download(
      csvOf([
        [said.groupings[grouping], ...FIGURES.map((one) => said[one]), ...(before ? [said.callsBefore] : [])],
        ...rows.map((row) => [
          grouping === 'day' ? row.key : row.name,
          ...FIGURES.map((one) => row[one] ?? null),
          ...(before ? [row.callsBefore] : []),
        ]),
        // Spreadsheets take what stands behind an empty line for no part of the table.
        ...[[], [`${said.zone}: ${timeZone}`], ...notes.map((note) => [note])],
      ]),
      `${name}.csv`,
    )
  const savePicture = async () => {
    const dates = `${days(period.days[0]!, period.days.at(-1)!)}, ${zone(timeZone)}`
    const heading = [said.plotted(said.groupings[grouping]), dates, ...notes]
    const picture = await pictureOf(panel.current!.querySelector('canvas')!, heading, keys)
    if (picture) download(picture, `${name}.png`)
  }
  return (
    <section className="panel plotted" ref={panel} aria-label={said.plotted(said.groupings[grouping])}>
      <div className="plotted-head">
        <ul className="keys">
          {keys.map((key) => (
            <li key={key.name} className={key.look}>
              {key.name}
            </li>
          ))}
          {!isByTime && rows.length > MOST_BARS && <li className="key-note">{said.most(String(MOST_BARS))}</li>}
        </ul>
        <Button onPress={saveTable}>{said.csv}</Button>
        <Button onPress={() => void savePicture()}>{said.png}</Button>
      </div>
      <Plot
        rows={isByTime ? rows : rows.slice(0, MOST_BARS)}
        label={said.plot(said.groupings[grouping])}
        locale={locale}
        isByTime={isByTime}
        isCompared={before !== null}
      />
      <Table rows={rows} grouping={grouping} isCompared={before !== null} />
      {during.truncated && <p className="muted">{said.truncated}</p>}
    </section>
  )
}

/** Holds the place of the results, each part as large as it will be. */
export function ResultsToCome() {
  const { loading } = useWords(shared)
  return (
    <div role="status" aria-label={loading}>
      <SumsToCome />
      <div className="skeleton plotted-to-come" />
    </div>
  )
}
