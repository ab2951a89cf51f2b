import { useState } from 'react'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { Dialog } from './dialog.js'
import { useWork } from './work.js'
import { words } from './words.js'

interface Props {
  /** What is to be done, on the button that asks first. */
  readonly name: string
  readonly look?: 'plain' | 'danger'
  readonly title: string
  readonly question: string
  /** The same, on the button that does it. */
  readonly answer: string
  /** Does it; says in words why it was not done, or null. */
  act(): Promise<string | null>
  onDone(): void
}

/** Something that is not taken back: it is done after asking, and the window stays where it was not done, and says why. */
export function Confirmed({ name, look = 'plain', title, ...asked }: Props) {
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button look={look} onPress={() => setOpen(true)}>
        {name}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={close}>
        <Question {...asked} onClose={close} />
      </Dialog>
    </>
  )
}

function Question({
  question,
  answer,
  act,
  onDone,
  onClose,
}: Omit<Props, 'name' | 'look' | 'title'> & { onClose(): void }) {
  const { cancel } = useWords(words)
  const [problem, setProblem] = useState<string | null>(null)
  const { isBusy, start } = useWork(async () => {
    const complaint = await act()
    if (complaint !== null) return setProblem(complaint)
    onClose()
    onDone()
  })
  return (
    <div className="stack">
      <p>{question}</p>
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
          {answer}
        </Button>
      </div>
    </div>
  )
}
