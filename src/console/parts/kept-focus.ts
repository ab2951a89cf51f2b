import { useEffect, type RefObject } from 'react'

/** What has a name for whoever hears the page, or a title of its own. */
const PLACES = '[role=group], section, main'

/**
 * Keeps the focus in a part of the page: where what has it is taken away, as a button that is needed no more, the place
 * around it gets it. Whoever hears the page would be sent to its top.
 */
export function useKeptFocus(part: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = part.current!
    let last: { readonly element: HTMLElement; readonly places: readonly HTMLElement[] } | null = null
    const remember = ({ target }: FocusEvent) => {
      const element = target as HTMLElement
      last = { element, places: placesAround(element) }
    }
    const keep = () => {
      if (!last || last.element.isConnected || document.activeElement !== document.body) return
      const place = last.places.find(({ isConnected }) => isConnected)
      last = null
      if (place) give(place)
    }
    const observer = new MutationObserver(keep)
    root.addEventListener('focusin', remember)
    observer.observe(root, { childList: true, subtree: true })
    return () => {
      root.removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [part])
}

/** From the nearest on. */
function placesAround(element: HTMLElement): readonly HTMLElement[] {
  const place = element.parentElement?.closest<HTMLElement>(PLACES)
  return place ? [place, ...placesAround(place)] : []
}

/** The focus for a place that otherwise has none. */
function give(place: HTMLElement): void {
  if (!place.hasAttribute('tabindex')) {
    place.tabIndex = -1
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
  }
  place.focus({ preventScroll: true })
}
