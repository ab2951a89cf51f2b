import type { Office, StoryCall, StoryExtension, StoryPerson } from '../../../emulator/story.js'

const HOUR = 60 * 60 * 1000

/**
 * A small company that shares only the provider with ours: any of its data in our account is a
 * leak. Its lines have the same numbers as ours on purpose, so that a mix-up by number shows.
 */
export function neighbourOffice(now: number): Office {
  const people = [
    person(901, 'Bohumil', 'Loděnický'),
    person(902, 'Ludmila', 'Přístavní'),
    person(903, 'Hynek', 'Vorlík'),
  ]
  const extensions = people.map((owner, index): StoryExtension => ({
    id: 301 + index,
    number: `010${index + 1}`,
    person: owner,
    registered: true,
    callerId: DIDS[0] as string,
    voicemail: false,
    forwarding: null,
    permissions: ['domestic'],
  }))
  const queue = { id: 7, number: '6001', name: 'Půjčovna Orlík', kind: 'queue' as const, members: [301, 302] }
  return {
    name: 'prague',
    label: 'Lodě Vorlík',
    country: 'CZ',
    timeZone: 'Europe/Prague',
    extensions,
    menus: [],
    groups: [{ ...queue, timeoutSeconds: 60, delaySeconds: 0, ringSeconds: 20 }],
    dids: DIDS.map((number, index) => ({
      id: 41 + index,
      number,
      state: 'active' as const,
      hours: null,
      destination:
        index === 0
          ? ({ kind: 'group', id: queue.id, number: queue.number } as const)
          : ({ kind: 'extension', id: 303, number: '0103' } as const),
    })),
    calls: Array.from({ length: 12 }, (_, index) => call(index + 1, now - (12 - index) * 6 * HOUR)),
  }
}

const DIDS = ['+420910000801', '+420910000802']

const person = (id: number, firstName: string, lastName: string): StoryPerson => ({
  id,
  firstName,
  lastName,
  mobile: `+420600000${id}`,
  office: 'prague',
  role: 'default',
  email: `${firstName}.${lastName}@vorlik-lode.example`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
})

/** Every second call is answered by the second phone of the queue. */
function call(id: number, about: number): StoryCall {
  const startedAt = Math.floor(about / 1000) * 1000
  const taken = id % 2 === 0
  const endedAt = startedAt + (taken ? 90_000 : 20_000)
  const silent = { extension: 301, from: startedAt, answeredAt: null }
  const answeredAt = taken ? startedAt + 8000 : null
  const rings = taken
    ? [
        { ...silent, until: startedAt + 8000, result: 'elsewhere' as const },
        { extension: 302, from: startedAt, answeredAt, until: endedAt, result: 'answered' as const },
      ]
    : [{ ...silent, until: endedAt, result: 'no answer' as const }]
  return {
    id,
    direction: 'in',
    kind: 'voice',
    outside: `+42060000${6000 + id}`,
    outsideName: null,
    did: DIDS[0] as string,
    from: null,
    to: null,
    startedAt,
    endedAt,
    answeredAt,
    hungUpBy: 'caller',
    recording: 'no',
    price: null,
    outcome: taken ? 'answered' : 'missed',
    steps: [{ at: startedAt, kind: 'group', group: 7, until: endedAt, rings }],
  }
}
