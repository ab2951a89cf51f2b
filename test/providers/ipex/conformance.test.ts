import { ipex } from '../../../src/providers/ipex/index.js'
import { testConformance } from '../conformance.js'

testConformance(ipex, {
  account: 'password',
  other: 'other',
  renewable: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
  revoked: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
  unknownCall: '1.1',
})
