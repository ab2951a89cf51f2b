import { numberLast } from '../parts/named.js'
import type { LiveCall } from './grouping.js'

type Party = LiveCall['caller']

/** Who somebody is, with the number where the name does not say it. */
export const partyText = ({ label, number, rawNumber, extension }: Party): string =>
  extension ? numberLast(extension.label, extension.number) : numberLast(label, number ?? rawNumber)

/** The same of the place where a call is; null where nobody tells, or it is with whom it was meant for. */
export function placeText({ currentTarget, callee }: LiveCall): string | null {
  if (!currentTarget) return null
  const text = numberLast(currentTarget.label, currentTarget.displayNumber)
  return text === partyText(callee) ? null : text
}

/** What a search looks through. */
export const findable = ({ caller, callee, currentTarget, group, account }: LiveCall) => ({
  names: [
    caller.label,
    callee.label,
    caller.extension?.label,
    callee.extension?.label,
    currentTarget?.label,
    group?.label,
    account.label,
  ],
  numbers: [
    ...[caller, callee].flatMap(({ number, rawNumber }) => [number, rawNumber]),
    currentTarget?.displayNumber,
    group?.number,
  ],
})
