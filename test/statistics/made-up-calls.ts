import fc from 'fast-check'

import { CallDirection, CallDisposition, CallKind, type CallRecord } from '../../src/model/call-record.js'
import type { Reference } from '../../src/model/reference.js'
import { call } from '../loaders/calls/simulated-world.js'

const extension = (number: string): Reference => ({ kind: 'Extension', number })
const byId = (id: string): Reference => ({ kind: 'Extension', id })
const guessed = (number: string): Reference => ({
  ...{ kind: 'Did', number: null, rawNumber: number },
  otherwise: extension(number),
})
const group = (id: string): Reference => ({ kind: 'Group', id })
const did = (number: string): Reference => ({ kind: 'Did', number, rawNumber: number })

const endpoint = fc.constantFrom(null, extension('11'), extension('12'), byId('one'), guessed('11'), group('g1'))
const seconds = fc.constantFrom(null, 0, 1, 5, 20, 21, 60, 3_600, 2.5)
const cost = fc.constantFrom(
  null,
  { amount: '1', currencyCode: 'TRY' },
  { amount: '0.30', currencyCode: 'TRY' },
  { amount: '-2.125', currencyCode: 'CZK' },
  { amount: '0.1', currencyCode: null },
)

/** Fields by which statistics tell calls apart. */
const fields = fc.record({
  kind: fc.constantFrom(CallKind.VOICE, CallKind.VOICE, CallKind.FAX),
  direction: fc.constantFrom(CallDirection.INBOUND, CallDirection.OUTBOUND, CallDirection.INTERNAL),
  disposition: fc.constantFrom(...Object.values(CallDisposition)),
  ...{ waitSeconds: seconds, talkSeconds: seconds, durationSeconds: seconds, cost },
  ...{ caller: endpoint, callee: endpoint, answeredByRef: fc.option(endpoint, { nil: undefined }) },
  groupRefs: fc.option(fc.constantFrom([], [group('g1')], [group('g1'), group('g2')]), { nil: undefined }),
  didRef: fc.constantFrom(null, did('+901'), did('+902')),
  steps: fc.constantFrom(undefined, null, [], [extension('11'), extension('12')]),
})

/** A call of an account at one of these moments, in any way that statistics tell apart. */
export const madeUpCall = (account: string, moment: fc.Arbitrary<number>, ids: fc.Arbitrary<string>) =>
  fc.tuple(ids, moment, fields).map(([id, at, { caller, callee, steps, ...rest }]): CallRecord => {
    const party = { number: null, rawNumber: null, displayName: null, accountKey: account }
    return call(account, id, at, {
      ...(rest as Partial<CallRecord>),
      caller: { ...party, endpointRef: caller },
      callee: { ...party, endpointRef: callee },
      steps: steps && (steps.map((targetRef) => ({ targetRef })) as unknown as CallRecord['steps']),
    })
  })
