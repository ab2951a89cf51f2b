import type { EmulatorFactory } from '../../../src/emulator/emulator.js'
import { freepbx } from '../../../src/providers/freepbx/index.js'
import { testConformance } from '../conformance.js'

// The other protocol, as far as its REST answers: where it does not, groups are PARTIAL.
testConformance({
  ...freepbx,
  name: 'FreePBX 17',
  emulator: async (): Promise<EmulatorFactory> => {
    const start = await freepbx.emulator()
    return (options = {}) => start({ ...options, knobs: { profile: '17', rest: 'works', ...options.knobs } })
  },
})
