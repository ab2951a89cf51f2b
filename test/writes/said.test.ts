import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalJson, saidFields, saidIn } from '../../src/writes/said.js'
import { foreignIds, namedIds } from '../../src/writes/named-objects.js'
import { globalId } from '../../src/model/id.js'
import { cases } from '../support/proof.js'

test('an input says its fields that are present, null ones too, and neither where nor how often', () => {
  const input = { id: '1', accountId: '2', idempotencyKey: '3', email: null, displayName: undefined, number: '4711' }
  expect(saidIn(input)).toEqual({ email: null, number: '4711' })
})

/** The same value with the keys of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, turned(one)]),
  )
}

test('the order of keys says nothing, and everything else does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(canonicalJson(turned(one))).toBe(canonicalJson(one))
      expect(JSON.parse(canonicalJson(one))).toEqual(JSON.parse(JSON.stringify(one)))
      const isSame = JSON.stringify(turned(turned(one))) === JSON.stringify(turned(turned(other)))
      if (isSame) expect(canonicalJson(one)).toBe(canonicalJson(other))
      if (canonicalJson(one) === canonicalJson(other)) expect(one).toEqual(other)
    }),
    { numRuns: cases(400) },
  )
  expect(canonicalJson({ b: 1, a: undefined, c: [{ z: 1, y: [] }] })).toBe('{"b":1,"c":[{"y":[],"z":1}]}')
  expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }))
})

test('fields of an input within an input are named with their place, without those that are null', () => {
  const forwarding = [{ condition: 'ALWAYS', extensionId: 'x', groupId: null }]
  expect(saidFields('ExtensionUpdateInput', { displayName: 'Ada', forwarding })).toEqual([
    { coordinate: 'ExtensionUpdateInput.displayName', path: ['displayName'] },
    { coordinate: 'ExtensionUpdateInput.forwarding', path: ['forwarding'] },
    { coordinate: 'ForwardingRuleInput.condition', path: ['forwarding', '0', 'condition'] },
    { coordinate: 'ForwardingRuleInput.extensionId', path: ['forwarding', '0', 'extensionId'] },
  ])
})

test('every id that an input names is found, with its place', () => {
  const forwarding = [{ condition: 'ALWAYS', externalNumber: '+1' }, { groupId: 'b' }]
  expect(namedIds({ callerIdDidId: 'a', toGroupId: null, displayName: 'c', forwarding })).toEqual([
    { id: 'a', type: 'Did', path: ['callerIdDidId'] },
    { id: 'b', type: 'Group', path: ['forwarding', '1', 'groupId'] },
  ])
})

test.each([
  ['of this account', globalId('Did', 'izmir', '7'), true],
  ['of another account', globalId('Did', 'praha', '7'), false],
  ['of something else', globalId('Group', 'izmir', '7'), false],
  ['that is none', 'nonsense', false],
])('an id %s', (_, id, isOurs) => {
  const problems = foreignIds([{ id, type: 'Did', path: ['callerIdDidId'] }], 'izmir')
  expect(problems.map(({ code, field }) => [code, field])).toEqual(isOurs ? [] : [['NOT_FOUND', ['callerIdDidId']]])
})
