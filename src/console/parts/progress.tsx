import { ProgressBar } from 'react-aria-components/ProgressBar'

import { useFormats } from '../words/formats.js'

/** How far something is, from 0 to 1. */
export const Progress = ({ share, label }: { readonly share: number; readonly label: string }) => {
  const { percent } = useFormats()
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
