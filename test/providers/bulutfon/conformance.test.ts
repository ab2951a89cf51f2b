import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { testConformance } from '../conformance.js'

testConformance(bulutfon, {
  account: 'authorizationCode',
  other: 'other',
  renewable: { authorizationCode: 1 },
  revoked: { authorizationCode: 1 },
  unknownCall: '3c9e1a70-0000-4000-8000-0000deadbeef',
})
