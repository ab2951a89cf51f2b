import { useState, type ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'

import { Failed, Loading } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import { words } from './words.js'

interface Props {
  readonly title: ReactNode
  readonly end?: ReactNode
  readonly note: ReactNode
  /** Mounted, and so asked for, when the entry is opened. */
  readonly children: ReactNode
}

/** One line of a list, and what is behind it. */
export function Entry({ title, end, note, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <li>
      <Disclosure className="entry" isExpanded={isOpen} onExpandedChange={setOpen}>
        <Button slot="trigger" className="entry-line">
          <span className="entry-title">{title}</span>
          {end !== undefined && <span className="entry-end">{end}</span>}
          <span className="entry-note">{note}</span>
        </Button>
        <DisclosurePanel className="entry-panel">{isOpen && children}</DisclosurePanel>
      </Disclosure>
    </li>
  )
}

interface DetailProps {
  readonly isHere: boolean
  readonly error: unknown
  onRetry(): void
  readonly children: ReactNode
}

/** What was asked for when an entry was opened. */
export function Detail({ isHere, error, onRetry, children }: DetailProps) {
  const { failedDetail } = useWords(words)
  return (
    <>
      {error !== undefined && <Failed title={failedDetail} error={error} onRetry={onRetry} />}
      {!isHere && error === undefined && <Loading rows={2} look="line" />}
      {isHere && children}
    </>
  )
}
