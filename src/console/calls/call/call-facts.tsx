import type { ReactNode } from 'react'

import { Badge } from '../../parts/badge.js'
import { CopyButton } from '../../parts/copy-button.js'
import { Fact } from '../../parts/fact.js'
import { Moment } from '../../parts/moment.js'
import { targetName } from '../../parts/named.js'
import { useFormats } from '../../words/formats.js'
import { useWords } from '../../words/use-words.js'
import { numberOf, OUTCOME_TONES } from '../sides.js'
import { words as list } from '../words.js'
import type { OpenedCall } from './opened-call.js'
import { words } from './words.js'

/** What is known of the call. */
export function CallFacts({ call }: { readonly call: OpenedCall }) {
  const said = useWords(words)
  const { outcome } = useWords(list)
  const formats = useFormats()
  const { caller, callee, did, account, answeredBy, cost, disposition, nativeDisposition } = call
  const seconds = (count: number | null | undefined) => count != null && formats.duration(count)
  return (
    <section>
      <h3>{said.about}</h3>
      <dl>
        <Fact term={said.outcome}>
          <span className="fact-line">
            <Badge tone={OUTCOME_TONES[disposition]}>{outcome[disposition]}</Badge>
            {disposition === 'UNKNOWN' && nativeDisposition}
          </span>
        </Fact>
        <Fact term={said.began}>
          <Moment at={call.startedAt} timeZone={account.timeZone} />
        </Fact>
        <Fact term={said.from}>{partyText(caller)}</Fact>
        <Fact term={said.to}>{partyText(callee)}</Fact>
        <Fact term={said.did}>
          {did &&
            ![caller, callee].some(({ label, number }) => label === did.label || number === did.label) &&
            did.label}
        </Fact>
        <Fact term={said.groups}>{call.groups?.map(({ label }) => label).join(', ')}</Fact>
        <Fact term={said.answeredBy}>{answeredBy && targetName(answeredBy)}</Fact>
        <Fact term={said.waited}>{seconds(call.waitSeconds)}</Fact>
        <Fact term={said.talked}>{seconds(call.talkSeconds)}</Fact>
        <Fact term={said.lasted}>{seconds(call.durationSeconds)}</Fact>
        <Fact term={said.endedBy}>{said.hangup[call.hangupParty]}</Fact>
        <Fact term={said.cause}>{call.nativeHangupCause}</Fact>
        <Fact term={said.cost}>{cost && formats.money(cost.amount, cost.currencyCode)}</Fact>
        <Fact term={said.account}>{account.label}</Fact>
        <Fact term={said.reference}>
          <span className="fact-line">
            <span className="fixed reference">{call.providerResourceId}</span>
            <CopyButton text={call.providerResourceId} label={said.copyReference} />
          </span>
        </Fact>
      </dl>
    </section>
  )
}

function partyText(party: OpenedCall['caller']): ReactNode {
  const number = numberOf(party)
  return (
    <>
      {party.label} {number !== null && <small>{number}</small>}
    </>
  )
}
