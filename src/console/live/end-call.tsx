import { useMutation } from '@apollo/client/react'

import { Confirmed } from '../parts/confirmed.js'
import { useWords } from '../words/use-words.js'
import { useComplaint } from './doing.js'
import { ConsoleHangUpDocument } from './generated/graphql.js'
import type { LiveCall } from './grouping.js'
import { partyText } from './parties.js'
import { newWish } from './wish.js'
import { words } from './words.js'

interface Props {
  readonly call: LiveCall
  /** It was asked for: what becomes of it is told by an event. */
  onAsked(): void
}

/** Ends a call, after asking. */
export function EndCall({ call, onAsked }: Props) {
  const said = useWords(words)
  const complaintOf = useComplaint()
  const [hangUp] = useMutation(ConsoleHangUpDocument)
  const end = async () => {
    const { data, error } = await hangUp({ variables: { input: { id: call.id, idempotencyKey: newWish() } } })
    return complaintOf({ userErrors: data?.callHangUp?.userErrors, error })
  }
  return (
    <Confirmed
      name={said.end}
      look="danger"
      title={said.endTitle}
      question={said.between(partyText(call.caller), partyText(call.callee))}
      answer={said.endNow}
      act={end}
      onDone={onAsked}
    />
  )
}
