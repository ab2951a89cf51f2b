import { linkHere } from '../../graph/addresses.js'
import { Button } from '../../parts/button.js'
import { Icon } from '../../parts/icon.js'
import { Progress } from '../../parts/progress.js'
import { Failed } from '../../parts/states.js'
import { codeIn, codes } from '../../words/codes.js'
import { useFormats } from '../../words/formats.js'
import { useWords } from '../../words/use-words.js'
import type { ConsoleExportStateFragment } from '../generated/graphql.js'
import type { MadeExport } from './use-export.js'
import { words } from './words.js'

interface Props {
  readonly made: MadeExport
  readonly state: ConsoleExportStateFragment
  readonly total: number | null
}

/** How far a file is, and the file. */
export function ExportState({ made, state, total }: Props) {
  const said = useWords(words)
  const { status, error, recordCount, bytes, link } = state
  const { size } = useFormats()
  const isMissing = status === 'FAILED' || status === 'CANCELLED' || status === 'EXPIRED'
  return (
    <div className="stack">
      {made.unknown !== undefined && status === 'RUNNING' && <Failed title={said.unknownState} error={made.unknown} />}
      {made.notStopped && status === 'RUNNING' && (
        <Failed title={said.notStopped} error={made.notStopped.error}>
          {made.notStopped.code && <p>{said.code[made.notStopped.code]}</p>}
        </Failed>
      )}
      {status === 'RUNNING' && <Running made={made} recordCount={recordCount} total={total} />}
      {status === 'FAILED' && <Failed title={said.failed} failures={error ? [{ code: error, requestId: null }] : []} />}
      {status === 'CANCELLED' && <p role="status">{said.cancelled}</p>}
      {status === 'EXPIRED' && <p role="status">{said.expired}</p>}
      {link && <p role="status">{said.ready(recordCount, size(bytes))}</p>}
      {status === 'COMPLETED_WITH_GAPS' && <Lacks sources={state.sources} />}
      {(link || isMissing) && (
        <div className="dialog-end">
          <Button onPress={made.forget}>{said.another}</Button>
          {link && (
            <a className="button button-primary" href={linkHere(link.url)} download>
              <Icon name="download" />
              <span>{said.download}</span>
            </a>
          )}
        </div>
      )}
    </div>
  )
}

interface RunningProps extends Pick<Props, 'made' | 'total'> {
  readonly recordCount: number
}

function Running({ made: { cancel, isStopping }, recordCount, total }: RunningProps) {
  const said = useWords(words)
  return (
    <>
      <p role="status">{recordCount === 0 ? said.waiting : said.written(recordCount)}</p>
      <Progress share={total ? Math.min(1, recordCount / total) : null} label={said.progress} />
      <p className="muted">{said.keepsOn}</p>
      <div className="dialog-end">
        <Button isPending={isStopping} onPress={cancel}>
          {said.stop}
        </Button>
      </div>
    </>
  )
}

/** Which accounts a file lacks something of, each once. */
function Lacks({ sources }: Pick<ConsoleExportStateFragment, 'sources'>) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const lacking = new Map(
    sources
      .filter(({ state }) => state === 'FAILED' || state === 'PARTIAL' || state === 'STALE')
      .map((source) => [source.account.id, source]),
  )
  return (
    <div className="note note-warning">
      <Icon name="warning" />
      <div className="note-text">
        <strong>{said.incomplete}</strong>
        <ul>
          {[...lacking].map(([id, { account, errorCode }]) => (
            <li key={id}>
              <b>{account.label}</b>:{' '}
              {errorCode && errorCode !== 'CAPABILITY_UNSUPPORTED' ? codeIn(meaning, errorCode) : said.noArchive}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
