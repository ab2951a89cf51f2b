import type { StoryCall, StoryRing, StoryStep } from '../../../emulator/story.js'
import { callerIn, dialledIn, gaveUp, placeOf, takenOutside } from './call-facts.js'
import { choiceFor } from './choice.js'
import type { Switchboard, User } from './switchboard.js'

export type Way = 'In' | 'Out' | 'Loc'
export type Disposition = 'ANSWERED' | 'NO ANSWER' | 'BUSY' | 'FAILED' | 'CONGESTION' | 'CANCEL'

/** One row of the call log before serialisation: one phone that rang, or one menu. Times in ms. */
export interface LogRow extends Ending {
  readonly uniqueid: string
  readonly linkedid: string
  readonly start: number
  readonly answered: number | null
  readonly end: number
  /** When the whole call ended; its rows are written a second later. */
  readonly callEnd: number
  readonly way: Way
  readonly src: string
  readonly dst: string
  readonly line: string
  readonly user: User | null
  readonly clid: string
  readonly trunk: string | null
  readonly queue: string | null
  readonly filename: string | null
  readonly organization: string
  readonly isFax: boolean
}

interface Ending {
  readonly disposition: Disposition
  /** The Q.850 cause in Asterisk's words. */
  readonly hangupcause: string
  readonly userAnswered: boolean | null
}

/** One phone, menu or outside line in a call. */
interface Leg extends Pick<LogRow, 'way' | 'dst' | 'line' | 'user' | 'queue'> {
  readonly from: number
  readonly answeredAt: number | null
  readonly until: number
  readonly ending: Ending
}

/** How rows are written: for which PBX, and with which `dst` when a DID rings a phone directly. */
export interface RowStyle {
  readonly switchboard: Switchboard
  readonly inboundDst: 'did' | 'line'
  /** The id of the next channel, which begins at a time in ms: `1412256225.1941`. */
  readonly channelId: (time: number) => string
  /**
   * Simultaneous ones in the order in which they began, so that a channel of a call under way keeps
   * its id to the end.
   */
  readonly asBegun?: boolean
}

/**
 * The rows of a call: one for each phone that rang (a queue ringing three agents gives three), each
 * menu and each forward, all with one `linkedid`. Earliest first; of simultaneous ones the shortest
 * first.
 */
export function rowsOf(call: StoryCall, style: RowStyle): LogRow[] {
  const legs = legsOf(call, style).sort((a, b) => a.from - b.from || (style.asBegun ? 0 : a.until - b.until))
  const first = Math.min(...legs.map(({ from }) => from))
  const last = Math.max(...legs.map(({ until }) => until))
  const linkedid = style.channelId(call.startedAt)
  const src = callerIn(call, style.switchboard)
  const caller = style.switchboard.user(call.from)
  const name =
    call.direction === 'in' ? (call.outsideName ?? src) : `${caller?.firstName ?? ''} ${caller?.lastName ?? ''}`
  return legs.map(({ from, until, answeredAt, ending, ...leg }, index): LogRow => {
    const uniqueid = index === 0 ? linkedid : style.channelId(from)
    const recorded = call.recording === 'yes' && ending.disposition === 'ANSWERED'
    return {
      uniqueid,
      linkedid,
      src,
      ...leg,
      ...ending,
      // Together the rows span the call: the first begins with it, the last ends with it.
      start: from === first ? call.startedAt : from,
      answered: answeredAt,
      end: until === last && call.endedAt !== Infinity ? call.endedAt : until,
      callEnd: call.endedAt,
      clid: `"${name}" <${src}>`,
      trunk: leg.way === 'Loc' ? null : 't1',
      organization: call.outsideName ?? '',
      filename: recorded ? `${uniqueid}-${src}-${leg.line}.mp3` : null,
      isFax: call.kind === 'fax',
    }
  })
}

function legsOf(call: StoryCall, style: RowStyle): Leg[] {
  const legs = call.steps.flatMap((_, index) => legsOfStep(call, index, style))
  const [transferred] = call.steps
  // An outgoing call has steps of ours only once it was transferred.
  if (call.direction === 'out' && transferred) return [{ ...wholeCall(call, style), until: transferred.at }, ...legs]
  return legs.length > 0 ? settle(call, legs) : [wholeCall(call, style)]
}

