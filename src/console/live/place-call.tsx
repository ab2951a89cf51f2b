import { useMutation } from '@apollo/client/react'
import { useState, type FormEvent } from 'react'

import { Button } from '../parts/button.js'
import { Choice } from '../parts/choice.js'
import { Dialog } from '../parts/dialog.js'
import { Field } from '../parts/field.js'
import { numberFirst } from '../parts/named.js'
import { Empty, Failed, Loading } from '../parts/states.js'
import { useWork } from '../parts/work.js'
import { useWords } from '../words/use-words.js'
import { useComplaint, useDialled } from './doing.js'
import { ConsolePlaceCallDocument } from './generated/graphql.js'
import { LineField } from './line-field.js'
import { useOwnLines, useShownNumbers, type Line } from './lines.js'
import { useWish } from './wish.js'
import { words } from './words.js'

interface Props {
  /** Ids of the accounts that calls may be placed from; none while they are asked for. */
  readonly accounts: readonly string[]
}

/** Click to call: rings a line, then the number. Keeps its room while it is asked which accounts can. */
export function PlaceCall({ accounts }: Props) {
  const said = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="primary" icon="calls" isDisabled={accounts.length === 0} onPress={() => setOpen(true)}>
        {said.place}
      </Button>
      <Dialog title={said.place} isOpen={isOpen} onClose={() => setOpen(false)}>
        <PlaceForm accounts={accounts} onPlaced={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function PlaceForm({ accounts, onPlaced }: Props & { onPlaced(): void }) {
  const said = useWords(words)
  const { lines, error, again } = useOwnLines(accounts)
  return (
    <>
      {error !== undefined && <Failed title={said.linesFailed} error={error} onRetry={again} />}
      {!lines && error === undefined && <Loading rows={3} />}
      {lines?.length === 0 && <Empty title={said.noOwnLine} />}
      {lines && lines.length > 0 && <Called lines={lines} onPlaced={onPlaced} />}
    </>
  )
}

/** The number that is shown is the phone system's choice. */
const OWN_CHOICE = ''

function Called({ lines, onPlaced }: { readonly lines: readonly Line[]; onPlaced(): void }) {
  const said = useWords(words)
  const complaintOf = useComplaint()
  const dialled = useDialled()
  const [from, setFrom] = useState<string | null>(lines.length === 1 ? lines[0]!.id : null)
  const [to, setTo] = useState('')
  const [shown, setShown] = useState(OWN_CHOICE)
  const [problem, setProblem] = useState<{ readonly field: string; readonly text: string } | null>(null)
  const [place] = useMutation(ConsolePlaceCallDocument)
  const wish = useWish(() => setProblem(null))
  const line = lines.find(({ id }) => id === from)
  const own = useShownNumbers(line)
  const { isBusy, start } = useWork(async () => {
    if (!line) return setProblem({ field: 'fromExtensionId', text: said.lineMissing })
    const { number, error: unknown } = await dialled(to, line.account.country)
    if (number === null) return setProblem({ field: 'to', text: complaintOf({ error: unknown }) ?? said.numberWrong })
    const { data, error } = await place({
      variables: {
        input: {
          fromExtensionId: line.id,
          to: number,
          ...(shown !== OWN_CHOICE && { callerIdDidId: shown }),
          idempotencyKey: wish.key(),
        },
      },
    })
    const userErrors = data?.callOriginate?.userErrors
    const complaint = complaintOf({ userErrors, error })
    if (complaint === null) return onPlaced()
    wish.refused(userErrors)
    setProblem({ field: userErrors?.[0]?.field?.at(-1) ?? '', text: complaint })
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start()
  }
  const problemOf = (field: string) => (problem?.field === field ? problem.text : null)
  const general = problem && problem.field !== 'to' && problem.field !== 'fromExtensionId' ? problem : null
  return (
    <form className="stack" onSubmit={submit}>
      <LineField
        label={said.from}
        hint={said.fromHint}
        error={problemOf('fromExtensionId')}
        lines={lines}
        chosen={from}
        onChoose={wish.changed((id: string | null) => {
          setFrom(id)
          setShown(OWN_CHOICE)
        })}
      />
      <Field
        label={said.to}
        hint={said.toHint}
        type="tel"
        autoComplete="off"
        value={to}
        onChange={wish.changed(setTo)}
        isRequired
        error={problemOf('to')}
      />
      <Choice
        label={said.shown}
        value={shown}
        options={[
          { value: OWN_CHOICE, name: said.shownByItself },
          ...own.map(({ id, label, number, rawNumber }) => ({
            value: id,
            name: numberFirst(label, number ?? rawNumber),
          })),
        ]}
        onChange={wish.changed(setShown)}
      />
      {general && (
        <p role="alert" className="complaint">
          {general.field === 'callerIdDidId' ? said.shownNeeded : general.text}
        </p>
      )}
      <div className="dialog-end">
        <Button type="submit" look="primary" isPending={isBusy}>
          {said.callNow}
        </Button>
      </div>
    </form>
  )
}
