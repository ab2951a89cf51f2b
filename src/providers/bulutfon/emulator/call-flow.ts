import type { Office, StoryRing, StoryStep } from '../../../emulator/story.js'
import type { LoggedCall } from './call-log.js'
import { extensionNumber, time } from './call-wire.js'
import { digitsOf } from './companies.js'

type Target = 'MENU' | 'GROUP' | 'EXTENSION'

/**
 * The path of an incoming call, in its detail only: the DID first, then each internal number. A
 * step that only redirects is `REDIRECTED_TO_…` with a target and no end; a step that rings is
 * `CONNECTING_TO_…` with its phones; all others are `OTHER`.
 */
export function callFlowOf(call: LoggedCall, office: Office): unknown[] {
  const [first] = call.steps
  const entry = {
    callee: call.did === null ? null : Number(digitsOf(call.did)),
    start_time: time(call.startedAt),
    answer_time: time(call.answeredAt),
    hangup_time: first ? null : time(call.endedAt),
    ...sentOn(first, office),
  }
  return [entry, ...call.steps.map((step, index) => stepOf(step, call.steps[index + 1], call, office))]
}

function stepOf(step: StoryStep, next: StoryStep | undefined, call: LoggedCall, office: Office): unknown {
  const here = { callee: numberOf(step, office), start_time: time(step.at) }
  if (step.kind === 'forward') {
    return { ...here, answer_time: time(takenAt(step, call)), hangup_time: time(step.until), redirection: 'OTHER' }
  }
  if (step.kind === 'menu') {
    const answered = { ...here, answer_time: time(step.at + 1000) }
    if (next) return { ...answered, hangup_time: null, ...sentOn(next, office) }
    return { ...answered, hangup_time: time(step.until), redirection: 'CONNECTING_TO_MENU' }
  }
  // An extension that forwards every call, or is unreachable, redirects without ringing.
  if (step.rings.length === 0 && next) return { ...here, answer_time: null, hangup_time: null, ...sentOn(next, office) }
  const talked = step.rings.find(({ result }) => result === 'answered')
  return {
    ...here,
    answer_time: time(talked?.answeredAt ?? null),
    hangup_time: time(step.until),
    redirection: step.kind === 'group' ? 'CONNECTING_TO_GROUP' : 'CONNECTING_TO_EXTENSION',
    origination: originationOf(step, talked, call, office),
  }
}

/**
 * The story has only the first answer of a call: after a menu, an outside phone answers after a
 * third of its time.
 */
function takenAt(
  { at, until, answered }: Extract<StoryStep, { kind: 'forward' }>,
  { answeredAt }: LoggedCall,
): number | null {
  if (!answered) return null
  return answeredAt !== null && answeredAt >= at ? answeredAt : at + Math.floor((until - at) / 3000) * 1000
}

/**
 * One entry per phone. Phones that lost the race carry the winner's answer time: only the result
 * says who talked.
 */
function originationOf(
  step: Extract<StoryStep, { rings: unknown }>,
  talked: StoryRing | undefined,
  call: LoggedCall,
  office: Office,
): unknown[] {
  if (step.rings.length === 0 && step.kind === 'extension') {
    const at = time(step.at)
    const destination = extensionNumber(office, step.extension)
    return [{ destination, start_time: at, answer_time: null, hangup_time: at, result: 'USER_NOT_REGISTERED' }]
  }
  return step.rings.map((ring) => ({
    destination: extensionNumber(office, ring.extension),
    start_time: time(ring.from),
    answer_time: time(ring.result === 'elsewhere' ? (talked?.answeredAt ?? null) : ring.answeredAt),
    hangup_time: time(ring.until),
    result: gaveUp(ring, call) ? 'ORIGINATOR_CANCEL' : results[ring.result],
  }))
}

/** The phone stopped ringing because the caller hung up. */
const gaveUp = ({ result, until }: StoryRing, { hungUpBy, endedAt }: LoggedCall) =>
  result === 'no answer' && hungUpBy === 'caller' && until >= endedAt

const results = {
  answered: 'ANSWERED',
  elsewhere: 'LOSE_RACE',
  'no answer': 'NO_ANSWER',
  busy: 'USER_BUSY',
  rejected: 'CALL_REJECTED',
} as const satisfies Record<StoryRing['result'], string>

function sentOn(next: StoryStep | undefined, office: Office) {
  const kind = next && targets[next.kind]
  return kind && next
    ? { redirection: `REDIRECTED_TO_${kind}`, redirection_target: numberOf(next, office) }
    : { redirection: 'OTHER' }
}

const targets: Readonly<Record<StoryStep['kind'], Target | null>> = {
  menu: 'MENU',
  group: 'GROUP',
  extension: 'EXTENSION',
  forward: null,
}

function numberOf(step: StoryStep, office: Office): number | null {
  if (step.kind === 'forward') return Number(digitsOf(step.to))
  if (step.kind === 'extension') return extensionNumber(office, step.extension)
  const found =
    step.kind === 'menu'
      ? office.menus.find(({ id }) => id === step.menu)
      : office.groups.find(({ id }) => id === step.group)
  return found ? Number(found.number) : null
}
