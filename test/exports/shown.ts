import type { CallParty, CallRecord } from '../../src/model/call-record.js'
import { FREE_MEMBERS, type Shown } from '../../src/exports/formats/members.js'
import { labelOfParty } from '../../src/graphql/label.js'
import { globalId } from '../../src/model/id.js'
import { call } from '../loaders/in-memory.js'

export const party = (change: Partial<CallParty> = {}): CallParty => ({
  ...{ number: '+902322290000', rawNumber: '02322290000', displayName: null, endpointRef: null, accountKey: 'izmir' },
  ...change,
})

export const made = (change: Partial<CallRecord> = {}, id = 'c1'): CallRecord => ({
  ...call('izmir', id),
  ...{ caller: party(), callee: party({ number: null, rawNumber: '0101', displayName: 'Ayşe' }) },
  ...change,
})

export const shown = (change: Partial<Shown> = {}): Shown => ({
  ...{
    members: FREE_MEMBERS,
    time: (moment: string) => moment,
    label: labelOfParty,
    describe: () => ({ label: 'Somebody', displayNumber: '1' }),
  },
  account: (key) => ({ id: globalId('Account', key), key, label: `${key} office` }),
  ...change,
})
