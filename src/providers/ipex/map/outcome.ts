import { CallDirection, CallDisposition } from '../../../model/call-record.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { endOrStart, type CallRow } from '../call-rows.js'
import { dispositionWord, isTaken, phoneOf } from './row-facts.js'

/** How a call ended, and the row that says so. */
export interface Outcome {
  /** The rows in which a person took the call. */
  readonly taken: readonly CallRow[]
  readonly disposition: CallDisposition
  readonly deciding: CallRow
}

/** The better word first: a phone that rang to the end says more than one that was busy. */
const WORDS = ['ANSWERED', 'VOICEMAIL', 'NOANSWER', 'CANCEL', 'BUSY', 'CONGESTION', 'FAILED']

/**
 * Each phone has a row with its own word, and the switchboard may add rows for its own steps:
 * `ANSWERED` for a menu, `FAILED` for hanging up. So the best word of the phones is the call's.
 */
export function outcomeOf(rows: readonly CallRow[], direction: CallDirection, account: AccountFacts): Outcome {
  const taken = rows.filter((row) => isTaken(row, direction, account))
  if (taken.length > 0) return { taken, disposition: CallDisposition.ANSWERED, deciding: taken.at(-1) as CallRow }
  const phones = rows.filter((row) => phoneOf(row, account) !== null)
  const lasting = rows.filter((row) => endOrStart(row) > row.startedAt)
  const [candidates = rows] = [phones, lasting].filter(({ length }) => length > 0)
  const deciding = candidates.reduce((best, row) => (rank(row) <= rank(best) ? row : best))
  return { taken, disposition: unanswered(rows, deciding, direction), deciding }
}

const rank = (row: CallRow): number => {
  const place = WORDS.indexOf(dispositionWord(row))
  return place < 0 ? WORDS.length : place
}

function unanswered(rows: readonly CallRow[], deciding: CallRow, direction: CallDirection): CallDisposition {
  const isIncoming = direction === CallDirection.INBOUND
  const nobody = isIncoming ? CallDisposition.MISSED : CallDisposition.NO_ANSWER
  if (rows.some(saysVoicemail)) return CallDisposition.VOICEMAIL
  // A machine took it, and nobody else did.
  if (rows.some((row) => dispositionWord(row) === 'ANSWERED')) return nobody
  switch (dispositionWord(deciding)) {
    case 'NOANSWER':
      return nobody
    case 'CANCEL':
      return isIncoming ? CallDisposition.MISSED : CallDisposition.CANCELLED
    case 'BUSY':
      return CallDisposition.BUSY
    case 'FAILED':
    case 'CONGESTION':
      return CallDisposition.FAILED
    default:
      return CallDisposition.UNKNOWN
  }
}

/** `dst` of a mailbox is `vm` and its number in a common dialplan. */
function saysVoicemail(row: CallRow): boolean {
  const word = dispositionWord(row)
  return word === 'VOICEMAIL' || (word === 'ANSWERED' && /^vm[a-z]*\d+$/i.test(text(row.wire.dst) ?? ''))
}
