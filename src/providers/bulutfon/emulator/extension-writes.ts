import { json, type EmulatedResponse, type Route } from '../../../emulator/serve.js'
import type { Company, PbxExtension } from './companies.js'
import type { Gate } from './gate.js'
import { parametersOf, textOf } from './parameters.js'
import { notFound, unprocessable } from './refusals.js'
import { extensionDetail } from './telephony.js'

type Sent = Readonly<Record<string, unknown>>

/**
 * Creates, changes and deletes extensions, by JSON or form. Two keys differ from those that are
 * read: `full_name` is `caller_name`, and `voicemail` is `voice_mail`. The responses are not
 * documented; these are invented.
 */
export function extensionWriteRoutes({ guard }: Gate): Route[] {
  return [
    {
      method: 'POST',
      pattern: /\/extensions(?:\.json)?\/?/,
      handle: guard((request, company) => {
        const sent = parametersOf(request)
        const missing = ['full_name', 'email', 'did', 'number', 'redirection_type'].find(
          (name) => textOf(sent, name) === null,
        )
        if (missing) return unprocessable(`${missing} is required`)
        const id = Math.max(0, ...company.extensions.keys()) + 1
        return store(company, { ...blank, id }, sent, 201)
      }),
    },
    {
      method: 'PUT',
      pattern: /\/extensions\/(\d+)(?:\.json)?\/?/,
      handle: guard((request, company) => {
        const found = company.extensions.get(Number(request.params[0]))
        return found ? store(company, found, parametersOf(request), 200) : notFound()
      }),
    },
    {
      method: 'DELETE',
      pattern: /\/extensions\/(\d+)(?:\.json)?\/?/,
      handle: guard(({ params }, { extensions }) =>
        extensions.delete(Number(params[0])) ? json({ message: 'Dahili silindi' }) : notFound(),
      ),
    },
  ]
}

const blank: Omit<PbxExtension, 'id'> = {
  number: '',
  registered: false,
  callerName: '',
  email: '',
  did: null,
  voiceMail: false,
  redirectionType: 'NONE',
  destinationType: null,
  destinationNumber: null,
  externalNumber: null,
  acl: [],
}

/** Keys that were not sent keep their value. */
function store(company: Company, before: PbxExtension, sent: Sent, status: number): EmulatedResponse {
  const unreadable = unreadableIn(sent)
  if (unreadable) return unprocessable(unreadable)
  const changed: PbxExtension = {
    ...before,
    callerName: textOf(sent, 'full_name') ?? before.callerName,
    email: textOf(sent, 'email') ?? before.email,
    did: textOf(sent, 'did') ?? before.did,
    number: textOf(sent, 'number') ?? before.number,
    voiceMail: 'voicemail' in sent ? textOf(sent, 'voicemail') === 'true' : before.voiceMail,
    // A form says with one empty text that there are none.
    acl: Array.isArray(sent['acl']) ? sent['acl'].map(String).filter(Boolean) : before.acl,
    ...redirection(sent, before),
  }
  const isRedirected = ['redirection_type', 'destination_type', 'destination_number'].some((name) => name in sent)
  const mistake = mistakeIn(changed, company) ?? (isRedirected ? unknownDestination(changed, company) : null)
  if (mistake) return unprocessable(mistake)
  company.extensions.set(changed.id, changed)
  return json({ extension: extensionDetail(changed, { era: 'E3' }), message: 'Dahili kaydedildi' }, status)
}

/** What would be dropped, or taken for something else, without a word. */
function unreadableIn(sent: Sent): string | null {
  if ('voicemail' in sent && !['true', 'false'].includes(textOf(sent, 'voicemail') ?? '')) {
    return 'voicemail must be true or false'
  }
  return 'acl' in sent && !Array.isArray(sent['acl']) ? 'acl must be a list' : null
}

/**
 * A destination is looked for when it is sent; one that was deleted later stays. Of menus, which the
 * API does not list, any number of two digits will do.
 */
function unknownDestination(changed: PbxExtension, { extensions, office }: Company): string | null {
  const { destinationType, destinationNumber } = changed
  const isThere = (list: Iterable<{ readonly number: string }>) =>
    [...list].some(({ number }) => number === destinationNumber)
  const isKnown =
    (destinationType === 'EXTENSION' && isThere(extensions.values())) ||
    (destinationType === 'GROUP' && isThere(office.groups)) ||
    (destinationType === 'AUTOATTENDANT' && /^\d{2}$/.test(destinationNumber ?? ''))
  return isKnown || destinationType === null || destinationType === 'EXTERNAL'
    ? null
    : 'destination_number is not known'
}

type Redirection = Pick<PbxExtension, 'redirectionType' | 'destinationType' | 'destinationNumber' | 'externalNumber'>

function redirection(sent: Sent, before: PbxExtension): Redirection {
  const redirectionType = (textOf(sent, 'redirection_type') ?? before.redirectionType) as Redirection['redirectionType']
  if (redirectionType === 'NONE')
    return { redirectionType, destinationType: null, destinationNumber: null, externalNumber: null }
  const destinationType = (textOf(sent, 'destination_type') ?? before.destinationType) as Redirection['destinationType']
  const isExternal = destinationType === 'EXTERNAL'
  return {
    redirectionType,
    destinationType,
    destinationNumber: isExternal ? null : (textOf(sent, 'destination_number') ?? before.destinationNumber),
    externalNumber: isExternal ? (textOf(sent, 'external_number') ?? before.externalNumber) : null,
  }
}

function mistakeIn(extension: PbxExtension, { extensions, office }: Company): string | null {
  const { id, number, did, redirectionType, destinationType, destinationNumber, externalNumber, acl } = extension
  if (!/^\d{4}$/.test(number)) return 'number must have four digits'
  if ([...extensions.values()].some((other) => other.id !== id && other.number === number)) return 'number is taken'
  if (did !== null && !office.dids.some((one) => one.number === `+${did}`)) return 'did is not one of yours'
  if (acl.some((right) => !['domestic', 'gsm', 'international'].includes(right))) return 'acl is not known'
  if (!['NONE', 'UNREACHABLE', 'ALWAYS'].includes(redirectionType)) return 'redirection_type is not known'
  if (redirectionType === 'NONE') return null
  if (!['EXTENSION', 'GROUP', 'AUTOATTENDANT', 'EXTERNAL'].includes(destinationType ?? ''))
    return 'destination_type is required'
  if (destinationType === 'EXTERNAL') return externalNumber === null ? 'external_number is required' : null
  return destinationNumber === null ? 'destination_number is required' : null
}
