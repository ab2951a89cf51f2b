import { expect, test } from '@jest/globals'

import { always, isText, reportDrift, reportRecordDrift, type DriftReporter } from '../../src/providers/drift.js'

const RULES = { name: always(isText) }

/** What a reporter hears, in order. */
function heard() {
  const told: string[] = []
  const drift: DriftReporter = {
    records: (noun, count, unreadable) => void told.push(`${noun} ${count} ${unreadable}`),
    answer: (reason) => void told.push(reason),
    field: (noun, path) => void told.push(`${noun}.${path}`),
  }
  return { told, drift }
}

test('a list that several operations are given is compared once, and one that only looks the same is another', () => {
  const { told, drift } = heard()
  const rows = () => Object.freeze([{ name: 'Ayşe' }, {}])
  const shared = rows()
  for (let time = 0; time < 3; time += 1) reportDrift({ drift }, 'Extension', RULES, shared, 1)
  expect(told).toEqual(['Extension 2 1', 'Extension.name'])
  reportDrift({ drift }, 'Extension', RULES, rows())
  expect(told).toHaveLength(4)
})

test('a record is compared once, too, and what is no object is left to its reader', () => {
  const { told, drift } = heard()
  const record = Object.freeze({ name: null })
  for (let time = 0; time < 2; time += 1) reportRecordDrift({ drift }, 'Did', RULES, record)
  reportRecordDrift({ drift }, 'Did', RULES, 'Ayşe')
  expect(told).toEqual(['Did 1 0', 'Did.name'])
})
