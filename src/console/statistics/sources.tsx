import { Button } from '../parts/button.js'
import { Icon } from '../parts/icon.js'
import { words as shared } from '../parts/words.js'
import { codeIn, codes } from '../words/codes.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import type { ConsoleCountedFragment } from './generated/graphql.js'
import { words } from './words.js'

type Source = ConsoleCountedFragment

interface Props {
  readonly during: readonly Source[]
  /** Null: the period before could not be read at all. */
  readonly before: readonly Source[] | null
  onRetry(): void
}

/** Which accounts are not in the figures with all their calls, why, and how far their archives are. */
export function Incomplete({ during, before, onRetry }: Props) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const { tryAgain } = useWords(shared)
  const { percent } = useFormats()
  const lacking = during.filter(isLacking)
  const known = new Set(lacking.map(({ account }) => account.id))
  const lackingBefore = before?.filter((source) => isLacking(source) && !known.has(source.account.id)) ?? []
  if (lacking.length === 0 && lackingBefore.length === 0 && before) return null
  const line = ({ account, state, errorCode }: Source) => {
    const progress = account.archive?.progress ?? null
    return (
      <li key={account.id}>
        <b>{account.label}</b>: {said.states[state as keyof typeof said.states]}
        {progress !== null && progress < 1 && ` ${said.filled(percent(progress))}`}.{' '}
        {state === 'FAILED' && errorCode && codeIn(meaning, errorCode)}
      </li>
    )
  }
  return (
    <div role="status" className="note note-warning">
      <Icon name="warning" />
      <div className="note-text">
        {lacking.length > 0 && <strong>{said.partial}</strong>}
        <ul>{lacking.map(line)}</ul>
        {(!before || lackingBefore.length > 0) && <strong>{before ? said.partialBefore : said.failedBefore}</strong>}
        <ul>{lackingBefore.map(line)}</ul>
      </div>
      <Button icon="retry" onPress={onRetry}>
        {tryAgain}
      </Button>
    </div>
  )
}

/** Which accounts are in no figure, as nothing of them is kept. */
export function NotCounted({ sources }: { readonly sources: readonly Source[] }) {
  const said = useWords(words)
  const left = sources.filter(({ state }) => state === 'UNSUPPORTED')
  if (left.length === 0) return null
  return <p className="muted not-counted">{said.notCounted(left.map(({ account }) => account.label).join(', '))}</p>
}

const isLacking = ({ state }: Source): boolean => state === 'PARTIAL' || state === 'STALE' || state === 'FAILED'
