import { useState } from 'react'

import { Button } from '../../parts/button.js'
import { Choice } from '../../parts/choice.js'
import { Dialog } from '../../parts/dialog.js'
import { Failed } from '../../parts/states.js'
import { Tick } from '../../parts/tick.js'
import { useWords } from '../../words/use-words.js'
import type { CallRecordFilter, ExportFormat } from '../generated/graphql.js'
import { ExportState } from './export-state.js'
import { useExport, type MadeExport } from './use-export.js'
import { words } from './words.js'

interface Props {
  /** Null: it is not known yet. */
  readonly filter: CallRecordFilter | null
  readonly timeZone: string
  /** How many calls there are, where that is known. */
  readonly total: number | null
}

/** A file of what the list shows: how it is written, how far it is, and where it is. */
export function ExportCalls({ filter, timeZone, total }: Props) {
  const said = useWords(words)
  const [isOpen, setOpen] = useState(false)
  const made = useExport()
  return (
    <>
      <Button icon="download" isDisabled={filter === null} onPress={() => setOpen(true)}>
        {made.state?.status === 'RUNNING' ? said.exporting : said.export}
      </Button>
      <Dialog title={said.export} isOpen={isOpen} onClose={() => setOpen(false)}>
        {made.state ? (
          <ExportState made={made} state={made.state} total={total} />
        ) : (
          <ExportForm filter={filter ?? {}} timeZone={timeZone} made={made} />
        )}
      </Dialog>
    </>
  )
}

const FORMATS = ['CSV', 'JSONL', 'VCON'] as const satisfies readonly ExportFormat[]

interface FormProps {
  readonly filter: CallRecordFilter
  readonly timeZone: string
  readonly made: MadeExport
}

function ExportForm({ filter, timeZone, made }: FormProps) {
  const said = useWords(words)
  const [format, setFormat] = useState<ExportFormat>('CSV')
  const [includeLegs, setIncludeLegs] = useState(false)
  const [fromProvider, setFromProvider] = useState(true)
  const { problem, error, isBeginning, begin } = made
  return (
    <div className="stack">
      <p>
        {said.what} {Object.keys(filter).length === 0 && said.unfiltered}
      </p>
      {error !== undefined && <Failed title={said.failedBegin} error={error} />}
      {problem && (
        <Failed title={said.failedBegin}>
          <p>{said.code[problem.code]}</p>
        </Failed>
      )}
      <Choice
        label={said.format}
        value={format}
        options={FORMATS.map((value) => ({ value, name: said.formats[value] }))}
        onChange={(next: ExportFormat) => setFormat(next)}
      />
      <Tick isSelected={fromProvider} onChange={setFromProvider}>
        {said.fromProvider}
      </Tick>
      <Tick isSelected={includeLegs} onChange={setIncludeLegs}>
        {said.legs}
      </Tick>
      <div className="dialog-end">
        <Button
          look="primary"
          isPending={isBeginning}
          onPress={() => begin({ filter, format, includeLegs, fromProvider, timeZone })}
        >
          {said.begin}
        </Button>
      </div>
    </div>
  )
}
