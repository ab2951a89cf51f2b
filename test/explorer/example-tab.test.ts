import { describe, expect, test } from '@jest/globals'

import { tabFor } from '../../src/explorer/example-tab.js'

const FIRST = '# First\nquery First {\n  viewer {\n    name\n  }\n}\n'
const SECOND = FIRST.replaceAll('First', 'Second')
const examples = new Set([FIRST, SECOND].map((text) => text.trim()))
const tab = (query: string | null, variables: string | null = null) => ({ query, variables })
const edited = tab(`${FIRST}# mine`)

describe('an example opens', () => {
  test.each([
    ['in the tab that shows it', [tab(FIRST), tab(SECOND)], 0, 1],
    ['in the active tab when nobody has edited that', [edited, tab(FIRST)], 1, 1],
    ['in an empty tab', [tab(null), edited], 0, 0],
    ['in a tab with empty variables', [tab(`\n${FIRST}`, ' { }\n')], 0, 0],
    ['in another tab that nobody has edited when the active one is edited', [tab(FIRST), edited], 1, 0],
    ['in a new tab when all are edited', [edited, tab('{ viewer { name } }')], 0, null],
    ['in a new tab when the others have variables', [tab(FIRST, '{"first": 1}')], 0, null],
    ['beside itself with variables', [tab(SECOND, '{"first": 1}')], 0, null],
  ])('%s', (_, tabs, active, place) => {
    expect(tabFor(SECOND, tabs, active, examples)).toBe(place)
  })
})
