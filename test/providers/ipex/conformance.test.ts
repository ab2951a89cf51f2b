import { ipex } from '../../../src/providers/ipex/index.js'
import { testConformance } from '../conformance.js'

testConformance(ipex)
