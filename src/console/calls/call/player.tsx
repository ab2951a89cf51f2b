import { useEffect, useRef, useState } from 'react'

import { linkHere } from '../../graph/addresses.js'
import { client } from '../../graph/client.js'
import { Button } from '../../parts/button.js'
import { Failed } from '../../parts/states.js'
import { useWords } from '../../words/use-words.js'
import { ConsoleRecordingDocument } from '../generated/graphql.js'
import { words } from './words.js'

interface Props {
  readonly recordingId: string
  readonly name: string
}

/** Plays one recording. The link is asked for when somebody listens, and anew where it has run out. */
export function Player({ recordingId, name }: Props) {
  const said = useWords(words)
  const audio = useRef<HTMLAudioElement>(null)
  const [address, setAddress] = useState<string | null>(null)
  const [isPending, setPending] = useState(false)
  const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null)
  /** How far this link has played; null: not at all, so another would not, either. */
  const played = useRef<number | null>(null)
  /** Where the next link goes on. */
  const resumeAt = useRef(0)

  const listen = async () => {
    setPending(true)
    setFailure(null)
    const { data, error } = await client
      .query({ query: ConsoleRecordingDocument, variables: { id: recordingId }, fetchPolicy: 'no-cache' })
      .catch((error: unknown) => ({ data: undefined, error }))
    const link = data?.node?.__typename === 'Recording' ? data.node.link : null
    setPending(false)
    if (link) setAddress(linkHere(link.url))
    else setFailure({ error })
  }
  const fail = () => {
    const hasRunOut = played.current !== null
    resumeAt.current = played.current ?? 0
    played.current = null
    if (hasRunOut) return void listen()
    setAddress(null)
    setFailure({ error: undefined })
  }
  const goOn = () => {
    if (resumeAt.current > 0) audio.current!.currentTime = resumeAt.current
    resumeAt.current = 0
  }
  // The button that was pressed is gone: its place is the player's.
  useEffect(() => audio.current?.focus({ preventScroll: true }), [address])
  return (
    <div className="player">
      {failure && <Failed title={said.notFetched} error={failure.error} onRetry={() => void listen()} />}
      {address === null && !failure && (
        <Button icon="play" isPending={isPending} onPress={() => void listen()}>
          {said.listen}
        </Button>
      )}
      {address !== null && (
        <audio
          ref={audio}
          controls
          autoPlay
          aria-label={name}
          src={address}
          onError={fail}
          onLoadedMetadata={goOn}
          onTimeUpdate={() => (played.current = audio.current!.currentTime)}
        />
      )}
    </div>
  )
}
