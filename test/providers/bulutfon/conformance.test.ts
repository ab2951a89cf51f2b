import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { testConformance } from '../conformance.js'

testConformance(bulutfon)
