import type { Config } from '../config/config.js'
import type { BuiltPage } from './built-page.js'
import { openConsole } from './console.js'
import { openExplorer } from './explorer.js'
import type { Routes } from './routes.js'

/** The pages that this server has for browsers. */
export interface Pages {
  /** GraphiQL, for the endpoint to show; null where there is none. */
  readonly explorer: BuiltPage | null
  /** The routes of all of them. */
  readonly pages: readonly Routes[]
}

/** Those that the configuration asks for, and the package was built with. */
export function openPages(server: Pick<Config['server'], 'explore' | 'console'>): Pages {
  const explorer = server.explore ? openExplorer() : null
  const console = server.console ? openConsole() : null
  return { explorer, pages: [explorer, console].filter((page) => page !== null) }
}
