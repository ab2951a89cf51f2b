import { useFormats } from '../words/formats.js'
import { useNow } from './now.js'

interface Props {
  readonly at: string
  /** The zone of the account that it is about. */
  readonly timeZone: string
}

/** A moment on the wall clock of its account, with the name of that clock's zone. */
export const Moment = ({ at, timeZone }: Props) => <time dateTime={at}>{useFormats().moment(at, timeZone)}</time>

/** How long ago it was, or until it is; the moment itself is its title. */
export const FromNow = ({ at, timeZone }: Props) => {
  const formats = useFormats()
  return (
    <time dateTime={at} title={formats.moment(at, timeZone)}>
      {formats.fromNow(at, useNow())}
    </time>
  )
}
