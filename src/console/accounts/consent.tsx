import { useWords } from '../words/use-words.js'
import { dialogWords } from './dialog-words.js'

/** A window for the consent. It is opened before its address is known, while the browser still counts it as the person's own doing. */
export function openConsent(): Window | null {
  const page = window.open('', '_blank')
  // What is shown there must not lead this page elsewhere.
  if (page) page.opener = null
  return page
}

/** Shows the consent in its window, or closes that where there is none to show; whether it is shown. */
export function showConsent(page: Window | null, address: string | null | undefined): boolean {
  if (page && address) page.location.href = address
  else page?.close()
  return page !== null && Boolean(address)
}

interface Props {
  readonly address: string
  onOpened(): void
}

/** Stands where the browser has blocked the window: what a person clicks on themselves, it opens. */
export const BlockedConsent = ({ address, onOpened }: Props) => {
  const { blocked, openLogin } = useWords(dialogWords)
  return (
    <p role="alert" className="consent-blocked">
      {blocked}{' '}
      <a href={address} target="_blank" rel="noreferrer" onClick={onOpened}>
        {openLogin}
      </a>
    </p>
  )
}
