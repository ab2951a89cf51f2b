import { expect, test } from '@jest/globals'

import { driftWatch } from '../../../src/server/observing/drift-watch.js'

function watch() {
  const warnings: string[] = []
  const counted: string[] = []
  const of = driftWatch(
    { warning: (message) => void warnings.push(message) },
    (...place) => void counted.push(place.join(' ')),
  )
  return { of, warnings, counted }
}

test('a field that is not as documented is written down once, and counted every time', () => {
  const { of, warnings, counted } = watch()
  for (let time = 0; time < 3; time += 1) {
    of('bulutfon').field('Did', 'number')
    of('ipex').field('Number', 'number')
  }
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toMatch(/^bulutfon answers Did with "number"/)
  expect(counted).toEqual(Array(3).fill(['bulutfon Did number', 'ipex Number number']).flat())
})

test('more than one unreadable record in a hundred is told of once, from a hundred records on', () => {
  const { of, warnings } = watch()
  const drift = of('ipex')
  const alarms = () => warnings.filter((warning) => warning.includes('one record in a hundred'))
  drift.records('CallRow', 99, 99)
  expect(alarms()).toEqual([])
  drift.records('CallRow', 1, 0)
  drift.records('CallRow', 100, 50)
  expect(alarms()).toHaveLength(1)
  drift.records('Number', 1_000, 10)
  expect(alarms()).toHaveLength(1)
  drift.records('Number', 0, 1)
  expect(alarms()).toHaveLength(2)
})

test('a record that cannot be read is written down once, and counted every time', () => {
  const { of, warnings, counted } = watch()
  of('ipex').records('Number', 10, 0)
  expect([warnings, counted]).toEqual([[], []])
  for (let time = 0; time < 3; time += 1) of('ipex').records('Number', 10, 2)
  expect(warnings).toEqual([expect.stringMatching(/^ipex answers Number with records that cannot be read/)])
  expect(counted).toEqual(Array(6).fill('ipex Number (record)'))
})

test('an answer that cannot be used is written down once for each reason, and counted every time', () => {
  const { of, warnings, counted } = watch()
  for (let time = 0; time < 3; time += 1) of('ipex').answer('HTML')
  of('ipex').answer('WRONG_SHAPE')
  expect(warnings).toEqual([expect.stringMatching(/\(HTML\)/), expect.stringMatching(/\(WRONG_SHAPE\)/)])
  expect(counted).toEqual([...Array<string>(3).fill('ipex (answer) HTML'), 'ipex (answer) WRONG_SHAPE'])
})
