import { useRef, useState, type ReactNode } from 'react'
import { Dialog as Widget } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { useKeptFocus } from './kept-focus.js'
import { DialogHold } from './work.js'
import { words } from './words.js'

interface Props {
  readonly title: string
  readonly isOpen: boolean
  onClose(): void
  readonly children: ReactNode
}

/** A window over the page, which keeps the focus until it is closed, and stays while something that was begun in it is under way. */
export const Dialog = ({ isOpen, ...shown }: Props) => {
  const [isHeld, setHeld] = useState(false)
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => open || shown.onClose()}
      isDismissable={!isHeld}
      isKeyboardDismissDisabled={isHeld}
    >
      <Modal className="modal">
        <DialogHold value={setHeld}>
          <Shown {...shown} isHeld={isHeld} />
        </DialogHold>
      </Modal>
    </ModalOverlay>
  )
}

function Shown({ title, onClose, children, isHeld }: Omit<Props, 'isOpen'> & { readonly isHeld: boolean }) {
  const { close } = useWords(words)
  const dialog = useRef<HTMLElement>(null)
  // Else React Aria gives it to the first button there is, which closes the window.
  useKeptFocus(dialog)
  return (
    <Widget className="dialog" ref={dialog}>
      <header className="dialog-head">
        <Heading slot="title">{title}</Heading>
        <Button look="quiet" icon="close" aria-label={close} onPress={onClose} isDisabled={isHeld} />
      </header>
      {children}
    </Widget>
  )
}
