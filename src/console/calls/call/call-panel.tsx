import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { useQuery } from '@apollo/client/react'
import { useEffect, useRef, type ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

import { Button } from '../../parts/button.js'
import { Empty, Failed, Loading } from '../../parts/states.js'
import { words as shared } from '../../parts/words.js'
import { useFormats } from '../../words/formats.js'
import { useWords } from '../../words/use-words.js'
import { ConsoleCallDocument } from '../generated/graphql.js'
import { sidesOf } from '../sides.js'
import { words as list } from '../words.js'
import { CallFacts } from './call-facts.js'
import { CallWay } from './call-way.js'
import { untoldOf, type OpenedCall } from './opened-call.js'
import { Recordings } from './recordings.js'
import { words } from './words.js'

interface Props {
  readonly id: string
  /** There is no room beside the list: it takes the page. */
  readonly isNarrow: boolean
  onClose(): void
}

/** One call: its way, its facts and its recording; beside the list, or over it where the page is narrow. */
export function CallPanel({ id, isNarrow, onClose }: Props) {
  const { data, error, refetch } = useQuery(ConsoleCallDocument, { variables: { id } })
  const call = data?.node?.__typename === 'CallRecord' ? data.node : null
  const content = (
    <>
      {error && !call && <FailedCall error={error} onRetry={() => void refetch()} />}
      {call && <Content call={call} error={error} onRetry={() => void refetch()} />}
      {!call && !error && (data ? <Gone /> : <Loading rows={9} look="line" />)}
    </>
  )
  const Frame = isNarrow ? OverTheList : BesideTheList
  return (
    <Frame id={id} call={call} onClose={onClose}>
      {content}
    </Frame>
  )
}

interface FrameProps {
  readonly id: string
  readonly call: OpenedCall | null
  onClose(): void
  readonly children: ReactNode
}

function OverTheList({ call, onClose, children }: FrameProps) {
  return (
    <ModalOverlay className="call-page" isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal className="call-page-content">
        <Dialog className="call-panel">
          <Head call={call} onClose={onClose} />
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function BesideTheList({ id, call, onClose, children }: FrameProps) {
  const { direction } = useWords(list)
  const aside = useRef<HTMLElement>(null)
  useEffect(() => aside.current?.focus({ preventScroll: true }), [id])
  return (
    <aside className="panel call-panel" tabIndex={-1} ref={aside} aria-label={direction[call?.direction ?? 'UNKNOWN']}>
      <Head call={call} onClose={onClose} />
      {children}
    </aside>
  )
}

function Head({ call, onClose }: Pick<FrameProps, 'call' | 'onClose'>) {
  const { direction } = useWords(list)
  const { close } = useWords(shared)
  return (
    <header className="call-panel-head">
      <div>
        {call && <small>{direction[call.direction]}</small>}
        <Heading slot="title" level={2}>
          {call ? sidesOf(call).other.label : direction.UNKNOWN}
        </Heading>
      </div>
      <Button look="quiet" icon="close" aria-label={close} onPress={onClose} />
    </header>
  )
}

interface ContentProps {
  readonly call: OpenedCall
  readonly error: unknown
  onRetry(): void
}

function Content({ call, error, onRetry }: ContentProps) {
  const said = useWords(words)
  const { list } = useFormats()
  const untold = untoldOf(call, failedFields(error))
  return (
    <>
      {error !== undefined && <Failed title={said.partly} error={error} onRetry={onRetry} />}
      <Recordings recordings={call.recordings} />
      <CallWay call={call} />
      <CallFacts call={call} />
      {untold.length > 0 && (
        <p className="muted untold">{said.notTold(list(untold.map((thing) => said.thing[thing])))}</p>
      )}
    </>
  )
}

/** The members of the call that could not be loaded. */
const failedFields = (error: unknown): ReadonlySet<string> =>
  new Set(CombinedGraphQLErrors.is(error) ? error.errors.map(({ path }) => String(path?.[1])) : [])

function FailedCall({ error, onRetry }: Omit<ContentProps, 'call'>) {
  const { failed } = useWords(words)
  return <Failed title={failed} error={error} onRetry={onRetry} />
}

function Gone() {
  const said = useWords(words)
  return <Empty title={said.gone} hint={said.goneHint} />
}
