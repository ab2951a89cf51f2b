import { describe, expect, test } from '@jest/globals'

import { extensionParticipants, refersTo } from '../../../src/loaders/calls/participants.js'
import type { Extension } from '../../../src/model/extension.js'
import type { Reference } from '../../../src/model/reference.js'

const person = (id: string, number: string, displayName = 'Jan Novák') =>
  ({ providerResourceId: id, number, displayName }) as Extension

const own = person('7', '0101')

describe('whether a call refers to an extension', () => {
  const alone = [own, person('8', '0102')]
  const withLikeNumber = [...alone, person('9', '101')]

  test.each<[string, Omit<Extract<Reference, { kind: 'Extension' }>, 'kind'>, readonly Extension[], boolean]>([
    ['by its id', { id: '7' }, alone, true],
    ['by another id beside its number', { id: '8', number: '0101' }, alone, false],
    ['by its number', { number: '0101' }, alone, true],
    ['by its number without the zeros', { number: '101' }, alone, false],
    ['by a number that lost its zeros, and nobody else may have', { number: '101', zerosLost: true }, alone, true],
    ['by a number that lost its zeros, as another may have', { number: '101', zerosLost: true }, withLikeNumber, false],
    ['by a name, which a colleague has as well', { name: 'Jan Novák' }, alone, false],
    ['by its name beside another number', { number: '0102', name: 'Jan Novák' }, alone, false],
  ])('%s', (_how, reference, all, expected) => {
    expect(refersTo({ kind: 'Extension', ...reference }, 'Extension', extensionParticipants(own, all))).toBe(expected)
  })

  test('a number that was taken for a group or a public number is that of the line, if the list says so', () => {
    const wanted = extensionParticipants(person('9', '101'), alone)
    const otherwise = { kind: 'Extension', number: '101' } as const
    expect(refersTo({ kind: 'Group', number: '101', otherwise }, 'Extension', wanted)).toBe(true)
    expect(refersTo({ kind: 'Did', number: '+420101', rawNumber: '101', otherwise }, 'Extension', wanted)).toBe(true)
    expect(refersTo({ kind: 'Group', number: '101' }, 'Extension', wanted)).toBe(false)
  })

  test('a number that may have lost its zeros is not that of the line without any either', () => {
    const wanted = extensionParticipants(person('9', '101'), withLikeNumber)
    expect(refersTo({ kind: 'Extension', number: '101', zerosLost: true }, 'Extension', wanted)).toBe(false)
    expect(refersTo({ kind: 'Extension', number: '101' }, 'Extension', wanted)).toBe(true)
  })
})
