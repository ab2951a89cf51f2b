import { useQuery } from '@apollo/client/react'
import { useState, type FormEvent, type ReactNode } from 'react'

import { canKeepCallerKey, setCallerKey, useHasCallerKey } from '../graph/caller-key.js'
import { needsKey } from '../graph/failures.js'
import { Button } from '../parts/button.js'
import { Field } from '../parts/field.js'
import { Failed, Loading } from '../parts/states.js'
import { Tick } from '../parts/tick.js'
import { useWords } from '../words/use-words.js'
import { ConsoleViewerDocument } from './generated/graphql.js'
import { ViewerContext } from './viewer.js'
import { words } from './words.js'

/** Asks who is asking, and for a key where that is needed; what it holds is shown after that. */
export function KeyGate({ children }: { readonly children: ReactNode }) {
  const { cannotOpen } = useWords(words)
  const { data, error, refetch } = useQuery(ConsoleViewerDocument, { notifyOnNetworkStatusChange: true })
  if (data?.viewer) return <ViewerContext value={data.viewer}>{children}</ViewerContext>
  if (needsKey(error)) return <KeyForm />
  if (error) return <Failed title={cannotOpen} error={error} onRetry={() => void refetch()} />
  return <Loading rows={4} />
}

function KeyForm() {
  const said = useWords(words)
  const wasRefused = useHasCallerKey()
  const [key, setKey] = useState('')
  const [isKept, setKept] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() !== '') setCallerKey(key.trim(), isKept)
  }
  return (
    <form className="panel key-form" onSubmit={submit}>
      <h1>{said.keyTitle}</h1>
      <p>{said.keyHint}</p>
      <Field
        label={said.key}
        type="password"
        autoComplete="off"
        autoFocus
        value={key}
        onChange={setKey}
        error={wasRefused ? said.keyRefused : null}
      />
      {canKeepCallerKey && (
        <Tick isSelected={isKept} onChange={setKept}>
          {said.keepKey}
        </Tick>
      )}
      <Button type="submit" look="primary">
        {said.enter}
      </Button>
    </form>
  )
}
