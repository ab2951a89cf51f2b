import { toE164 } from '../../../model/values/phone-number.js'
import type { AccountFacts } from '../../provider.js'
import { invalid, notFound } from '../../write-problems.js'
import { targetField, targetIn, type TargetFields } from '../../write-targets.js'
import type { NamedObjects, WriteProblem } from '../../writes.js'
import { forwardTo } from '../map/endpoints.js'
import type { Switchboard } from './switchboard.js'

/** The number to dial, or why there is none. */
export type Dialled =
  | { readonly number: string; readonly problem: null }
  | { readonly number: null; readonly problem: WriteProblem }

/** A public number as the lists spell most of them: digits, if that is read as the same number. */
export function asDialled(e164: string, { country }: AccountFacts): string {
  const digits = e164.slice(1)
  return [digits, `00${digits}`].find((spelling) => toE164(spelling, country) === e164) ?? e164
}

/**
 * The number that reaches what an input points at; `path`: where the input stands. An extension or
 * group whose number IPEX would take for one outside cannot be reached.
 */
export async function dialledNumber<Input>(
  {
    input,
    fields,
    path,
    named,
  }: {
    readonly input: Input
    readonly fields: TargetFields<Input>
    readonly path: readonly string[]
    readonly named: NamedObjects
  },
  { account, groupNumber }: Switchboard,
): Promise<Dialled> {
  const target = targetIn(input, fields, named)
  const at = [...path, targetField(input, fields) ?? '']
  if (!target || target.kind === 'AutoAttendant') return { number: null, problem: notFound(at) }
  if (target.kind === 'ExternalNumber') return { number: asDialled(target.number, account), problem: null }
  const number = target.kind === 'Group' ? await groupNumber(target.object) : target.object.number
  if (number === null)
    return { number, problem: invalid(at, 'It has no number of its own, and IPEX sends calls to numbers.') }
  if (forwardTo(number, account).kind === 'Extension') return { number, problem: null }
  return { number: null, problem: invalid(at, `IPEX sends calls to ${number} outside, not to this one.`) }
}

/**
 * The number of a write that has been checked.
 *
 * @throws Error for one that has not
 */
export function checked({ number, problem }: Dialled): string {
  if (number === null) throw new Error(`A write was sent in spite of a problem: ${problem.message}`)
  return number
}
