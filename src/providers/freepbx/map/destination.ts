import { text, toE164, type AccountFacts, type Reference } from '../../../provider.js'

/** All that numbers depend on. */
export type Home = Pick<AccountFacts, 'country' | 'key'>

const NOT_FOUND: Reference = {
  kind: 'Unresolved',
  nativeType: null,
  nativeId: null,
  rawNumber: null,
  reason: 'NOT_FOUND',
}

/**
 * Where a route leads, from the text that is shown for it: a category, a colon, and a label which may
 * have colons of its own. Only labels are told, so a menu is known by its name.
 */
export function destinationOf(shown: unknown): Reference {
  const written = text(shown)
  if (written === null) return NOT_FOUND
  const colon = written.indexOf(':')
  const [category, label] = [written.slice(0, Math.max(0, colon)), written.slice(colon + 1).trim()]
  const number = label.split(' ')[0] ?? ''
  const isNumber = /^\d+$/.test(number)
  if (isNumber && (category === 'Extensions' || category === 'Users'))
    return { kind: 'Extension', number, nativeType: category }
  if (isNumber && category === 'Voicemail') return { kind: 'VoicemailBox', number }
  if (isNumber && category === 'Ring Groups') return ringGroup(number)
  if (isNumber && category === 'Queues') return queue(number)
  if (category === 'IVR') return { kind: 'AutoAttendant', id: `ivr:${label}`, number: null, name: label }
  return unknown(category || null, label)
}

/** Where a call goes that nobody took: a string of the dialplan. */
export function fallbackOf(dialplan: string): Reference {
  const [context = '', key = ''] = dialplan.split(',')
  if (context === 'from-did-direct') return { kind: 'Extension', number: key, nativeType: context }
  if (context === 'ext-group') return ringGroup(key)
  if (context === 'ext-queues') return queue(key)
  const [, box] = /^vm[busi](\d+)$/.exec(key) ?? []
  if (context === 'ext-local' && box !== undefined) return { kind: 'VoicemailBox', number: box }
  const [, menu] = /^ivr-(\d+)$/.exec(context) ?? []
  if (menu !== undefined) return { kind: 'AutoAttendant', id: menu, number: null, name: null }
  return unknown(context, null)
}

/** A ring group by its number. */
export const ringGroup = (number: string): Reference => ({
  kind: 'Group',
  id: `ringgroup:${number}`,
  number,
  nativeType: 'Ring Groups',
})

/** A queue by its number. */
export const queue = (number: string): Reference => ({
  kind: 'Group',
  id: `queue:${number}`,
  number,
  nativeType: 'Queues',
})

/** A number outside. */
export const outside = (number: string, { country }: Home): Reference => ({
  kind: 'ExternalNumber',
  number: toE164(number, country),
  rawNumber: number,
})

const unknown = (nativeType: string | null, rawNumber: string | null): Reference => ({
  ...{ kind: 'Unresolved', nativeType, nativeId: null, rawNumber },
  reason: 'UNKNOWN_TYPE',
})
