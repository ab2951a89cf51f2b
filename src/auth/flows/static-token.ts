import type { Secret } from '../../secret.js'
import type { Flow } from '../flow.js'
import { bearer } from './carry.js'
import { NEVER } from '../lifetime.js'
import { fingerprint } from './fingerprint.js'

export interface StaticTokenSettings {
  readonly token: Secret
  readonly isExpired: Flow['isExpired']
  readonly rides: NonNullable<Flow['rides']>
  readonly apply?: Flow['apply']
}

/** A configured token that does not expire; there is no other once it is refused. */
export function staticToken({ token, isExpired, rides, apply = bearer }: StaticTokenSettings): Flow {
  return {
    kind: 'STATIC_TOKEN',
    fingerprint: fingerprint('static_token', token),
    acquire: async () => ({ accessToken: token, expiresIn: NEVER }),
    apply,
    isExpired,
    rides,
  }
}
