import { useMutation } from '@apollo/client/react'
import { useState } from 'react'

import { failuresOf } from '../graph/failures.js'
import { Button } from '../parts/button.js'
import { Dialog } from '../parts/dialog.js'
import { useWork } from '../parts/work.js'
import { words as common } from '../parts/words.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import type { Account } from './account.js'
import { dialogWords } from './dialog-words.js'
import { ConsoleUnlinkAccountDocument } from './generated/graphql.js'
import { userErrors } from './user-errors.js'
import { words } from './words.js'

interface Props {
  readonly account: Account
  onUnlinked(): void
}

/** Forgets an account, after asking; only one that was linked, as those of the file are changed there. */
export function UnlinkAccount({ account, onUnlinked }: Props) {
  const said = useWords(dialogWords)
  const { unlink } = useWords(words)
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  if (!account.linked) return null
  return (
    <>
      <Button onPress={() => setOpen(true)}>{unlink}</Button>
      <Dialog title={said.unlinkTitle(account.label)} isOpen={isOpen} onClose={close}>
        <Question
          account={account}
          onClose={close}
          onUnlinked={() => {
            close()
            onUnlinked()
          }}
        />
      </Dialog>
    </>
  )
}

function Question({ account, onUnlinked, onClose }: Props & { onClose(): void }) {
  const said = useWords(dialogWords)
  const { unlink: name } = useWords(words)
  const { cancel } = useWords(common)
  const meaning = useWords(codes)
  const complaints = useWords(userErrors)
  const [problem, setProblem] = useState<string | null>(null)
  const [unlink] = useMutation(ConsoleUnlinkAccountDocument)
  const { isBusy, start } = useWork(async () => {
    const { data, error } = await unlink({ variables: { id: account.id } })
    const [wrong] = data?.accountUnlink.userErrors ?? []
    const [failure] = failuresOf(error)
    if (!wrong && !failure) return onUnlinked()
    setProblem(wrong ? complaints[wrong.code] : codeIn(meaning, failure!.code))
  })
  return (
    <div className="stack">
      <p>{said.unlinkHint}</p>
      {problem !== null && (
        <p role="alert" className="complaint">
          {problem}
        </p>
      )}
      <div className="dialog-end">
        <Button onPress={onClose} isDisabled={isBusy}>
          {cancel}
        </Button>
        <Button look="danger" isPending={isBusy} onPress={start}>
          {name}
        </Button>
      </div>
    </div>
  )
}
