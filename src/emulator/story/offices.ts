import type { Random } from '../random.js'
import type {
  Office,
  OfficeName,
  StoryDid,
  StoryExtension,
  StoryGroup,
  StoryMenu,
  StoryPerson,
  StoryTarget,
} from '../story.js'
import { didNumber } from './numbers.js'
import type { OfficeSize } from './sizes.js'

export const officeNames: readonly OfficeName[] = ['izmir', 'prague', 'ankara']

/** An office before its first call. */
export type OfficeWithoutCalls = Omit<Office, 'calls'>

interface Facts {
  readonly label: string
  readonly country: string
  readonly timeZone: string
  readonly extensionNumber: (index: number) => string
  readonly groupNumber: (index: number) => string
  readonly menuNumber: (index: number) => string
  readonly groupKinds: readonly StoryGroup['kind'][]
  readonly groups: readonly string[]
  readonly menus: readonly string[]
  /** The destination of the DID whose destination no longer exists. */
  readonly goneTarget: StoryTarget
}

/**
 * İzmir has Bulutfon's numbering: menus two digits, groups three, extensions four. Prague has four
 * digits for all, and its extensions begin with 0. Ankara has grown: one of its extensions and one of
 * its groups begin with 0 as well. The ids of the offices overlap on purpose: an
 * id is valid within its account only.
 */
const facts: Readonly<Record<OfficeName, Facts>> = {
  izmir: {
    label: 'Ege Yelken İzmir',
    country: 'TR',
    timeZone: 'Europe/Istanbul',
    extensionNumber: (index) => String(1001 + index),
    groupNumber: (index) => String(101 + index),
    menuNumber: (index) => String(11 + index),
    groupKinds: ['ring', 'ring', 'queue'],
    groups: [
      ...['Satış', 'Destek', 'Sipariş', 'Muhasebe', 'Sevkiyat', 'Yelken Atölyesi', 'Marina Ofisi', 'Tekne Kiralama'],
      ...['Servis', 'İhracat', 'Acil Hat', 'Yönetim'],
    ],
    menus: ['Karşılama', 'Mağazalar', 'Destek Menüsü', 'Gece'],
    goneTarget: { kind: 'group', id: 999, number: '999' },
  },
  prague: {
    label: 'Ege Yelken Praha',
    country: 'CZ',
    timeZone: 'Europe/Prague',
    extensionNumber: (index) => String(101 + index).padStart(4, '0'),
    groupNumber: (index) => String(6001 + index),
    menuNumber: (index) => String(7001 + index),
    groupKinds: ['queue', 'skill', 'queue'],
    groups: ['Prodej', 'Němčina', 'Podpora', 'Účtárna', 'Turečtina', 'Sklad', 'Půjčovna lodí', 'Reklamace'],
    menus: ['Vítejte', 'Pobočky', 'Noční hlasatel'],
    goneTarget: { kind: 'extension', id: 999, number: '0999' },
  },
  ankara: {
    label: 'Ege Yelken Ankara',
    country: 'TR',
    timeZone: 'Europe/Istanbul',
    extensionNumber: (index) => (index === 1 ? '0101' : String(100 + index)),
    groupNumber: (index) => (index === 2 ? '0602' : String(index % 3 === 1 ? 700 + index : 600 + index)),
    menuNumber: (index) => String(1 + index),
    groupKinds: ['ring', 'queue', 'ring'],
    groups: ['Satış', 'Destek', 'Sevkiyat', 'Muhasebe', 'Servis', 'Yönetim'],
    menus: ['Karşılama', 'Gece'],
    goneTarget: { kind: 'group', id: 999, number: '699' },
  },
}

/**
 * Extensions, groups, menus and DIDs of an office. Every DID but one has an existing destination.
 */
export function createOffice(
  name: OfficeName,
  size: OfficeSize,
  people: readonly StoryPerson[],
  random: Random,
): OfficeWithoutCalls {
  const { label, country, timeZone } = facts[name]
  const extensions = createExtensions(name, size, people, random)
  const groups = createGroups(name, size, extensions, random)
  const menus = Array.from({ length: size.menus }, (_, index): StoryMenu => {
    const title = facts[name].menus[index % facts[name].menus.length] as string
    return { id: 1 + index, number: facts[name].menuNumber(index), name: title }
  })
  const dids = createDids(name, size, { extensions, groups, menus })
  return { name, label, country, timeZone, extensions, groups, menus, dids }
}

