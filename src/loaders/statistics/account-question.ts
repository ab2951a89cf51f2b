import type { ArchivedAccount } from '../../archive/archived-account.js'
import type { AccountQuestion, Verdict } from '../../statistics/account-statistics.js'
import { tallyFor } from '../../statistics/grouping.js'
import {
  everybodyOf,
  type ParticipantKind,
  type Participants as CallParticipants,
} from '../../statistics/participants.js'
import type { AccountLoader } from '../account-loader.js'
import type { CallDemand } from '../calls/demand.js'
import { callFilter, judgeOf, numbersAreDids, type Judge } from '../calls/filter.js'
import { refersTo, type Participants, type RequiredParticipants } from '../calls/participants.js'
import { callShown } from '../own/own-calls.js'

interface Asked extends Pick<AccountQuestion, 'store' | 'grouping' | 'calendar' | 'resolve' | 'assertAwaited'> {
  readonly demand: CallDemand
  readonly required: RequiredParticipants
  /** The only extension whose calls count; null: all calls do. */
  readonly line: Participants | null
}

/** What is asked of one account's archive. */
export function accountQuestion(of: AccountLoader, { demand, required, line, ...asked }: Asked): AccountQuestion {
  const account = of.account as ArchivedAccount
  const filter = callFilter(demand, required)
  const log = of.open().callRecords
  const isRefined = Boolean(log?.isListed) && filter.extensionNumbers !== null
  const dimension = tallyFor(asked.grouping, filteredKinds(required), isRefined || needsCalls(demand))
  const { kinds, directions, dispositions } = demand
  const judge = judgeOf(demand, required)
  return {
    ...{ ...asked, account, from: msOf(demand.from), until: msOf(demand.until) },
    tallied: dimension && {
      dimension,
      judge: (call) =>
        isIn(kinds, call.kind) && isIn(directions, call.direction) && isIn(dispositions, call.disposition),
      judgeParticipants: (participants) =>
        dimension === 'NONE' ? true : verdictOf(participants, dimension, listsOf(required)[dimension]),
    },
    selection: {
      ...{ kinds, directions, dispositions, callerNumbers: filter.callerNumbers, calleeNumbers: filter.calleeNumbers },
      numbers: numbersAreDids(demand, filter) ? null : filter.numbers,
      ...{ minimumSeconds: demand.minimumSeconds, maximumSeconds: demand.maximumSeconds },
    },
    judge: (call) => {
      if (log?.isListed && !log.isListed(call, filter)) return false
      return (line ? judgeShown(judge, line) : judge)(call)
    },
  }
}

/** Recordings of others are not there for who sees its own calls alone. */
const judgeShown =
  (judge: Judge, line: Participants): Judge =>
  (call) =>
    judge(callShown(call, line))

const listsOf = ({ extensions, groups, dids }: RequiredParticipants) =>
  ({ EXTENSION: extensions, GROUP: groups, DID: dids }) as const

const filteredKinds = (required: RequiredParticipants): readonly ParticipantKind[] =>
  (['EXTENSION', 'GROUP', 'DID'] as const).filter((kind) => listsOf(required)[kind].length > 0)

/** Whether a filter is by more of a call than sums tell apart. */
function needsCalls(demand: CallDemand): boolean {
  const { numbers, callerNumbers, calleeNumbers, minimumSeconds, maximumSeconds, hasRecording } = demand
  const isByNumber = [numbers, callerNumbers, calleeNumbers].some((lists) => lists.length > 0)
  return isByNumber || minimumSeconds !== null || maximumSeconds !== null || hasRecording !== null
}

const REFERENCE_KINDS = { EXTENSION: 'Extension', GROUP: 'Group', DID: 'Did' } as const

/** As `extensionTookPart` and its like judge a call: one of each list must be among them. */
function verdictOf(participants: CallParticipants, kind: ParticipantKind, lists: readonly Participants[]): Verdict {
  const isAmong = (wanted: Participants) =>
    everybodyOf(participants).some((reference) => refersTo(reference, REFERENCE_KINDS[kind], wanted))
  return lists.every(isAmong) ? true : participants.isWhole ? false : undefined
}

const isIn = (list: readonly string[] | null, value: string) => list?.includes(value) ?? true
const msOf = (time: string | null) => (time === null ? null : Date.parse(time))
