import { invalid, namedObject, nothingSaid, received, text } from '../../../provider.js'
import type { ExtensionInput, ExtensionWrites, ReadyInput, WriteProblem } from '../../../provider.js'
import { LINES } from '../freshness.js'
import { ADD_EXTENSION, DELETE_EXTENSION, UPDATE_EXTENSION, type WireUserDetail } from '../questions.js'
import type { ExtensionWriting } from './writing.js'

type Write<Name extends keyof ExtensionWrites> = NonNullable<ExtensionWrites[Name]>

/** Fields without which FreePBX makes no extension. */
const NEEDED = ['number', 'displayName', 'email'] as const
/** Characters of a name. */
const LONGEST_NAME = 50

/** `addExtension`. */
export const createExtension = (writing: ExtensionWriting): Write<'create'> => ({
  affects: LINES,
  mistakes: (input) => [
    ...NEEDED.filter((field) => input[field] == null).map((field) =>
      invalid([field], `A new extension of FreePBX needs ${field}.`),
    ),
    ...mistakesInValues(input),
  ],
  async check(ready) {
    const { number } = ready.input
    const problems = callerIdMistakes(ready)
    if (!(await writing.users()).has(number ?? '')) return problems
    const message = `There is an extension ${number} already. Choose another number, or change that one.`
    return [...problems, { code: 'TAKEN', field: ['number'], message }]
  },
  send: (ready) => writing.send(ADD_EXTENSION, { extensionId: ready.input.number, ...saidOf(ready) }),
  async look({ input }) {
    const found = (await writing.users()).get(input.number ?? '')
    return found && text(found.name) === text(input.displayName) ? {} : null
  },
})

/** `deleteExtension`. */
export const deleteExtension = (writing: ExtensionWriting): Write<'delete'> => ({
  affects: LINES,
  send: ({ extension }) => writing.send(DELETE_EXTENSION, { extensionId: extension.providerResourceId }),
  look: async ({ extension }) => ((await writing.users()).has(extension.providerResourceId) ? null : {}),
})

/**
 * `updateExtension`: FreePBX deletes the extension and makes it anew. All that can be read is sent
 * back with what was said; the secret of the phone, its e-mail address and its fallbacks are lost.
 */
export const updateExtension = (writing: ExtensionWriting): Write<'update'> => ({
  affects: LINES,
  mistakes: (input) => [
    ...(['displayName', 'email', 'callerIdDidId', 'voicemailEnabled'].every(
      (field) => input[field as keyof ExtensionInput] === undefined,
    )
      ? [nothingSaid]
      : []),
    ...(input.displayName === null ? [invalid(['displayName'], 'An extension of FreePBX always has a name.')] : []),
    ...mistakesInValues(input),
  ],
  check: async (ready) => callerIdMistakes(ready),
  async send(ready) {
    const { providerResourceId: number, displayName, voicemail } = ready.extension
    const now = await writing.extension(number)
    const device = received<{ emergencyCid: unknown }>(now?.coreDevice)
    return writing.send(UPDATE_EXTENSION, {
      extensionId: number,
      name: displayName ?? number,
      vmEnable: voicemail === true,
      // Unsaid, a telephone of another kind would be made one of this.
      tech: text(now?.tech) ?? undefined,
      outboundCid: text(received<WireUserDetail>(now?.user)?.outboundCid) ?? '',
      emergencyCid: text(device?.emergencyCid) ?? '',
      ...saidOf(ready),
    })
  },
  async look({ input, extension }) {
    const found = (await writing.users()).get(extension.providerResourceId)
    const isNamed = input.displayName !== undefined && text(found?.name) === text(input.displayName)
    return found && isNamed ? {} : null
  },
})

/** What was said, in the words of the input types; absent: not said. */
function saidOf({ input, named }: ReadyInput<ExtensionInput>): Record<string, unknown> {
  const { displayName, email, voicemailEnabled, callerIdDidId } = input
  const did = namedObject(named, callerIdDidId, 'Did')
  return {
    ...(displayName != null && { name: displayName.trim() }),
    ...(email !== undefined && { email: email ?? '' }),
    ...(voicemailEnabled != null && { vmEnable: voicemailEnabled }),
    ...(callerIdDidId === null && { outboundCid: '' }),
    ...(did?.number && { outboundCid: did.number.slice(1) }),
  }
}

function mistakesInValues({ number, displayName, voicemailEnabled }: ExtensionInput): WriteProblem[] {
  return [
    ...(number == null || /^\d{1,20}$/.test(number)
      ? []
      : [invalid(['number'], 'The number of an extension of FreePBX has digits only.')]),
    ...(displayName == null || (displayName.trim() !== '' && displayName.length <= LONGEST_NAME)
      ? []
      : [invalid(['displayName'], `Give a name of 1 to ${LONGEST_NAME} characters.`)]),
    ...(voicemailEnabled === null
      ? [invalid(['voicemailEnabled'], 'The mailbox is on or off. Give true or false, or leave it out.')]
      : []),
  ]
}

/** A pattern, and the route for any number, are no numbers to be shown. */
function callerIdMistakes({ input, named }: ReadyInput<ExtensionInput>): WriteProblem[] {
  const isNoNumber = namedObject(named, input.callerIdDidId, 'Did')?.number === null
  const message = 'This route is for several numbers. Choose one that is for a single number.'
  return isNoNumber ? [invalid(['callerIdDidId'], message)] : []
}
