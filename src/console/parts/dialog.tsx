import { useState, type ReactNode } from 'react'
import { Dialog as Widget } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { DialogHold } from './work.js'
import { words } from './words.js'

interface Props {
  readonly title: string
  readonly isOpen: boolean
  onClose(): void
  readonly children: ReactNode
}

/** A window over the page, which keeps the focus until it is closed, and stays while something that was begun in it is under way. */
export const Dialog = ({ title, isOpen, onClose, children }: Props) => {
  const { close } = useWords(words)
  const [isHeld, setHeld] = useState(false)
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable={!isHeld}
      isKeyboardDismissDisabled={isHeld}
    >
      <Modal className="modal">
        <Widget className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button look="quiet" icon="close" aria-label={close} onPress={onClose} isDisabled={isHeld} />
          </header>
          <DialogHold value={setHeld}>{children}</DialogHold>
        </Widget>
      </Modal>
    </ModalOverlay>
  )
}
