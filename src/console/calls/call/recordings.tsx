import { useMay } from '../../frame/viewer.js'
import { useWords } from '../../words/use-words.js'
import type { OpenedCall } from './opened-call.js'
import { Player } from './player.js'
import { words } from './words.js'

/** The recordings of a call, to listen to where the caller may; nothing where there are none. */
export function Recordings({ recordings }: { readonly recordings: OpenedCall['recordings'] }) {
  const said = useWords(words)
  const mayListen = useMay('recordings:read')
  if (!recordings?.length) return null
  return (
    <section>
      {recordings.map(({ id, status }, at) => {
        const name = recordings.length > 1 ? said.recordings(at + 1) : said.recording
        return (
          <div key={id} className="recording">
            <h3>{name}</h3>
            {status !== 'AVAILABLE' && <p className="muted">{said.recordingIs[status]}</p>}
            {status === 'AVAILABLE' && !mayListen && <p className="muted">{said.mayNot}</p>}
            {status === 'AVAILABLE' && mayListen && <Player recordingId={id} name={name} />}
          </div>
        )
      })}
    </section>
  )
}
