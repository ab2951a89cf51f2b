import { Button } from '../parts/button.js'
import { Icon } from '../parts/icon.js'
import { words as shared } from '../parts/words.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { labelOf, lackingIn, useLackingText, type Source } from './lacking.js'
import { words } from './words.js'

interface Props {
  readonly during: readonly Source[]
  /** Null: the period before could not be read at all. */
  readonly before: readonly Source[] | null
  onRetry(): void
}

/** Which accounts are not in the figures with all their calls, why, and how far their archives are. */
export function Incomplete({ during, before, onRetry }: Props) {
  const said = useWords(words)
  const { tryAgain } = useWords(shared)
  const text = useLackingText()
  const lacking = lackingIn(during, before)
  if (lacking.now.length === 0 && lacking.before.length === 0 && before) return null
  const line = (source: Source) => (
    <li key={source.account.id}>
      <b>{labelOf(source)}</b>: {text(source)}
    </li>
  )
  return (
    <div role="status" className="note note-warning">
      <Icon name="warning" />
      <div className="note-text">
        {lacking.now.length > 0 && <strong>{said.partial}</strong>}
        <ul>{lacking.now.map(line)}</ul>
        {(!before || lacking.before.length > 0) && <strong>{before ? said.partialBefore : said.failedBefore}</strong>}
        <ul>{lacking.before.map(line)}</ul>
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
  const { list } = useFormats()
  const { notCounted } = lackingIn(sources, null)
  if (notCounted.length === 0) return null
  return <p className="muted not-counted">{said.notCounted(list(notCounted.map(labelOf)))}</p>
}
