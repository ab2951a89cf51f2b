import { Component, type ReactNode } from 'react'

/** A line of the list, and how far down the window it is. */
interface Place {
  readonly line: Element
  readonly top: number
}

/** How far down a line is looked for, and how finely: headings of days lie between lines. */
const [DEPTH_PX, STEP_PX] = [180, 30]

/**
 * Whatever comes above the line that is read, it stays where it is. Browsers that do this by
 * themselves take a line that the bar of missing calls hides, and not all do: see `calls.css`.
 */
export class Steady extends Component<{ readonly children: ReactNode }> {
  override getSnapshotBeforeUpdate(): Place | null {
    return window.scrollY > 0 ? firstInSight() : null
  }

  override componentDidUpdate(_props: unknown, _state: unknown, place: Place | null): void {
    if (!place?.line.isConnected) return
    const moved = place.line.getBoundingClientRect().top - place.top
    if (moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' })
  }

  override render(): ReactNode {
    return this.props.children
  }
}

/** The first line below the bar; null where there is none, or something lies over it. */
function firstInSight(): Place | null {
  const list = document.querySelector('.call-list')?.getBoundingClientRect()
  if (!list) return null
  const under = (document.querySelector('.missing')?.getBoundingClientRect().bottom ?? 0) + 1
  for (let y = under; y < under + DEPTH_PX; y += STEP_PX) {
    const line = document.elementFromPoint(list.left + list.width / 2, y)?.closest('.call-line')
    if (line) return { line, top: line.getBoundingClientRect().top }
  }
  return null
}
