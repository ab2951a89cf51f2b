import { useMutation } from '@apollo/client/react'
import { useState, type FormEvent } from 'react'

import { Button } from '../parts/button.js'
import { Dialog } from '../parts/dialog.js'
import { Failed, Loading } from '../parts/states.js'
import { useWork } from '../parts/work.js'
import { useWords } from '../words/use-words.js'
import { useComplaint, useDialled } from './doing.js'
import { ConsoleTransferDocument } from './generated/graphql.js'
import type { LiveCall } from './grouping.js'
import { LineField } from './line-field.js'
import { useLines, type Line } from './lines.js'
import { partyText } from './parties.js'
import { useWish } from './wish.js'
import { words } from './words.js'

interface Props {
  readonly call: LiveCall
  /** It was asked for: what becomes of it is told by an event. */
  onAsked(): void
}

/** Sends a call on, to a line or a number. */
export function MoveCall({ call, onAsked }: Props) {
  const said = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onPress={() => setOpen(true)}>{said.move}</Button>
      <Dialog title={said.moveTitle} isOpen={isOpen} onClose={() => setOpen(false)}>
        <MoveForm
          call={call}
          onAsked={() => {
            setOpen(false)
            onAsked()
          }}
        />
      </Dialog>
    </>
  )
}

function MoveForm({ call, onAsked }: Props) {
  const said = useWords(words)
  const { lines, error, again } = useLines([call.account.id])
  return (
    <>
      {error !== undefined && <Failed title={said.linesFailed} error={error} onRetry={again} />}
      {!lines && error === undefined && <Loading rows={2} />}
      {lines && <Targets call={call} onAsked={onAsked} lines={lines} />}
    </>
  )
}

function Targets({ call, onAsked, lines }: Props & { readonly lines: readonly Line[] }) {
  const said = useWords(words)
  const complaintOf = useComplaint()
  const dialled = useDialled()
  const [line, setLine] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [transfer] = useMutation(ConsoleTransferDocument)
  const wish = useWish(() => setProblem(null))
  const { isBusy, start } = useWork(async () => {
    // A number that somebody typed may be that of a line.
    const meant = line ?? lines.find(({ number }) => number === typed.trim())?.id ?? null
    const { number, error: unknown } =
      meant === null ? await dialled(typed, lines[0]?.account.country) : { number: null, error: null }
    if (meant === null && number === null) return setProblem(complaintOf({ error: unknown }) ?? said.numberWrong)
    const to = meant === null ? { toNumber: number } : { toExtensionId: meant }
    const { data, error } = await transfer({
      variables: { input: { id: call.id, ...to, idempotencyKey: wish.key() } },
    })
    const userErrors = data?.callTransfer?.userErrors
    const complaint = complaintOf({ userErrors, error })
    if (complaint === null) return onAsked()
    wish.refused(userErrors)
    setProblem(complaint)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start()
  }
  return (
    <form className="stack" onSubmit={submit}>
      <p>{said.between(partyText(call.caller), partyText(call.callee))}</p>
      <LineField
        label={said.moveTo}
        hint={said.moveHint}
        error={problem}
        lines={lines}
        chosen={line}
        onChoose={wish.changed(setLine)}
        typed={typed}
        onType={wish.changed(setTyped)}
      />
      <div className="dialog-end">
        <Button type="submit" look="primary" isPending={isBusy}>
          {said.move}
        </Button>
      </div>
    </form>
  )
}
