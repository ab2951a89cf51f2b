import { postacell } from '../../../src/providers/postacell/index.js'
import { testConformance } from '../conformance.js'

testConformance(postacell, {
  account: 'login',
  other: 'other',
  renewable: { login: 1, email: 1 },
  revoked: { login: 1 },
})
