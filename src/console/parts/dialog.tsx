import type { ReactNode } from 'react'
import { Dialog as Widget } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { words } from './words.js'

interface Props {
  readonly title: string
  readonly isOpen: boolean
  onClose(): void
  readonly children: ReactNode
}

/** A window over the page, which keeps the focus until it is closed. */
export const Dialog = ({ title, isOpen, onClose, children }: Props) => {
  const { close } = useWords(words)
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => open || onClose()} isDismissable>
      <Modal className="modal">
        <Widget className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button look="quiet" icon="close" aria-label={close} onPress={onClose} />
          </header>
          {children}
        </Widget>
      </Modal>
    </ModalOverlay>
  )
}
