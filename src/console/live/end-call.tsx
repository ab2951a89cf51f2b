import { useMutation } from '@apollo/client/react'
import { useState } from 'react'

import { Button } from '../parts/button.js'
import { Dialog } from '../parts/dialog.js'
import { useWork } from '../parts/work.js'
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
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button look="danger" onPress={() => setOpen(true)}>
        {said.end}
      </Button>
      <Dialog title={said.endTitle} isOpen={isOpen} onClose={close}>
        <Question
          call={call}
          onClose={close}
          onAsked={() => {
            close()
            onAsked()
          }}
        />
      </Dialog>
    </>
  )
}

function Question({ call, onAsked, onClose }: Props & { onClose(): void }) {
  const said = useWords(words)
  const { cancel } = useWords(common)
  const complaintOf = useComplaint()
  const [problem, setProblem] = useState<string | null>(null)
  const [hangUp] = useMutation(ConsoleHangUpDocument)
  const { isBusy, start } = useWork(async () => {
    const { data, error } = await hangUp({ variables: { input: { id: call.id, idempotencyKey: newWish() } } })
    const complaint = complaintOf({ userErrors: data?.callHangUp?.userErrors, error })
    if (complaint === null) onAsked()
    else setProblem(complaint)
  })
  return (
    <div className="stack">
      <p>{said.between(partyText(call.caller), partyText(call.callee))}</p>
      {problem !== null && (
        <p role="alert" className="live-complaint">
          {problem}
        </p>
      )}
      <div className="dialog-end">
        <Button onPress={onClose} isDisabled={isBusy}>
          {cancel}
        </Button>
        <Button look="danger" isPending={isBusy} onPress={start}>
          {said.endNow}
        </Button>
      </div>
    </div>
  )
}
