import { memo } from 'react'
import { Link } from 'wouter'

import { Badge } from '../parts/badge.js'
import { Icon } from '../parts/icon.js'
import type { Formats } from '../words/formats.js'
import type { Call } from './log-entries.js'
import { DIRECTION_ICONS, numberOf, OUTCOME_TONES, sidesOf } from './sides.js'
import type { words } from './words.js'

interface Props {
  readonly call: Call
  /** Its own address. */
  readonly href: string
  readonly isOpen: boolean
  /** Whose days the list is divided by. */
  readonly timeZone: string
  /** There are several accounts to tell apart. */
  readonly namesAccount: boolean
  readonly said: (typeof words)['en']
  readonly formats: Formats
}

/** The id of a line in the page, so that who closes a call comes back to it. */
export const rowId = (id: string): string => `call-${id}`

/** One line. There may be thousands: each is drawn again only where something of it has changed. */
export const CallRow = memo(function CallRow({ call, href, isOpen, timeZone, namesAccount, said, formats }: Props) {
  const { other, own } = sidesOf(call)
  const number = numberOf(other)
  const recorded = call.recordings?.some(({ status }) => status === 'AVAILABLE') ?? false
  return (
    <li className="call">
      <Link id={rowId(call.id)} href={href} className="call-line" aria-current={isOpen ? 'true' : undefined}>
        <Time call={call} timeZone={timeZone} formats={formats} />
        <span className="call-direction">
          <Icon name={DIRECTION_ICONS[call.direction]} />
          <span className="visually-hidden">{said.direction[call.direction]}</span>
        </span>
        <span className="call-other">
          <b>{other.label}</b>
          {number !== null && <small>{number}</small>}
        </span>
        <span className="call-own">
          <span>{own.label}</span>
          {namesAccount && <small>{call.account.label}</small>}
        </span>
        <span className="call-extra">
          {call.kind === 'FAX' && <small>{said.fax}</small>}
          {recorded && (
            <>
              <Icon name="sound" />
              <span className="visually-hidden">{said.recorded}</span>
            </>
          )}
        </span>
        <span className="call-duration">{call.durationSeconds !== null && formats.duration(call.durationSeconds)}</span>
        <span className="call-outcome">
          <Badge tone={OUTCOME_TONES[call.disposition]}>{said.outcome[call.disposition]}</Badge>
        </span>
      </Link>
    </li>
  )
})

/** On the clock of its account, which is named where it is not that of the list. */
function Time({ call: { startedAt, account }, timeZone, formats }: Pick<Props, 'call' | 'timeZone' | 'formats'>) {
  const isOther = account.timeZone !== timeZone
  const day = formats.shortDay(startedAt, account.timeZone)
  return (
    <time className="call-time" dateTime={startedAt}>
      <span>{formats.clock(startedAt, account.timeZone)}</span>
      {isOther && (
        <small>
          {day !== formats.shortDay(startedAt, timeZone) && `${day}, `}
          {formats.zoneMark(startedAt, account.timeZone)}
        </small>
      )}
    </time>
  )
}
