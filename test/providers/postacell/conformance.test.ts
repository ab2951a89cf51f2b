import { postacell } from '../../../src/providers/postacell/index.js'
import { testConformance } from '../conformance.js'

testConformance(postacell)
