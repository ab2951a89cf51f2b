import { freepbx } from '../../../src/providers/freepbx/index.js'
import { testConformance } from '../conformance.js'

testConformance(freepbx)
