import { Button } from '../parts/button.js'
import { Icon } from '../parts/icon.js'
import { words as common } from '../parts/words.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { whySilent, type Account } from './account.js'
import type { Following } from './follow.js'
import { words } from './words.js'

/** How many calls there are; while nothing is heard of them, of when they are. */
export function Standing({
  silentSince,
  counts,
}: {
  readonly silentSince: number | null
  readonly counts: string | null
}) {
  const said = useWords(words)
  const clock = useClock()
  return (
    <p className={silentSince === null ? 'live-standing' : 'live-standing live-silent'} role="status">
      {silentSince === null ? counts : said.asOf(clock(silentSince))}
    </p>
  )
}

/** Something has happened that nobody can tell any more. */
export function GapNote({ gap, onClose }: { readonly gap: Following['gap']; onClose(): void }) {
  const said = useWords(words)
  const { close } = useWords(common)
  const clock = useClock()
  if (gap === null) return null
  return (
    <div role="status" className="note note-warning">
      <Icon name="warning" />
      <div className="note-text">
        <strong>{said.gap}</strong>
        <p>{said.gapHint(clock(gap.from), clock(gap.until))}</p>
      </div>
      <Button look="quiet" icon="close" aria-label={close} onPress={onClose} />
    </div>
  )
}

/** Accounts of which nothing can be seen here, and why. */
export function SilentAccounts({ accounts }: { readonly accounts: readonly Account[] }) {
  const said = useWords(words)
  const silent = accounts.flatMap((account) => {
    const reason = whySilent(account)
    return reason === null ? [] : [{ ...account, reason }]
  })
  if (silent.length === 0) return null
  return (
    <section className="live-untold">
      <h2>{said.untold}</h2>
      <ul>
        {silent.map(({ id, label, reason }) => (
          <li key={id}>
            <b>{label}</b> <span lang="en">{reason}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A moment on the reader's own clock, with seconds. */
function useClock(): (moment: number) => string {
  const { exactClock } = useFormats()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return (moment) => exactClock(new Date(moment).toISOString(), timeZone)
}
