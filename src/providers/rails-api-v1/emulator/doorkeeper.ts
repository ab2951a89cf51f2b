import type { Applications } from './applications.js'
import type { Dialect } from './dialect.js'
import type { Directory } from './directory.js'
import type { RailsApiV1Knobs } from './knobs.js'
import type { AccessTokens } from './access-tokens.js'

/** What every endpoint below `/oauth` needs. */
export interface Doorkeeper {
  readonly knobs: RailsApiV1Knobs
  readonly dialect: Dialect
  readonly applications: Applications
  readonly directory: Directory
  readonly tokens: AccessTokens
}
