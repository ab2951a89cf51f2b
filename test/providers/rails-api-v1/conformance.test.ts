import { railsApiV1 } from '../../../src/providers/rails-api-v1/index.js'
import { testConformance } from '../conformance.js'

// Doorkeeper revokes the row that holds both tokens: one refused refresh, then one login, or a person.
testConformance(railsApiV1, {
  account: 'password',
  other: 'other',
  renewable: { password: 1, authorizationCode: 1 },
  revoked: { password: 2, authorizationCode: null },
})