function legsOfStep(call: StoryCall, index: number, { switchboard, inboundDst }: RowStyle): Leg[] {
  const step = call.steps[index] as StoryStep
  const place = placeOf(step, switchboard)
  const isFirst = index === 0 && call.direction !== 'out'
  const showsDialled = isFirst && (inboundDst === 'did' || step.kind !== 'extension')
  const base = {
    way: WAYS[call.direction],
    dst: showsDialled ? dialledIn(call, switchboard) : place.number,
    line: place.number,
    user: place.user,
    queue: place.queue,
    from: step.at,
    until: step.until,
    answeredAt: null,
    ending: endingOf('no answer'),
  }
  // No phone rings in a menu: the caller's channel goes on, or is cleared.
  if (step.kind === 'menu') return [{ ...base, ending: endingOf('cancelled') }]
  if (step.kind === 'forward') {
    const before = call.steps[index - 1]
    return [
      {
        ...base,
        way: 'Out',
        dst: place.number,
        answeredAt: takenOutside(call, step),
        // The line that forwarded the call.
        line: before ? placeOf(before, switchboard).number : '',
        ending: { ...endingOf(step.answered ? 'answered' : 'no answer'), userAnswered: null },
      },
    ]
  }
  if (step.rings.length === 0) return [base]
  return step.rings.map((ring) => {
    const user = switchboard.user(ring.extension)
    const { from, until, answeredAt } = ring
    const ending = endingOf(gaveUp(call, ring) ? 'cancelled' : ring.result)
    return { ...base, user, line: user?.extension.number ?? place.number, from, until, answeredAt, ending }
  })
}

/**
 * No phone of ours rang: an outgoing call, a fax, a number without a destination. Only the outcome
 * is known.
 */
function wholeCall(call: StoryCall, { switchboard }: RowStyle): Leg {
  const { startedAt, endedAt, outcome } = call
  const user = call.direction === 'in' ? null : switchboard.user(call.from)
  const ending = endingOf(outcome, String(call.id))
  return {
    way: WAYS[call.direction],
    dst: dialledIn(call, switchboard),
    line: user?.extension.number ?? '',
    user,
    queue: null,
    from: startedAt,
    until: endedAt,
    answeredAt: outcome === 'answered' ? (call.answeredAt ?? startedAt) : null,
    ending: call.direction === 'out' ? { ...ending, userAnswered: null } : ending,
  }
}

/** An answered call that no phone answered was answered by its last leg. */
function settle(call: StoryCall, legs: Leg[]): Leg[] {
  if (call.outcome !== 'answered' || legs.some(({ ending }) => ending.disposition === 'ANSWERED')) return legs
  const last = legs.at(-1) as Leg
  const ending = { ...endingOf('answered'), userAnswered: false }
  return [...legs.slice(0, -1), { ...last, answeredAt: call.answeredAt ?? call.startedAt, ending }]
}

const WAYS: Readonly<Record<StoryCall['direction'], Way>> = { in: 'In', out: 'Out', local: 'Loc' }

/**
 * The end of a ring or a call in the words of an Asterisk call log, where a rejected call counts as
 * busy.
 */
function endingOf(result: StoryRing['result'] | StoryCall['outcome'], key = ''): Ending {
  const failed = choiceFor<Cause>(key, [
    ['FAILED', 'NETWORK_OUT_OF_ORDER'],
    ['CONGESTION', 'NORMAL_CIRCUIT_CONGESTION'],
  ])
  const [disposition, hangupcause] = result === 'failed' ? failed : CAUSES[result]
  return { disposition, hangupcause, userAnswered: result === 'answered' }
}

type Cause = readonly [Disposition, cause: string]

const CAUSES: Readonly<Record<Exclude<StoryRing['result'] | StoryCall['outcome'], 'failed'>, Cause>> = {
  answered: ['ANSWERED', 'NORMAL_CLEARING'],
  elsewhere: ['NO ANSWER', 'ANSWERED_ELSEWHERE'],
  'no answer': ['NO ANSWER', 'NO_ANSWER'],
  missed: ['NO ANSWER', 'NO_ANSWER'],
  voicemail: ['NO ANSWER', 'NO_ANSWER'],
  cancelled: ['NO ANSWER', 'NORMAL_CLEARING'],
  busy: ['BUSY', 'USER_BUSY'],
  rejected: ['BUSY', 'CALL_REJECTED'],
}
