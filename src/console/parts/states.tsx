import type { ReactNode } from 'react'

import { failuresOf, type Failure } from '../graph/failures.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { Icon } from './icon.js'
import { words } from './words.js'

/** Stands where rows will be, each as high as a row, so that nothing jumps when they come. */
export const Loading = ({ rows, look = 'row' }: { readonly rows: number; readonly look?: string }) => {
  const { loading } = useWords(words)
  return (
    <div role="status" aria-label={loading}>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className={`skeleton skeleton-${look}`} />
      ))}
    </div>
  )
}

interface EmptyProps {
  readonly title: string
  readonly hint?: ReactNode
  readonly children?: ReactNode
}

/** Nothing is there, and why, and what to do. */
export const Empty = ({ title, hint, children }: EmptyProps) => (
  <div className="empty">
    <p className="empty-title">{title}</p>
    {hint !== undefined && <p className="empty-hint">{hint}</p>}
    {children}
  </div>
)

interface FailedProps {
  /** What Apollo Client gave, or failures that were read already. */
  readonly error?: unknown
  readonly failures?: readonly Failure[]
  readonly title: string
  onRetry?(): void
  /** What else there is to say. */
  readonly children?: ReactNode
}

/** Something could not be shown: why, in words, and a way to try again. */
export const Failed = ({ error, failures = failuresOf(error), title, onRetry, children }: FailedProps) => {
  const said = useWords(codes)
  const { tryAgain, request } = useWords(words)
  return (
    <div role="alert" className="note note-bad">
      <Icon name="warning" />
      <div className="note-text">
        <strong>{title}</strong>
        {failures.map(({ code, requestId }) => (
          <p key={code}>
            {codeIn(said, code)} {requestId !== null && <small>{request(requestId)}</small>}
          </p>
        ))}
        {children}
      </div>
      {onRetry && (
        <Button icon="retry" onPress={onRetry}>
          {tryAgain}
        </Button>
      )}
    </div>
  )
}

/** One account that gave nothing, or not all. */
export interface MissingPart {
  readonly account: string
  readonly code: string
  readonly children?: ReactNode
}

/** What is shown is not everything: which accounts are missing, and why. */
export const Partial = ({ missing, onRetry }: { readonly missing: readonly MissingPart[]; onRetry?(): void }) => {
  const said = useWords(codes)
  const { partial, tryAgain } = useWords(words)
  if (missing.length === 0) return null
  return (
    <div role="status" className="note note-warning">
      <Icon name="warning" />
      <div className="note-text">
        <strong>{partial}</strong>
        <ul>
          {missing.map(({ account, code, children }) => (
            <li key={`${account} ${code}`}>
              <b>{account}</b>: {codeIn(said, code)} {children}
            </li>
          ))}
        </ul>
      </div>
      {onRetry && (
        <Button icon="retry" onPress={onRetry}>
          {tryAgain}
        </Button>
      )}
    </div>
  )
}
