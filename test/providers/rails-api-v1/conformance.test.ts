import { railsApiV1 } from '../../../src/providers/rails-api-v1/index.js'
import { testConformance } from '../conformance.js'

testConformance(railsApiV1)
