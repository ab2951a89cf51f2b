import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { toGroupNumber, toGroups, unreadableIn } from '../../../src/providers/ipex/map/group.js'
import { ACCOUNT, READ_AT } from './told-rows.js'

const NAME = 'Reklamace'

interface Member {
  readonly userId: string
  readonly exten: { readonly number: string } | null
  readonly queues: readonly { readonly id: number; readonly name: string }[]
  readonly skillsGroup: { readonly id: number; readonly name: string } | null
}

const member = (told: Partial<Member> = {}): Member => ({
  ...{ userId: 'u1', exten: { number: '0201' }, queues: [], skillsGroup: null },
  ...told,
})

/** As collections find by name: the first. */
const named = (members: readonly unknown[], name: string) =>
  toGroups(ACCOUNT, members, READ_AT).find((group) => group.name === name)

test('An entry that names no group, or is none, is counted and not passed over in silence', () => {
  const queue = { id: '9007199254740993' as never, name: NAME }
  expect(unreadableIn([member({ queues: [queue] }), member()])).toBe(0)
  expect(
    unreadableIn([
      null,
      'what',
      member({ queues: [queue, {} as never, 7 as never] }),
      member({ skillsGroup: { id: {} as never, name: '' } }),
    ]),
  ).toBe(5)
})

describe('Of two groups of one name', () => {
  test.each([
    [
      'a skill group before a queue',
      [member({ skillsGroup: { id: 5, name: NAME } }), member({ queues: [{ id: 9, name: NAME }] })],
    ],
    [
      'a queue before a skill group',
      [member({ queues: [{ id: 9, name: NAME }] }), member({ skillsGroup: { id: 5, name: NAME } })],
    ],
    ['both of one member', [member({ queues: [{ id: 9, name: NAME }], skillsGroup: { id: 9, name: NAME } })]],
  ])('a row of a call means the queue: %s', (_, members) => {
    expect(named(members, NAME)?.providerResourceId).toBe('queue:9')
  })

  test.each([
    ['the queue', 'queue:9', '6009'],
    ['the skill group', 'skill:5', '6005'],
    ['none of these ids', 'queue:5', null],
  ])('a number belongs to the one of its id: %s', (_, providerResourceId, number) => {
    const destinations = [
      {
        ownerType: 'application',
        name: NAME,
        extension: '6005',
        properties: { id: '5', applicationType: 'skillsGroup' },
      },
      { ownerType: 'user', name: NAME, extension: '0209', properties: { id: '9' } },
      { ownerType: 'application', name: NAME, extension: '6009', properties: { id: 9, applicationType: 'queue' } },
    ]
    expect(toGroupNumber({ providerResourceId, name: NAME }, destinations)).toBe(number)
    expect(toGroupNumber({ providerResourceId, name: NAME }, destinations.toReversed())).toBe(number)
  })

  test('nothing depends on the order of the members', () => {
    const some = fc.array(
      fc.record({
        queues: fc.uniqueArray(
          fc.constantFrom(1, 2, 3).map((id) => ({ id, name: `Fronta ${id}` })),
          { selector: ({ id }) => id },
        ),
        skillsGroup: fc.option(fc.constantFrom(1, 2, 3).map((id) => ({ id, name: `Fronta ${id}` }))),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(some, (told) => {
        const members = told.map((groups, index) => member({ ...groups, userId: `u${index}` }))
        for (const name of ['Fronta 1', 'Fronta 2', 'Fronta 3']) {
          const id = named(members, name)?.providerResourceId
          expect(named(members.toReversed(), name)?.providerResourceId).toBe(id)
          if (members.some(({ queues }) => queues.some((queue) => queue.name === name))) expect(id).toMatch(/^queue:/)
        }
      }),
    )
  })
})

describe('A member without a phone at the moment', () => {
  const queues = [{ id: 9, name: NAME }]
  const groupOf = (told: Partial<Member>) => toGroups(ACCOUNT, [member({ queues, ...told })], READ_AT)[0]

  test.each([
    ['is the line of its user', { userId: 'u2', exten: null }, { kind: 'Extension', ownerId: 'u2' }],
    [
      'is the phone it has, where it has one',
      { userId: 'u2', exten: { number: '0207' } },
      { kind: 'Extension', number: '0207' },
    ],
  ])('%s', (_, told, expected) => {
    expect(groupOf(told)?.memberships?.[0]?.member).toEqual({
      ...expected,
      ...('ownerId' in expected && { nativeType: 'user' }),
    })
    expect(groupOf(told)?.leftOut).toBeUndefined()
  })

  test('is nobody where no user is told, and counts as left out', () => {
    const group = groupOf({ userId: null as never, exten: null })
    expect(group?.memberships?.[0]?.member).toMatchObject({ kind: 'Unresolved', nativeId: null })
    expect(group?.leftOut).toEqual({ memberships: 1 })
  })
})