function createExtensions(
  name: OfficeName,
  size: OfficeSize,
  people: readonly StoryPerson[],
  random: Random,
): StoryExtension[] {
  const bare = Array.from({ length: size.extensions }, (_, index) => ({
    id: 301 + index,
    number: facts[name].extensionNumber(index),
    // The last one is the meeting room's.
    person: people[index] ?? null,
  }))
  return bare.map(({ id, number, person }, index): StoryExtension => {
    const colleague = bare[(index + 3) % bare.length] as (typeof bare)[number]
    return {
      id,
      number,
      person,
      // The first five are always registered, so that even the smallest office can answer.
      registered: index < 5 || random.chance(0.85),
      callerId: index % 9 === 7 ? null : didNumber[name](callerIdIndex(index)),
      voicemail: random.chance(0.4),
      forwarding: forwardingOf(index, colleague, person),
      permissions: (['domestic', 'gsm', 'international'] as const).filter((_, right) =>
        random.chance(0.95 - right * 0.3),
      ),
    }
  })
}

/** Outgoing calls show one of the first three numbers, which are active at every scale. */
const callerIdIndex = (index: number) => index % 3

function forwardingOf(
  index: number,
  colleague: Pick<StoryExtension, 'id' | 'number'>,
  person: StoryPerson | null,
): StoryExtension['forwarding'] {
  const inside = { kind: 'extension', id: colleague.id, number: colleague.number } as const
  if (index % 8 === 4 && person) return { when: 'ALWAYS', to: { kind: 'external', number: person.mobile } }
  if (index % 8 === 2 && person) return { when: 'UNREACHABLE', to: { kind: 'external', number: person.mobile } }
  if (index % 8 === 5) return { when: 'UNREACHABLE', to: inside }
  if (index % 32 === 19) return { when: 'ALWAYS', to: inside }
  return null
}

function createGroups(
  name: OfficeName,
  size: OfficeSize,
  extensions: readonly StoryExtension[],
  random: Random,
): StoryGroup[] {
  const titles = facts[name].groups
  return Array.from({ length: size.groups }, (_, index): StoryGroup => {
    const isEmpty = index === titles.length - 1
    const chosen = random.shuffled(extensions).slice(0, random.whole(3, Math.min(12, extensions.length)))
    return {
      id: 7 + index,
      number: facts[name].groupNumber(index),
      name: index < titles.length ? (titles[index] as string) : `${titles[index % titles.length]} ${index + 1}`,
      kind: facts[name].groupKinds[index % 3] as StoryGroup['kind'],
      timeoutSeconds: random.pick([30, 45, 60, 90]),
      delaySeconds: random.pick([0, 0, 2, 5]),
      ringSeconds: random.pick([15, 20, 25]),
      // The last group has no members yet.
      members: isEmpty ? [] : chosen.map(({ id }) => id),
    }
  })
}

function createDids(
  name: OfficeName,
  size: OfficeSize,
  inside: Pick<OfficeWithoutCalls, 'extensions' | 'groups' | 'menus'>,
): StoryDid[] {
  const at = <T extends { id: number; number: string }>(
    kind: 'extension' | 'group' | 'menu',
    list: readonly T[],
    index: number,
  ): StoryTarget => {
    const { id, number } = list[index % list.length] as T
    return { kind, id, number }
  }
  const destination = (index: number): StoryTarget | null => {
    if (index === 3) return null
    if (index === 4) return facts[name].goneTarget
    if (index % 3 === 0) return at('menu', inside.menus, index / 3)
    if (index % 3 === 1) return at('group', inside.groups, Math.floor(index / 3))
    return at('extension', inside.extensions, index - 2)
  }
  const moving = ['pending', 'porting', 'cancelled', 'terminated'] as const
  return Array.from({ length: size.dids }, (_, index) => ({
    id: 41 + index,
    number: didNumber[name](index),
    // One in eight is not active.
    state:
      index % 8 === 5 ? (moving[(Math.floor(index / 8) + (name === 'prague' ? 3 : 0)) % 4] ?? 'pending') : 'active',
    destination: destination(index),
    hours: index % 2 === 1 ? { lunch: index % 4 === 1, saturday: index % 3 === 1 } : null,
  }))
}
