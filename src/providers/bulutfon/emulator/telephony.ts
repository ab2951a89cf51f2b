import { json, type EmulatedResponse, type Route } from '../../../emulator/serve.js'
import type { StoryDid, StoryGroup, StoryTarget } from '../../../emulator/story.js'
import { digitsOf, type Company, type PbxExtension } from './companies.js'
import type { Gate } from './gate.js'
import type { BulutfonKnobs } from './knobs.js'
import { notFound } from './refusals.js'

/** `/me`, `/dids`, `/extensions`, `/groups`, each list and detail with exactly the API's fields. */
export function telephonyRoutes({ guard }: Gate, knobs: BulutfonKnobs): Route[] {
  const get = (pattern: RegExp, answer: (company: Company, id: number) => EmulatedResponse): Route => ({
    method: 'GET',
    pattern,
    handle: guard(({ params }, company) => answer(company, Number(params[0]))),
  })
  return [
    get(/\/me(?:\.json)?\/?/, (company) => json(me(company, knobs))),
    get(/\/dids(?:\.json)?\/?/, ({ office }) => json({ dids: office.dids.map((did) => listedDid(did, knobs)) })),
    get(/\/dids\/(\d+)(?:\.json)?\/?/, ({ office }, id) =>
      one(
        'did',
        office.dids.find((did) => did.id === id),
        (did) => didDetail(did, knobs),
      ),
    ),
    get(/\/extensions(?:\.json)?\/?/, ({ extensions }) =>
      json({ extensions: [...extensions.values()].map(listedExtension) }),
    ),
    get(/\/extensions\/(\d+)(?:\.json)?\/?/, ({ extensions }, id) =>
      one('extension', extensions.get(id), (extension) => extensionDetail(extension, knobs)),
    ),
    get(/\/groups(?:\.json)?\/?/, ({ office }) =>
      json({ groups: office.groups.map((group) => listedGroup(group, knobs)) }),
    ),
    get(/\/groups\/(\d+)(?:\.json)?\/?/, (company, id) =>
      one(
        'group',
        company.office.groups.find((group) => group.id === id),
        (group) => groupDetail(group, company, knobs),
      ),
    ),
  ]
}

const one = <T>(root: string, found: T | undefined, show: (found: T) => unknown): EmulatedResponse =>
  found === undefined ? notFound() : json({ [root]: show(found) })

function me({ login, user, pbx, balance, smsCredit }: Company, { era }: BulutfonKnobs): unknown {
  const credits = { E1: {}, E2: { sms_credits: smsCredit }, E3: { sms_credit: smsCredit } }[era]
  return { user: { email: login.email, ...user }, pbx, credit: { balance, ...credits } }
}

function listedDid({ id, number, state, destination, hours }: StoryDid, knobs: BulutfonKnobs) {
  return {
    id,
    number: digitsOf(number),
    state: wireState(state, id),
    ...(knobs.era === 'E1' ? { destination: destinationText(destination) } : destinationTrio(destination, knobs)),
    working_hour: hours !== null,
  }
}

function didDetail(did: StoryDid, knobs: BulutfonKnobs): unknown {
  const { id, hours } = did
  const whenOff = id % 2 === 0 ? { working_hours: null } : {}
  return { ...listedDid(did, knobs), ...(hours ? { working_hours: week(hours) } : whenOff) }
}

/** Each state of the story has two native words, by its progress. */
function wireState(state: StoryDid['state'], id: number): string {
  const words = {
    active: ['CONFIRMED', 'CONFIRMED'],
    pending: ['DRAFT', 'IN-PROGRESS'],
    porting: ['NTS-DRAFT', 'NTS-IN-PROGRESS'],
    cancelled: ['CANCELED', 'NTS-CANCEL'],
    terminated: ['TERMINATED', 'TERMINATED'],
  } as const
  return words[state][Math.floor(id / 8) % 2] ?? 'DRAFT'
}

const typeWords = { menu: 'Auto attendant', group: 'Group', extension: 'Extension', external: 'External' } as const

function destinationTrio(target: StoryTarget | null, { destinationNumber }: BulutfonKnobs) {
  if (!target || target.kind === 'external')
    return { destination_type: null, destination_id: null, destination_number: null }
  return {
    destination_type: typeWords[target.kind],
    destination_id: target.id,
    destination_number: destinationNumber === 'int' ? Number(target.number) : target.number,
  }
}

const destinationText = (target: StoryTarget | null): string | null =>
  target && `${target.number} - ${typeWords[target.kind]}`

function week({ lunch, saturday }: NonNullable<StoryDid['hours']>) {
  const day = (open: boolean) => ({
    open,
    shift_start: '09:00',
    ...(lunch && open && { lunch_break_start: '12:30', lunch_break_finish: '13:30' }),
    shift_finish: '18:00',
  })
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
  return Object.fromEntries([
    ...weekdays.map((name) => [name, day(true)]),
    ['saturday', day(saturday)],
    ['sunday', day(false)],
  ])
}

const named = ({ number, callerName, email }: PbxExtension) => ({
  number: Number(number),
  caller_name: callerName,
  email,
})

const listedExtension = (extension: PbxExtension) => ({
  id: extension.id,
  registered: extension.registered,
  ...named(extension),
})

/** Also the response of a write. */
export function extensionDetail(extension: PbxExtension, { era }: Pick<BulutfonKnobs, 'era'>): unknown {
  const { did, voiceMail, redirectionType, destinationType, destinationNumber, externalNumber, acl } = extension
  if (era === 'E1') return { ...listedExtension(extension), did, acl }
  return {
    ...listedExtension(extension),
    did,
    voice_mail: voiceMail,
    redirection_type: redirectionType,
    destination_type: destinationType,
    destination_number: destinationNumber === null ? null : Number(destinationNumber),
    external_number: externalNumber,
    acl,
  }
}

const groupFacts = ({ id, number, name, timeoutSeconds }: StoryGroup) => ({
  id,
  number: Number(number),
  name,
  timeout: timeoutSeconds,
})

/** Delay and ring duration are in the list only, members in the detail only. */
function listedGroup(group: StoryGroup, { era }: BulutfonKnobs) {
  const { delaySeconds, ringSeconds } = group
  return { ...groupFacts(group), ...(era !== 'E1' && { delay_time: delaySeconds, ring_duration: ringSeconds }) }
}

function groupDetail(group: StoryGroup, { extensions }: Company, { memberIds }: BulutfonKnobs) {
  const ids = [...extensions.keys()]
  const memberId = (id: number) => (memberIds === 'extension' ? id : (ids[(ids.indexOf(id) + 1) % ids.length] ?? id))
  const members = group.members.flatMap((id) => extensions.get(id) ?? [])
  return { ...groupFacts(group), extensions: members.map((member) => ({ id: memberId(member.id), ...named(member) })) }
}
