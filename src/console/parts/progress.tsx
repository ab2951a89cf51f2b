import { ProgressBar } from 'react-aria-components/ProgressBar'

import { useFormats } from '../words/formats.js'

interface Props {
  /** From 0 to 1; null: nobody knows. */
  readonly share: number | null
  readonly label: string
}

/** How far something is. */
export const Progress = ({ share, label }: Props) => {
  const { percent } = useFormats()
  if (share === null)
    return (
      <ProgressBar className="progress" isIndeterminate aria-label={label}>
        <div className="progress-track">
          <div className="progress-done progress-some" />
        </div>
      </ProgressBar>
    )
  const text = percent(share)
  return (
    <ProgressBar className="progress" value={share * 100} valueLabel={text} aria-label={label}>
      <div className="progress-track">
        <div className="progress-done" style={{ inlineSize: `${share * 100}%` }} />
      </div>
      <span className="progress-text">{text}</span>
    </ProgressBar>
  )
}
