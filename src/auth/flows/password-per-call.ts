import type { Secret } from '../../secret.js'
import type { Flow } from '../flow.js'
import { withParameters } from './carry.js'
import { NEVER } from '../lifetime.js'
import { fingerprint } from './fingerprint.js'

export interface PasswordPerCallSettings {
  readonly username: string
  readonly password: Secret
  /** Names of the query parameters. */
  readonly parameters: { readonly username: string; readonly password: string }
  readonly isExpired: Flow['isExpired']
  readonly rides: NonNullable<Flow['rides']>
}

/** Sends the user name and the password as query parameters of every request; there is no token. */
export function passwordPerCall({ username, password, parameters, isExpired, rides }: PasswordPerCallSettings): Flow {
  return {
    kind: 'PASSWORD_PER_CALL',
    fingerprint: fingerprint('password_per_call', username, password),
    acquire: async () => ({ accessToken: password, expiresIn: NEVER, identity: { username } }),
    apply: (request, secret) =>
      withParameters(request, { [parameters.username]: username, [parameters.password]: secret.reveal() }),
    isExpired,
    rides,
  }
}
