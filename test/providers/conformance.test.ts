import type { Emulator } from '../../src/emulator/emulator.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { postacell } from '../../src/providers/postacell/index.js'
import { railsApiV1 } from '../../src/providers/rails-api-v1/index.js'
import { testConformance } from './conformance.js'

/** What every emulator can do to the tokens it gave; see each one's own type for the rest. */
interface Revocable extends Emulator {
  revokeAccessTokens(): void
}
const revokeAccess = (emulator: Emulator) => (emulator as Revocable).revokeAccessTokens()

testConformance(bulutfon, {
  account: 'authorizationCode',
  other: 'other',
  renewable: { authorizationCode: 1 },
  revoked: { authorizationCode: 1 },
  revoke: revokeAccess,
  unknownCall: '3c9e1a70-0000-4000-8000-0000deadbeef',
})

testConformance(ipex, {
  account: 'password',
  other: 'other',
  renewable: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
  revoked: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
  revoke: revokeAccess,
  unknownCall: '1.1',
})

testConformance(postacell, {
  account: 'login',
  other: 'other',
  renewable: { login: 1, email: 1 },
  revoked: { login: 1 },
  revoke: revokeAccess,
})

// Doorkeeper revokes the row that holds both tokens: one refused refresh, then one login, or a person.
testConformance(railsApiV1, {
  account: 'password',
  other: 'other',
  renewable: { password: 1, authorizationCode: 1 },
  revoked: { password: 2, authorizationCode: null },
  revoke: revokeAccess,
})
