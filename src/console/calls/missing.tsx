import { useEffect, useRef } from 'react'
import { Link } from 'wouter'

import { Button } from '../parts/button.js'
import { Icon } from '../parts/icon.js'
import { words as shared } from '../parts/words.js'
import { codeIn, codes } from '../words/codes.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import type { CallRecordFilter } from './generated/graphql.js'
import { gapText } from './gap-text.js'
import type { Source } from './log-entries.js'
import { Steady } from './steady.js'
import { missingParts, type MissingPart } from './missing-parts.js'
import { useGaps, type Fetching } from './use-gaps.js'
import { words } from './words.js'

interface Props {
  readonly sources: readonly Source[]
  readonly filter: CallRecordFilter
  readonly whole: boolean
}

/** What the list lacks, account by account, and how to get it; stays in sight while the list is read. */
export function Missing({ sources, filter, whole }: Props) {
  const said = useWords(words)
  const { fetching, fetch, dismiss } = useGaps(filter, whole)
  const parts = missingParts(sources)
  const came = [...fetching].filter(([id]) => parts.every(({ account }) => account.id !== id))
  const isEmpty = parts.length + came.length === 0
  return (
    <Steady>
      {isEmpty ? null : (
        <div className="missing">
          {parts.length > 0 && (
            <div role="status" className="note note-warning">
              <Icon name="warning" />
              <div className="note-text">
                <strong>{parts.every(({ code }) => code === null) ? said.notSearched : said.missing}</strong>
                <ul>
                  {parts.map((part) => (
                    <MissingLine
                      key={part.account.id}
                      part={part}
                      fetching={fetching.get(part.account.id)}
                      onFetch={() => fetch(part)}
                    />
                  ))}
                </ul>
              </div>
            </div>
          )}
          {came.map(([id, { label, came }]) => (
            <Came key={id} onClose={() => dismiss(id)}>
              {came > 0 ? said.came(label, came) : said.noneCame(label)}
            </Came>
          ))}
        </div>
      )}
    </Steady>
  )
}

/** What was fetched is in the list; whoever pressed a button that is gone now goes on from here. */
function Came({ onClose, children }: { onClose(): void; readonly children: string }) {
  const { close } = useWords(shared)
  const note = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) note.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div role="status" className="note note-good" tabIndex={-1} ref={note}>
      <Icon name="check" />
      <p className="note-text">{children}</p>
      <Button look="quiet" icon="close" aria-label={close} onPress={onClose} />
    </div>
  )
}

interface LineProps {
  readonly part: MissingPart
  readonly fetching: Fetching | undefined
  onFetch(): void
}

function MissingLine({ part: { account, code, gaps }, fetching, onFetch }: LineProps) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const formats = useFormats()
  return (
    <li className="missing-line">
      <p>
        <b>{account.label}</b>: {code === null ? said.stopped : codeIn(meaning, code)}{' '}
        {gaps.length === 0 ? said.leftOut : gaps.map((gap) => gapText(gap, account.timeZone, said, formats)).join(' ')}{' '}
        {code === 'REAUTHORIZATION_REQUIRED' && <Link href="/accounts">{said.toAccounts}</Link>}
        {fetching && fetching.failures.length > 0 && (
          <span role="alert" className="missing-again">
            {said.again} {fetching.failures.map((failure) => codeIn(meaning, failure.code)).join(' ')}
          </span>
        )}
      </p>
      {gaps.length > 0 && (
        <Button icon="retry" isPending={fetching?.isPending ?? false} onPress={onFetch}>
          {code === null ? said.searchOn : said.fetch}
        </Button>
      )}
    </li>
  )
}
