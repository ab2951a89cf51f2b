import { SECRET_MARK } from '../../../emulator/marked-bytes.js'
import type { Office, Story, StoryExtension } from '../../../emulator/story.js'
import { createCallLog, type EmulatedCallLog } from './call-log.js'

/**
 * `company` is the story's İzmir office; `other` is a stranger's small one with the same login
 * e-mail.
 */
export type AccountName = 'company' | 'other'

/** One customer of Bulutfon: a user, a PBX and its contents. */
export interface Company {
  readonly account: AccountName
  readonly login: { readonly email: string; password: string }
  masterToken: string
  readonly user: { readonly name: string; readonly gsm: string }
  readonly pbx: Readonly<Record<'name' | 'url' | 'state' | 'package' | 'customer_type', string>>
  readonly balance: string
  readonly smsCredit: number
  readonly office: Office
  /** The current ones: the API can change them. */
  extensions: Map<number, PbxExtension>
  readonly calls: EmulatedCallLog
}

/** An extension in the PBX's terms. */
export interface PbxExtension {
  readonly id: number
  readonly number: string
  readonly registered: boolean
  readonly callerName: string
  readonly email: string
  /** Digits. */
  readonly did: string | null
  readonly voiceMail: boolean
  readonly redirectionType: 'NONE' | 'UNREACHABLE' | 'ALWAYS'
  readonly destinationType: 'EXTENSION' | 'GROUP' | 'AUTOATTENDANT' | 'EXTERNAL' | null
  readonly destinationNumber: string | null
  /** Digits. */
  readonly externalNumber: string | null
  readonly acl: readonly string[]
}

const EMAIL = 'santral@egeyelken.example'

/** The two customers in their initial state. */
export function createCompanies(
  story: Story,
  neighbour: Story,
  seed: number,
  masterTokens: Readonly<Record<AccountName, string>>,
): Readonly<Record<AccountName, Company>> {
  const ours = story.offices.izmir
  const theirs = moved(neighbour.offices.izmir)
  return {
    company: {
      account: 'company',
      login: { email: EMAIL, password: `Kordon-Boyu-${SECRET_MARK}` },
      masterToken: masterTokens.company,
      user: { name: 'Deniz Kaya', gsm: '905550000001' },
      pbx: {
        name: 'egeyelken',
        url: 'egeyelken.bulutfon.example',
        state: 'CONFIRMED',
        package: 'ENTERPRISE',
        customer_type: 'CORPORATE',
      },
      balance: '118.40',
      smsCredit: 12,
      office: ours,
      extensions: extensionsOf(ours),
      calls: createCallLog(ours.calls, `${seed}/company`),
    },
    other: {
      account: 'other',
      // The same person administers both, with another password.
      login: { email: EMAIL, password: `Kaleici-Limani-${SECRET_MARK}` },
      masterToken: masterTokens.other,
      // Nine digits: the sample in the documentation is no valid number either.
      user: { name: 'Deniz Kaya', gsm: '555000000' },
      pbx: {
        name: 'mavideniz',
        url: 'mavideniz.bulutfon.example',
        state: 'SUSPENDED',
        package: 'LARGE',
        customer_type: 'INVIDUAL',
      },
      balance: '0.00',
      smsCredit: 0,
      office: theirs,
      extensions: extensionsOf(theirs),
      calls: createCallLog(theirs.calls, `${seed}/other`),
    },
  }
}

const extensionsOf = (office: Office) => new Map(office.extensions.map((extension) => [extension.id, toPbx(extension)]))

function toPbx({
  id,
  number,
  person,
  registered,
  callerId,
  voicemail,
  forwarding,
  permissions,
}: StoryExtension): PbxExtension {
  const to = forwarding?.to
  return {
    id,
    number,
    registered,
    callerName: person ? `${person.firstName} ${person.lastName}` : 'Toplantı Odası',
    email: person?.email ?? '',
    did: callerId && digitsOf(callerId),
    voiceMail: voicemail,
    redirectionType: forwarding?.when ?? 'NONE',
    destinationType: to
      ? ({ extension: 'EXTENSION', group: 'GROUP', menu: 'AUTOATTENDANT', external: 'EXTERNAL' } as const)[to.kind]
      : null,
    destinationNumber: to && to.kind !== 'external' ? to.number : null,
    externalNumber: to?.kind === 'external' ? digitsOf(to.number) : null,
    acl: permissions,
  }
}

/** The neighbour is in Antalya: a story of the same shape with its own numbers and people. */
function moved(office: Office): Office {
  const number = <T extends string | null>(given: T) => (given?.replace(/^\+90232/, '+90242') ?? null) as T
  return {
    ...office,
    label: 'Mavi Deniz Marina',
    dids: office.dids.map((did) => ({ ...did, number: number(did.number) })),
    calls: office.calls.map((call) => ({ ...call, did: number(call.did), outside: number(call.outside) })),
    extensions: office.extensions.map((extension) => ({
      ...extension,
      callerId: number(extension.callerId),
      person: extension.person && {
        ...extension.person,
        email: extension.person.email.replace(/@.*/, '@mavideniz.example'),
      },
    })),
  }
}

/** Numbers are sent without the plus sign. */
export const digitsOf = (number: string): string => number.replace(/^\+/, '')
