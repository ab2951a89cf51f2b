import { useQuery } from '@apollo/client/react'
import { useState } from 'react'

import { Button } from '../parts/button.js'
import { Dialog } from '../parts/dialog.js'
import { Failed, Loading } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import { ConsoleProvidersDocument } from './generated/graphql.js'
import { LinkForm } from './link-account-form.js'
import { words } from './words.js'

/** The button that opens the form. */
export function LinkAccount({ onLinked }: { onLinked(): void }) {
  const { link } = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="primary" icon="plus" onPress={() => setOpen(true)}>
        {link}
      </Button>
      <Dialog title={link} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Providers
          onDone={() => {
            setOpen(false)
            onLinked()
          }}
        />
      </Dialog>
    </>
  )
}

function Providers({ onDone }: { onDone(): void }) {
  const { failed } = useWords(words)
  const { data, error, refetch } = useQuery(ConsoleProvidersDocument)
  if (data) return <LinkForm providers={data.providers} onDone={onDone} />
  if (error) return <Failed title={failed} error={error} onRetry={() => void refetch()} />
  return <Loading rows={5} />
}
