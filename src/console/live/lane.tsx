import { useWords } from '../words/use-words.js'
import type { Powers } from './account.js'
import { CallRow } from './call-row.js'
import { Duration } from './duration.js'
import type { GroupedBy, Lane as Its } from './grouping.js'
import { words } from './words.js'

interface Props {
  readonly lane: Its
  readonly by: GroupedBy
  readonly powers: ReadonlyMap<string, Powers>
}

/** The calls of one group or extension; of a group, how many wait, and how long. */
export function Lane({ lane: { id, name, number, account, calls, waiting }, by, powers }: Props) {
  const said = useWords(words)
  const title = id === '' ? said.none[by] : name
  return (
    <section className="panel live-lane" aria-label={title}>
      <header className="live-lane-head">
        <h2>
          {title} {number !== null && number !== name && <span className="muted">{number}</span>}
        </h2>
        {id !== '' && <small>{account}</small>}
        {by === 'group' && waiting.since !== null && (
          <p className="live-waiting">
            <span>{said.waiting(waiting.count)}</span>
            <span>
              {said.longest} <Duration since={waiting.since} />
            </span>
          </p>
        )}
      </header>
      <ul>
        {calls.map((shown) => (
          <CallRow
            key={shown.call.id}
            shown={shown}
            powers={powers.get(shown.call.account.id)}
            hasAccount={id === ''}
          />
        ))}
      </ul>
    </section>
  )
}
