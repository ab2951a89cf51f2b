import type { Writes } from '../writes.js'
import { updateForwarding } from './writes/forwarding.js'
import { hangUp } from './writes/hang-up.js'
import { originate } from './writes/originate.js'
import { saidBy } from './writes/said.js'
import { transfer } from './writes/transfer.js'
import type { Switchboard } from './writes/switchboard.js'

/**
 * What can be changed: where a line forwards to; and calls are placed, moved and ended. Source: the
 * IPBX API's OpenAPI document (1.98.2).
 */
export const ipexWrites = (switchboard: Switchboard): Writes => ({
  said: saidBy,
  extensions: { update: updateForwarding(switchboard) },
  calls: {
    originate: originate(switchboard),
    transfer: transfer(switchboard),
    hangUp: hangUp(switchboard),
  },
})
