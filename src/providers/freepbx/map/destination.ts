import { text, toE164, type AccountFacts, type Reference } from '../../../provider.js'

/** All that numbers depend on. */
export type Home = Pick<AccountFacts, 'country' | 'key'>

type Make = (number: string, nativeType: string) => Reference

const unresolved = (nativeType: string | null, rawNumber: string | null, reason: 'NOT_FOUND' | 'UNKNOWN_TYPE') =>
  ({ kind: 'Unresolved', nativeType, nativeId: null, rawNumber, reason }) as const
const extension: Make = (number, nativeType) => ({ kind: 'Extension', number, nativeType })
const mailbox: Make = (number) => ({ kind: 'VoicemailBox', number })

/** A ring group or queue by its number. */
export const group = (kind: 'ringgroup' | 'queue', number: string) => ({
  kind: 'Group' as const,
  id: `${kind}:${number}`,
  number,
  nativeType: kind === 'queue' ? 'Queues' : 'Ring Groups',
})
const ringGroup: Make = (number) => group('ringgroup', number)
const queue: Make = (number) => group('queue', number)

/** A menu, as far as it is told of. */
export const menu = (id: string, name: string | null = null): Reference => ({
  kind: 'AutoAttendant',
  id,
  number: null,
  name,
})

/** A number outside. */
export const outside = (number: string, { country }: Home): Reference => ({
  kind: 'ExternalNumber',
  number: toE164(number, country),
  rawNumber: number,
})

/** By category; where the label begins with a number. */
const SHOWN: Readonly<Record<string, Make>> = {
  ...{ Extensions: extension, Users: extension, Voicemail: mailbox, 'Ring Groups': ringGroup, Queues: queue },
}

/**
 * Where a route leads, from the text that is shown for it: a category, a colon, and a label which may
 * have colons of its own. Only labels are told, so a menu is known by its name.
 */
export function destinationOf(shown: unknown): Reference {
  const written = text(shown)
  if (written === null) return unresolved(null, null, 'NOT_FOUND')
  const colon = written.indexOf(':')
  const [category, label] = [written.slice(0, Math.max(0, colon)), written.slice(colon + 1).trim()]
  if (category === 'IVR') return menu(`ivr:${label}`, label)
  const number = label.split(' ')[0] ?? ''
  const make = /^\d+$/.test(number) && Object.hasOwn(SHOWN, category) ? SHOWN[category] : undefined
  return make ? make(number, category) : unresolved(category || null, label, 'UNKNOWN_TYPE')
}

/** By context of the dialplan. */
const DIALPLAN: Readonly<Record<string, Make>> = {
  ...{ 'from-did-direct': extension, 'ext-group': ringGroup, 'ext-queues': queue },
}

/** Where a call goes that nobody took: a string of the dialplan. */
export function fallbackOf(dialplan: string): Reference {
  const [context = '', key = ''] = dialplan.split(',')
  if (Object.hasOwn(DIALPLAN, context)) return DIALPLAN[context]!(key, context)
  const [, box] = /^vm[busi](\d+)$/.exec(key) ?? []
  if (context === 'ext-local' && box !== undefined) return mailbox(box, context)
  const [, number] = /^ivr-(\d+)$/.exec(context) ?? []
  return number === undefined ? unresolved(context, null, 'UNKNOWN_TYPE') : menu(number)
}
