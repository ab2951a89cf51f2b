import { forwardingMistakes, invalid, nothingSaid, type ForwardingRules } from '../../write-problems.js'
import { FORWARDING_TARGETS, targetMistakes } from '../../write-targets.js'
import type { ExtensionInput, WriteProblem } from '../../writes.js'

/** Fields without which Bulutfon has no extension: needed by a new one, never cleared. */
const NEEDED = ['number', 'displayName', 'email', 'callerIdDidId'] as const
/** Fields that can be changed, `number` being given once. */
const CHANGEABLE = [
  'displayName',
  'email',
  'callerIdDidId',
  'voicemailEnabled',
  'forwarding',
  'callPermissions',
] as const

const PERMISSIONS = ['domestic', 'gsm', 'international']

const FORWARDING: ForwardingRules = {
  provider: 'Bulutfon',
  conditions: ['ALWAYS', 'UNREACHABLE'],
  target: (rule, path) => targetMistakes(rule, FORWARDING_TARGETS, path),
}

/** What is wrong with a new extension. */
export const mistakesInNew = (input: ExtensionInput): WriteProblem[] => [
  ...NEEDED.filter((field) => input[field] == null).map((field) =>
    invalid([field], `A new extension of Bulutfon needs ${field}.`),
  ),
  ...mistakesInValues(input),
]

/** What is wrong with a change of an extension. */
export const mistakesInChange = (input: ExtensionInput): WriteProblem[] => [
  ...(CHANGEABLE.every((field) => input[field] === undefined) ? [nothingSaid] : []),
  ...NEEDED.filter((field) => input[field] === null).map((field) =>
    invalid([field], `An extension of Bulutfon always has ${field}: it cannot be cleared.`),
  ),
  ...mistakesInValues(input),
]

function mistakesInValues(input: ExtensionInput): WriteProblem[] {
  const { number, displayName, email, voicemailEnabled, forwarding, callPermissions } = input
  return [
    ...(number == null || /^\d{4}$/.test(number)
      ? []
      : [invalid(['number'], 'The number of an extension of Bulutfon has four digits.')]),
    ...(displayName == null || displayName.trim() !== ''
      ? []
      : [invalid(['displayName'], 'The name is blank. Give the name of the person.')]),
    ...(email == null || isEmail(email)
      ? []
      : [invalid(['email'], 'This is no e-mail address. Write it as in ada@example.com.')]),
    ...(voicemailEnabled === null
      ? [invalid(['voicemailEnabled'], 'The mailbox is on or off. Give true or false, or leave it out.')]
      : []),
    ...(callPermissions ?? []).flatMap((permission, index) =>
      PERMISSIONS.includes(permission)
        ? []
        : [
            invalid(
              ['callPermissions', String(index)],
              `Bulutfon has no such permission. Use ${PERMISSIONS.join(', ')}.`,
            ),
          ],
    ),
    ...forwardingMistakes(forwarding, FORWARDING),
  ]
}

/** RFC 5321 §4.5.3.1.3. */
const LONGEST_EMAIL = 254

/** The length first: the time of the pattern grows with its square. */
const isEmail = (text: string): boolean => text.length <= LONGEST_EMAIL && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
