import type { Rest } from '../../../http/rest.js'
import { invalid, notFound } from '../../write-problems.js'
import {
  namedObject,
  numberMistakes,
  ORIGINATE_SOURCES,
  targetField,
  targetIn,
  targetMistakes,
  type TargetKind,
} from '../../write-targets.js'
import type { CallWrites, OriginateInput, ReadyInput, WriteProblem } from '../../writes.js'
import { CALLS } from '../freshness.js'
import { toDigits } from '../map/phone.js'
import type { WireCallAndBridge } from '../wire.js'
import { internalNumber, type Draft } from './extension-body.js'
import { assertSuccess } from './said.js'

/** Seconds; the documentation names no limit. */
const LONGEST_RINGING = 300

/** The number of digits selects what `destination` is, whatever has that number. */
const DIGITS: Readonly<Record<TargetKind, number>> = { AutoAttendant: 2, Group: 3, Extension: 4, ExternalNumber: 0 }

/**
 * `POST /call_and_bridge`. The answer says nothing of the call, and the list of calls has it only
 * when it is over, so there is no way to look for it.
 */
export const callAndBridge = (rest: Rest, url: string): NonNullable<CallWrites['originate']> => ({
  affects: CALLS,
  mistakes: (input) => [
    ...targetMistakes(input, ORIGINATE_SOURCES),
    ...numberMistakes(input.to, ['to']),
    ...(input.callerIdDidId == null
      ? [invalid(['callerIdDidId'], 'Bulutfon needs the number of yours that the called person is shown.')]
      : []),
    ...ringingMistakes(input.ringTimeoutSeconds),
  ],
  check: (ready) => Promise.resolve(draft(ready).problems),
  async send(ready) {
    const { body } = draft(ready)
    assertSuccess(await rest.write('POST', `${url}/call_and_bridge`, body, CALLS), 'Placing a call')
    return { callId: null }
  },
})

function ringingMistakes(seconds: number | null | undefined): WriteProblem[] {
  if (seconds == null || (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_RINGING)) return []
  return [invalid(['ringTimeoutSeconds'], `Bulutfon rings for 1 to ${LONGEST_RINGING} whole seconds.`)]
}

function draft({ input, named }: ReadyInput<OriginateInput>): Draft<WireCallAndBridge> {
  const source = targetIn(input, ORIGINATE_SOURCES, named)
  const did = namedObject(named, input.callerIdDidId, 'Did')
  const destination = source && source.kind !== 'ExternalNumber' ? internalNumber(source.object) : null
  const problems: WriteProblem[] = []
  if (!did) problems.push(notFound(['callerIdDidId']))
  if (!source) problems.push(notFound([targetField(input, ORIGINATE_SOURCES) ?? 'fromExtensionId']))
  else if (!/^\d+$/.test(destination ?? '') || destination?.length !== DIGITS[source.kind])
    problems.push(invalid([source.field], WRONG_LENGTH))
  return {
    body: {
      caller: did ? toDigits(did.rawNumber) : '',
      callee: toDigits(input.to),
      destination: destination ?? '',
      ...(input.ringTimeoutSeconds != null && { timeout: input.ringTimeoutSeconds }),
    },
    problems,
  }
}

const WRONG_LENGTH =
  'Bulutfon rings what the number of digits means: a menu has two, a group three, an extension four. This number has others, and something else would ring.'
