import type { ForwardingInput, WriteProblem } from './writes.js'

/** A value that the provider cannot take; `field`: its path within the input. */
export const invalid = (field: readonly string[], message: string): WriteProblem => ({
  code: 'INVALID',
  field,
  message,
})

/** The state of the provider does not allow it now. */
export const conflict = (field: readonly string[] | null, message: string): WriteProblem => ({
  code: 'CONFLICT',
  field,
  message,
})

/** An id that names nothing of the kind that its field is for. */
export const notFound = (field: readonly string[]): WriteProblem => ({
  code: 'NOT_FOUND',
  field,
  message: 'This account has no such object. Read its id again.',
})

/** An update that says nothing. */
export const nothingSaid: WriteProblem = {
  code: 'INVALID',
  field: null,
  message: 'The input says nothing to change. Give at least one field besides the id.',
}

/** What one provider can forward. */
export interface ForwardingRules {
  readonly provider: string
  readonly conditions: readonly ForwardingInput['condition'][]
  /** What is wrong with the target of one rule, at this path. */
  readonly target: (rule: ForwardingInput, path: readonly string[]) => readonly WriteProblem[]
}

/** What is wrong with forwarding at a provider that has one rule for an extension. */
export function forwardingMistakes(
  rules: readonly ForwardingInput[] | null | undefined,
  { provider, conditions, target }: ForwardingRules,
): WriteProblem[] {
  return (rules ?? []).flatMap((rule, index) => {
    const path = ['forwarding', String(index)]
    return [
      ...(index === 0 ? [] : [invalid(path, `${provider} has one forwarding rule for an extension. Leave only one.`)]),
      ...(conditions.includes(rule.condition)
        ? []
        : [
            invalid(
              [...path, 'condition'],
              `${provider} does not forward on ${rule.condition}. Use ${conditions.join(' or ')}.`,
            ),
          ]),
      ...target(rule, path),
    ]
  })
}
