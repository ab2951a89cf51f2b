import './calls.css'
import './panel.css'

import { useMemo, useState } from 'react'

import { useSeesWholeAccounts } from '../frame/viewer.js'
import { isUnknownAccount, UnknownAccount } from '../parts/account-choice.js'
import { Button } from '../parts/button.js'
import { useIsNarrow } from '../parts/narrow.js'
import { Empty, Failed, Loading } from '../parts/states.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { useCallAccounts, zoneOfLog } from './accounts.js'
import { CallList } from './call-list.js'
import { CallPanel } from './call/call-panel.js'
import { ExportCalls } from './export/export-calls.js'
import { FilterBar } from './filters/filter-bar.js'
import { areSwapped, countOf, filterOf } from './filters/filters.js'
import { useIsUnknown } from './filters/lines.js'
import { NotAsked } from './filters/not-asked.js'
import { useFilters } from './filters/use-filters.js'
import { useNumbers } from './filters/use-numbers.js'
import { words as filterWords } from './filters/words.js'
import type { Log } from './log-entries.js'
import { Missing } from './missing.js'
import { accountsThatAre } from './missing-parts.js'
import { Steady } from './steady.js'
import { useLog } from './use-log.js'
import { useOpenCall } from './use-open-call.js'
import { words } from './words.js'

/** The log of all accounts in one order of time, and one call of it. */
export function View() {
  const said = useWords(words)
  const whole = useSeesWholeAccounts()
  const isNarrow = useIsNarrow()
  const accounts = useCallAccounts()
  const { filters, change, clear } = useFilters()
  const [now] = useState(Date.now)
  const timeZone = zoneOfLog(accounts ?? [], filters.account)
  const countries = useMemo(() => accounts && [...new Set(accounts.map(({ country }) => country))], [accounts])
  const meant = useNumbers(filters.number, countries)
  const { numbers } = meant
  const isNoNumber = filters.number !== '' && numbers?.length === 0
  const isUnknown = isUnknownAccount({ accounts: accounts ?? [], value: filters.account })
  const isWrong = isNoNumber || isUnknown || areSwapped(filters)
  const isKnown = numbers !== null && !isWrong && (accounts !== null || filters.period === '')
  const filter = useMemo(
    () => (isKnown ? filterOf(filters, numbers, { now, timeZone }) : null),
    [isKnown, filters, numbers, now, timeZone],
  )
  const shown = useLog(filter, whole)
  const { log, error, reload } = shown
  const isUnknownLine = useIsUnknown(filters, error !== undefined || log?.edges.length === 0)
  const isNotAsked = isWrong || meant.error !== undefined || isUnknownLine === true
  const { openId, close, hrefOf } = useOpenCall()
  return (
    <>
      <div className="view-head">
        <div>
          <h1 tabIndex={-1}>{said.title}</h1>
          <p>{log && <Total log={log} />}</p>
        </div>
        <div className="row">
          <Button look="quiet" icon="retry" aria-label={said.reload} isPending={shown.isReloading} onPress={reload} />
          <ExportCalls filter={isUnknownLine ? null : filter} timeZone={timeZone} total={log?.totalCount ?? null} />
        </div>
      </div>
      <FilterBar {...{ filters, change, clear, isNoNumber, isNarrow }} accounts={accounts ?? []} />
      <div className={openId && !isNarrow ? 'calls calls-beside' : 'calls'}>
        <div>
          {error !== undefined && isUnknownLine === false && (
            <Failed title={log ? said.noneNewer : said.failed} error={error} onRetry={reload} />
          )}
          {/* In the place of what was loading, which therefore need not make room for them. */}
          {log && <Notes log={log} />}
          {log && filter && (
            <Missing key={`${shown.reloads} ${JSON.stringify(filter)}`} sources={log.sources} {...{ filter, whole }} />
          )}
          {isUnknown && <UnknownAccount value={filters.account} onChange={(account) => change({ account })} />}
          {isNotAsked && !isUnknown && (
            <NotAsked {...{ filters, meant, change, clear }} isUnknownLine={isUnknownLine === true} />
          )}
          {!log && (error === undefined || isUnknownLine === null) && !isNotAsked && <Loading rows={12} look="call" />}
          {log?.edges.length === 0 && isUnknownLine === false && (
            <Nothing sources={log.sources} isFiltered={countOf(filters) > 0} onClear={clear} />
          )}
          {log && log.edges.length > 0 && (
            <Steady>
              <CallList
                namesAccount={!filters.account && (accounts?.length ?? 0) > 1}
                {...{ log, shown, timeZone, openId, hrefOf }}
              />
            </Steady>
          )}
        </div>
        {openId && <CallPanel id={openId} isNarrow={isNarrow} onClose={close} />}
      </div>
    </>
  )
}

function Total({ log: { totalCount, countPrecision } }: { readonly log: Log }) {
  const said = useWords(words)
  if (totalCount === null || (totalCount === 0 && countPrecision !== 'EXACT')) return null
  const count = said.count(totalCount)
  return countPrecision === 'EXACT' ? count : said.atLeast(count)
}

interface NothingProps {
  readonly sources: Log['sources']
  readonly isFiltered: boolean
  onClear(): void
}

/** Nothing is in the list: because there is nothing, because nothing is like that, or because it failed. */
function Nothing({ sources, isFiltered, onClear }: NothingProps) {
  const said = useWords(words)
  const { clear } = useWords(filterWords)
  const lacks = sources.filter(({ gap }) => gap)
  if (lacks.some(({ errorCode }) => errorCode)) return <Empty title={said.nothingCame} hint={said.nothingCameHint} />
  if (lacks.length > 0) return <Empty title={said.notFoundYet} hint={said.notFoundYetHint} />
  if (!isFiltered) return <Empty title={said.empty} />
  return (
    <Empty title={said.notFound} hint={said.notFoundHint}>
      <Button onPress={onClear}>{clear}</Button>
    </Empty>
  )
}

/** What the list cannot have, and nobody can mend. */
function Notes({ log: { sources } }: { readonly log: Log }) {
  const said = useWords(words)
  const { list } = useFormats()
  // Their phone system has no calls at all; it cannot be asked now, and this server remembers.
  const [none, stale] = [accountsThatAre('UNSUPPORTED', sources), accountsThatAre('STALE', sources)]
  const names = (accounts: typeof none) => list(accounts.map(({ label }) => label))
  return (
    <>
      {stale.length > 0 && <p className="notes">{said.remembered(names(stale))}</p>}
      {none.length > 0 && <p className="notes">{said.none(names(none))}</p>}
    </>
  )
}
