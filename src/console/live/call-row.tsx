import { memo, useEffect, useState } from 'react'

import { Badge, type Tone } from '../parts/badge.js'
import { Icon, type IconName } from '../parts/icon.js'
import { useWords } from '../words/use-words.js'
import type { Powers } from './account.js'
import { Duration } from './duration.js'
import { EndCall } from './end-call.js'
import type { LiveCall, ShownCall } from './grouping.js'
import { MoveCall } from './move-call.js'
import { partyText, placeText } from './parties.js'
import { RecordLink } from './record-link.js'
import { words } from './words.js'

interface Props {
  readonly shown: ShownCall
  readonly powers: Powers | undefined
  /** The account, where calls of several stand together. */
  readonly hasAccount: boolean
}

type Stage = keyof (typeof words)['en']['stage']

const TONES: Readonly<Record<Stage, Tone>> = {
  RINGING: 'busy',
  IN_MENU: 'neutral',
  QUEUED: 'warning',
  ANSWERED: 'good',
  UNKNOWN: 'neutral',
  FINISHED: 'neutral',
  MISSED: 'bad',
  UNANSWERED: 'neutral',
}

const WAYS: Readonly<Record<LiveCall['direction'], IconName>> = {
  INBOUND: 'inbound',
  OUTBOUND: 'outbound',
  INTERNAL: 'internal',
  UNKNOWN: 'calls',
}

/** One call: who, with whom, what it is doing and for how long, and what can be done about it. */
export const CallRow = memo(function CallRow({ shown: { call, recorded }, powers, hasAccount }: Props) {
  const said = useWords(words)
  const [asked, setAsked] = useState<'ending' | 'moving' | null>(null)
  // Whatever the next event says is what became of it.
  useEffect(() => setAsked(null), [call])
  const stage = stageOf(call)
  const isOver = call.state === 'ENDED'
  const place = placeText(call)
  return (
    <li className="live-call" data-over={isOver || undefined}>
      <span className="live-way">
        <Icon name={WAYS[call.direction]} />
        <span className="visually-hidden">{said.direction[call.direction]}</span>
      </span>
      <p className="live-who">
        <b>{partyText(call.caller)}</b>
        <Icon name="arrow" />
        <span className="visually-hidden">{said.calls}</span>
        <span>{partyText(call.callee)}</span>
      </p>
      <p className="live-place">
        {place !== null && (
          <>
            <Icon name={call.currentTarget?.__typename === 'Group' ? 'group' : 'phone'} />
            <span>{place}</span>
          </>
        )}
        {hasAccount && <span>{call.account.label}</span>}
      </p>
      <span className="live-stage">
        <Badge tone={TONES[stage]}>{asked === null ? said.stage[stage] : said[asked]}</Badge>
      </span>
      <Duration since={call.answeredAt ?? call.startedAt} until={call.endedAt} />
      <span className="live-actions">
        {isOver && <RecordLink event={recorded} />}
        {!isOver && powers?.mayMove && call.state === 'ANSWERED' && (
          <MoveCall call={call} onAsked={() => setAsked('moving')} />
        )}
        {!isOver && powers?.mayEnd && <EndCall call={call} onAsked={() => setAsked('ending')} />}
      </span>
    </li>
  )
})

function stageOf({ state, answeredAt, direction }: LiveCall): Stage {
  if (state !== 'ENDED') return state
  if (answeredAt !== null) return 'FINISHED'
  return direction === 'INBOUND' ? 'MISSED' : 'UNANSWERED'
}
