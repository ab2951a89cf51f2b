import { useMutation } from '@apollo/client/react'
import { useState } from 'react'

import { Button } from '../parts/button.js'
import { Dialog } from '../parts/dialog.js'
import { words as common } from '../parts/words.js'
import { useWords } from '../words/use-words.js'
import { newWish, useComplaint } from './doing.js'
import { ConsoleHangUpDocument } from './generated/graphql.js'
import type { LiveCall } from './grouping.js'
import { partyText } from './parties.js'
import { words } from './words.js'

interface Props {
  readonly call: LiveCall
  /** It was asked for: what becomes of it is told by an event. */
  onAsked(): void
}

/** Ends a call, after asking. */
export function EndCall({ call, onAsked }: Props) {
  const said = useWords(words)
  const { cancel } = useWords(common)
  const complaintOf = useComplaint()
  const [isOpen, setOpen] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [hangUp, { loading }] = useMutation(ConsoleHangUpDocument)
  const confirm = async () => {
    const { data, error } = await hangUp({ variables: { input: { id: call.id, idempotencyKey: newWish() } } })
    const complaint = complaintOf({ userErrors: data?.callHangUp?.userErrors, error })
    setProblem(complaint)
    if (complaint !== null) return
    setOpen(false)
    onAsked()
  }
  return (
    <>
      <Button look="danger" onPress={() => setOpen(true)}>
        {said.end}
      </Button>
      <Dialog title={said.endTitle} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="stack">
          <p>{said.between(partyText(call.caller), partyText(call.callee))}</p>
          {problem !== null && (
            <p role="alert" className="live-complaint">
              {problem}
            </p>
          )}
          <div className="dialog-end">
            <Button onPress={() => setOpen(false)}>{cancel}</Button>
            <Button look="danger" isPending={loading} onPress={() => void confirm()}>
              {said.endNow}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
