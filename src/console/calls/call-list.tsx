import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react'

import { Button } from '../parts/button.js'
import { Failed, Loading } from '../parts/states.js'
import { words as shared } from '../parts/words.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { CallRow } from './call-row.js'
import type { Call, Log } from './log-entries.js'
import type { ShownLog } from './use-log.js'
import { words } from './words.js'

interface Props {
  readonly log: Log
  readonly shown: ShownLog
  readonly timeZone: string
  readonly namesAccount: boolean
  /** The call that is open. */
  readonly openId: string
  /** The address of a call. */
  hrefOf(id: string): string
}

/** The lines, by days; more of them come as its end comes near. */
export function CallList({ log, shown, timeZone, namesAccount, openId, hrefOf }: Props) {
  const said = useWords(words)
  const formats = useFormats()
  const days = useMemo(() => byDays(log.edges, (iso) => formats.day(iso, timeZone)), [log.edges, formats, timeZone])
  return (
    <div className="panel call-list" onKeyDown={moveByArrows}>
      {days.map(([day, calls]) => (
        <section key={day} aria-label={day}>
          <h2 className="day">
            <span>{day}</span> <small>{formats.zone(timeZone)}</small>
          </h2>
          <ol className="call-lines">
            {calls.map((call) => (
              <CallRow
                key={call.id}
                call={call}
                href={hrefOf(call.id)}
                isOpen={call.id === openId}
                {...{ timeZone, namesAccount, said, formats }}
              />
            ))}
          </ol>
        </section>
      ))}
      <ListEnd log={log} shown={shown} />
    </div>
  )
}

/** How far before the end of what is there the next page is asked for. */
const NEAR = '900px'

function ListEnd({
  log: { pageInfo },
  shown: { goesOn, isLoadingMore, moreError, loadMore },
}: Pick<Props, 'log' | 'shown'>) {
  const said = useWords(words)
  const { more } = useWords(shared)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!goesOn) return
    const watch = new IntersectionObserver(([entry]) => entry!.isIntersecting && loadMore(), { rootMargin: NEAR })
    watch.observe(end.current!)
    return () => watch.disconnect()
  }, [goesOn, loadMore])
  return (
    <div className="list-end" ref={end}>
      {moreError !== undefined && <Failed title={said.moreFailed} error={moreError} onRetry={loadMore} />}
      {isLoadingMore && <Loading rows={3} look="call" />}
      {!pageInfo.hasNextPage && <p className="muted">{said.end}</p>}
      {pageInfo.hasNextPage && moreError === undefined && (
        <Button isPending={isLoadingMore} onPress={loadMore}>
          {more}
        </Button>
      )}
    </div>
  )
}

/** The calls of each day, in the order they are in. */
function byDays(edges: Log['edges'], dayOf: (iso: string) => string): readonly (readonly [string, readonly Call[]])[] {
  const days: [string, Call[]][] = []
  for (const { node } of edges) {
    const day = dayOf(node.startedAt)
    if (days.at(-1)?.[0] === day) days.at(-1)![1].push(node)
    else days.push([day, [node]])
  }
  return days
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/** From line to line, as in any list. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('.call-line')]
  const next = step === undefined ? undefined : lines[lines.indexOf(event.target as HTMLElement) + step]
  if (!next || !lines.includes(event.target as HTMLElement)) return
  event.preventDefault()
  next.focus()
}
