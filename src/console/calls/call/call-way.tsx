import { Icon } from '../../parts/icon.js'
import { targetName } from '../../parts/named.js'
import { useFormats } from '../../words/formats.js'
import { useWords } from '../../words/use-words.js'
import { secondsBetween, stepsOf, type Leg, type OpenedCall } from './opened-call.js'
import { words } from './words.js'

/** What became of the call, from its first ring to its end. */
export function CallWay({ call }: { readonly call: OpenedCall }) {
  const said = useWords(words)
  const { startedAt, answeredAt, endedAt, legs, caller, disposition, hangupParty } = call
  const steps = stepsOf(legs ?? [])
  return (
    <section>
      <h3>{said.way}</h3>
      <ol className="way">
        <Step call={call} at={startedAt} title={said.calls(caller.label)} />
        {steps.map(({ leg, depth }) => (
          <LegStep key={leg.id} call={call} leg={leg} depth={depth} />
        ))}
        {steps.length === 0 && <li className="step muted">{said.noWay}</li>}
        {steps.length === 0 && answeredAt && (
          <Step
            call={call}
            at={answeredAt}
            title={call.answeredBy ? `${said.answeredBy} ${call.answeredBy.label}` : said.answered}
            look="good"
          />
        )}
        {endedAt ? (
          <Step call={call} at={endedAt} title={said.hungUp[hangupParty]} look="end" />
        ) : (
          disposition === 'IN_PROGRESS' && <li className="step">{said.goesOn}</li>
        )}
      </ol>
    </section>
  )
}

interface StepProps {
  readonly call: OpenedCall
  readonly at: string
  readonly title: string
  readonly note?: string
  readonly depth?: number
  readonly look?: 'good' | 'plain' | 'end'
}

function Step({ call: { account }, at, title, note = '', depth = 0, look = 'plain' }: StepProps) {
  const { exactClock } = useFormats()
  return (
    <li className={`step step-${look} step-depth-${depth}`}>
      <time dateTime={at}>{exactClock(at, account.timeZone)}</time>
      <p>
        {title} {note && <small>{note}</small>}
      </p>
      {look === 'good' && <Icon name="check" />}
    </li>
  )
}

function LegStep({ call, leg, depth }: { readonly call: OpenedCall; readonly leg: Leg; readonly depth: number }) {
  const said = useWords(words)
  const { duration } = useFormats()
  const { action, nativeAction, target, result, startedAt, answeredAt, endedAt } = leg
  const name = target && ('label' in target ? targetName(target) : '')
  // A number or menu is where the call passes: only what rings has an end of its own.
  const end = result === 'ANSWERED' ? answeredAt : result === 'CONTINUED' ? null : endedAt
  const seconds = end ? secondsBetween(startedAt, end) : 0
  const note = [said.result[result], seconds > 0 && said.after(duration(seconds))].filter(Boolean).join(' ')
  return (
    <Step
      call={call}
      at={startedAt}
      title={[action === 'UNKNOWN' && nativeAction ? nativeAction : said.action[action], name]
        .filter(Boolean)
        .join(' ')}
      note={note}
      depth={depth}
      look={result === 'ANSWERED' ? 'good' : 'plain'}
    />
  )
}
