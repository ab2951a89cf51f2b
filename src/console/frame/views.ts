import { lazy, type ComponentType } from 'react'

import type { words } from './words.js'

/** A view's name, which is also its path and its picture. */
export type ViewName = keyof (typeof words)['en']['views']

/** One view of the console. */
export interface View {
  readonly name: ViewName
  /** Loaded when it is opened. */
  readonly Component: ComponentType
}

const view = (name: ViewName, load: () => Promise<{ readonly View: ComponentType }>): View => ({
  name,
  Component: lazy(async () => ({ default: (await load()).View })),
})

/** The views there are, in the order of the navigation; the first is what opens. */
export const VIEWS: readonly View[] = [
  view('accounts', () => import('../accounts/view.js')),
  view('live', () => import('../live/view.js')),
  view('calls', () => import('../calls/view.js')),
  view('numbers', () => import('../numbers/view.js')),
  view('statistics', () => import('../statistics/view.js')),
]
